import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { knownNames } from "../../../server/verify/refusals/known-names.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "armature-names-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const names = (text: string, overlays: ReadonlyMap<string, string> = new Map()) => {
  writeFileSync(join(directory, "lib.rs"), text);
  return knownNames(directory, overlays);
};

it("knows a macro by its calls in code, not in comments, and by the unsaved text", () => {
  const known = names("// bail!(1)\nfn f() { ensure!(true) }\n");
  expect([known.usesMacro("ensure"), known.usesMacro("bail")]).toEqual([true, false]);
  const unsaved = new Map([[join(directory, "lib.rs"), "fn f() { bail!(1) }"]]);
  expect(names("fn f() {}", unsaved).usesMacro("bail")).toBe(true);
});

it("follows the package's own macros to what they call", () => {
  const known = names(
    'macro_rules! outer { () => { inner!() } }\nmacro_rules! inner { () => { include_str!("x") } }\n',
  );
  expect(known.macrosInside("outer")).toEqual(["inner", "include_str"]);
  expect(known.macrosInside("other")).toEqual([]);
});

it("ends where macros call each other, and reads Rust files only", () => {
  writeFileSync(join(directory, "notes.txt"), "fn f() { bail!(1) }");
  const known = names("macro_rules! one { () => { two!() } }\nmacro_rules! two { () => { one!() } }\n");
  expect(known.macrosInside("one")).toEqual(["two", "one"]);
  expect(known.usesMacro("bail")).toBe(false);
});

it("says nothing of what cannot be read", () => {
  const known = knownNames(join(directory, "gone"), new Map(), [join(directory, "gone too")]);
  expect([known.usesMacro("bail"), known.definesMacro("bail"), known.neverReturns("die")]).toEqual([
    ...[false, false, false],
  ]);
});

it("tells a macro that puts what it is given into an unsafe block", () => {
  const known = names(
    "macro_rules! inner { ($e:expr) => { unsafe { call($e) } } }\nmacro_rules! beside { ($e:expr) => { unsafe { call() } + $e } }\n",
  );
  expect(["inner", "beside", "other"].filter((name) => known.wrapsInUnsafe(name))).toEqual(["inner"]);
});

it("tells what never returns: functions declared so and macros that panic in every arm", () => {
  const known = names(
    `fn die(code: i32) -> ! { std::process::exit(code) }
fn live() -> u8 { 1 }
fn both() -> ! { loop {} }
mod other { fn both() -> u8 { 1 } }
macro_rules! bug { ($($x:tt)*) => { panic!($($x)*) } }
macro_rules! late { () => {{ eprintln!("late"); std::process::abort() }} }
macro_rules! check { ($x:expr) => { if !$x { panic!() } } }
macro_rules! full { ($x:expr) => { $x }; () => { unreachable!() } }
`,
  );
  const answers = ["die", "live", "both", "bug!", "late!", "check!", "full!", "bug", "(|| 1)"];
  expect(answers.filter((name) => known.neverReturns(name))).toEqual(["die", "bug!", "late!"]);
});

it("knows the macros of other packages in the workspace by what they do, and not as used here", () => {
  const other = mkdtempSync(join(tmpdir(), "armature-names-"));
  try {
    writeFileSync(join(other, "lib.rs"), "#[macro_export]\nmacro_rules! later { () => { todo!() } }\n");
    writeFileSync(join(directory, "lib.rs"), 'use std::include_str as grab;\nfn f() { grab!("x"); }\n');
    const known = knownNames(directory, new Map(), [other]);
    expect(known.macrosInside("later")).toEqual(["todo"]);
    expect([known.usesMacro("later"), known.definesMacro("later")]).toEqual([false, false]);
    expect([known.usesMacro("grab"), known.macrosInside("grab")]).toEqual([true, ["include_str"]]);
  } finally {
    rmSync(other, { recursive: true });
  }
});
