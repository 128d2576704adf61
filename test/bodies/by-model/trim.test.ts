import { beforeAll, describe, expect, test } from "vitest";
import { trimBody } from "../../../server/bodies/by-model/trim.ts";
import type { Hole } from "../../../server/stages.ts";
import { loadRustSyntax, type RustSyntax } from "../../../server/syntax/parse.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

function hole(kind: Hole["kind"], owner: string, name: string): Hole {
  return { id: "h1", kind, span: { start: 0, end: 7 }, owner, name };
}

describe("the value of an arm", () => {
  test.each([
    ["radius * 2.0", "radius * 2.0"],
    ["  radius\n", "radius"],
    ["```rust\nradius * 2.0\n```", "radius * 2.0"],
    ["```\nradius\n```\n", "radius"],
    ["=> radius", "radius"],
    ["radius,", "radius"],
    ["radius;", "radius"],
    ['println!("{radius}");', 'println!("{radius}")'],
    ["Shape::Circle(radius) => radius * 2.0,", "radius * 2.0"],
    ["Circle(_) => { 1.0 }", "{ 1.0 }"],
    ["```rust\nShape::Circle(r) => r,\n```", "r"],
    ["{ let d = radius; d }", "{ let d = radius; d }"],
    ["let d = radius; d * d", "{ let d = radius; d * d }"],
    ["let d = radius;\nd * d", "{\nlet d = radius;\nd * d\n}"],
    ["if a { b } else { c }", "if a { b } else { c }"],
    ["return Err(e)", "return Err(e)"],
    ["|x| x, ", "|x| x"],
    ["x // the radius", "x // the radius"],
  ])("%j becomes %j", (given, wanted) => {
    const { text, fits } = trimBody(syntax, hole("body", "Shape::Circle(_)", "Circle"), false, given);
    expect(text).toBe(wanted);
    expect(fits).toBe(true);
  });

  test("brings the binders of an arm that was repeated", () => {
    const circle = hole("body", "Shape::Circle(_)", "Circle");
    expect(trimBody(syntax, circle, false, "Shape::Circle(radius) => radius,").binders).toEqual(["radius"]);
    expect(trimBody(syntax, circle, false, "radius").binders).toEqual([]);
    const rect = hole("body", "Shape::Rect { width, height }", "Rect");
    const repeated = "Shape::Rect { width: w, height } => w * height";
    expect(trimBody(syntax, rect, false, repeated)).toMatchObject({
      text: "w * height",
      binders: ["w", "height"],
    });
  });

  test.each([
    ["} fn evil() {"],
    ["1.0 } fn evil() { loop {}"],
    ["Shape::Square(s) => s,"],
    ["Shape::Circle(r) if r > 0.0 => r,"],
    ["Shape::Circle(r) => r, _ => 0.0,"],
    ["radius * ("],
    ["1), evil("],
  ])("%j is kept as it came and fits nothing, so that its refusal is told", (given) => {
    const { text, fits } = trimBody(syntax, hole("body", "Shape::Circle(_)", "Circle"), false, given);
    expect(text).toBe(given);
    expect(fits).toBe(false);
  });
});

describe("the body of a member", () => {
  const next = hole("body", "fn next(&mut self) -> Option<u32>", "next");
  const reset = hole("body", "fn reset(&mut self)", "reset");

  test.each([
    [next, "self.left.checked_sub(1)", "self.left.checked_sub(1)"],
    [next, "{ None }", "{ None }"],
    [next, "fn next(&mut self) -> Option<u32> { None }", "{ None }"],
    [next, "```rust\nfn next(&mut self) -> Option<u32> {\n    None\n}\n```", "{\n    None\n}"],
    [next, "let x = self.left;\nSome(x)", "let x = self.left;\nSome(x)"],
    [next, 'write!(f, "x");', 'write!(f, "x")'],
    [next, "return None;", "return None;"],
    [next, "self.x = 1;\nNone;", "self.x = 1;\nNone;"],
    [next, "None,", "None"],
    [reset, "self.left = 0;", "self.left = 0;"],
    [reset, "self.map.insert(1, 2);", "self.map.insert(1, 2);"],
  ])("of $owner: %j becomes %j", (member, given, wanted) => {
    const { text, fits } = trimBody(syntax, member, true, given);
    expect(text).toBe(wanted);
    expect(fits).toBe(true);
  });

  test.each([["} fn evil() {"], ["None } fn evil() { loop {}"], ["Some("]])("%j fits nothing", (given) => {
    expect(trimBody(syntax, next, true, given)).toEqual({ text: given, binders: [], fits: false });
  });
});

describe("types and constants", () => {
  test.each([
    ["type", "f64", "f64"],
    ["type", "type Item = Vec<u8>;", "Vec<u8>"],
    ["type", "= Vec<u8>;", "Vec<u8>"],
    ["type", "`", undefined],
    ["type", "u8; fn evil() {}", undefined],
    ["constant", "3", "3"],
    ["constant", "const Item: u32 = 3;", "3"],
    ["constant", "3;", "3"],
    ["constant", "3; fn evil() {}", undefined],
  ] as const)("a %s %j becomes %j", (kind, given, wanted) => {
    const owner = kind === "type" ? "type Item" : "const Item: u32";
    const { text, fits } = trimBody(syntax, hole(kind, owner, "Item"), true, given);
    expect(fits).toBe(wanted !== undefined);
    expect(text).toBe(wanted ?? given);
  });
});
