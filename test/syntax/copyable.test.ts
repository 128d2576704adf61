import { beforeAll, describe, expect, it } from "vitest";
import { copyableCode } from "../../server/syntax/copyable.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

/** What can be copied for the match (or the impl) around `$0`. */
function copyable(source: string, kind: "match" | "impl" = "match") {
  const at = source.indexOf("$0");
  const text = source.replace("$0", "");
  const span = { start: at, end: at + 1 };
  const code = syntax.read(text, (root) => copyableCode(root, span, kind, [span]));
  if (code === undefined) return undefined;
  const [member] = code.members;
  return {
    behind: text.slice(code.at - 12, code.at).trim(),
    attributes: code.attributes,
    member: member && text.slice(member.name.start, member.name.end),
    declaration: member && `${member.declaration.before}x${member.declaration.after}`,
    impl: code.impl,
    isProvided: code.isProvided,
  };
}

const inMatch = "match a { A => $01 }";

describe("places for copies", () => {
  it("are at the end of the file or of the inline module", () => {
    expect(copyable(`fn f() { ${inMatch} }\nfn last() {}\n`)?.behind).toBe("n last() {}");
    expect(copyable(`mod m { fn f() { ${inMatch} } fn inner() {} }\nfn last() {}\n`)?.behind).toBe(
      "inner() {}",
    );
  });

  it("are behind the item itself in a block and in a trait's definition", () => {
    expect(copyable(`fn f() { fn g() { ${inMatch} } let x = 1; }`)?.behind).toBe("{ A => 1 } }");
    expect(copyable(`trait T { fn g(&self) { ${inMatch} } fn h(); }`)).toMatchObject({ isProvided: true });
  });
});

describe("declarations of copied members", () => {
  it("have types in place of patterns", () => {
    const head = "async fn f<'a, T>(mut self, (a, b): (u8, T), mut c: &'a str) -> u8 where T: Copy";
    expect(copyable(`impl S { ${head} { ${inMatch} } }`)?.declaration).toBe(
      "async fn x<'a, T>(self, _: (u8, T), _: &'a str) -> u8 where T: Copy;",
    );
    expect(copyable(`impl S { fn f(self: &mut Self) { ${inMatch} } }`)?.declaration).toBe(
      "fn x(self: &mut Self);",
    );
    expect(copyable(`impl S { const N: u8 = ${inMatch}; }`)?.declaration).toBe("const x: u8;");
  });

  it("stand in a trait with the impl's own parameters and bounds", () => {
    const impl = copyable(
      `impl<'a, T: Clone, const N: usize> Add<&'a T> for S<T, N> where T: Copy { fn f() { ${inMatch} } }`,
    )?.impl;
    expect(impl).toEqual({
      parameters: "<'a, T: Clone, const N: usize>",
      arguments: "<'a, T, N>",
      trait: "Add<&'a T>",
      type: "S<T, N>",
      where: "where T: Copy",
    });
  });

  it("give a name to lifetimes that only an impl's head may leave out", () => {
    const impl = copyable(`impl PartialEq<Cow<'_, &str>> for S { fn f() { ${inMatch} } }`)?.impl;
    expect(impl).toMatchObject({
      parameters: "<'armature>",
      trait: "PartialEq<Cow<'armature, &'armature str>>",
    });
    expect(copyable(`impl Take<fn(&str)> for S { fn f() { ${inMatch} } }`)).toBeUndefined();
  });
});

describe("attributes", () => {
  it("that decide how code is compiled go with the copy", () => {
    const source = `#[cfg(unix)]\n#[doc(hidden)]\n#[expect(unused)]\nimpl S { #[inline] fn f() { ${inMatch} } }`;
    expect(copyable(source)?.attributes).toEqual(["#[cfg(unix)]", "#[allow(unused)]"]);
    expect(
      copyable(`#[cfg_attr(x, inline, must_use)]\nimpl S { fn f() { ${inMatch} } }`)?.attributes,
    ).toEqual([]);
    expect(copyable(`#[cfg_attr(x, allow(unused))]\nimpl S { fn f() { ${inMatch} } }`)?.attributes).toEqual([
      "#[cfg_attr(x, allow(unused))]",
    ]);
  });

  it.each([
    `#[tokio::main]\nasync fn f() { ${inMatch} }`,
    `#[async_trait]\nimpl T for S { fn f() { ${inMatch} } }`,
    `#[cfg_attr(x, tokio::main)]\nfn f() { ${inMatch} }`,
    `#[wrapped]\nmod m { fn f() { ${inMatch} } }`,
    `impl S { #![cfg(unix)] fn f() { ${inMatch} } }`,
  ])("that may do anything leave it without copies: %s", (source) => {
    expect(copyable(source)).toBeUndefined();
  });
});

it.each([
  `unsafe fn f() { ${inMatch} }`,
  `impl S { const fn f() { ${inMatch} } }`,
  `impl S { fn f() -> impl Copy { ${inMatch} } }`,
  `fn f() -> impl Copy { f(); ${inMatch} }`,
  `fn f() { impl Copy for S {} ${inMatch} }`,
  `static S: u8 = ${inMatch};`,
  `make! { fn f() { ${inMatch} } }`,
  `fn f() { ${inMatch} let = ; }`,
])("is not sound for %s", (source) => {
  expect(copyable(source)).toBeUndefined();
});

it("takes those members of an impl that hold a place", () => {
  const source = "impl T for S { type A = u8; fn one() {} fn two() { $0todo!() } }";
  expect(copyable(source, "impl")).toMatchObject({ member: "two" });
});
