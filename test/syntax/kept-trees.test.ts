import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Language, Parser } from "web-tree-sitter";
import { createRequire } from "node:module";
import { loadRustSyntax, type SyntaxNode } from "../../server/syntax/parse.ts";

const shapeOf = (root: SyntaxNode) => root.toString();
// Large enough to be kept.
const source = readFileSync("test/fixtures/demo/src/accounts.rs", "utf8").repeat(6);
const pieces = [
  "x",
  ";",
  "{",
  "}",
  "match a { A => 1 }",
  '"',
  "/*",
  "*/",
  "'",
  'r#"',
  "\n    A => b,\n",
  "(",
  "é🦀",
  "",
];

it("gives the tree that a text has when it is parsed anew, after any edit", async () => {
  expect(source.length).toBeGreaterThan(20_000);
  const syntax = await loadRustSyntax();
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(createRequire(import.meta.url).resolve("tree-sitter-rust/tree-sitter-rust.wasm")),
  );
  const edits = fc.record({
    at: fc.nat(source.length),
    length: fc.oneof(fc.constant(0), fc.nat(60)),
    piece: fc.constantFrom(...pieces),
  });
  let reused = 0;
  fc.assert(
    fc.property(edits, ({ at, length, piece }) => {
      const text = source.slice(0, at) + piece + source.slice(at + length);
      const anew = parser.parse(text)!;
      expect(syntax.read(text, shapeOf)).toBe(anew.rootNode.toString());
      if (!anew.rootNode.hasError) reused += 1;
      anew.delete();
    }),
    { numRuns: 120, seed: 7 },
  );
  expect(reused).toBeGreaterThan(20);
});

it("reads another large text while one is being read", async () => {
  const syntax = await loadRustSyntax();
  const other = `${source}\nfn last() {}\n`;
  const shapes = syntax.read(source, (root) => {
    const inner = syntax.read(other, (node) => node.namedChildCount);
    return [root.namedChildCount, inner];
  });
  expect(shapes[1]).toBe((shapes[0] ?? 0) + 1);
});

it("reads many small texts over and over", async () => {
  const syntax = await loadRustSyntax();
  const texts = Array.from({ length: 100 }, (_, index) => `fn f${index}() { ${"a();".repeat(index)} }`);
  const counts = () => texts.map((text) => syntax.read(text, (root) => root.descendantCount));
  const first = counts();
  expect(new Set(first).size).toBe(texts.length);
  expect(counts()).toEqual(first);
  expect(counts().reverse()).toEqual([...first].reverse());
});
