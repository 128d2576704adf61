/** Errors that keep others from being said, and errors that were there before. */
import { describe } from "vitest";
import { type Trap, springTraps } from "./trap.ts";
import { arms, count, file, kinds, manifest, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const unseen = ["unknown not-live"];
const masking: readonly Trap[] = [
  {
    title: "a syntax error in another file",
    files: lib(`mod broken;\n${kinds}${count}`) + file("src/broken.rs", "pub fn open( {\n"),
    ...{ drafts: [wrong, right], verdicts: [...unseen, ...unseen], plain: "red" },
  },
  {
    title: "a missing module file",
    files: lib(`mod nowhere;\n${kinds}${count}`),
    ...{ drafts: [wrong], verdicts: ["rejected h2 E0308"], plain: "red" },
  },
  {
    title: "the same with a right draft",
    files: lib(`mod nowhere;\n${kinds}${count}`),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "red" },
  },
  {
    title: "an unresolved import elsewhere",
    files: lib(`use nowhere::Thing;\n${kinds}${count}`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "an unresolved import of the very type in the function's head",
    files: lib(`use nowhere::Thing;\n${kinds}${count.replace("kind: Kind", "kind: Kind, _thing: Thing")}`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", ...unseen], plain: "red" },
  },
  {
    title: "an unresolved import of what the draft calls",
    files: lib(`use nowhere::call;\n${kinds}${count}`),
    drafts: [{ h1: "call().anything(1)", h2: "call" }, right],
    ...{ verdicts: [...unseen, "accepted"], plain: "red" },
  },
  {
    title: "a type that does not exist flows into the body",
    files: lib(
      `${kinds}pub fn count(kind: Kind, thing: Missing) -> u8 {\n    let _ = &thing;\n    ${arms}\n}\n`,
    ),
    drafts: [{ h1: "thing.anything().at_all", h2: "thing + 1" }],
    ...{ verdicts: unseen, plain: "red" },
  },
  {
    title: "a local that does not exist in the same function",
    files: lib(
      `${kinds}pub fn count(kind: Kind) -> u8 {\n    let a = missing;\n    let _ = &a;\n    ${arms}\n}\n`,
    ),
    drafts: [{ h1: "a.anything()", h2: "2" }, right],
    ...{ verdicts: [...unseen, ...unseen], plain: "red" },
  },
  {
    title: "a type error of its own in the same function hides a borrow error",
    files: lib(
      `${kinds}pub fn count(kind: Kind) -> u8 {\n    let n: u8 = "text";\n    let _ = n;\n    ${arms}\n}\n`,
    ),
    drafts: [{ h1: "{ let a = vec![1]; drop(a); a[0] }", h2: "2" }],
    ...{ verdicts: unseen, plain: "red" },
  },
  {
    title: "a borrow error of its own in the same function does not hide that of a draft",
    files: lib(
      `${kinds}pub fn count(kind: Kind) -> u8 {\n    let v = vec![1];\n    drop(v);\n    drop(v);\n    ${arms}\n}\n`,
    ),
    drafts: [{ h1: "{ let a = vec![1u8]; drop(a); a[0] }", h2: "2" }],
    ...{ verdicts: ["rejected h1 E0382"], plain: "red" },
  },
  {
    title: "a local macro called wrongly by the best draft silences all others",
    files: lib(
      `macro_rules! twice { ($x:expr) => { $x * 2 } }\npub fn used() -> u8 { twice!(1) }\n${kinds}${count}`,
    ),
    drafts: [{ h1: "twice!(1, 2)", h2: "2" }, wrong, right],
    ...{ verdicts: ["rejected h1 -", "rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "a local macro called wrongly by another draft does not cost the best its verdict",
    files: lib(
      `macro_rules! twice { ($x:expr) => { $x * 2 } }\npub fn used() -> u8 { twice!(1) }\n${kinds}${count}`,
    ),
    drafts: [right, { h1: "twice!(1, 2)", h2: "2" }],
    ...{ verdicts: ["accepted", "rejected h1 -"], plain: "green" },
  },
  {
    title: "an infinite type behind an expression",
    files: lib(`${kinds}${count}`),
    drafts: [{ h1: "{ let f = |x| x; let g = f(f); g(1) }", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 E0644", "accepted"], plain: "red" },
  },
  {
    title: "a missing name in one draft and a type error in the next",
    files: lib(`${kinds}${count}`),
    drafts: [{ h1: "missing::path::call()", h2: "2" }, wrong],
    ...{ verdicts: ["rejected h1 E0433", "rejected h2 E0308"], plain: "red" },
  },
];

describe("errors that silence others", () => springTraps(masking));

const twoTargets =
  file("src/shared.rs", kinds + count) +
  lib("pub mod shared;\n") +
  file("src/main.rs", 'fn main() { let _: u8 = "text"; }\n');
const red: readonly Trap[] = [
  {
    title: "another function of the same file",
    files: lib(`${kinds}pub fn other() -> u8 { "text" }\n${count}`),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "red", checks: 1 },
  },
  {
    title: "the same with a wrong draft before the right one",
    files: lib(`${kinds}pub fn other() -> u8 { "text" }\n${count}`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red", checks: 2 },
  },
  {
    title: "another function below, where the draft moves its lines",
    files: lib(`${kinds}${count}pub fn other() -> u8 { "text" }\n`),
    drafts: [{ h1: "{\n        let a = 1;\n        a\n    }", h2: "2" }],
    ...{ verdicts: ["accepted"], plain: "red" },
  },
  {
    title: "another target of the package",
    files: twoTargets,
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "the tests of the package",
    files: lib(`${kinds}${count}#[test]\nfn old() { let _: u8 = "text"; }\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "a draft that adds the very error that stands elsewhere already",
    files: lib(
      `${kinds}pub fn take(_: String) {}\npub fn other(text: String) { take(text); take(text); }\npub fn count(kind: Kind, text: String) -> u8 {\n    let n = ${arms};\n    take(text);\n    n\n}\n`,
    ),
    drafts: [{ h1: "{ take(text); 1 }", h2: "2" }, right],
    // The use behind the match is the error's place, and its note names the move in the body.
    ...{ verdicts: ["rejected h1 E0382", "accepted"], plain: "red" },
  },
  {
    title: "a nightly bench that cargo comes to only once the site is filled",
    files:
      lib(`${kinds}pub fn count(kind: Kind) -> usize {\n    let held = ${arms};\n    held.len()\n}\n`) +
      file("benches/old.rs", "#![feature(test)]\nuse trap as _;\nfn main() {}\n"),
    ...{ drafts: [right, { h1: '"a"', h2: '"b"' }], plainArguments: ["--all-targets"] },
    ...{ verdicts: ["rejected - E0689", "accepted"], plain: "red" },
  },
  {
    title: "another package of the workspace",
    files:
      file("Cargo.toml", '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n') +
      file("a/Cargo.toml", manifest("a")) +
      file("a/src/lib.rs", kinds + count) +
      file("b/Cargo.toml", manifest("b")) +
      file("b/src/lib.rs", 'pub fn other() -> u8 { "text" }\n'),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "red", checks: 1 },
  },
  {
    title: "a member that this one depends on",
    files:
      file("Cargo.toml", '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n') +
      file("a/Cargo.toml", manifest("a", '[dependencies]\nb = { path = "../b" }\n')) +
      file("a/src/lib.rs", kinds + count) +
      file("b/Cargo.toml", manifest("b")) +
      file("b/src/lib.rs", 'pub fn other() -> u8 { "text" }\n'),
    ...{ drafts: [wrong], verdicts: unseen, plain: "red" },
  },
];

describe("workspaces that are red already", () => springTraps(red));
