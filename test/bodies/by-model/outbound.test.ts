import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { settingsSchema } from "../../../protocol/settings.ts";
import { Abort } from "../../../server/base/abort.ts";
import { silentLog } from "../../../server/base/log.ts";
import { createBodies } from "../../../server/bodies/create-bodies.ts";
import { resolveModel } from "../../../server/bodies/by-model/choice.ts";
import { startModelServer } from "../../support/model-server.ts";
import { startBench } from "./model-harness.ts";
import { matchFacts } from "./sample-facts.ts";

const defaults = settingsSchema.parse({}).model;
const answer = { kind: "bodies", answers: [{ Circle: "1.0" }] } as const;
const key = "sk-not-a-real-key-0123456789";

describe("a model is chosen", () => {
  test("only where one is named, whatever else the environment holds", () => {
    const environment = { OPENAI_API_KEY: key, OPENAI_BASE_URL: "http://here/v1", OPENAI_MODEL: "gpt" };
    expect(resolveModel(defaults, environment)).toBeUndefined();
    expect(resolveModel(defaults, { ...environment, ARMATURE_MODEL: " " })).toBeUndefined();
    expect(resolveModel(defaults, { ...environment, ARMATURE_MODEL: "tiny" })).toMatchObject({
      name: "tiny",
      baseUrl: undefined,
    });
  });

  test("by the settings before the environment", () => {
    const environment = { ARMATURE_MODEL: "other", ARMATURE_MODEL_BASE_URL: "http://other/v1", MY_KEY: key };
    const settings = { ...defaults, name: "tiny", baseUrl: "http://here/v1", apiKeyEnv: "MY_KEY" };
    const choice = resolveModel(settings, environment);
    expect(choice).toMatchObject({ name: "tiny", baseUrl: "http://here/v1" });
    expect(choice?.readKey()).toBe(key);
    expect(JSON.stringify(choice)).not.toContain(key);
    expect(resolveModel(defaults, environment)).toMatchObject({ name: "other", baseUrl: "http://other/v1" });
  });
});

describe("with another program's environment around", () => {
  let theirs: Awaited<ReturnType<typeof startModelServer>>;
  beforeEach(async () => {
    theirs = await startModelServer([answer]);
    vi.stubEnv("OPENAI_API_KEY", key);
    vi.stubEnv("OPENAI_ADMIN_KEY", key);
    vi.stubEnv("OPENAI_BASE_URL", theirs.baseUrl);
    vi.stubEnv("OPENAI_ORG_ID", "their-organisation");
    vi.stubEnv("OPENAI_PROJECT_ID", "their-project");
    vi.stubEnv("OPENAI_CUSTOM_HEADERS", "X-Theirs: their-header\nAuthorization: Bearer their-key");
    vi.stubEnv("OPENAI_LOG", "debug");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await theirs.close();
  });

  test("no model is asked where none is named, and one is where one is", async () => {
    const ask = async (environment: NodeJS.ProcessEnv) => {
      const stateDirectory = await mkdtemp(join(tmpdir(), "armature-outbound-"));
      const settings = settingsSchema.parse({});
      const bodies = await createBodies({ settings, environment, stateDirectory, log: silentLog });
      await bodies.write(matchFacts(), { signal: new Abort().signal, report() {} });
      await rm(stateDirectory, { recursive: true });
      return theirs.requests.length;
    };
    expect(await ask(process.env)).toBe(0);
    const named = { ARMATURE_MODEL: "tiny", ARMATURE_MODEL_BASE_URL: theirs.baseUrl };
    expect(await ask({ ...process.env, ...named })).toBeGreaterThan(0);
  });

  test("a model without an endpoint sends nothing and says which setting is missing", async () => {
    const { propose } = await startBench([answer], { settings: { baseUrl: "" } });
    expect(await propose()).toMatchObject({
      stage: "bodies",
      reason: "model-unreachable",
      message: expect.stringContaining("model.baseUrl") as string,
    });
    expect(theirs.requests).toHaveLength(0);
  });

  test("requests go to the named endpoint only, with nothing of that environment", async () => {
    const { propose, server } = await startBench([answer]);
    expect(await propose()).toHaveLength(1);
    expect(theirs.requests).toHaveLength(0);
    const [request] = server.requests;
    const { host, "content-length": length, ...headers } = request?.headers ?? {};
    expect(host).toMatch(/^127\.0\.0\.1:/);
    expect(Number(length)).toBeGreaterThan(0);
    expect(headers).toMatchInlineSnapshot(`
      {
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "accept-language": "*",
        "authorization": "Bearer no-key",
        "connection": "keep-alive",
        "content-type": "application/json",
        "sec-fetch-mode": "cors",
        "user-agent": "armature",
      }
    `);
  });

  test("the control: the endpoint that must not be asked does answer when it is named", async () => {
    const { propose } = await startBench([answer], { settings: { baseUrl: theirs.baseUrl } });
    expect(await propose()).toHaveLength(1);
    expect(theirs.requests).toHaveLength(1);
  });

  test("nothing is written to the standard streams, which are the wire and the log", async () => {
    const written: unknown[] = [];
    const methods = ["log", "debug", "info", "warn", "error"] as const;
    const spies = methods.map((method) =>
      vi.spyOn(console, method).mockImplementation((...text) => void written.push(text)),
    );
    const { propose } = await startBench([{ kind: "status", status: 500 }]);
    await propose();
    for (const spy of spies) spy.mockRestore();
    expect(written).toEqual([]);
  });
});

describe("the key", () => {
  test("is sent as it is named, and is in no message and no log, even where the endpoint repeats it", async () => {
    const step = {
      kind: "status",
      status: 400,
      message: `the key ${key} and its query s3cret-query are bad`,
    } as const;
    const { propose, server, logged } = await startBench((_, index) => (index === 0 ? answer : step), {
      environment: { MY_KEY: key },
      settings: { apiKeyEnv: "MY_KEY", logPrompts: true },
    });
    expect(await propose()).toHaveLength(1);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    const refused = await propose();
    expect(JSON.stringify(refused)).toContain("are bad");
    expect(JSON.stringify(refused)).not.toContain(key);
    expect(logged()).toContain("the prompt");
    expect(logged()).not.toContain(key);
  });

  test("in the query of the base URL is sent there and shown nowhere", async () => {
    const message = "bad query s3cret-query";
    const bench = await startBench([{ kind: "status", status: 400, message }]);
    const asked = await startBench([{ kind: "status", status: 400, message }], {
      settings: { baseUrl: `${bench.server.baseUrl}/?api-key=s3cret-query` },
    });
    expect(JSON.stringify(await asked.propose())).not.toContain("s3cret-query");
    expect(bench.server.requests[0]?.path).toBe("/v1/chat/completions?api-key=s3cret-query");
    expect(asked.logged()).not.toContain("s3cret-query");
  });

  test.each([
    ["http://ada:lovelace@127.0.0.1:1/v1", "user name or password"],
    ["ftp://lovelace/v1", "neither http nor https"],
    ["lovelace", "is no URL"],
  ])("in a base URL that cannot be used (%s) is not repeated", async (baseUrl, reason) => {
    const { propose } = await startBench([answer], { settings: { baseUrl } });
    const result = JSON.stringify(await propose());
    expect(result).toContain(reason);
    expect(result).not.toContain("lovelace");
  });
});

describe("a prompt", () => {
  test("is not sent for a file that is excluded, and is for others", async () => {
    const { propose, server } = await startBench([answer], { settings: { exclude: ["src/area"] } });
    expect(await propose()).toMatchObject({ reason: "turned-off" });
    expect(server.requests).toHaveLength(0);
    const other = matchFacts();
    const { skeleton } = other;
    const document = { ...skeleton.site.document, path: "/home/ada/w/src/other.rs" };
    expect(
      await propose({ ...other, skeleton: { ...skeleton, site: { ...skeleton.site, document } } }),
    ).toHaveLength(1);
  });

  test("is in the log only where the user asked for it", async () => {
    const quiet = await startBench([answer]);
    await quiet.propose();
    expect(quiet.logged()).not.toContain("side * side");
    const open = await startBench([answer], { settings: { logPrompts: true } });
    await open.propose();
    expect(open.logged()).toContain("side * side");
  });
});
