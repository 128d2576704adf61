import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { knownSources } from "../../../server/verify/refusals/known-sources.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "armature-sources-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const sources = (
  text: string,
  overlays: ReadonlyMap<string, string> = new Map(),
  others: readonly string[] = [],
  dependencies: readonly string[] = [],
) => {
  writeFileSync(join(directory, "lib.rs"), text);
  return knownSources({ own: directory, others, dependencies }, overlays);
};

it("knows a macro by its calls in code, not in comments, and by the unsaved text", () => {
  const known = sources("// bail!(1)\nfn f() { ensure!(true) }\n");
  expect([known.usesMacro("ensure"), known.usesMacro("bail")]).toEqual([true, false]);
  const unsaved = new Map([[join(directory, "lib.rs"), "fn f() { bail!(1) }"]]);
  expect(sources("fn f() {}", unsaved).usesMacro("bail")).toBe(true);
});

it("follows the package's own macros to what they call", () => {
  const known = sources(
    'macro_rules! outer { () => { inner!() } }\nmacro_rules! inner { () => { include_str!("x") } }\n',
  );
  expect(known.macro("outer")?.calls).toEqual(["inner", "include_str"]);
  expect(known.macro("other")).toBeUndefined();
});

it("ends where macros call each other, and reads Rust files only", () => {
  writeFileSync(join(directory, "notes.txt"), "fn f() { bail!(1) }");
  const known = sources("macro_rules! one { () => { two!() } }\nmacro_rules! two { () => { one!() } }\n");
  expect(known.macro("one")?.calls).toEqual(["two", "one"]);
  expect(known.usesMacro("bail")).toBe(false);
});

it("says nothing of what cannot be read", () => {
  const gone = [join(directory, "gone too")];
  const known = knownSources({ own: join(directory, "gone"), others: gone, dependencies: gone }, new Map());
  expect([known.usesMacro("bail"), known.definesMacro("bail"), known.macro("bail")]).toEqual([
    ...[false, false, undefined],
  ]);
  expect([known.mayNeverReturn("die"), known.onlyPanics("die")]).toEqual([false, false]);
});

it("tells what a macro's rules do with what they are given", () => {
  const known = sources(`
macro_rules! inner { ($e:expr) => { unsafe { call($e) } } }
macro_rules! beside { ($e:expr) => { unsafe { call() } + $e } }
macro_rules! call { ($m:ident, $($a:tt)*) => { $m!($($a)*) } }
macro_rules! drops { ($e:expr) => { 1 } }
macro_rules! keeps { ($e:expr) => { $e }; (@part $e:expr) => { 1 } }
macro_rules! leaves { ($e:expr) => { if !$e { return 0; } } }
`);
  const names = ["inner", "beside", "call", "drops", "keeps", "leaves"];
  const those = (fact: "wrapsInUnsafe" | "callsGiven" | "drops" | "leaves") =>
    names.filter((name) => known.macro(name)?.[fact] === true);
  expect({
    wrapsInUnsafe: those("wrapsInUnsafe"),
    callsGiven: those("callsGiven"),
    drops: those("drops"),
    leaves: those("leaves"),
  }).toEqual({ wrapsInUnsafe: ["inner"], callsGiven: ["call"], drops: ["drops"], leaves: ["leaves"] });
});

it("tells which functions are declared never to return, and which are nothing but a panic", () => {
  const known = sources(`fn die(code: i32) -> ! { std::process::exit(code) }
fn live() -> u8 { 1 }
fn boom(n: u8) -> u32 { panic!("no {n}") }
fn both() -> u8 { panic!() }
mod other { fn both() -> u8 { 1 } }
macro_rules! bug { ($($x:tt)*) => { panic!($($x)*) } }
`);
  const names = ["die", "live", "boom", "both", "bug!", "bug"];
  expect(names.filter((name) => known.mayNeverReturn(name))).toEqual(["die", "bug!"]);
  expect(names.filter((name) => known.onlyPanics(name))).toEqual(["boom"]);
});

it("knows the macros of other packages by what they do, and not as used here", () => {
  const other = mkdtempSync(join(tmpdir(), "armature-sources-"));
  const dependency = mkdtempSync(join(tmpdir(), "armature-sources-"));
  try {
    writeFileSync(join(other, "lib.rs"), "#[macro_export]\nmacro_rules! later { () => { todo!() } }\n");
    writeFileSync(
      join(dependency, "lib.rs"),
      "macro_rules! ensure { ($c:expr) => { if !$c { return; } } }\n",
    );
    const text = 'use std::include_str as grab;\nfn f() { grab!("x"); }\n';
    const known = sources(text, new Map(), [other], [dependency]);
    expect(known.macro("later")?.calls).toEqual(["todo"]);
    expect(known.macro("ensure")).toMatchObject({ calls: [], leaves: true });
    expect([known.usesMacro("later"), known.definesMacro("later")]).toEqual([false, false]);
    expect([known.usesMacro("grab"), known.macro("grab")?.calls]).toEqual([true, ["include_str"]]);
  } finally {
    for (const directory of [other, dependency]) rmSync(directory, { recursive: true });
  }
});
