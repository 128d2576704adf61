import { expect, test } from "vitest";
import { linesToFormat } from "./formatted-lines.ts";

const before = "match e { // note\n    A => 1,\n}\n";
const good = "match e { // note\n    A => 1,\n    B => 2,\n}\n";
const formatted = "match e {\n    // note\n    A => 1,\n    B => 2,\n}\n";

test("a new line that rustfmt would write otherwise is found; what stood there is its author's", () => {
  expect(linesToFormat(before, good, formatted)).toEqual([]);
  expect(linesToFormat(before, good.replace("    B", "  B"), formatted)).toEqual(["  B => 2,"]);
  expect(linesToFormat(before, good.replace("B => 2", "B=>2"), formatted)).toEqual(["    B=>2,"]);
});
