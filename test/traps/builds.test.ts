/** One target, compiled plainly and with its tests: neither vouches for the other. */
import { describe } from "vitest";
import { type Trap, plainManifest, springTraps } from "./trap.ts";
import { arms, count, file, kinds, manifest, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const unseen = ["unknown not-live"];
const testKinds = "pub enum Kind {\n    A,\n    #[cfg(test)]\n    B,\n}\n";
const plainKinds = testKinds.replace("cfg(test)", "cfg(not(test))");
const guardedArms = arms.replace("Kind::B", "#[cfg(test)]\n        Kind::B");
const trait = (condition: string) =>
  `pub trait Probe {\n    fn run(&self) -> u8;\n    #[cfg(${condition})]\n    fn fake(&self) -> u8;\n}\npub struct Bar;\n`;
const impl = (attribute: string) =>
  `impl Probe for Bar {«\n    fn run(&self) -> u8 {\n        ‹body:todo!()›\n    }\n${attribute}\n    fn fake(&self) -> u8 {\n        ‹body:todo!()›\n    }\n»}\n`;
const withoutTests = { cargo: { allTargets: false } };
const red = 'pub fn other() -> u8 { "text" }\n';

const traps: readonly Trap[] = [
  {
    title: "an arm for a variant that only tests have",
    files: lib(testKinds + count),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "the same, where the user checks no tests",
    files: lib(testKinds + count),
    settings: withoutTests,
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "an arm for a variant that only the plain build has",
    files: lib(plainKinds + count),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "green" },
  },
  {
    title: "the same, where the user checks no tests",
    files: lib(plainKinds + count),
    settings: withoutTests,
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "an arm that stands under cfg(test) as its variant does",
    files: lib(`${testKinds}pub fn count(kind: Kind) -> u8 {\n    ${guardedArms}\n}\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "green" },
  },
  {
    title: "the same in a crate that is red elsewhere",
    files: lib(`${red}${testKinds}pub fn count(kind: Kind) -> u8 {\n    ${guardedArms}\n}\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "the same, where the user checks no tests and nobody looks at that arm",
    files: lib(`${testKinds}pub fn count(kind: Kind) -> u8 {\n    ${guardedArms}\n}\n`),
    settings: withoutTests,
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "an arm for a variant that only tests have, in a binary",
    files: file("src/main.rs", `${testKinds}${count}fn main() { count(Kind::A); }\n`),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "a member that a trait has for tests only",
    files: lib(trait("test") + impl("")),
    ...{ drafts: [right], verdicts: ["rejected - E0407"], plain: "red" },
  },
  {
    title: "the same under cfg(test)",
    files: lib(trait("test") + impl("    #[cfg(test)]")),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "green" },
  },
  {
    title: "a member that a trait has in plain builds only",
    files: lib(trait("not(test)") + impl("")),
    ...{ drafts: [right], verdicts: ["rejected - E0407"], plain: "green" },
  },
  {
    title: "a field that a variant has for tests only",
    files: lib(
      `pub enum Kind {\n    A { #[cfg(test)] by: u8, n: u8 },\n}\npub fn count(kind: Kind) -> u8 {\n    match kind {«\n        Kind::A { by: _, n: _ } => ‹body:todo!()›,\n    »}\n}\n`,
    ),
    ...{ drafts: [{ h1: "1" }], verdicts: ["rejected - E0026"], plain: "red" },
  },
  {
    title: "a type that is another one in tests",
    files: lib(
      `#[cfg(not(test))]\npub type Unit = u8;\n#[cfg(test)]\npub type Unit = u16;\n${kinds}${count.replace("-> u8", "-> Unit")}`,
    ),
    drafts: [{ h1: "1u16", h2: "2" }, { h1: "1u8", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 E0308", "rejected h1 E0308", "accepted"], plain: "red" },
  },
  {
    title: "code of tests beside a plain library that is red",
    files: lib(`${red}#[cfg(test)]\nmod tests {\n    use super::*;\n    ${kinds}${count}}\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "the same in a file of its own",
    files: lib(`${red}#[cfg(test)]\nmod tests;\n`) + file("src/tests.rs", kinds + count),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "code of plain builds beside tests that are red",
    files: lib(`#[cfg(test)]\nmod tests {\n${red}}\n#[cfg(not(test))]\npub mod own {\n${kinds}${count}}\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "tests that an unclosed brace keeps from being read",
    files: lib(`#[cfg(test)]\nmod tests;\n${kinds}${count}`) + file("src/tests.rs", "fn open( {\n"),
    ...{ drafts: [right], verdicts: unseen, plain: "green" },
  },
  {
    title: "tests that are built on a dependency that is red",
    files:
      file("Cargo.toml", '[workspace]\nmembers = ["app", "help"]\nresolver = "2"\n') +
      file("app/Cargo.toml", manifest("app", '[dev-dependencies]\nhelp = { path = "../help" }\n')) +
      file("app/src/lib.rs", kinds + count) +
      file("help/Cargo.toml", manifest("help")) +
      file("help/src/lib.rs", red),
    plainArguments: ["-p", "app"],
    ...{ drafts: [right], verdicts: unseen, plain: "green" },
  },
  {
    title: "a library that is not tested",
    files: file("Cargo.toml", `${plainManifest}[lib]\ntest = false\n`) + lib(kinds + count),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red", checks: 3 },
  },
  {
    title: "a test with a main function of its own",
    files:
      file("Cargo.toml", `${plainManifest}[[test]]\nname = "own"\nharness = false\n`) +
      lib("") +
      file("tests/own.rs", `${kinds}${count}fn main() { count(Kind::A); }\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "green" },
  },
  {
    title: "an example, and a bench that warns of nothing",
    files:
      lib("") +
      file("benches/slow.rs", '#[path = "../examples/show.rs"]\nmod show;\nfn main() {}\n') +
      file(
        "examples/show.rs",
        `#![deny(warnings)]\n#![allow(dead_code)]\n${kinds}${count}fn main() { count(Kind::A); }\n`,
      ) +
      file("Cargo.toml", `${plainManifest}[[bench]]\nname = "slow"\nharness = false\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "green" },
  },
  {
    title: "a first draft that is right, in the one check there is",
    files: lib(kinds + count),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green", checks: 1 },
  },
];

describe("builds of one target", () => springTraps(traps));
