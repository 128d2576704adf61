import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { mayStandInList } from "../../server/views/list-position.ts";
import { snapshotAt } from "../support/cursor.ts";

function check(marked: string): boolean {
  const { document, offset } = snapshotAt(marked);
  return mayStandInList(document.text, offset);
}

describe("a place for an arm or a member is", () => {
  test.each([
    ["a blank line of a match", "fn f() { match x {\n  A => 1,\n  $0\n} }"],
    ["a half-typed path in it", "fn f() { match x {\n  A => 1,\n  Shape::Ci$0\n} }"],
    ["a half-typed member of an impl", "impl Trait for Type {\n  fn a() { g(); }\n  fn na$0\n}"],
    ["behind an arm with a block", "match x {\n  A => { f(); }\n  B => {}\n  $0\n}"],
    ["a match on a block", "match unsafe { x } {\n  $0\n}"],
    ["a match on a condition", "match if a { b } else { c } {\n  $0\n}"],
    ["a match on a closure's value", "match f(|x| { g(); x }) {\n  $0\n}"],
    [
      "behind brackets in literals and comments",
      "match x { // }\n  '}' => \"}\",\n /* } */ b'\\'' => r#\"}\"#,\n $0\n}",
    ],
    ["behind half-written code", "fn g() { h(\n}\nfn f() { match x {\n  $0\n} }"],
  ])("%s", (_what, marked) => {
    expect(check(marked)).toBe(true);
  });
});

describe("none is", () => {
  test.each([
    ["a line with code before the cursor", "match x {\n  A => self.na$0\n}"],
    ["a line with code behind it", "match x {\n  $0 A => 1,\n}"],
    ["the body of a function", "impl Trait for Type {\n  fn a() {\n    $0\n  }\n}"],
    ["the block of an arm", "match x {\n  A => {\n    pri$0\n  }\n}"],
    ["an impl without a trait", "impl Type {\n  $0\n}"],
    ["a struct behind an impl", "impl A for B {}\nstruct C {\n  $0\n}"],
    ["a block behind a match", "fn f() {\n  match x { A => 1 }\n  if y {\n    $0\n  }\n}"],
    ["the top of a file", "$0\nimpl A for B {}"],
    ["an empty file", "$0"],
    ["a match within a comment", "// match x {\n$0\n"],
    ["a match within a string", 'fn f() { g("match x {");\n$0\n }'],
  ])("%s", (_what, marked) => {
    expect(check(marked)).toBe(false);
  });
});

describe("what the syntax tree finds in the demo crate", () => {
  const folder = resolve(import.meta.dirname, "../fixtures/demo/src");
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  let syntax: RustSyntax;
  beforeAll(async () => {
    syntax = await loadRustSyntax();
  });

  /** The file with a new line of that text behind one of its lines (every third), cursor at its end. */
  function* placesIn(file: string, typed: string) {
    for (const { index } of file.matchAll(/\n.*\n.*\n/g)) {
      yield snapshotAt(`${file.slice(0, index)}\n    ${typed}$0${file.slice(index)}`);
    }
  }

  test.each(["", "Stage::Lo", "fn na"])("is a place whatever line %j is typed on", (typed) => {
    const counts = { lists: 0, guesses: 0, places: 0 };
    for (const file of files) {
      for (const { document, offset } of placesIn(file, typed)) {
        const isList = findSites(syntax, document, offset)[0]?.insertAt !== undefined;
        const guess = mayStandInList(document.text, offset);
        if (isList) expect(guess, document.text.slice(offset - 200, offset)).toBe(true);
        counts.lists += isList ? 1 : 0;
        counts.guesses += guess ? 1 : 0;
        counts.places += 1;
      }
    }
    expect(counts.lists).toBeGreaterThan(15);
    // Nearly all other places are told apart without the tree; lines within an arm that goes on are not.
    expect(counts.guesses - counts.lists).toBeLessThan(counts.places / 10);
  });
});
