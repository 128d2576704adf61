/** Targets of every kind that a manifest can declare, and settings that choose among them. */
import { describe, expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import type { Verdict } from "../../server/stages.ts";
import type { VerifyReport } from "../../server/verify/verifier.ts";
import { plainManifest, type Trap, springTraps, TrapWorld } from "./trap.ts";
import { count, file, kinds, manifest, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const program = `${kinds}${count}fn main() { count(Kind::A); }\n`;
const inTest = `${kinds}${count}#[test]\nfn one() { count(Kind::A); }\n`;
const both = { drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"] };
const dead = { drafts: [right], verdicts: ["unknown not-live"], plain: "green" as const };
const target = (kind: string, more: string) => `[[${kind}]]\n${more}`;
const withManifest = (more: string) => file("Cargo.toml", plainManifest + more);
const allTargets = { plainArguments: ["--all-targets"], plain: "red" as const };

const targets: readonly Trap[] = [
  {
    title: "an example",
    files: lib("") + file("examples/show.rs", program),
    ...{ ...both, ...allTargets },
  },
  {
    title: "the same, which plain cargo check does not come to",
    files: lib("") + file("examples/show.rs", program),
    ...{ ...both, plain: "green" },
  },
  {
    title: "a module of an example in a folder of its own",
    files:
      lib("") +
      file("examples/show/main.rs", "mod part;\nfn main() { part::count(part::Kind::A); }\n") +
      file("examples/show/part.rs", kinds + count),
    ...{ ...both, ...allTargets },
  },
  {
    title: "a bench without a harness",
    files:
      withManifest(target("bench", 'name = "speed"\nharness = false\n')) +
      lib("") +
      file("benches/speed.rs", program),
    ...{ ...both, ...allTargets },
  },
  {
    title: "a library beside a bench that needs nightly",
    files: lib(kinds + count) + file("benches/speed.rs", "#![feature(test)]\nextern crate test;\n"),
    ...{ ...both, ...allTargets },
  },
  {
    title: "a binary that is built without tests",
    files:
      withManifest(target("bin", 'name = "tool"\npath = "src/main.rs"\ntest = false\n')) +
      file("src/main.rs", program),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a binary in src/bin",
    files: lib("") + file("src/bin/tool.rs", program),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a file in src/bin where binaries are not found by themselves",
    files:
      file("Cargo.toml", `${plainManifest}autobins = false\n`) + lib("") + file("src/bin/tool.rs", program),
    ...dead,
  },
  {
    title: "a library with a name and a place of its own",
    files:
      withManifest('[lib]\nname = "core_part"\npath = "code/part.rs"\n') +
      file("code/part.rs", kinds + count),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a package with dashes, its library and its binary of one name",
    files:
      file("Cargo.toml", manifest("my-own-trap")) +
      lib(kinds + count) +
      file("src/main.rs", "fn main() { my_own_trap::count(my_own_trap::Kind::A); }\n"),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a binary of the library's name",
    files: file("Cargo.toml", manifest("my-own-trap")) + lib("") + file("src/main.rs", program),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a binary that is made of the library's own file",
    files:
      withManifest(target("bin", 'name = "tool"\npath = "src/lib.rs"\n')) +
      lib(`${kinds}${count}#[allow(dead_code)]\nfn main() {}\n`),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a library of several kinds",
    files: withManifest('[lib]\ncrate-type = ["cdylib", "rlib"]\n') + lib(kinds + count),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a library without the standard library",
    files: lib(`#![no_std]\n${kinds}${count}`),
    drafts: [
      { h1: "std::cmp::max(1, 1)", h2: "2" },
      { h1: "core::cmp::max(1, 1)", h2: "2" },
    ],
    ...{ verdicts: ["rejected h1 E0433", "accepted"], plain: "red" },
  },
  {
    title: "a binary without the standard library, which no test can be built of",
    files:
      file(
        "Cargo.toml",
        `${plainManifest}[[bin]]\nname = "bare"\npath = "src/main.rs"\ntest = false\nbench = false\n[profile.dev]\npanic = "abort"\n`,
      ) +
      file(
        "src/main.rs",
        `#![no_std]\n#![no_main]\n#[panic_handler]\nfn panic(_: &core::panic::PanicInfo) -> ! { loop {} }\n${kinds}${count}`,
      ),
    ...{ ...both, plain: "red" },
  },
];

describe("targets of every kind", () => springTraps(targets));

const needy = (needs: string) =>
  withManifest(`[features]\nextra = []\n[[example]]\nname = "show"\nrequired-features = [${needs}]\n`) +
  lib('#[path = "shared.rs"]\npub mod shared;\n') +
  file("src/shared.rs", kinds + count) +
  file(
    "examples/show.rs",
    '#[path = "../src/shared.rs"]\nmod shared;\nfn main() { shared::count(shared::Kind::A); }\n',
  );
const choices: readonly Trap[] = [
  {
    title: "an example whose required feature is on",
    files:
      withManifest('[features]\nextra = []\n[[example]]\nname = "show"\nrequired-features = ["extra"]\n') +
      lib("") +
      file("examples/show.rs", program),
    settings: { cargo: { features: ["extra"] } },
    ...{ ...both, ...allTargets, plainArguments: ["--all-targets", "--features", "extra"] },
  },
  {
    title: "a file that it shares with the library, where it is off",
    files: needy('"extra"'),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a file that it shares with the library, where it is on and the example cannot be compiled",
    files: needy('"extra"').replace("fn main() { shared", "fn open( {\nfn main() { shared"),
    settings: { cargo: { features: ["extra"] } },
    ...{ drafts: [right], verdicts: ["unknown not-live"], plain: "green" },
  },
  {
    title: "an integration test, where the settings choose that test",
    files: lib("") + file("tests/one.rs", inTest) + file("tests/two.rs", "#[test]\nfn two() {}\n"),
    settings: { check: { allTargets: false, extraArgs: ["--test", "one"] } },
    ...{ ...both, plain: "green" },
  },
  {
    title: "an integration test, where the settings choose another",
    files: lib("") + file("tests/one.rs", inTest) + file("tests/two.rs", "#[test]\nfn two() {}\n"),
    settings: { check: { allTargets: false, extraArgs: ["--test", "two"] } },
    ...{ ...dead, plainArguments: ["--tests"], plain: "green" },
  },
  {
    title: "a binary, where the settings choose the library only",
    files: lib("") + file("src/main.rs", program),
    settings: { check: { allTargets: false, extraArgs: ["--lib"] } },
    ...dead,
  },
  {
    title: "code of tests, where rust-analyzer is told to leave tests out",
    files: lib(`#[cfg(test)]\nmod tests {\n${kinds}${count}}\n`),
    settings: { cfg: { setTest: false } },
    ...dead,
  },
  {
    title: "an example, where rust-analyzer is told to leave tests out",
    files: lib("") + file("examples/show.rs", program),
    settings: { cfg: { setTest: false } },
    ...{ ...both, plain: "green" },
  },
  {
    title: "a profile of the user's own",
    files: withManifest('[profile.fast]\ninherits = "release"\n') + lib(kinds + count),
    settings: { cargo: { extraArgs: ["--profile", "fast"] } },
    ...{ ...both, plain: "red" },
  },
  {
    title: "code that is there without debug assertions only",
    files: lib(`${kinds}#[cfg(not(debug_assertions))]\n${count}`),
    settings: { cargo: { extraArgs: ["--release"] } },
    ...{ ...both, plain: "green" },
  },
  {
    title: "warnings that clippy's own arguments deny",
    files: lib(`${kinds}#[deprecated]\npub fn old() -> u8 { 1 }\n${count}`),
    settings: { check: { command: "clippy", extraArgs: ["--", "-D", "warnings"] } },
    drafts: [{ h1: "old()", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 deprecated", "accepted"], plain: "green" },
  },
];

describe("settings that choose targets", () => springTraps(choices));

const host = process.arch === "arm64" ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";
const places: readonly Trap[] = [
  {
    title: "a target triple",
    files: lib(kinds + count),
    settings: { cargo: { target: host } },
    ...{ ...both, plain: "red" },
  },
  {
    title: "a target triple and a profile of the user's own",
    files: withManifest('[profile.fast]\ninherits = "release"\n') + lib(kinds + count),
    settings: { check: { targets: [host], extraArgs: ["--profile=fast"] } },
    ...{ ...both, plain: "red" },
  },
  {
    title: "a target triple that cargo's own settings name",
    files: file(".cargo/config.toml", `[build]\ntarget = "${host}"\n`) + lib(kinds + count),
    ...{ ...both, plain: "red" },
  },
  {
    title: "the layout in which each unit has a directory of its own",
    files: lib(kinds + count) + file("examples/show.rs", "fn main() {}\n"),
    settings: { cargo: { extraArgs: ["-Zbuild-dir-new-layout"], extraEnv: { RUSTC_BOOTSTRAP: "1" } } },
    ...{ ...both, plain: "red" },
  },
];

describe("wherever cargo puts what it builds", () => springTraps(places));

const accepted = (report: Awaited<ReturnType<TrapWorld["verify"]>>) =>
  (report as VerifyReport).verdicts.find(
    (verdict): verdict is Extract<Verdict, { kind: "accepted" }> => verdict.kind === "accepted",
  );

it("says in the evidence which targets contain the file, and what was checked", async () => {
  const world = new TrapWorld();
  const skeleton = world.lay(
    lib('#[path = "shared.rs"]\npub mod shared;\n') +
      file("src/shared.rs", kinds + count) +
      file(
        "examples/show.rs",
        '#[path = "../src/shared.rs"]\nmod shared;\nfn main() { shared::count(shared::Kind::A); }\n',
      ),
  )!;
  const settings = checkSettingsFrom({ cargo: { extraArgs: ["--release"] } });
  expect(accepted(await world.verify(skeleton, [right], { settings }))?.check).toMatchObject({
    command: "cargo check -p trap --all-targets --release",
    targets: ["example show", "lib trap"],
  });
  await world.close();
});
