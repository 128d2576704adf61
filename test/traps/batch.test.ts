/** Many drafts in one check: the others must neither hide what is wrong with the best nor cost it a second check. */
import { describe } from "vitest";
import { type Trap, plainManifest, springTraps } from "./trap.ts";
import { count, file, kinds, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const others = [wrong, { h1: "kind.missing()", h2: "2" }];
const leftOver = { h1: "{ 1u8.wrapping_add(1); 1 }", h2: "2" };
const rejected = ["rejected h2 E0308", "rejected h1 E0599"];
const denied = "#![deny(unused_must_use)]\n";

const traps: readonly Trap[] = [
  {
    title: "a right best draft beside wrong ones takes one check",
    files: lib(kinds + count),
    ...{ drafts: [right, ...others], verdicts: ["accepted", ...rejected], plain: "green", checks: 1 },
  },
  {
    title: "a right draft behind wrong ones takes two",
    files: lib(kinds + count),
    ...{ drafts: [...others, right], verdicts: [...rejected, "accepted"], plain: "red", checks: 2 },
  },
  {
    title: "a late lint that denies the best draft is heard beside others that are red",
    files: lib(denied + kinds + count),
    drafts: [leftOver, ...others, right],
    ...{ verdicts: ["rejected h1 unused_must_use", ...rejected, "accepted"], plain: "red" },
  },
  {
    title: "and so it is in code of tests, where the red ones stand in the same unit",
    files: lib(`${denied}#[cfg(test)]\nmod tests {\n${kinds}#[allow(dead_code)]\n${count}}\n`),
    drafts: [leftOver, ...others],
    ...{ verdicts: ["rejected h1 unused_must_use", ...rejected], plain: "green" },
  },
  {
    title: "a private type that shows is heard beside others that are red",
    files: lib(
      `${kinds}mod hidden {\n    #[derive(Default)]\n    pub struct Open;\n    impl Open { fn secret(&self) -> u8 { 1 } pub fn known(&self) -> u8 { self.secret() } }\n}\n${count}`,
    ),
    drafts: [{ h1: "hidden::Open.secret()", h2: "2" }, ...others, { h1: "hidden::Open.known()", h2: "2" }],
    ...{ verdicts: ["rejected h1 E0624", ...rejected, "accepted"], plain: "red" },
  },
  {
    title: "a library without tests of its own",
    files: file("Cargo.toml", `${plainManifest}[lib]\ntest = false\n`) + lib(kinds + count),
    ...{ drafts: [...others, right], verdicts: [...rejected, "accepted"], plain: "red" },
  },
  {
    title: "an integration test, which has one unit only",
    files: lib("pub fn other() {}\n") + file("tests/it.rs", `${denied}${kinds}${count}`),
    drafts: [leftOver, ...others, right],
    ...{ verdicts: ["rejected h1 unused_must_use", ...rejected, "accepted"], plain: "green" },
  },
  {
    title: "a name that stands nowhere is looked up after the others",
    files: lib(kinds + count),
    drafts: [{ h1: "missing()", h2: "2" }, wrong, right],
    ...{ verdicts: ["rejected h2 E0308", "accepted"], plain: "red", checks: 2 },
  },
  {
    title: "and found wrong where no other is right",
    files: lib(kinds + count),
    drafts: [{ h1: "missing()", h2: "2" }, wrong],
    ...{ verdicts: ["rejected h1 E0425", "rejected h2 E0308"], plain: "red", checks: 2 },
  },
  {
    title: "a name that another crate brings in is as good as any",
    files: lib(`use std::f64::consts::*;\npub const ROUND: f64 = PI;\n${kinds}${count}`),
    drafts: [{ h1: "TAU as u8", h2: "2" }, right],
    ...{ verdicts: ["accepted"], plain: "green", checks: 1 },
  },
  {
    title: "a lint that is denied in tests only is heard beside others that are red",
    files: lib(
      `#![cfg_attr(test, deny(unused_must_use))]\n${kinds}#[must_use]\npub fn one() -> u8 { 1 }\n${count}`,
    ),
    drafts: [{ h1: "{ one(); 1 }", h2: "2" }, wrong, right],
    plainArguments: ["--tests"],
    ...{ verdicts: ["rejected h1 unused_must_use", "rejected h2 E0308", "accepted"], plain: "red" },
  },
];

describe("many drafts at once", () => springTraps(traps));
