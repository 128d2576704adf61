import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadRustSyntax } from "../../../server/syntax/parse.ts";
import {
  differsInTests,
  globImports,
  SourceWords,
  wordsOf,
} from "../../../server/verify/judge/source-words.ts";
import { unknownNames } from "../../../server/verify/judge/unknown-names.ts";

describe("words of a package", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "armature-words-"));
    mkdirSync(join(root, "src"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("follow its files", () => {
    const words = new SourceWords();
    writeFileSync(join(root, "src/lib.rs"), "fn größe() { one_2(); }");
    writeFileSync(join(root, "src/here.rs"), "fn hidden() {}");
    words.update(root, join(root, "src/here.rs"));
    expect(["größe", "one_2", "one", "hidden"].map((word) => words.has(word))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    writeFileSync(join(root, "src/lib.rs"), "pub use other::prelude::*; fn three() {}");
    words.update(root, "");
    expect(["größe", "three", "hidden"].map((word) => words.has(word))).toEqual([false, true, true]);
    expect(words.passesOnForeignNames).toBe(true);
    rmSync(join(root, "src/here.rs"));
    words.update(root, "");
    expect(words.has("hidden")).toBe(false);
  });
});

it.each([
  ["#[cfg(test)]\nmod tests {}", false],
  ["#[cfg( test )] use a;", false],
  ["#![cfg_attr(test, deny(warnings))]", true],
  ["#[cfg(not(test))] fn f() {}", true],
  ['#[cfg(any(test, feature = "x"))] fn f() {}', true],
  ["if cfg!(test) {}", false],
  ["fn test(cfg: u8) {}", false],
])("tells code that is another one in tests: %s", (text, differs) => {
  expect(differsInTests(text)).toBe(differs);
});

it("tells whose names a glob brings in", () => {
  const globs = globImports("use super::*;\npub use a::{b::*, c};\nuse Kind::*;\nuse crate::x;\n");
  expect(globs).toEqual([
    { isForeign: false, isPublic: false },
    { isForeign: true, isPublic: true },
    { isForeign: false, isPublic: false },
  ]);
});

it.each([
  ["known(1)", []],
  ["invented(1)", ["invented"]],
  ["Invented::new(known)", ["Invented"]],
  ["Known::Invented", []],
  ["Known::invented(1)", []],
  ["known::invented(1)", ["invented"]],
  ["std::mem::take(known)", []],
  ["known.invented().field", []],
  ["{ let a = 1; let Some(b) = known else { return a }; a + b }", []],
  ["known.map(|c| c + 1)", []],
  ["match known { Some(d) => d, None => 0 }", []],
  ["{ for e in known { drop(e) } }", []],
  ["Known { invented: known }", []],
  ["invented!(whatever)", []],
  ['format!("{}", invented)', []],
  ["Vec::<Invented>::new()", ["Invented"]],
  ["known as Invented", ["Invented"]],
])("finds names at the head of paths that stand nowhere: %s", async (body, expected) => {
  const syntax = await loadRustSyntax();
  const known = wordsOf("known Known");
  const names = syntax.read(`fn f() { ${body} }`, (root) => {
    const block = root.namedChild(0)?.childForFieldName("body");
    return unknownNames(block == null ? [] : [block], (name) => known.has(name));
  });
  expect(names).toEqual(expected);
});
