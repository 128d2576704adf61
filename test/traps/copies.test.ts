/**
 * Drafts judged as copies of the code around them, at the end of its module: every shape of code must mean there what
 * it means in its place. Three drafts each, two of them wrong; a right one behind them takes two checks.
 */
import { describe } from "vitest";
import { type Trap, plainManifest, springTraps } from "./trap.ts";
import { arms, count, file, kinds, manifest, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const drafts = [wrong, { h1: "missing_method(", h2: "2" }, { h1: "1", h2: "kind.missing_method()" }, right];
const verdicts = ["rejected h2 E0308", "rejected h2 E0599", "accepted", "refused h1 leaves-its-hole"];
const shape = (title: string, text: string, more: Partial<Trap> = {}): Trap => ({
  ...{ title, files: lib(kinds + text), drafts, verdicts, plain: "red", checks: 2 },
  ...more,
});
const body = `{\n    ${arms}\n}\n`;

const matches: readonly Trap[] = [
  shape("a free function", count),
  shape("a function of an inline module", `pub mod inner {\n    use super::*;\n    ${count}}\n`),
  shape(
    "a function nested in another, with items of its block",
    `pub fn outer(kind: Kind) -> u8 {\n    type Unit = u8;\n    fn inner(kind: Kind) -> Unit ${body}    inner(kind)\n}\n`,
  ),
  shape(
    "a closure in a function",
    `pub fn outer(kind: Kind) -> u8 {\n    let add = 1u8;\n    let f = move |kind: Kind| -> u8 { add + ${arms} };\n    f(kind)\n}\n`,
  ),
  shape(
    "a generic function with lifetimes",
    `pub fn count<'a, T: Clone + 'a, const N: usize>(kind: Kind, all: &'a [T; N]) -> (u8, &'a T)\nwhere\n    T: Default,\n{\n    let n = ${arms};\n    (n, &all[0])\n}\n`,
  ),
  shape("an async function", `pub async fn count(kind: Kind) -> u8 ${body}`),
  shape("a constant function", `pub const fn count(kind: Kind) -> u8 ${body}`, {
    drafts: [wrong, { h1: "1", h2: "kind.missing()" }, right],
    verdicts: ["rejected h2 E0308", "rejected h2 E0599", "accepted"],
  }),
  shape("a function with an opaque result", `pub fn count(kind: Kind) -> impl Into<u64> ${body}`, {
    drafts: [
      { h1: "1u8", h2: '"x"' },
      { h1: "1u8", h2: "kind.missing()" },
      { h1: "1u8", h2: "2" },
    ],
    verdicts: ["rejected h2 E0308", "rejected h2 E0599", "accepted"],
  }),
  shape("an opaque argument", `pub fn count(kind: Kind, _all: impl Iterator<Item = u8>) -> u8 ${body}`),
  shape(
    "patterns as parameters",
    `pub fn count((kind, _): (Kind, u8), mut extra: Vec<u8>) -> u8 {\n    extra.push(1);\n    ${arms}\n}\n`,
  ),
  shape(
    "a method of the type's own",
    `impl Kind {\n    fn other(self) -> u8 { 1 }\n    pub fn count(mut self) -> u8 {\n        let kind = self;\n        self = Self::A;\n        self.other() + ${arms}\n    }\n}\n`,
  ),
  shape(
    "a method of a generic type",
    `pub struct Held<'a, T: ?Sized>(&'a T);\nimpl<'a, T: Clone + ?Sized> Held<'a, T>\nwhere\n    T: Default,\n{\n    pub fn count(self: &mut Self, kind: Kind) -> u8 ${body}}\n`,
  ),
  shape(
    "a method of a trait's impl",
    `impl std::ops::Add<u8> for Kind {\n    type Output = u8;\n    fn add(self, _: u8) -> Self::Output {\n        let kind = self;\n        ${arms}\n    }\n}\n`,
  ),
  shape(
    "the same with lifetimes left out in its head",
    `impl PartialEq<&str> for Kind {\n    fn eq(&self, other: &&str) -> bool {\n        let kind = *self;\n        let n: u8 = ${arms};\n        n as usize == other.len()\n    }\n}\nimpl PartialEq<std::borrow::Cow<'_, str>> for Kind {\n    fn eq(&self, other: &std::borrow::Cow<'_, str>) -> bool { *self == &**other }\n}\n`,
  ),
  shape(
    "the same for a type with a lifetime left out",
    `pub struct Held<'a>(&'a Kind);\nimpl std::fmt::Display for Held<'_> {\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {\n        let kind = *self.0;\n        let n: u8 = ${arms};\n        write!(f, "{n}")\n    }\n}\n`,
  ),
  shape(
    "a method that only the impl's own trait brings into scope",
    `pub struct Held(Kind, u8);\nimpl std::fmt::Display for Held {\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {\n        let kind = self.0;\n        let n: u8 = ${arms};\n        n.fmt(f)\n    }\n}\n`,
  ),
  shape(
    "the same of a trait with arguments",
    `pub struct Held(Kind, u8);\nimpl std::ops::Add<u8> for Held {\n    type Output = u8;\n    fn add(self, n: u8) -> u8 {\n        let kind = self.0;\n        self.1.add(n).add(${arms})\n    }\n}\n`,
  ),
  shape(
    "a blanket impl",
    `pub trait Count { const ONE: u8; fn count(&self, kind: Kind) -> u8; }\nimpl<T: Clone + ?Sized> Count for T {\n    const ONE: u8 = 1;\n    fn count(&self, kind: Kind) -> u8 {\n        let one = Self::ONE;\n        one + ${arms}\n    }\n}\n`,
  ),
  shape(
    "an associated type with a lifetime",
    `pub trait Lend { type Item<'a> where Self: 'a; fn lend<'a>(&'a mut self, kind: Kind) -> (u8, Self::Item<'a>); }\nimpl Lend for Vec<u8> {\n    type Item<'a> = &'a mut u8;\n    fn lend<'a>(&'a mut self, kind: Kind) -> (u8, Self::Item<'a>) {\n        let n = ${arms};\n        (n, &mut self[0])\n    }\n}\n`,
  ),
  shape(
    "an impl for a reference, an array and a pointer to a trait",
    `pub trait Count { fn count(&self, kind: Kind) -> u8; }\nimpl Count for u8 { fn count(&self, _: Kind) -> u8 { *self } }\nimpl<const N: usize> Count for &[Box<dyn Count + Send>; N] {\n    fn count(&self, kind: Kind) -> u8 {\n        self[0].count(kind) + ${arms}\n    }\n}\n`,
  ),
  shape(
    "a method with a body in a trait's definition",
    `pub trait Count {\n    fn other(&self) -> u8;\n    fn count(&self, kind: Kind) -> u8 {\n        self.other() + ${arms}\n    }\n}\nimpl Count for u8 { fn other(&self) -> u8 { *self } }\npub fn all(dynamic: &dyn Count) -> u8 { dynamic.count(Kind::A) }\n`,
  ),
  shape(
    "an impl in a function",
    `pub fn outer(kind: Kind) -> u8 {\n    struct Local(u8);\n    impl Local {\n        fn count(&self, kind: Kind) -> u8 {\n            self.0 + ${arms}\n        }\n    }\n    Local(1).count(kind)\n}\n`,
  ),
  shape(
    "a constant",
    `pub const KIND: Kind = Kind::A;\npub const COUNT: u8 = match KIND {«\n    Kind::A => ‹body:todo!()›,\n    Kind::B => ‹body:todo!()›,\n»};\n`,
    {
      drafts: [wrong, { h1: "1", h2: "KIND.missing()" }, right],
      verdicts: ["rejected h2 E0308", "rejected h2 E0599", "accepted"],
    },
  ),
  shape(
    "a function that lints are set for",
    `#[deprecated]\npub fn old() -> u8 { 1 }\n#[allow(deprecated)]\npub fn count(kind: Kind) -> u8 {\n    old() + ${arms}\n}\n`,
    {
      files: lib(
        `#![deny(warnings)]\n${kinds}#[deprecated]\npub fn old() -> u8 { 1 }\n#[allow(deprecated)]\npub fn count(kind: Kind) -> u8 {\n    old() + ${arms}\n}\n`,
      ),
    },
  ),
  shape("an impl that lints are set for, and a module with lints of its own", "", {
    files: lib(
      `#![deny(warnings)]\n${kinds}pub mod inner {\n#![allow(unused_mut)]\nuse super::*;\n#[expect(deprecated)]\nimpl Kind {\n    #[deprecated]\n    pub fn old(self) -> u8 { 1 }\n    pub fn count(self) -> u8 {\n        let mut kind = self;\n        kind.old() + ${arms}\n    }\n}\n}\n`,
    ),
  }),
  shape("a function that is configured in", "", {
    files: lib(`${kinds}#[cfg(not(windows))]\n#[cfg_attr(all(), inline, must_use)]\n${count}`),
  }),
  shape("a file that ends in a comment", `${count}// no line break here`),
  shape("a function of an integration test", "", {
    files: lib("") + file("tests/it.rs", `${kinds}${count}#[test]\nfn one() { count(Kind::A); }\n`),
    plain: "green",
    checks: 3,
  }),
];

describe("matches in code of every shape", () => springTraps(matches));

const oldEdition = file("Cargo.toml", plainManifest.replace("2021", "2015"));
const inOldEdition: readonly Trap[] = [
  {
    title: "a function",
    files: oldEdition + lib(kinds + count),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red", checks: 2 },
  },
  {
    title: "a method of a trait's impl, checked one by one",
    files:
      oldEdition +
      lib(
        `mod inner {\n    use std::fmt;\n    ${kinds}    impl fmt::Display for Kind {\n        fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {\n            let kind = *self;\n            let n: u8 = ${arms};\n            n.fmt(f)\n        }\n    }\n}\npub use inner::Kind;\n`,
      ),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red", checks: 3 },
  },
];

describe("copies in the first edition", () => springTraps(inOldEdition));

const methods = `pub trait Both {
    type Item: Default;
    const N: usize;
    fn one(&self) -> Self::Item;
    fn two<'a>(&'a self, all: &'a mut [Self::Item; 2]) -> &'a mut Self::Item where Self: Sized;
}
pub struct S(u8);
`;
const both = (type = "u8") =>
  `impl Both for S {«
    type Item = ‹type:${type}›;
    const N: usize = ‹constant:todo!()›;
    fn one(&self) -> Self::Item {
        ‹body:todo!()›
    }
    fn two<'a>(&'a self, all: &'a mut [Self::Item; 2]) -> &'a mut Self::Item where Self: Sized {
        ‹body:todo!()›
    }
»}
`;
const filled = (more: Readonly<Record<string, string>> = {}) => ({
  ...{ h1: "u8", h2: "1", h3: "self.0", h4: "&mut all[Self::N]" },
  ...more,
});
const impls: readonly Trap[] = [
  {
    title: "an impl with a type, a constant and methods",
    files: lib(methods + both()),
    drafts: [
      filled({ h3: "self.1" }),
      filled({ h2: "1u8" }),
      filled({ h4: "&mut all[0].missing()" }),
      filled(),
    ],
    verdicts: ["rejected h3 E0609", "rejected h2 E0308", "rejected h4 E0599", "accepted"],
    ...{ plain: "red", checks: 2 },
  },
  {
    title: "a right impl beside wrong ones",
    files: lib(methods + both()),
    drafts: [filled(), filled({ h3: "self.1" }), filled({ h2: "1u8" })],
    ...{ verdicts: ["accepted", "rejected h3 E0609", "rejected h2 E0308"], plain: "green", checks: 2 },
  },
  {
    title: "impls with several proposals for the type",
    files: lib(methods + both()),
    drafts: [filled({ h1: "String" }), filled({ h1: "u16" }), filled()],
    ...{ verdicts: ["rejected h3 E0308", "rejected h3 E0308", "accepted"], plain: "red" },
  },
  {
    title: "an impl of which only one member is filled",
    files: lib(methods + both()),
    drafts: [
      { h1: "u8", h2: "1", h3: "self.1" },
      { h1: "u8", h2: "1", h3: "self.0" },
    ],
    ...{ verdicts: ["rejected h3 E0609", "accepted"], plain: "red", checks: 2 },
  },
];

describe("impls", () => springTraps(impls));

const mac = [
  file("Cargo.toml", '[workspace]\nmembers = ["app", "mac"]\nresolver = "2"\n'),
  file("app/Cargo.toml", manifest("app", '[dependencies]\nmac = { path = "../mac" }\n')),
  file("mac/Cargo.toml", manifest("mac", "[lib]\nproc-macro = true\n")),
  file(
    "mac/src/lib.rs",
    `use proc_macro::TokenStream;
#[proc_macro_attribute]
pub fn emptied(_: TokenStream, _: TokenStream) -> TokenStream {
    "impl Kind { pub fn count(self) -> u8 { 0 } }".parse().unwrap()
}
`,
  ),
].join("");
const method = `pub fn count(self) -> u8 {\n        let kind = self;\n        ${arms}\n    }\n`;
const dead = (title: string, text: string, more: Partial<Trap> = {}): Trap => ({
  ...{ title, files: lib(kinds + text), drafts: [wrong, right], plain: "green" },
  verdicts: ["unknown not-live", "unknown not-live"],
  ...more,
});
const notLive: readonly Trap[] = [
  dead("an impl that cfg turned off", `#[cfg(windows)]\nimpl Kind {\n    ${method}}\n`),
  dead("an impl that cfg turned off from within", `impl Kind {\n    #![cfg(any())]\n    ${method}}\n`),
  dead("a method that cfg turned off", `impl Kind {\n    #[cfg(any())]\n    ${method}}\n`),
  dead("an impl that cfg_attr hides", `#[cfg_attr(all(), cfg(any()))]\nimpl Kind {\n    ${method}}\n`),
  dead("a feature's method", `impl Kind {\n    #[cfg(feature = "extra")]\n    ${method}}\n`, {
    files:
      file("Cargo.toml", `${plainManifest}\n[features]\nextra = []\n`) +
      lib(`${kinds}impl Kind {\n    #[cfg(feature = "extra")]\n    ${method}}\n`),
  }),
  dead(
    "a test function, where the user checks no tests",
    `#[test]\nfn count() {\n    let kind = Kind::A;\n    let _: u8 = ${arms};\n}\n`,
    {
      settings: { cargo: { allTargets: false } },
    },
  ),
  dead("an impl that an attribute macro throws away", "", {
    files: `${mac}${file("app/src/lib.rs", `${kinds}#[mac::emptied]\nimpl Kind {\n    ${method}}\n`)}`,
  }),
];

describe("code that is not live where its copy would be", () => springTraps(notLive));
