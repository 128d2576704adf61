/** Code that runs while something is compiled, and checks that never end. */
import { afterEach, describe, expect, it } from "vitest";
import { AbortedError } from "../../server/base/abort.ts";
import { type Trap, plainManifest, springTraps, TrapWorld, verdictsOf } from "./trap.ts";
import { arms, count, file, kinds, manifest, right } from "./site.ts";

const root = (members: string) => file("Cargo.toml", `[workspace]\nmembers = [${members}]\nresolver = "2"\n`);
const none = "runs-at-compile-time";
const writesAway = { h1: '{ let _ = std::fs::write("/dev/null", "x"); 1 }', h2: "2" };

const running: readonly Trap[] = [
  {
    title: "a draft in a build script",
    files:
      file("build.rs", `${kinds}${count}fn main() { count(Kind::A); }\n`) +
      file("src/lib.rs", "pub fn other() {}\n"),
    ...{ drafts: [writesAway], verdicts: none, plain: "green" },
  },
  {
    title: "a draft in a module that the build script shares with the library",
    files:
      file(
        "build.rs",
        '#[path = "src/shared.rs"]\nmod shared;\nfn main() { shared::count(shared::Kind::A); }\n',
      ) +
      file("src/lib.rs", "pub mod shared;\n") +
      file("src/shared.rs", kinds + count),
    ...{ drafts: [writesAway], verdicts: none, plain: "green" },
  },
  {
    title: "a draft in a file that the build script includes",
    files:
      file("build.rs", 'include!("src/part.rs");\nfn main() { count(Kind::A); }\n') +
      file("src/lib.rs", "pub mod part;\n") +
      file("src/part.rs", kinds + count),
    ...{ drafts: [writesAway], verdicts: none, plain: "green" },
  },
  {
    title: "a draft in a package that a build script depends on",
    files:
      root('"app", "util"') +
      file("app/Cargo.toml", manifest("app", '[build-dependencies]\nutil = { path = "../util" }\n')) +
      file("app/build.rs", "fn main() { util::count(util::Kind::A); }\n") +
      file("app/src/lib.rs", "pub fn other() {}\n") +
      file("util/Cargo.toml", manifest("util")) +
      file("util/src/lib.rs", kinds + count),
    ...{ drafts: [writesAway], verdicts: none, plain: "green" },
  },
  {
    title: "a draft in a package two steps below a build script",
    files:
      root('"app", "util", "deep"') +
      file("app/Cargo.toml", manifest("app", '[build-dependencies]\nutil = { path = "../util" }\n')) +
      file("app/build.rs", "fn main() { util::run(); }\n") +
      file("app/src/lib.rs", "pub fn other() {}\n") +
      file("util/Cargo.toml", manifest("util", '[dependencies]\ndeep = { path = "../deep" }\n')) +
      file("util/src/lib.rs", "pub fn run() { deep::count(deep::Kind::A); }\n") +
      file("deep/Cargo.toml", manifest("deep")) +
      file("deep/src/lib.rs", kinds + count),
    ...{ drafts: [writesAway], verdicts: none, plain: "green" },
  },
  {
    title: "a draft in a proc-macro crate",
    files:
      file("Cargo.toml", `${plainManifest}[lib]\nproc-macro = true\n`) +
      file(
        "src/lib.rs",
        `#[derive(Clone, Copy)]\nenum Kind { A, B }\n#[allow(dead_code)]\n${count.replace("pub fn", "fn")}`,
      ),
    ...{ drafts: [writesAway], verdicts: none, plain: "green" },
  },
  {
    title: "a draft in a package that a proc macro depends on",
    files:
      root('"mac", "util"') +
      file(
        "mac/Cargo.toml",
        manifest("mac", '[lib]\nproc-macro = true\n[dependencies]\nutil = { path = "../util" }\n'),
      ) +
      file("mac/src/lib.rs", "#[allow(dead_code)]\nfn run() { util::count(util::Kind::A); }\n") +
      file("util/Cargo.toml", manifest("util")) +
      file("util/src/lib.rs", kinds + count),
    ...{ drafts: [writesAway], verdicts: none, plain: "green" },
  },
  {
    title: "a draft in a package that only the tests of one with a build script use",
    files:
      root('"app", "util"') +
      file("app/Cargo.toml", manifest("app", '[dev-dependencies]\nutil = { path = "../util" }\n')) +
      file("app/build.rs", "fn main() {}\n") +
      file("app/src/lib.rs", "pub fn other() {}\n") +
      file("util/Cargo.toml", manifest("util")) +
      file("util/src/lib.rs", kinds + count),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green" },
  },
];

describe("drafts that a check would run", () => springTraps(running));

const generated = (more: string) =>
  file(
    "build.rs",
    'fn main() {\n    let out = std::env::var("OUT_DIR").unwrap();\n    std::fs::write(format!("{out}/kinds.rs"), "pub enum Kind { A, B }").unwrap();\n    println!("cargo::rerun-if-changed=build.rs");\n}\n',
  ) + file("src/lib.rs", `include!(concat!(env!("OUT_DIR"), "/kinds.rs"));\n${more}`);
const ofScripts: readonly Trap[] = [
  {
    title: "a match on an enum that the build script generates",
    files: generated(count),
    drafts: [{ h1: "1", h2: "Kind::C" }, right],
    ...{ verdicts: ["rejected h2 E0599", "accepted"], plain: "red" },
  },
  {
    title: "a cfg that the build script sets",
    files:
      file(
        "build.rs",
        'fn main() { println!("cargo::rustc-check-cfg=cfg(made)"); println!("cargo::rustc-cfg=made"); }\n',
      ) + file("src/lib.rs", `${kinds}#[cfg(made)]\n${count}`),
    drafts: [{ h1: "1", h2: '"text"' }, right],
    ...{ verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
  {
    title: "a build script that fails",
    files: file("build.rs", "fn main() { std::process::exit(1); }\n") + file("src/lib.rs", kinds + count),
    ...{ drafts: [right], verdicts: ["unknown not-live"], plain: "red" },
  },
];

describe("what build scripts make", () => springTraps(ofScripts));

const endless: readonly Trap[] = [
  {
    title: "an array whose length is never worked out",
    files: file("src/lib.rs", `${kinds}${count}`),
    drafts: [{ h1: "[0u8; { let mut n = 0usize; while n < 1 { n -= n; } n }][0]", h2: "2" }, right],
    ...{ verdicts: ["accepted", `refused h1 ${none}`], plain: "red" },
  },
  {
    title: "a loop without end as the argument of a generic",
    files: file(
      "src/lib.rs",
      `pub struct Of<const N: u8>;\nimpl<const N: u8> Of<N> { pub fn n(&self) -> u8 { N } }\n${kinds}${count}`,
    ),
    drafts: [
      { h1: "Of::<{ loop {} }>.n()", h2: "2" },
      { h1: "Of::<{ 1 + 1 }>.n()", h2: "[2u8; 1 + 1][0]" },
    ],
    ...{ verdicts: ["accepted", `refused h1 ${none}`], plain: "red" },
  },
  {
    title: "a const block, which a check does not work out",
    files: file("src/lib.rs", `${kinds}${count}`),
    drafts: [{ h1: "const { loop {} }", h2: "2" }],
    ...{ verdicts: ["refused h1 runs-at-compile-time"], plain: "green" },
  },
];

describe("values that are never worked out", () => springTraps(endless));

describe("a constant that never gets its value", () => {
  let world: TrapWorld;
  afterEach(() => world.close());
  const source = (allow: string) =>
    file(
      "src/lib.rs",
      `${allow}pub trait Size { const SIZE: usize; }\npub struct S;\nimpl Size for S {«\n    const SIZE: usize = ‹constant:todo!()›;\n»}\npub const USED: usize = S::SIZE;\n`,
    );
  const endless = { h1: "{ let mut n = 0usize; while n < 10 { n -= n; } n }" };

  it("is rejected by the compiler's own lint", async () => {
    world = new TrapWorld();
    const skeleton = world.lay(source(""));
    expect(verdictsOf(await world.verify(skeleton!, [endless]))).toEqual([
      "rejected h1 long_running_const_eval",
    ]);
  });

  it("ends by the deadline where the lint is allowed, and leaves no process", async () => {
    world = new TrapWorld();
    const skeleton = world.lay(source("#![allow(long_running_const_eval)]\n"));
    const verifying = world.verify(skeleton!, [endless], { milliseconds: 4_000 });
    await expect(verifying).rejects.toBeInstanceOf(AbortedError);
    await expect.poll(() => world.processes(), { timeout: 10_000 }).toEqual([]);
  });
});

describe("drafts that look at the secrets of whoever checks", () => {
  it("are refused before a file is written or cargo is started", async () => {
    const world = new TrapWorld();
    const skeleton = world.lay(file("src/lib.rs", `${kinds}${count}// ${arms.length}\n`));
    const result = await world.verify(skeleton!, [{ h1: 'include_bytes!("/etc/passwd")[0]', h2: "2" }]);
    expect(result).toMatchObject({ kind: "report", checks: 0 });
    await world.close();
  });
});
