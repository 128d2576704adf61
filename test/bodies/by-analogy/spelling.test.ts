import { expect, test } from "vitest";
import { renamings, textsFor, wordsOf } from "../../../server/bodies/by-analogy/spelling.ts";
import type { Token, TokenRole } from "../../../server/syntax/tokens.ts";

function token(text: string, role: TokenRole): Token {
  return { text, role, start: 0, end: text.length, inMacro: false };
}

test.each([
  ["DarkRed", ["Dark", "Red"]],
  ["dark_red", ["dark", "red"]],
  ["HTTPError", ["HTTP", "Error"]],
  ["Ipv4", ["Ipv4"]],
  ["F64", ["F64"]],
])("%s has its words", (name, words) => {
  expect(wordsOf(name)).toEqual(words);
});

test.each([
  ["Red", "path", "Blue"],
  ["draw_red", "variable", "draw_blue"],
  ["RedLine", "type", "BlueLine"],
  ["MAX_RED", "path", "MAX_BLUE"],
  ['"a red line"', "text", '"a blue line"'],
] as const)("%s follows the name", (text, role, renamed) => {
  expect(renamings(token(text, role), "Red", "Blue")[0]).toBe(renamed);
});

test.each([
  ["Redo", "type"],
  ["shared", "variable"],
  ["reduce", "field"],
  ['"hundred"', "text"],
  ["INFRARED", "path"],
  ["12", "number"],
] as const)("%s only looks like the name and stays", (text, role) => {
  expect(renamings(token(text, role), "Red", "Blue")).toEqual([]);
});

test("a digit behind the name makes it another name", () => {
  expect(renamings(token("read_u16", "variable"), "U1", "U2")).toEqual([]);
  expect(renamings(token("read_u16", "variable"), "U16", "U32")).toEqual(["read_u32"]);
});

test("one word leaves open how two are joined in a text, and only there", () => {
  expect(renamings(token('"red"', "text"), "Red", "DarkBlue")).toEqual([
    '"dark_blue"',
    '"dark-blue"',
    '"darkblue"',
    '"dark blue"',
    '"darkBlue"',
  ]);
  expect(renamings(token("red", "variable"), "Red", "DarkBlue")).toEqual(["dark_blue"]);
});

test("a name has its spellings as a text, each once", () => {
  expect(textsFor("Red")).toEqual(["red", "Red", "RED"]);
  expect(textsFor("DarkRed").slice(0, 3)).toEqual(["dark_red", "DarkRed", "dark-red"]);
});
