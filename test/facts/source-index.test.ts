import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Abort } from "../../server/base/abort.ts";
import { silentLog } from "../../server/base/log.ts";
import { chunksOf } from "../../server/facts/source-chunks.ts";
import { SourceIndex } from "../../server/facts/source-index.ts";
import type { OpenDocuments } from "../../server/stages.ts";
import { loadRustSyntax } from "../../server/syntax/parse.ts";

let root: string;
let parsed: string[];
let index: SourceIndex;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "armature-index-"));
  parsed = [];
  index = new SourceIndex({
    syntax: async () => {
      const syntax = await loadRustSyntax();
      return {
        read(text, visit) {
          parsed.push(text);
          return syntax.read(text, visit);
        },
      };
    },
    log: silentLog,
  });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const matching = (name: string) => `fn ${name}() { match x { Shape::Dot => 1 } }\n`;

async function near(path: string, overlays: OpenDocuments = [], mentioning = ["Shape"]) {
  const { signal } = new Abort();
  const found = await index.examplesNear({ path: join(root, path), root, overlays, mentioning, signal });
  return found.files.flatMap((file) => file.matches.map((match) => match.functionName));
}

test("files come nearest first", async () => {
  write("src/a/here.rs", matching("here"));
  write("src/a/beside.rs", matching("beside"));
  write("src/above.rs", matching("above"));
  write("other/src/far.rs", matching("far"));
  expect(await near("src/a/here.rs")).toEqual(["here", "beside", "above", "far"]);
});

test("build, hidden and foreign directories are not read, and files without the word are not parsed", async () => {
  write("src/lib.rs", matching("lib"));
  write("src/none.rs", "fn none() { match x { Other::Dot => 1 } }");
  for (const directory of ["target/debug", ".git", "node_modules/x"])
    write(`${directory}/x.rs`, matching("no"));
  expect(await near("src/lib.rs")).toEqual(["lib"]);
  expect(parsed).toHaveLength(1);
  expect(await near("src/lib.rs", [], ["Other"])).toEqual(["none"]);
});

test("a file is parsed again only when it changed", async () => {
  write("src/lib.rs", matching("lib"));
  await near("src/lib.rs");
  await near("src/lib.rs");
  expect(parsed).toHaveLength(1);
  write("src/lib.rs", matching("changed"));
  utimesSync(join(root, "src/lib.rs"), 1, 1);
  expect(await near("src/lib.rs")).toEqual(["changed"]);
  expect(parsed).toHaveLength(2);
});

test("what the editor holds wins over the disk, new files included", async () => {
  write("src/lib.rs", matching("disk"));
  const document = (path: string, text: string, version: number) => ({
    uri: `file://${join(root, path)}`,
    path: join(root, path),
    version,
    text,
  });
  const first = [
    document("src/lib.rs", matching("unsaved"), 1),
    document("src/new.rs", matching("fresh"), 1),
  ];
  expect(await near("src/lib.rs", first)).toEqual(["unsaved", "fresh"]);
  expect(await near("src/lib.rs", [document("src/lib.rs", matching("typed"), 2)])).toEqual(["typed"]);
  expect(await near("src/lib.rs")).toEqual(["disk"]);
});

test("a file too large to learn from is left out and named", async () => {
  write("src/lib.rs", matching("lib"));
  write("src/table.rs", matching("table") + "// filler\n".repeat(110_000));
  const { signal } = new Abort();
  const request = { path: join(root, "src/lib.rs"), root, overlays: [], mentioning: ["Shape"], signal };
  const { files, leftOut } = await index.examplesNear(request);
  expect(files).toHaveLength(1);
  expect(leftOut).toEqual([expect.stringContaining("table.rs")]);
});

test("an aborted question ends at once with its cause", async () => {
  write("src/lib.rs", matching("lib"));
  const abort = new Abort();
  abort.abort("superseded");
  const request = {
    path: join(root, "src/lib.rs"),
    root,
    overlays: [],
    mentioning: ["Shape"],
    signal: abort.signal,
  };
  await expect(index.examplesNear(request)).rejects.toMatchObject({ abortCause: "superseded" });
});

test("other work gets its turn between the parts of a large file", async () => {
  const item = `fn f() {\n    match x {\n        Shape::Dot => 1,\n    }\n}\n`;
  write("src/lib.rs", item.repeat(2_000));
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const names = await near("src/lib.rs");
  isDone = true;
  expect(names).toHaveLength(2_000);
  expect(parsed.length).toBeGreaterThan(4);
  expect(turns).toBeGreaterThanOrEqual(parsed.length);
});

test("chunks are whole items that add up to the file, with their first lines", () => {
  const text = "fn a() {\n    x\n}\r\n\nmod b {\n    fn c() {\n    }\n}\n// end";
  const chunks = chunksOf(text, 1);
  expect(chunks.map((chunk) => chunk.text).join("")).toBe(text);
  expect(chunks.map((chunk) => chunk.firstLine)).toEqual([1, 4, 9]);
});
