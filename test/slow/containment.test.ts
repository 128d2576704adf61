import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findEscape } from "../../server/syntax/containment.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { type Frame, frames, holed, hostileFilling } from "../support/hostile-texts.ts";
import { rustcTree } from "../support/rustc-tree.ts";

const editions = ["2015", "2018", "2021", "2024"];
let syntax: RustSyntax;
let directory: string;
beforeAll(async () => {
  syntax = await loadRustSyntax();
  directory = mkdtempSync(join(tmpdir(), "armature-containment-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const treeOf = (frame: Frame, edition: string, texts?: readonly string[]) => {
  const { text, holes } = holed(frame, texts);
  return rustcTree(
    directory,
    edition,
    text,
    holes.map(({ span }) => span),
  );
};

it("lets no text through that rustc reads as something outside its hole", () => {
  const expected = new Map(
    editions.flatMap((edition) =>
      frames.map((frame) => [`${edition} ${frame.name}`, treeOf(frame, edition)]),
    ),
  );
  const samples = fc
    .sample(hostileFilling, { numRuns: 6_000, seed: 20_26 })
    .filter(({ frame, texts }) => findEscape(syntax, holed(frame), holed(frame, texts)) === undefined)
    .slice(0, 600);
  let read = 0;
  for (const [index, { frame, texts }] of samples.entries()) {
    const edition = editions[index % editions.length]!;
    const tree = treeOf(frame, edition, texts);
    if (tree === undefined) continue;
    read += 1;
    expect([edition, frame.name, texts, tree]).toEqual([
      ...[edition, frame.name, texts],
      expected.get(`${edition} ${frame.name}`),
    ]);
  }
  process.stdout.write(
    `containment: rustc read ${read} of ${samples.length} texts that were let through, all of them within their holes\n`,
  );
  expect(read).toBeGreaterThan(300);
});

it("is told by a judge who sees escapes", () => {
  const [arm, , , method, , type] = frames as [Frame, Frame, Frame, Frame, Frame, Frame];
  const escapes: readonly [Frame, string][] = [
    [arm, "0, 2 => 3"],
    [arm, "0 } } fn evil(x: u8) { match x { 1 => 1"],
    [arm, "{ 0 } 2 => 3"],
    [method, "0 } fn evil(&self) { 1"],
    [method, "//! of the function, not of its block\n0"],
    [type, "u8; type E = u8"],
  ];
  for (const [frame, text] of escapes) {
    const tree = treeOf(frame, "2021", [text]);
    expect([text, tree !== undefined]).toEqual([text, true]);
    expect([text, tree]).not.toEqual([text, treeOf(frame, "2021")]);
  }
  expect(treeOf(arm, "2021", ["{ (1, [2], m!(3)) }"])).toEqual(treeOf(arm, "2021"));
});
