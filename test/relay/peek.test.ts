import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Frame } from "../../server/relay/frame.ts";
import { peek, type Peek, peekFrame } from "../../server/relay/peek.ts";

const everything = () => true;

function look(text: string, isWanted: (method: string) => boolean = everything): Peek {
  return peek(Buffer.from(text), isWanted);
}

/** What peek has to find, told by a real parser. */
function parsed(text: string): Peek {
  const { id, method, ...rest } = JSON.parse(text) as Record<string, unknown>;
  const hasId = typeof id === "number" || typeof id === "string";
  if (typeof method === "string")
    return hasId ? { kind: "request", id, method } : { kind: "notification", method };
  return hasId && ("result" in rest || "error" in rest) ? { kind: "response", id } : { kind: "other" };
}

/** JSON text with random spaces and escapes, keys in random order. */
function written(value: unknown, space: string): string {
  if (Array.isArray(value)) return `[${space}${value.map((one) => written(one, space)).join(`${space},`)}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, one]) => `${space}${JSON.stringify(key)}${space}:${space}${written(one, space)}`,
    );
    return `{${members.join(`${space},`)}${space}}`;
  }
  return JSON.stringify(value) ?? "null";
}

const tricky = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom('"', "\\", '\\"', '"id":7', '{"method":"x"}', "\u2028", "a\\", "]}"),
);
const id = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1.5, 1e21), tricky, fc.constant(null));
const value = fc.jsonValue();
const message = fc
  .record(
    {
      jsonrpc: fc.constant("2.0"),
      id,
      method: tricky,
      params: value,
      result: value,
      error: value,
      other: value,
    },
    { requiredKeys: [] },
  )
  .chain((record) =>
    fc
      .shuffledSubarray(Object.entries(record), { minLength: Object.keys(record).length })
      .map((entries) => Object.fromEntries(entries) as Record<string, unknown>),
  )
  // A message with both is none: which of the two it is taken for depends on the order.
  .filter((record) => !("method" in record && ("result" in record || "error" in record)));

test("it finds what a parser finds, in any order of keys and with any spaces", () => {
  fc.assert(
    fc.property(message, fc.constantFrom("", " ", "\n\t", "\r\n  "), (record, space) => {
      const text = `${space}${written(record, space)}${space}`;
      expect(look(text)).toEqual(parsed(text));
    }),
    { numRuns: 1_000 },
  );
});

test("it never throws and never runs away, whatever the bytes are", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(peek(Buffer.from(bytes), everything)).toHaveProperty("kind");
    }),
  );
  fc.assert(
    fc.property(message, fc.nat(), (record, at) => {
      const text = JSON.stringify(record);
      expect(look(text.slice(0, at % (text.length + 1)))).toHaveProperty("kind");
    }),
  );
});

describe("it stops as soon as it knows", () => {
  // What follows is not JSON, so that whoever reads on cannot give the right answer.
  const rest = "«not read»";
  test.each<[string, string, Peek]>([
    ["a request at its method", `{"id":1,"method":"m",${rest}`, { kind: "request", id: 1, method: "m" }],
    ["a response at the key of its result", `{"id":1,"result":${rest}`, { kind: "response", id: 1 }],
    ["a response at the key of its error", `{"id":"a","error":${rest}`, { kind: "response", id: "a" }],
    ["a response at its late id", `{"result":{"id":2},"id":1,${rest}`, { kind: "response", id: 1 }],
  ])("%s", (_name, text, expected) => {
    expect(look(text)).toEqual(expected);
  });

  test("a method that nobody wants, before its params", () => {
    const text = '{"method":"boring","params":{},"id":1}';
    expect(look(text, (method) => method !== "boring")).toEqual({ kind: "other" });
    expect(look(text)).toEqual({ kind: "request", id: 1, method: "boring" });
  });
});

test.each<[string, Peek]>([
  ['{"id":0,"method":"m"}', { kind: "request", id: 0, method: "m" }],
  ['{"id":"","method":"m"}', { kind: "request", id: "", method: "m" }],
  ['{"id":null,"method":"m"}', { kind: "notification", method: "m" }],
  ['{"id":null,"error":{}}', { kind: "other" }],
  ['{"\\u0069d":5,"m\\u0065thod":"\\u006d"}', { kind: "request", id: 5, method: "m" }],
  ['{"params":{"id":1,"method":"inner"},"method":"outer"}', { kind: "notification", method: "outer" }],
  ["[]", { kind: "other" }],
  ["", { kind: "other" }],
  ["null", { kind: "other" }],
  ['{"method":"m"', { kind: "other" }],
])("%s", (text, expected) => {
  expect(look(text)).toEqual(expected);
});

test("a frame in two parts is told like the whole, wherever it was cut", () => {
  const id = fc.oneof(fc.nat(), fc.string(), fc.constant(null));
  const texts = fc.oneof(
    fc.record({ id, method: fc.constantFrom("wanted", "x"), params: fc.jsonValue() }, { requiredKeys: [] }),
    fc.record({ result: fc.jsonValue(), id }, { requiredKeys: [] }),
    fc.record({ id, error: fc.jsonValue() }, { requiredKeys: [] }),
    fc.jsonValue(),
  );
  const isWanted = (method: string) => method === "wanted";
  fc.assert(
    fc.property(texts, fc.boolean(), fc.boolean(), fc.nat(), (message, isReversed, isSpaced, cut) => {
      const isRecord = typeof message === "object" && message !== null && !Array.isArray(message);
      const ordered =
        isRecord && isReversed ? Object.fromEntries(Object.entries(message).reverse()) : message;
      const body = Buffer.from(JSON.stringify(ordered, undefined, isSpaced ? 1 : 0));
      const at = cut % (body.length + 1);
      const frame = new Frame([body.subarray(0, at), body.subarray(at)], 0);
      expect(peekFrame(frame, isWanted)).toEqual(peek(body, isWanted));
    }),
    { numRuns: 2_000 },
  );
});

test("a large answer is told from its first part alone", () => {
  const frame = new Frame(
    [Buffer.from('{"jsonrpc":"2.0","id":7,"result":[1,'), Buffer.from("never read")],
    0,
  );
  expect(peekFrame(frame, () => true)).toEqual({ kind: "response", id: 7 });
});
