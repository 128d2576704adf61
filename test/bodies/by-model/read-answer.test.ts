import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../server/bodies/by-model/read-answer.ts";

const holes = ["h1", "h2"];
const both = { h1: { binders: ["r"], body: "r * 2.0" }, h2: { binders: [], body: "w * h" } };

describe("an answer is read", () => {
  const object = JSON.stringify(both);
  test.each([
    ["an object alone", object],
    ["an object in a fence", `\`\`\`json\n${object}\n\`\`\``],
    ["an object within prose", `Here you are:\n${object}\nI hope {this} helps!`.replace(" {this}", "")],
    ["an object after thoughts", `<think>{"h1": {"body": "wrong"}}</think>\n${object}`],
    ["an object in an object", `{"holes": ${object}}`],
    ["an object with a comma too many", object.replace(/\}\}$/, ",}}")],
  ])("from %s", (_, text) => {
    expect(Object.fromEntries(readAnswer(text, holes) ?? [])).toEqual(both);
  });

  test("where bodies are plain strings, or line breaks stand as they are in them", () => {
    const text = '{"h1": "{\n    a\n}", "h2": {"body": "b"}}';
    expect([...(readAnswer(text, holes) ?? [])].map(([id, { body }]) => [id, body])).toEqual([
      ["h1", "{\n    a\n}"],
      ["h2", "b"],
    ]);
  });

  test("from code fences under the id of their hole", () => {
    const text = "### h1\n```rust\na\n```\n**h2**: and\n```rust\nb\n```\n";
    expect([...(readAnswer(text, holes) ?? [])].map(([id, { body }]) => [id, body.trim()])).toEqual([
      ["h1", "a"],
      ["h2", "b"],
    ]);
  });

  test("from a single fence where there is a single hole, and not where there are two", () => {
    const text = "Sure!\n```rust\na\n```";
    expect(readAnswer(text, ["h1"])?.get("h1")?.body.trim()).toBe("a");
    expect(readAnswer(text, holes)).toBeUndefined();
  });

  test("with open holes left out: null, empty, of another type", () => {
    const read = readAnswer('{"h1": {"body": null}, "h2": {"body": "b", "binders": 3}}', holes);
    expect([...(read ?? [])]).toEqual([["h2", { body: "b", binders: [] }]]);
    expect(readAnswer('{"h1": 3, "h2": {"body": ""}}', holes)?.size).toBe(0);
  });
});

test.each([
  "",
  "I cannot help with that.",
  "{",
  "[]",
  "null",
  '{"other": {"body": "a"}}',
  "<html></html>",
  '{"h1": {"body": "a',
])("an answer that holds no hole is none: %j", (text) => {
  expect(readAnswer(text, holes)).toBeUndefined();
});
