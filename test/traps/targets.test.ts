/** One file in several targets, and other packages that see more of a body than its type. */
import { describe } from "vitest";
import { type Trap, springTraps } from "./trap.ts";
import { arms, count, file, kinds, manifest, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const main = (text: string) => file("src/main.rs", text);
const unitIn = (target: string, type: string) =>
  `pub type Unit = ${type};\npub const IN: &str = "${target}";\n`;
const shared = file("src/shared.rs", `use crate::Unit;\n${kinds}${count.replace("-> u8", "-> Unit")}`);

const several: readonly Trap[] = [
  {
    title: "right in the library and wrong in the binary that includes the file too",
    files:
      lib(`pub mod shared;\n${unitIn("lib", "u8")}`) +
      main(
        `#[path = "shared.rs"]\nmod shared;\n${unitIn("bin", "String")}fn main() { let _ = (shared::count(shared::Kind::A), IN); }\n`,
      ) +
      shared,
    drafts: [
      { h1: "Default::default()", h2: "1u8" },
      { h1: "Default::default()", h2: "Unit::default()" },
    ],
    ...{ verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "the same, where the user checks the library only by hand",
    files:
      lib(`pub mod shared;\n${unitIn("lib", "u8")}`) +
      main(
        `#[path = "shared.rs"]\nmod shared;\n${unitIn("bin", "String")}fn main() { let _ = (shared::count(shared::Kind::A), IN); }\n`,
      ) +
      shared,
    plainArguments: ["--lib"],
    drafts: [{ h1: "Default::default()", h2: "1u8" }],
    ...{ verdicts: ["rejected h2 E0308"], plain: "green" },
  },
  {
    title: "a module that two test targets share",
    files:
      lib("pub fn other() {}\n") +
      file("tests/common/mod.rs", `use crate::Unit;\n${kinds}${count.replace("-> u8", "-> Unit")}`) +
      file(
        "tests/one.rs",
        "mod common;\npub type Unit = u8;\n#[test]\nfn one() { common::count(common::Kind::A); }\n",
      ) +
      file(
        "tests/two.rs",
        "mod common;\npub type Unit = u16;\n#[test]\nfn two() { common::count(common::Kind::B); }\n",
      ),
    drafts: [{ h1: "1u8", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 E0308", "accepted"], plain: "green" },
  },
  {
    title: "a target that contains the file and cannot be checked",
    files:
      lib(`pub mod shared;\n${unitIn("lib", "u8")}`) +
      main(`#[path = "shared.rs"]\nmod shared;\nmod broken;\n${unitIn("bin", "u8")}fn main() {}\n`) +
      file("src/broken.rs", "fn open( {\n") +
      shared,
    ...{ drafts: [right], verdicts: ["unknown not-live"], plain: "red" },
  },
  {
    title: "a target that contains the file by way of include!",
    files:
      lib(`${unitIn("lib", "u8")}pub mod inner { use super::Unit; include!("part.in.rs"); }\n`) +
      file("src/part.in.rs", `${kinds}${count.replace("-> u8", "-> Unit")}`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "code of the library that is there in its tests only by another name",
    files: lib(
      `#[cfg(not(test))]\ntype Unit = u8;\n#[cfg(test)]\ntype Unit = u16;\n${kinds}${count.replace("-> u8", "-> Unit").replace("pub fn", "fn")}#[test]\nfn one() { count(Kind::A); }\n`,
    ),
    drafts: [{ h1: "1u8", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 E0308", "accepted"], plain: "green" },
  },
];

describe("files in several targets", () => springTraps(several));

const asynchronous = `${kinds}pub async fn tick() {}\npub async fn count(kind: Kind) -> u8 {\n    ${arms}\n}\n`;
const holdsRc = { h1: "{ let held = std::rc::Rc::new(1); tick().await; *held }", h2: "2" };
const awaits = { h1: "{ tick().await; 1 }", h2: "2" };
const needsSend = `fn send<T: Send>(_: T) {}\npub fn all() { send(a::count(a::Kind::A)); }\n`;
const pair = (a: string, b: string, more = "") =>
  file("Cargo.toml", '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n') +
  file("a/Cargo.toml", manifest("a")) +
  file("a/src/lib.rs", a) +
  file("b/Cargo.toml", manifest("b", '[dependencies]\na = { path = "../a" }\n')) +
  file("b/src/lib.rs", b) +
  more;
const dependents: readonly Trap[] = [
  {
    title: "a body that holds an Rc over an await, and a dependent that sends it",
    files: pair(asynchronous, needsSend),
    plainArguments: ["-p", "a"],
    ...{ drafts: [holdsRc, awaits], verdicts: ["rejected - E0277", "accepted"], plain: "green" },
  },
  {
    title: "an opaque type that is no longer Send",
    files: pair(
      `${kinds}pub fn count(kind: Kind) -> impl Fn() -> u8 {\n    let held = ${arms};\n    move || { let _ = &held; 1 }\n}\n`,
      needsSend,
    ),
    plainArguments: ["-p", "a"],
    drafts: [
      { h1: "std::rc::Rc::new(1u8)", h2: "std::rc::Rc::new(2u8)" },
      { h1: "1u8", h2: "2u8" },
    ],
    ...{ verdicts: ["rejected - E0277", "accepted"], plain: "green" },
  },
  {
    title: "a constant function's value that a dependent counts on",
    files: pair(
      `${kinds}pub const fn count(kind: Kind) -> usize {\n    ${arms}\n}\n`,
      "pub const TWO: [u8; a::count(a::Kind::A)] = [1, 2];\n",
    ),
    plainArguments: ["-p", "a"],
    drafts: [
      { h1: "3", h2: "3" },
      { h1: "2", h2: "3" },
    ],
    ...{ verdicts: ["rejected - E0308", "accepted"], plain: "green" },
  },
  {
    title: "a dependent that cannot be checked, since the package is red elsewhere",
    files: pair(`${asynchronous}pub fn other() -> u8 { "text" }\n`, needsSend),
    ...{ drafts: [holdsRc], verdicts: ["unknown not-live"], plain: "red" },
  },
  {
    title:
      "a body that shows outside, where another match of the package lacks an arm and nobody depends on it",
    files: lib(
      `${asynchronous}pub fn other(kind: Kind) -> u8 {\n    match kind {\n        Kind::A => 1,\n    }\n}\n`,
    ),
    ...{ drafts: [awaits], verdicts: ["accepted"], plain: "red" },
  },
  {
    title: "the same with a dependent that cargo does not come to",
    files: pair(
      `${asynchronous}pub fn other(kind: Kind) -> u8 {\n    match kind {\n        Kind::A => 1,\n    }\n}\n`,
      needsSend,
    ),
    ...{ drafts: [holdsRc], verdicts: ["unknown not-live"], plain: "red" },
  },
  {
    title: "a dependent that is red itself and says nothing more",
    files: pair(asynchronous, `use nowhere::Thing;\n${needsSend}`),
    ...{ drafts: [holdsRc], verdicts: ["rejected - E0277"], plain: "red" },
  },
  {
    title: "a dependent that is red itself and has no more to say",
    files: pair(asynchronous, `fn open( {\n${needsSend}`),
    ...{ drafts: [holdsRc], verdicts: ["unknown not-live"], plain: "red" },
  },
  {
    title: "a dependent that is red itself, where the body shows nothing outside",
    files: pair(`${kinds}${count}`, `use nowhere::Thing;\n`),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "red", checks: 1 },
  },
  {
    title: "a binary of the same package that sends the future",
    files:
      lib(asynchronous) +
      main("fn send<T: Send>(_: T) {}\nfn main() { send(trap::count(trap::Kind::A)); }\n"),
    plainArguments: ["--lib"],
    ...{ drafts: [holdsRc, awaits], verdicts: ["rejected - E0277", "accepted"], plain: "green" },
  },
  {
    title: "a package outside the root that nobody asked for",
    files: pair(asynchronous, needsSend, file("b/tests/it.rs", "#[test]\nfn one() { b::all(); }\n")),
    plainArguments: ["-p", "a"],
    ...{ drafts: [awaits], verdicts: ["accepted"], plain: "green", checks: 1 },
  },
];

const three = (a: string, b: string, c: string, ofC: string) =>
  file("Cargo.toml", '[workspace]\nmembers = ["a", "b", "c"]\nresolver = "2"\n') +
  file("a/Cargo.toml", manifest("a")) +
  file("a/src/lib.rs", a) +
  file("b/Cargo.toml", manifest("b", '[dependencies]\na = { path = "../a" }\n')) +
  file("b/src/lib.rs", b) +
  file("c/Cargo.toml", manifest("c", ofC)) +
  file("c/src/lib.rs", c);
const reachedByA = { plainArguments: ["-p", "a"], plain: "green" as const };
const asyncTrait = `${kinds}#[allow(async_fn_in_trait)]\npub trait Tick { async fn count(&self, kind: Kind) -> u8; }\npub async fn tick() {}\npub struct S;\nimpl Tick for S {\n    async fn count(&self, kind: Kind) -> u8 {\n        ${arms}\n    }\n}\n`;
const sized = (text: string) => `${kinds}pub const KIND: Kind = Kind::A;\n${text}`;
const inPlace = arms.replace("match kind", "match KIND");
const numbers = {
  drafts: [
    { h1: "3", h2: "3" },
    { h1: "2", h2: "3" },
  ],
  verdicts: ["rejected - E0308", "accepted"],
};

const farDependents: readonly Trap[] = [
  {
    title: "a dependent that knows the function by another package's name only",
    files: three(
      asynchronous,
      "pub use a::*;\n",
      needsSend.replaceAll("a::", "b::"),
      '[dependencies]\nb = { path = "../b" }\n',
    ),
    ...{ drafts: [holdsRc, awaits], verdicts: ["rejected - E0277", "accepted"], ...reachedByA },
  },
  {
    title: "a dependent whose tests alone use it",
    files: three(
      asynchronous,
      "",
      `#[cfg(test)]\nmod tests {\n${needsSend}}\n`,
      '[dev-dependencies]\na = { path = "../a" }\n',
    ),
    ...{ drafts: [holdsRc, awaits], verdicts: ["rejected - E0277", "accepted"], ...reachedByA },
  },
  {
    title: "a dependent that knows the package by another name",
    files: three(
      asynchronous,
      "",
      needsSend.replaceAll("a::", "other::"),
      '[dependencies]\nother = { path = "../a", package = "a" }\n',
    ),
    ...{ drafts: [holdsRc, awaits], verdicts: ["rejected - E0277", "accepted"], ...reachedByA },
  },
  {
    title: "an async method of a trait, sent by a dependent that knows the type",
    files: pair(
      asyncTrait,
      "use a::Tick;\nfn send<T: Send>(_: T) {}\npub fn all() { send(a::S.count(a::Kind::A)); }\n",
    ),
    ...{ drafts: [holdsRc, awaits], verdicts: ["rejected - E0277", "accepted"], ...reachedByA },
  },
  {
    title: "the length of an array in a type",
    files: pair(sized(`pub type Row = [u8; ${inPlace}];\n`), "pub const TWO: a::Row = [1, 2];\n"),
    ...{ ...numbers, ...reachedByA },
  },
  {
    title: "the length of an array in a function's head",
    files: pair(
      sized(`pub fn row(row: [u8; ${inPlace}]) -> usize { row.len() }\n`),
      "pub fn two() { a::row([1, 2]); }\n",
    ),
    ...{ ...numbers, ...reachedByA },
  },
  {
    title: "the number of a variant",
    files: pair(
      sized(`pub enum Numbered {\n    One = ${inPlace},\n}\n`),
      "pub const TWO: [u8; a::Numbered::One as usize] = [1, 2];\n",
    ),
    ...{ ...numbers, ...reachedByA },
  },
  {
    title: "a type that is impl by name, on a compiler that has them",
    files: pair(
      `#![feature(type_alias_impl_trait)]\n${kinds}pub type Hidden = impl Fn() -> u8;\n#[define_opaque(Hidden)]\npub fn count(kind: Kind) -> Hidden {\n    let held = ${arms};\n    move || { let _ = &held; 1 }\n}\n`,
      needsSend,
    ),
    settings: { cargo: { extraEnv: { RUSTC_BOOTSTRAP: "1" } } },
    plainArguments: ["-p", "a"],
    drafts: [
      { h1: "std::rc::Rc::new(1u8)", h2: "std::rc::Rc::new(2u8)" },
      { h1: "1u8", h2: "2u8" },
    ],
    // Plain cargo has no such features here.
    ...{ verdicts: ["rejected - E0277", "accepted"], plain: "red" },
  },
];

describe("those who depend on it from afar", () => springTraps(farDependents));

describe("those who depend on the package", () => springTraps(dependents));
