import { expect, test } from "vitest";
import { readOpened } from "../../server/syntax/macro-arguments.ts";
import { loadRustSyntax } from "../../server/syntax/parse.ts";
import { sitesAround } from "../../server/syntax/site-syntax.ts";

const syntax = await loadRustSyntax();

/** The innermost site at `§`: what it is called, and its arms. */
function check(marked: string): readonly string[] {
  const at = marked.indexOf("§");
  const text = marked.replace("§", "");
  return readOpened(syntax, text, { start: at, end: at }, (root) => {
    const [site] = sitesAround(root, at);
    if (site === undefined) return [];
    expect(text.slice(site.keyword, site.keyword + 5)).toBe("match");
    return [site.label, ...site.entries.map(({ span }) => text.slice(span.start, span.end))];
  });
}

test("a match among the arguments of a macro is one", () => {
  expect(check(`fn f() { println!("{}", ma§tch side { A => "a", B => "b" }); }`)).toEqual([
    "match on `side`",
    `A => "a",`,
    `B => "b"`,
  ]);
  expect(check("fn f() -> Vec<u8> { vec![1, match (a, b) { A => 1,§ }, match c {}] }")).toEqual([
    "match on `(a, b)`",
    "A => 1,",
  ]);
});

test("what is no expression around it does not matter", () => {
  const select = "fn f() { let a = select! { v = go() => { match v { A => 1,\n§\n} } _ = stop => 2, }; }";
  expect(check(select)).toEqual(["match on `v`", "A => 1,"]);
  expect(check("thread_local! { static X: u8 = match a { A => 1, § }; }")).toEqual([
    "match on `a`",
    "A => 1,",
  ]);
});

test("a macro within a match within a macro", () => {
  const nested = `fn f() { a!(match x { A => b!["", match y { B => 1,§ }, 2], C => 2 }) }`;
  expect(check(nested)).toEqual(["match on `y`", "B => 1,"]);
});

test("braces in the scrutinee, and words that only look like a match", () => {
  expect(check("fn f() { a!(match { x } { A => 1,§ }) }")).toEqual(["match on `{ x }`", "A => 1,"]);
  expect(check("fn f() { a!(match g(S { x }) { A => 1,§ }) }")).toEqual(["match on `g(S { x })`", "A => 1,"]);
  expect(check("fn f() { a!(r#match, match => { § }) }")).toEqual([]);
});

test("the definition of a macro stays closed", () => {
  expect(check("macro_rules! a { ($x:expr) => { match $x { A => 1,§ } } }")).toEqual([]);
});
