/** Code that no compiler ever looked at: plain cargo is green whatever stands there. */
import { describe } from "vitest";
import { type Trap, plainManifest, springTraps } from "./trap.ts";
import { arms, count, file, kinds, manifest, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const unseen = ["unknown not-live"];
const features = file("Cargo.toml", `${plainManifest}\n[features]\nextra = []\n`);
const dropper = [
  file("Cargo.toml", '[workspace]\nmembers = ["app", "mac"]\nresolver = "2"\n'),
  file("app/Cargo.toml", manifest("app", '[dependencies]\nmac = { path = "../mac" }\n')),
  file("mac/Cargo.toml", manifest("mac", "[lib]\nproc-macro = true\n")),
  file(
    "mac/src/lib.rs",
    `use proc_macro::TokenStream;
#[proc_macro_attribute]
pub fn emptied(_: TokenStream, _: TokenStream) -> TokenStream {
    "pub fn count(_: Kind) -> u8 { 0 }".parse().unwrap()
}
#[proc_macro_attribute]
pub fn same(_: TokenStream, item: TokenStream) -> TokenStream { item }
#[proc_macro_attribute]
pub fn gone(_: TokenStream, _: TokenStream) -> TokenStream { TokenStream::new() }
`,
  ),
].join("");

const traps: readonly Trap[] = [
  {
    title: "a function that cfg turned off",
    files: lib(`${kinds}#[cfg(windows)]\n${count}`),
    ...{ drafts: [wrong, right], verdicts: [...unseen, ...unseen], plain: "green" },
  },
  {
    title: "a module that cfg turned off",
    files: lib(`${kinds}#[cfg(any())]\nmod off {\nuse super::*;\n${count}}\n`),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "a file of a module that cfg turned off",
    files: lib("#[cfg(any())]\nmod off;\n") + file("src/off.rs", kinds + count),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "a function that cfg turned off from within",
    files: lib(`${kinds}pub fn count(kind: Kind) -> u8 {\n    #![cfg(any())]\n    ${arms}\n}\n`),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "a statement that cfg turned off",
    files: lib(
      `${kinds}pub fn count(kind: Kind) -> u8 {\n    #[cfg(any())]\n    let _n: u8 = ${arms};\n    kind as u8\n}\n`,
    ),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "code of a feature that is off",
    files: features + lib(`${kinds}#[cfg(feature = "extra")]\n${count}`),
    ...{ drafts: [wrong, right], verdicts: [...unseen, ...unseen], plain: "green" },
  },
  {
    title: "code of a feature that the user's settings turn on",
    files: features + lib(`${kinds}#[cfg(feature = "extra")]\n${count}`),
    settings: { cargo: { features: ["extra"] } },
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "green" },
  },
  {
    title: "code that cfg_attr hides",
    files: lib(`${kinds}#[cfg_attr(all(), cfg(any()))]\n${count}`),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "code of tests, checked with all targets as the user does",
    files: lib(`${kinds}#[cfg(test)]\nmod tests {\n    use super::*;\n    ${count}}\n`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "green" },
  },
  {
    title: "code of tests, where the user checks no tests",
    files: lib(`${kinds}#[cfg(test)]\nmod tests {\n    use super::*;\n    ${count}}\n`),
    settings: { cargo: { allTargets: false } },
    ...{ drafts: [wrong, right], verdicts: [...unseen, ...unseen], plain: "green" },
  },
  {
    title: "a file that no target contains",
    files: lib("pub fn other() {}\n") + file("src/orphan.rs", kinds + count),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "a file whose mod stands in a comment only",
    files: lib("// mod orphan;\npub fn other() {}\n") + file("src/orphan.rs", kinds + count),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "an example whose required feature is off",
    files:
      file(
        "Cargo.toml",
        `${plainManifest}[features]\nextra = []\n[[example]]\nname = "show"\nrequired-features = ["extra"]\n`,
      ) +
      lib("pub fn other() {}\n") +
      file("examples/show.rs", `${kinds}${count}fn main() { count(Kind::A); }\n`),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "a function that a macro throws away",
    files: lib(`${kinds}macro_rules! dropped { ($($all:tt)*) => {} }\ndropped! {\n${count}}\n`),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "a macro that nobody calls",
    files: lib(
      `${kinds}#[macro_export]\nmacro_rules! counted { ($kind:expr) => { { let kind = $kind; ${arms} } } }\n`,
    ),
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "arms behind a return",
    files: lib(
      `#![allow(unreachable_code)]\n${kinds}pub fn count(kind: Kind) -> u8 {\n    return 1;\n    #[allow(unused)]\n    ${arms}\n}\n`,
    ),
    ...{ drafts: [right], verdicts: unseen, plain: "green" },
  },
  {
    title: "a body that an attribute macro throws away",
    files: `${dropper}${file("app/src/lib.rs", `${kinds}#[mac::emptied]\n${count}`)}`,
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "an item that an attribute macro throws away",
    files: `${dropper}${file("app/src/lib.rs", `${kinds}#[mac::gone]\nmod inner {\nuse super::*;\n${count}}\n`)}`,
    ...{ drafts: [wrong], verdicts: unseen, plain: "green" },
  },
  {
    title: "a body that an attribute macro keeps",
    files: `${dropper}${file("app/src/lib.rs", `${kinds}#[mac::same]\n${count}`)}`,
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "the same where the draft is wrong",
    files: `${dropper}${file("app/src/lib.rs", `${kinds}#[mac::same]\n${count}`)}`,
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
];

describe("code that is not live", () => springTraps(traps));

const capped = (flags: string) =>
  file(".cargo/config.toml", `[build]\nrustflags = ${flags}\n`) + lib(kinds + count);
const settled: readonly Trap[] = [
  {
    title: "lints capped by the user's own flags, where no marker can come",
    files: capped('["--cap-lints", "allow"]'),
    ...{ drafts: [right], verdicts: unseen, plain: "green" },
  },
  {
    title: "a cfg set by the user's own flags",
    files:
      file(".cargo/config.toml", '[build]\nrustflags = ["--cfg", "special"]\n') +
      lib(`#![allow(unexpected_cfgs)]\n${kinds}#[cfg(special)]\n${count}`),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "warnings allowed for the whole crate",
    files: lib(`#![allow(warnings)]\n${kinds}${count}`),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "warnings forbidden for the whole crate",
    files: lib(`#![forbid(warnings)]\n${kinds}${count}`),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "the marker's own lint forbidden, where it cannot set its level",
    files: lib(`#![forbid(unused_variables)]\n${kinds}${count}`),
    ...{ drafts: [right], verdicts: unseen, plain: "green" },
  },
  {
    title: "warnings denied by the manifest, with a draft that throws a result away",
    files: file("Cargo.toml", `${plainManifest}[lints.rust]\nwarnings = "deny"\n`) + lib(kinds + count),
    drafts: [{ h1: "{ 1u8.wrapping_add(1); 1 }", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 unused_must_use", "accepted"], plain: "red" },
  },
  {
    title: "warnings denied, with an old unused function elsewhere",
    files: lib(`#![deny(warnings)]\nfn old() {}\n${kinds}${count}`),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "red" },
  },
];

describe("lints and flags of the user's", () => springTraps(settled));

describe("flags in the environment", () =>
  springTraps(
    [
      {
        title: "RUSTFLAGS that turn the code on",
        files: lib(`#![allow(unexpected_cfgs)]\n${kinds}#[cfg(special)]\n${count}`),
        ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
      },
    ],
    { RUSTFLAGS: "--cfg special" },
  ));
