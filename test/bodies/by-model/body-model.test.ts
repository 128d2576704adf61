import { describe, expect, test, vi } from "vitest";
import { Abort, AbortedError } from "../../../server/base/abort.ts";
import type { Step } from "../../support/model-server.ts";
import { startBench, summary } from "./model-harness.ts";
import { implFacts, matchFacts } from "./sample-facts.ts";

const good = { Circle: { binders: ["radius"], body: "PI * radius * radius" }, Rect: "width * height" };
const answer: Step = { kind: "bodies", answers: [good] };

describe("drafts of a model", () => {
  test("are keyed by hole, with the binders their bodies use", async () => {
    const { propose, server } = await startBench([answer]);
    expect(summary(await propose())).toEqual([
      { h1: ["PI * radius * radius", "radius"], h2: ["width * height", "width", "height"] },
    ]);
    const [request] = server.requests;
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.body).toMatchObject({ model: "tiny", stream: false });
    expect(request?.body).not.toHaveProperty("n");
    expect(request?.body.response_format).toMatchInlineSnapshot(`
      {
        "json_schema": {
          "name": "bodies",
          "schema": {
            "additionalProperties": false,
            "properties": {
              "h1": {
                "additionalProperties": false,
                "properties": {
                  "binders": {
                    "items": {
                      "type": "string",
                    },
                    "type": "array",
                  },
                  "body": {
                    "type": [
                      "string",
                      "null",
                    ],
                  },
                },
                "required": [
                  "binders",
                  "body",
                ],
                "type": "object",
              },
              "h2": {
                "additionalProperties": false,
                "properties": {
                  "binders": {
                    "items": {
                      "type": "string",
                    },
                    "type": "array",
                  },
                  "body": {
                    "type": [
                      "string",
                      "null",
                    ],
                  },
                },
                "required": [
                  "binders",
                  "body",
                ],
                "type": "object",
              },
            },
            "required": [
              "h1",
              "h2",
            ],
            "type": "object",
          },
          "strict": true,
        },
        "type": "json_schema",
      }
    `);
  });

  test("bind only what is used: the rest ends as _, and names that are none are ignored", async () => {
    const { propose } = await startBench([
      {
        kind: "bodies",
        answers: [
          {
            Circle: { binders: ["x) => evil(), Foo(y"], body: "1.0" },
            Rect: { binders: ["w", "_"], body: "w * 2.0" },
          },
        ],
      },
    ]);
    expect(summary(await propose())).toEqual([
      { h1: ["1.0", "_"], h2: ["w * 2.0", "width: w", "height: _"] },
    ]);
  });

  test("fill types and members of an impl", async () => {
    const { propose } = await startBench([
      {
        kind: "bodies",
        answers: [{ Item: "u32", next: "fn next(&mut self) -> Option<Self::Item> { None }" }],
      },
    ]);
    expect(summary(await propose(implFacts()))).toEqual([{ h1: "u32", h2: "{ None }" }]);
  });

  test("that say the same are one, the most given first; holes answered null stay open", async () => {
    const answers = [
      { Circle: "1.0", Rect: "1.0" },
      { Circle: "2.0", Rect: "2.0" },
      { Circle: " 2.0 /* so */", Rect: "2.0," },
      { Circle: "3.0", Rect: null },
      { Circle: null, Rect: null },
    ];
    const { propose, server } = await startBench([{ kind: "bodies", answers }], {
      settings: { candidates: 5 },
    });
    expect(summary(await propose())).toEqual([
      { h1: ["2.0", "_"], h2: ["2.0", "width: _", "height: _"] },
      { h1: ["1.0", "_"], h2: ["1.0", "width: _", "height: _"] },
      { h1: ["3.0", "_"] },
    ]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body.n).toBe(5);
  });

  test("keep what breaks out of its hole, behind all others, so that its refusal is told", async () => {
    const { propose } = await startBench(
      [{ kind: "bodies", answers: [{ Circle: "1.0 } fn evil() {", Rect: "todo!()" }, good] }],
      { settings: { candidates: 2 } },
    );
    expect(summary(await propose())).toEqual([
      { h1: ["PI * radius * radius", "radius"], h2: ["width * height", "width", "height"] },
      { h1: ["1.0 } fn evil() {", "_"], h2: ["todo!()", "width: _", "height: _"] },
    ]);
  });

  test("leave out holes nobody asked for, and bodies that repeat a redaction", async () => {
    const text = JSON.stringify({
      h1: { body: '"<redacted>"' },
      h2: { body: "1.0" },
      h9: { body: "evil()" },
    });
    const { propose, logged } = await startBench([{ kind: "text", texts: [text] }]);
    expect(summary(await propose())).toEqual([{ h2: ["1.0", "width: _", "height: _"] }]);
    expect(logged()).toContain("unknown hole");
    expect(logged()).not.toContain("evil");
  });

  test("are none where the model left every hole open", async () => {
    const { propose } = await startBench([{ kind: "bodies", answers: [{ Circle: null, Rect: null }] }]);
    expect(await propose()).toMatchObject({ reason: "no-evidence", message: "tiny left every hole open" });
  });
});

describe("an endpoint that gives one answer to each request", () => {
  test("is asked in parallel, and at once so from then on", async () => {
    const answers = ["1.0", "2.0", "3.0"].map((Circle) => ({ Circle }));
    const { propose, server } = await startBench([{ kind: "bodies", answers, ignoresN: true }], {
      settings: { candidates: 3 },
    });
    const first = summary(await propose());
    expect(first).toHaveLength(3);
    expect(first).toEqual(expect.arrayContaining([{ h1: ["1.0", "_"] }, { h1: ["3.0", "_"] }]));
    expect(server.requests.map(({ body }) => body.n)).toEqual([3, undefined, undefined]);
    expect(await propose()).toHaveLength(3);
    expect(server.requests.slice(3).map(({ body }) => body.n)).toEqual([undefined, undefined, undefined]);
  });

  test("counts with what came where the others fail", async () => {
    const { propose, server } = await startBench(
      (_, index) =>
        index === 0 ? { kind: "bodies", answers: [good], ignoresN: true } : { kind: "status", status: 401 },
      { settings: { candidates: 3 } },
    );
    expect(await propose()).toHaveLength(1);
    expect(server.requests.length).toBeGreaterThan(1);
  });

  test("may refuse to be asked for more", async () => {
    const { propose, server } = await startBench(
      ({ body }) =>
        body.n === undefined ? answer : { kind: "status", status: 400, message: "'n' must be 1" },
      { settings: { candidates: 2 } },
    );
    expect(await propose()).toHaveLength(1);
    expect(server.requests.map(({ body }) => body.n)).toEqual([2, undefined, undefined]);
  });
});

describe("an endpoint without structured answers", () => {
  const refusing = (...formats: readonly (string | undefined)[]) =>
    startBench(({ body }) =>
      formats.includes(body.response_format?.type)
        ? { kind: "status", status: 400, message: "response_format is not supported" }
        : answer,
    );

  test.each([
    [["json_schema"], ["json_schema", "json_object", "json_object"]],
    [
      ["json_schema", "json_object"],
      ["json_schema", "json_object", undefined, undefined],
    ],
  ])("that refuses %j is asked in a simpler form, and it is remembered", async (refused, asked) => {
    const { propose, server } = await refusing(...refused);
    expect(await propose()).toHaveLength(1);
    expect(await propose()).toHaveLength(1);
    expect(server.requests.map(({ body }) => body.response_format?.type)).toEqual(asked);
  });

  test("may answer with prose and fences", async () => {
    const text = "Sure!\n\n### h1\n```rust\n1.0\n```\n\n### h2\n```rust\nwidth * height\n```\n";
    const { propose } = await startBench([{ kind: "text", texts: [text] }]);
    expect(summary(await propose())).toEqual([
      { h1: ["1.0", "_"], h2: ["width * height", "width", "height"] },
    ]);
  });

  test("that refuses for another reason is not asked in other forms", async () => {
    const step: Step = { kind: "status", status: 400, message: "maximum context length is 4096" };
    const { propose, server } = await startBench([step]);
    expect(await propose()).toMatchObject({ reason: "model-refused" });
    expect(server.requests).toHaveLength(1);
  });

  test("that wants max_completion_tokens gets it", async () => {
    const { propose, server } = await startBench(({ body }) =>
      "max_tokens" in body
        ? { kind: "status", status: 400, message: "Unsupported parameter: 'max_tokens'" }
        : answer,
    );
    expect(await propose()).toHaveLength(1);
    expect(server.requests[1]?.body).toHaveProperty("max_completion_tokens");
    expect(server.requests[1]?.body.response_format?.type).toBe("json_schema");
  });
});

describe("no offer, with the host and the remedy, comes of an endpoint that", () => {
  const host = /127\.0\.0\.1:\d+/g;
  const reasonOf = async (script: Step, settings = {}) => {
    const bench = await startBench([script], { settings });
    const result = await bench.propose();
    if (!("stage" in result)) throw new Error("there was an offer");
    return {
      ...result,
      message: result.message.replace(host, "HOST"),
      requests: bench.server.requests.length,
    };
  };

  test("refuses the key", async () => {
    expect(await reasonOf({ kind: "status", status: 401 })).toMatchInlineSnapshot(`
      {
        "kind": "none",
        "message": "HOST refused the request (401): OPENAI_API_KEY is not set",
        "reason": "model-refused",
        "requests": 1,
        "site": "match on \`shape\`",
        "stage": "bodies",
      }
    `);
    expect(await reasonOf({ kind: "status", status: 403 })).toMatchObject({ reason: "model-refused" });
  });

  test("limits the rate: it waits as long as it was asked to, where there is time for it", async () => {
    const limited = { kind: "status", status: 429 } as const;
    expect(await reasonOf({ ...limited, headers: { "retry-after": "3600" } })).toMatchInlineSnapshot(`
      {
        "kind": "none",
        "message": "HOST limits the rate of requests (429): try again in 3600 s, or lower model.candidates",
        "reason": "model-limited",
        "requests": 1,
        "site": "match on \`shape\`",
        "stage": "bodies",
      }
    `);
    expect(await reasonOf({ ...limited, headers: { "retry-after": "0" } })).toMatchObject({ requests: 3 });
    expect(await reasonOf({ ...limited, code: "insufficient_quota" })).toMatchObject({
      reason: "model-limited",
      requests: 1,
    });
  });

  test("knows no such model or path", async () => {
    expect(await reasonOf({ kind: "status", status: 404 })).toMatchInlineSnapshot(`
      {
        "kind": "none",
        "message": "HOST has no model tiny or no such path (404): check model.name and model.baseUrl, which ends in /v1 as a rule",
        "reason": "model-unreachable",
        "requests": 1,
        "site": "match on \`shape\`",
        "stage": "bodies",
      }
    `);
  });

  test("fails", async () => {
    const failed = {
      kind: "status",
      status: 500,
      message: "out of memory",
      headers: { "retry-after": "0" },
    } as const;
    expect(await reasonOf(failed)).toMatchInlineSnapshot(`
      {
        "kind": "none",
        "message": "HOST failed (500): 500 out of memory",
        "reason": "model-unreachable",
        "requests": 3,
        "site": "match on \`shape\`",
        "stage": "bodies",
      }
    `);
  });

  test("hangs, before its answer or within it", async () => {
    expect(await reasonOf({ kind: "hang" }, { timeoutMilliseconds: 100 })).toMatchInlineSnapshot(`
      {
        "kind": "none",
        "message": "HOST did not answer within 100 ms (model.timeoutMilliseconds)",
        "reason": "model-timeout",
        "requests": 1,
        "site": "match on \`shape\`",
        "stage": "bodies",
      }
    `);
    expect(await reasonOf({ kind: "hang-in-body" }, { timeoutMilliseconds: 100 })).toMatchObject({
      reason: "model-timeout",
    });
  });

  test.each<[string, Step]>([
    ["a page", { kind: "garbage", body: "<html>It works!</html>", contentType: "text/html" }],
    ["broken JSON", { kind: "garbage", body: '{"choices": [' }],
    ["other JSON", { kind: "garbage", body: '{"error": null}' }],
    ["no choices", { kind: "text", texts: [] }],
    ["prose", { kind: "text", texts: ["As a language model I cannot."] }],
    ["a cut answer", { kind: "text", texts: ['{"h1": {"body": "'], finish: "length" }],
    ["an endless answer", { kind: "flood" }],
  ])("answers with %s", async (_, step) => {
    expect(await reasonOf(step)).toMatchObject({ stage: "bodies", reason: "model-garbage" });
  });

  test("cuts the connection", async () => {
    expect(await reasonOf({ kind: "cut" })).toMatchObject({ reason: "model-unreachable", requests: 3 });
  });

  test("is not there", async () => {
    const bench = await startBench([answer]);
    await bench.server.close();
    expect(await bench.propose()).toMatchObject({
      reason: "model-unreachable",
      message: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/) as string,
    });
  });

  test("redirects: code goes nowhere that was not named", async () => {
    const elsewhere = await startBench([answer]);
    const location = `${elsewhere.server.baseUrl}/chat/completions`;
    const step: Step = { kind: "status", status: 307, headers: { location } };
    expect(await reasonOf(step)).toMatchObject({ reason: "model-unreachable", requests: 1 });
    expect(elsewhere.server.requests).toHaveLength(0);
  });
});

test("an endpoint that recovers is asked again within the deadline", async () => {
  const failing: Step = { kind: "status", status: 503, headers: { "retry-after": "0" } };
  const { propose, server } = await startBench([failing, { kind: "cut" }, answer]);
  expect(await propose()).toHaveLength(1);
  expect(server.requests).toHaveLength(3);
});

describe("an abort", () => {
  test("ends the request at once, with its cause, and closes the connection", async () => {
    const { propose, server } = await startBench([{ kind: "hang" }], { settings: { candidates: 4 } });
    const abort = new Abort();
    const proposed = propose(matchFacts(), abort.signal);
    await vi.waitUntil(() => server.requests.length === 1);
    abort.abort("stale");
    await expect(proposed).rejects.toMatchObject({ name: "AbortedError", abortCause: "stale" });
    await vi.waitUntil(() => server.hungUp() === 1);
  });

  test("ends a wait between two requests", async () => {
    const { propose, server } = await startBench([
      { kind: "status", status: 429, headers: { "retry-after": "25" } },
    ]);
    const abort = new Abort();
    const proposed = propose(matchFacts(), abort.signal);
    await vi.waitUntil(() => server.requests.length === 1);
    abort.abort("cancelled");
    await expect(proposed).rejects.toBeInstanceOf(AbortedError);
    expect(server.requests).toHaveLength(1);
  });

  test("before the request sends nothing", async () => {
    const { propose, server } = await startBench([answer]);
    const abort = new Abort();
    abort.abort("superseded");
    await expect(propose(matchFacts(), abort.signal)).rejects.toMatchObject({ abortCause: "superseded" });
    expect(server.requests).toHaveLength(0);
  });
});

describe("the budget", () => {
  test("counts every request, and ends them with its own reason", async () => {
    const { propose, model, server } = await startBench([answer], { settings: { requestsPerDay: 2 } });
    expect(model.status()).toEqual({ requestsLeft: 2 });
    await propose();
    expect(model.status()).toEqual({ requestsLeft: 1 });
    await propose();
    expect(await propose()).toMatchObject({ stage: "bodies", reason: "budget-spent" });
    expect(server.requests).toHaveLength(2);
  });

  test("takes the endpoint's count of tokens", async () => {
    const used: Step = { ...answer, usage: 90_000 };
    const { propose } = await startBench([used], { settings: { tokensPerDay: 100_000 } });
    expect(await propose()).toHaveLength(1);
    expect(await propose()).toHaveLength(1);
    expect(await propose()).toMatchObject({ reason: "budget-spent" });
  });

  test("is not touched by requests that the endpoint refused", async () => {
    const { propose } = await startBench(
      (_, index) => (index < 20 ? { kind: "status", status: 401 } : answer),
      { settings: { tokensPerDay: 10_000 } },
    );
    for (let asked = 0; asked < 20; asked += 1) await propose();
    expect(await propose()).toHaveLength(1);
  });
});

describe("the check for the doctor", () => {
  test("tells how long an answer took, or what to mend", async () => {
    const fine = await startBench([{ kind: "text", texts: ["1"] }]);
    expect(await fine.model.check(new Abort().signal)).toEqual({
      ok: true,
      milliseconds: expect.any(Number) as number,
    });
    const refused = await startBench([{ kind: "status", status: 401 }]);
    expect(await refused.model.check(new Abort().signal)).toMatchObject({
      ok: false,
      message: expect.stringContaining("OPENAI_API_KEY is not set") as string,
    });
  });
});
