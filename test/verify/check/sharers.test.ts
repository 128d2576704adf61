import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { realPathOf } from "../../../server/base/real-path.ts";
import { loadRustSyntax, type RustSyntax } from "../../../server/syntax/parse.ts";
import { mayLeadOut, Sharers } from "../../../server/verify/check/sharers.ts";
import type { PlacedSource } from "../../../server/verify/shadow/entry.ts";

describe("a text may lead out of its package", () => {
  it.each([
    ["mod a;", false],
    ['#[path = "b.rs"] mod a;', false],
    ['#[path = "../b.rs"] mod a;', false],
    ['#[path = "../../other/b.rs"] mod a;', true],
    ['#[cfg_attr(unix, path = "../../other/b.rs")] mod a;', true],
    ['#[path = "/elsewhere/b.rs"] mod a;', true],
    ['#[path = concat!("..", "/..")] mod a;', true],
    ['include!("part.rs");', false],
    ['include!("../../other/part.rs");', true],
    ['include!(concat!(env!("OUT_DIR"), "/made.rs"));', false],
    ['include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../b.rs"));', true],
    ["macro_rules! own { ($file:expr) => { include!($file); } }", true],
    ['let text = include_str!("../../../README.md");', false],
  ])("%s", (text, expected) => {
    expect(mayLeadOut(text, "/w/own/src", "/w/own")).toBe(expected);
  });
});

let base: string;
let syntax: RustSyntax;
let places: string[];
beforeAll(async () => {
  syntax = await loadRustSyntax();
});
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "armature-sharers-")));
  places = [];
  put("a/src/lib.rs", "mod shared;");
  put("a/src/shared.rs", "");
  put("b/src/lib.rs", "");
});
afterEach(() => rmSync(base, { recursive: true }));

function put(file: string, text: string): void {
  const place = join(base, file);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  places.push(place);
}

function packageAt(name: string) {
  const target = { name, kind: ["lib"], src_path: join(base, name, "src/lib.rs") };
  return {
    ...{ name, version: "0.1.0", id: name, source: null, edition: "2021", dependencies: [] },
    ...{ manifest_path: join(base, name, "Cargo.toml") },
    targets: [{ ...target, "required-features": [], test: true }],
  };
}

const sharers = new Sharers();
async function found(links: readonly PlacedSource[] = []): Promise<readonly string[]> {
  const sources = places.map((place) => ({ place, stamp: String(statSync(place).mtimeMs), link: undefined }));
  const own = packageAt("a");
  const packages = [own, packageAt("b")];
  const isDocument = (file: string) => realPathOf(file) === join(base, "a/src/shared.rs");
  const all = await sharers.of({ syntax, own, packages, isDocument, sources: [...sources, ...links] });
  return all.map((sharer) => `${sharer.package.name}: ${sharer.targets.map(({ name }) => name).join(" ")}`);
}

it("finds nobody where nobody leads there", async () => {
  expect(await found()).toEqual([]);
  put("b/src/lib.rs", '#[path = "../../a/src/lib.rs"] mod a;\n#[path = "../../a/none.rs"] mod none;');
  put("a/src/lib.rs", "");
  expect(await found()).toEqual([]);
});

it("finds who leads there by a module of the other package", async () => {
  put("b/src/lib.rs", '#[path = "../../a/src/lib.rs"] mod a;');
  expect(await found()).toEqual(["b: b"]);
});

it("finds who includes it, whenever the text changes", async () => {
  put("b/src/lib.rs", "pub mod inner;");
  put("b/src/inner.rs", "");
  expect(await found()).toEqual([]);
  put("b/src/inner.rs", 'include!("../../a/src/shared.rs");');
  expect(await found()).toEqual(["b: b"]);
});

it("finds who has it by a link", async () => {
  put("b/src/lib.rs", "mod linked;");
  const place = join(base, "b/src/linked.rs");
  symlinkSync("../../a/src/shared.rs", place);
  expect(await found([{ place, stamp: "", link: "../../a/src/shared.rs" }])).toEqual(["b: b"]);
});

it("believes a package that hides what it includes", async () => {
  put("b/src/lib.rs", "macro_rules! own { ($file:expr) => { include!($file); } }");
  expect(await found()).toEqual(["b: b"]);
});
