import { beforeAll, expect, test } from "vitest";
import { learnDifference } from "../../../server/bodies/by-analogy/difference.ts";
import { keyOf, renamingLocals, rewrite, usesLocal } from "../../../server/bodies/by-analogy/rewrite.ts";
import { loadRustSyntax, type RustSyntax } from "../../../server/syntax/parse.ts";
import { readCode } from "../../../server/syntax/tokens.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

const code = (text: string) => readCode(syntax, text, "expression")!;
const rename = (text: string) => rewrite(code(text), renamingLocals(new Map([["x", "size"]])));

test.each([
  ["x.x(x, y.x)", "size.x(size, y.x)"],
  ["Point { x, y: x }", "Point { x: size, y: size }"],
  ['format!("{x} {{x}} {x:>3} {} {y}", x)', 'format!("{size} {{x}} {size:>3} {} {y}", size)'],
  ['print("{x}")', 'print("{x}")'],
  ["x::y(a::x)", "x::y(a::x)"],
  ["é.漢(x, '🦀')", "é.漢(size, '🦀')"],
])("only the local is renamed in %s", (text, renamed) => {
  expect(rename(text)).toBe(renamed);
});

test.each([
  ["/* x */ x::y(x) // x", "x::y(size)"],
  ["x(/* x */ x)", "size( size)"],
  ["{\n    // x is old.\n    x(x)\n}", "{\n    size(size)\n}"],
  ["{\n    x(); // once\n\n    x()\n}", "{\n    size();\n    size()\n}"],
])("the comments of %s speak of where it was written", (text, renamed) => {
  expect(rename(text)).toBe(renamed);
});

test("a local in a format text counts as used", () => {
  expect(usesLocal(code('format!("{x:?}")'), "x")).toBe(true);
  expect(usesLocal(code('format!("{{x}}")'), "x")).toBe(false);
  expect(usesLocal(code("y.x()"), "x")).toBe(false);
});

test("layout, comments, trailing commas and outer braces make no difference; statements do", () => {
  const key = (text: string) => keyOf(code(text), () => undefined);
  expect(key("{\n    f(a,\n      b,\n    ) // why\n}")).toBe(key("f(a, b)"));
  expect(key("{ f(); }")).not.toBe(key("f()"));
});

test.each(["a }", "} fn evil() {", "let", "f(", '"open'])("%s is no expression", (text) => {
  expect(readCode(syntax, text, "expression")).toBeUndefined();
});

test.each([
  ["wide(a)", "tall(a)", "wide(b).max(wide(c))", "tall(b).max(tall(c))"],
  ["f(a)", "f(a)", "g(b)", "g(b)"],
  ["f(a).ok()", "f(a).unwrap_or(0)", "g(b, c).ok()", "g(b, c).unwrap_or(0)"],
])("the difference of %s and %s carries over to %s", (there, here, other, expected) => {
  const difference = learnDifference(code(there), code(here), code(other));
  expect(rewrite(code(other), difference!)).toBe(expected);
});

test("a difference that does not occur in the other body teaches nothing", () => {
  expect(learnDifference(code("wide(a)"), code("tall(a)"), code("deep(a)"))).toBeUndefined();
  expect(learnDifference(code("a(1)"), code("b.c().d().e().f()"), code("a(1)"))).toBeUndefined();
});
