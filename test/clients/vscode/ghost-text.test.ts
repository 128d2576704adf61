import { describe, expect, test } from "vitest";
import { readInlineAnswer } from "../../../clients/vscode/src/answers.ts";
import { ghostTexts, wireTriggerKind } from "../../../clients/vscode/src/ghost-text.ts";

const line = "        Sh";
const cursor = { line: 3, character: 10 };
const item = (insertText: string, from: number, to = cursor.character, endLine = 3) => ({
  insertText,
  range: { start: { line: 3, character: from }, end: { line: endLine, character: to } },
});

describe("ghost text", () => {
  test.each([
    ["from the first column, with its indentation", item("        Shape::Dot => 1,\n        _ => 2,", 0)],
    ["from the word before the cursor", item("Shape::Dot => 1,", 8)],
    ["at the cursor", item("ape::Dot => 1,", 10)],
    ["that takes what stands behind the cursor", item("Shape::Dot => 1,", 8, 12)],
  ])("%s is shown as it is", (_case, shown) => {
    expect(ghostTexts([shown], cursor, line)).toEqual([shown]);
  });

  test.each([
    ["over two lines", item("Shape::Dot => 1,", 8, 2, 4)],
    ["that does not begin with what stands there", item("Circle => 1,", 8)],
    ["that ends before the cursor", item("        S", 0, 9)],
    ["that begins behind it", item("x", 11, 12)],
  ])("%s is not", (_case, hidden) => {
    expect(ghostTexts([hidden], cursor, line)).toEqual([]);
  });

  test("without a range stands at the cursor", () => {
    expect(ghostTexts([{ insertText: "ape" }], cursor, line)).toEqual([
      { insertText: "ape", range: { start: cursor, end: cursor } },
    ]);
  });

  test("asks as VS Code was asked", () => {
    expect([wireTriggerKind(true), wireTriggerKind(false)]).toEqual([1, 2]);
  });

  test.each([null, undefined, [], { items: [{ insertText: 7 }] }, "text"])("%j is no answer", (answer) => {
    expect(readInlineAnswer(answer)).toEqual([]);
  });
});
