import { beforeAll, describe, expect, it } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { surroundingCode } from "../../server/syntax/surrounding-code.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

const around = (marked: string) => {
  const start = marked.indexOf("HERE");
  return syntax.read(marked, (root) => surroundingCode(root, { start, end: start + 4 }));
};

describe("attributes", () => {
  const on = (text: string) =>
    around(text).attributes.map((attribute) => `${attribute.text} on ${attribute.on}`);

  it("are those of everything around, innermost first, with what they stand on", () => {
    const text = `#![cfg(a)]
#[cfg(b)] mod m {
  #![cfg(c)]
  #[inline] #[cfg_attr(x, cfg(y))]
  // A comment between.
  impl A for B<C> {
    #[cold]
    fn f(&self) {
      #![cfg(d)]
      #[cfg(e)]
      match k { #[cfg(f)] K::A => HERE, #[cfg(no)] _ => 1 }
    }
    #[cfg(no)] fn g() {}
  }
}`;
    expect(on(text)).toEqual([
      "cfg(f) on an arm",
      "cfg(e) on a statement",
      "cfg(d) on fn f",
      "cold on fn f",
      "cfg_attr(x, cfg(y)) on impl A for B<C>",
      "inline on impl A for B<C>",
      "cfg(c) on mod m",
      "cfg(b) on mod m",
      "cfg(a) on the whole file",
    ]);
  });
  it("have names with paths", () => {
    expect(around('#[tokio::main(flavor = "x")] async fn f() { HERE }').attributes[0]?.name).toBe(
      "tokio::main",
    );
  });
});

describe("macros", () => {
  it.each([
    ["cfg_if! { if #[cfg(x)] { fn f() { HERE } } }", { name: "cfg_if", isDefinition: false }],
    ['fn f() { std::println!("{}", g(HERE)) }', { name: "std::println", isDefinition: false }],
    ["macro_rules! m { () => { HERE } }", { name: "m", isDefinition: true }],
    ["fn f() { m!(1); HERE }", undefined],
  ])("%s", (text, macro) => {
    expect(around(text).macro).toEqual(macro);
  });
});

describe("statements that never let go on", () => {
  const line = (text: string) => around(text).ending?.line;
  it.each([
    ["fn f() {\n return;\n HERE }", 2],
    ["fn f() {\n loop {}\n g(HERE) }", 2],
    ["fn f() {\n std::process::exit(1);\n let x = HERE; }", 2],
    ['fn f() {\n panic!("x");\n { HERE } }', 2],
    ["fn f() {\n loop { break; }\n HERE }", undefined],
    ["fn f() {\n if a { return; }\n HERE }", undefined],
    ["fn f() {\n HERE;\n return; }", undefined],
    ["fn f() {\n return;\n fn g() { HERE } }", undefined],
  ])("%j", (text, expected) => {
    expect(line(text)).toBe(expected);
  });
});
