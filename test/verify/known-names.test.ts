import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { knownNames } from "../../server/verify/known-names.ts";

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

it("tells what never returns: functions declared so and macros that start with a panic", () => {
  const known = names(
    "fn die(code: i32) -> ! { std::process::exit(code) }\nfn live() -> u8 { 1 }\nmacro_rules! bug { ($($x:tt)*) => { panic!($($x)*) } }\nmacro_rules! check { ($x:expr) => { if !$x { panic!() } } }\n",
  );
  const answers = ["die", "live", "bug", "check", "(|| 1)"].map((name) => known.neverReturns(name));
  expect(answers).toEqual([true, false, true, false, false]);
});
