import { beforeAll, expect, test } from "vitest";
import { readExamples } from "../../server/syntax/examples.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

function armsOf(arms: string) {
  return readExamples(syntax, `fn f() { match x {\n${arms}\n} }`, "a.rs").matches[0]?.arms ?? [];
}

test("an arm is cut into path, binders and body", () => {
  expect(armsOf("crate::Shape::Rect { w, h: height, .. } if w > 1 => { area(w) }")).toEqual([
    {
      variant: "Rect",
      qualifier: "crate::Shape",
      pattern: "crate::Shape::Rect { w, h: height, .. }",
      guarded: true,
      binders: ["w", "height"],
      fields: ["w", "h"],
      body: "{ area(w) }",
    },
  ]);
});

test("alternatives are one arm each", () => {
  const arms = armsOf("A::X | A::Y => 1, Some(ref mut z @ 1..=3) => z,");
  expect(arms.map(({ variant, binders }) => [variant, binders])).toEqual([
    ["X", []],
    ["Y", []],
    ["Some", ["z"]],
  ]);
});

test.each(["todo!()", 'unimplemented!("later")', "_", "{}", "{ todo!() }", "{ // later\n }", "{ todo!(); }"])(
  "the open body %s is left out, a written one beside it is not",
  (body) => {
    expect(armsOf(`A::X => ${body}, A::Y => 1,`).map((arm) => arm.variant)).toEqual(["Y"]);
  },
);

test("a match without a path pattern is no example", () => {
  const text = "fn f() { match x { 1 => a, _ => b } match y { None => 1, y => 2 } }";
  const { matches } = readExamples(syntax, text, "a.rs");
  expect(matches.map((match) => match.arms.map((arm) => arm.variant))).toEqual([["None", "y"]]);
});

test("matches know their function and line, nested ones too", () => {
  const text =
    "fn outer() {\n  match a { A::X => match b { B::Y => 1 } }\n}\nfn later() { match c { C::Z => 1 } }";
  const { matches } = readExamples(syntax, text, "a.rs", 10);
  expect(matches.map(({ functionName, line }) => [functionName, line])).toEqual([
    ["outer", 11],
    ["outer", 11],
    ["later", 13],
  ]);
});

test("an impl is cut into methods, types and constants", () => {
  const text = `impl<T: X> fmt::Trait<io::Error> for Own<T> where T: Y {
    type Out = u8;
    const K: usize = 3;
    pub async fn go<A>(&self, mut a: u8, (p, q): (u8, u8)) -> Result<u8, ()> where A: B { a }
    fn open(&self) { todo!() }
  }
  impl !Send for Own {}
  impl Own { fn new() -> Self { Own } }`;
  const { impls } = readExamples(syntax, text, "a.rs");
  expect(impls).toMatchObject([
    {
      trait: "Trait<io::Error>",
      type: "Own<T>",
      line: 1,
      types: [{ name: "Out", value: "u8" }],
      constants: [{ name: "K", type: "usize", value: "3" }],
      methods: [
        {
          name: "go",
          signature: "pub async fn go<A>(&self, mut a: u8, (p, q): (u8, u8)) -> Result<u8, ()> where A: B",
          parameters: [
            { name: "self", type: "&self" },
            { name: "a", type: "u8" },
            { name: "(p, q)", type: "(u8, u8)" },
          ],
          returnType: "Result<u8, ()>",
          body: "{ a }",
        },
      ],
    },
    { trait: "", type: "Own", methods: [{ name: "new" }] },
  ]);
});

test("definitions come with shapes, field types, derives and their doc comments", () => {
  const text = `/// Shapes.\n#[derive(Debug, serde::Serialize)]\npub enum Shape { Dot = 3, Disc(#[x] f64, String), Rect { pub w: f64, h: Vec<u8> } }\nstruct Id<T>(pub T, u8);\nstruct Unit;`;
  const { types } = readExamples(syntax, text, "a.rs");
  expect(types[0]).toMatchObject({
    kind: "enum",
    name: "Shape",
    derives: ["Debug", "Serialize"],
    variants: [
      { name: "Dot", shape: "unit", fields: [] },
      {
        name: "Disc",
        shape: "tuple",
        fields: [
          { name: "0", type: "f64" },
          { name: "1", type: "String" },
        ],
      },
      {
        name: "Rect",
        shape: "record",
        fields: [
          { name: "w", type: "f64" },
          { name: "h", type: "Vec<u8>" },
        ],
      },
    ],
  });
  expect(types[0]?.text.startsWith("/// Shapes.")).toBe(true);
  expect(types.slice(1).map(({ name, fields }) => [name, fields.length])).toEqual([
    ["Id", 2],
    ["Unit", 0],
  ]);
});

test("test code is no example, code for other builds is", () => {
  const body = "{ match x { A::X => 1 } }";
  const text = `#[cfg(test)]\nmod tests { fn a() ${body} }\n#[test]\nfn b() ${body}\n#[cfg(not(test))]\nfn c() ${body}`;
  const { matches } = readExamples(syntax, text, "a.rs");
  expect(matches.map((match) => match.functionName)).toEqual(["c"]);
});

test("half-written code costs only what it touches", () => {
  const text = "fn a() { match x { A::X => 1, } }\nfn b( { let y = \nfn c() { match x { A::Y => 2 } }";
  const { matches } = readExamples(syntax, text, "a.rs");
  expect(matches.flatMap((match) => match.arms.map((arm) => arm.variant))).toContain("X");
});

test("characters beyond ASCII and CRLF do not shift anything", () => {
  const text = 'fn é() {\r\n  let s = "漢🦀";\r\n  match x { A::Ü(v) => v("🦀"), }\r\n}';
  const [match] = readExamples(syntax, text, "a.rs").matches;
  expect(match).toMatchObject({ line: 3, functionName: "é", arms: [{ variant: "Ü", body: 'v("🦀")' }] });
});
