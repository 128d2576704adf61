/** Settings of cargo, rustup and the environment that the user's own check runs under, and clippy. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { treeState } from "../slow/verify-world.ts";
import { makeToolchains, type Toolchains } from "./toolchains.ts";
import { type Bodies, explain, type Trap, springTraps, TrapWorld, verdictsOf } from "./trap.ts";
import { count, file, kinds, manifest, right, wrong } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const config = (text: string) => file(".cargo/config.toml", text);
const clippy = { check: { command: "clippy" } };
const pi = `${kinds}${count.replaceAll("u8", "f64")}`;
const nearlyPi = { h1: "3.14", h2: "2.0" };
const twos = { h1: "1.0", h2: "2.0" };

const clippyTraps: readonly Trap[] = [
  {
    title: "a lint that clippy denies by default",
    files: lib(pi),
    settings: clippy,
    ...{
      drafts: [nearlyPi, twos],
      verdicts: ["rejected h1 clippy::approx_constant", "accepted"],
      plain: "green",
    },
  },
  {
    title: "the same, where the user checks with cargo check",
    files: lib(pi),
    ...{ drafts: [nearlyPi], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "the same, where the code allows the lint",
    files: lib(`#![allow(clippy::approx_constant)]\n${pi}`),
    settings: clippy,
    ...{ drafts: [nearlyPi], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "every lint of clippy's usual groups denied, where our marker must not count",
    files: lib(
      `#![deny(clippy::all, clippy::pedantic, clippy::nursery)]\n${kinds}#[must_use]\npub const fn other(kind: Kind) -> u8 { kind as u8 }\n${count.replace("pub fn", "fn")}#[must_use]\npub fn all(kind: Kind) -> u8 { count(kind) }\n`,
    )
      .replaceAll("pub fn all", "#[allow(clippy::missing_const_for_fn)]\npub fn all")
      .replaceAll("\nfn count", "\n#[allow(clippy::missing_const_for_fn)]\nfn count"),
    settings: clippy,
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "an alias that takes clippy's place",
    files: config('[alias]\nclippy = "check"\n') + lib(pi),
    settings: clippy,
    ...{ drafts: [nearlyPi], verdicts: "not-handled", plain: "green" },
  },
  {
    title: "an alias that cannot take the place of check",
    files: config('[alias]\ncheck = "version"\n') + lib(kinds + count),
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
];

describe("clippy", () => springTraps(clippyTraps));

const byCfg = (cfg: string) =>
  `#![allow(unexpected_cfgs)]\n#[cfg(${cfg})]\ntype Unit = u16;\n#[cfg(not(${cfg}))]\ntype Unit = u8;\n${kinds}${count.replace("-> u8", "-> Unit").replace("pub fn", "fn")}pub fn all() { count(Kind::A); }\n`;
const narrow = { h1: "1u8", h2: "2" };
const wide = { h1: "1u16", h2: "2" };
const isWide = { drafts: [narrow, wide], verdicts: ["rejected h1 E0308", "accepted"] };

const environments: readonly Trap[] = [
  {
    title: "flags of cargo's settings",
    files: config('[build]\nrustflags = ["--cfg", "wide"]\n') + lib(byCfg("wide")),
    ...{ ...isWide, plain: "red" },
  },
  {
    title: "flags of a file that the user's extra arguments name",
    files: file("more.toml", '[build]\nrustflags = ["--cfg", "wide"]\n') + lib(byCfg("wide")),
    settings: { cargo: { extraArgs: ["--config", "more.toml"] } },
    ...{ ...isWide, plain: "green" },
  },
  {
    title: "flags of the user's extra environment",
    files: lib(byCfg("wide")),
    settings: { cargo: { extraEnv: { RUSTFLAGS: "--cfg wide" } } },
    ...{ ...isWide, plain: "green" },
  },
  {
    title: "flags that `check` takes away again",
    files: lib(byCfg("wide")),
    settings: { cargo: { extraEnv: { RUSTFLAGS: "--cfg wide" } }, check: { extraEnv: { RUSTFLAGS: null } } },
    ...{ drafts: [narrow], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "a variable that cargo's settings give a build script",
    files:
      config('[env]\nWIDE = "1"\n') +
      file(
        "build.rs",
        'fn main() { if std::env::var("WIDE").is_ok() { println!("cargo::rustc-cfg=wide"); } }\n',
      ) +
      lib(byCfg("wide")),
    ...{ ...isWide, plain: "red" },
  },
  {
    title: "a cfg that rust-analyzer sees and cargo never",
    files: lib(`#![allow(unexpected_cfgs)]\n${kinds}#[cfg(loom)]\n${count}`),
    settings: { cargo: { cfgs: ["loom"] } },
    ...{ drafts: [right], verdicts: ["unknown not-live"], plain: "green" },
  },
  {
    title: "the same where cargo's own flags set it",
    files: config('[build]\nrustflags = ["--cfg", "loom"]\n') + lib(`${kinds}#[cfg(loom)]\n${count}`),
    settings: { cargo: { cfgs: ["loom"] } },
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red" },
  },
];

describe("what cargo is told", () => springTraps(environments));

describe("flags and a target of the environment", () =>
  springTraps(
    [{ title: "are followed", files: lib(byCfg("wide")), ...isWide, plain: "red" }],
    // The separator of the encoded form.
    { CARGO_ENCODED_RUSTFLAGS: "--cfg\u001fwide", CARGO_BUILD_TARGET: hostTriple() },
  ));

function hostTriple(): string {
  return process.arch === "arm64" ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";
}

let world: TrapWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const said = async (at: TrapWorld, files: string, drafts: readonly Bodies[], settings: unknown = {}) => {
  const skeleton = at.lay(files)!;
  const result = await at.verify(skeleton, drafts, { settings: checkSettingsFrom(settings, at.root) });
  return { verdicts: verdictsOf(result), explained: explain(result) };
};

describe("directories that the user's settings name for what is built", () => {
  const places: readonly (readonly [
    string,
    (place: string) => Parameters<typeof said>[3],
    (place: string) => string,
  ])[] = [
    [
      "build.build-dir in cargo's settings",
      () => ({}),
      (place) => config(`[build]\nbuild-dir = "${place}"\n`),
    ],
    [
      "build.target-dir in cargo's settings",
      () => ({}),
      (place) => config(`[build]\ntarget-dir = "${place}"\n`),
    ],
    [
      "a build directory by --config",
      (place) => ({ cargo: { extraArgs: [`--config=build.build-dir="${place}"`] } }),
      () => "",
    ],
    [
      "a target directory by --config",
      (place) => ({ cargo: { extraArgs: [`--config=build.target-dir="${place}"`] } }),
      () => "",
    ],
    [
      "CARGO_BUILD_BUILD_DIR",
      (place) => ({ cargo: { extraEnv: { CARGO_BUILD_BUILD_DIR: place } } }),
      () => "",
    ],
    ["CARGO_TARGET_DIR", (place) => ({ cargo: { extraEnv: { CARGO_TARGET_DIR: place } } }), () => ""],
  ];
  it.each(places)("are never written: %s", async (_, settings, files) => {
    world = new TrapWorld();
    const place = join(world.base, "user-built");
    mkdirSync(place);
    const { verdicts } = await said(
      world,
      files(place) + lib(kinds + count),
      [wrong, right],
      settings(place),
    );
    expect(verdicts).toEqual(["rejected h2 E0308", "accepted"]);
    expect(treeState(place)).toEqual([]);
  });

  it("are written by plain cargo, so that this means something", async () => {
    world = new TrapWorld();
    const place = join(world.base, "user-built");
    world.lay(config(`[build]\nbuild-dir = "${place}"\n`) + lib(kinds));
    await world.cargo(world.root, []);
    expect(existsSync(place)).toBe(true);
  });
});

describe("settings above the workspace", () => {
  it("are followed: cargo's", async () => {
    world = new TrapWorld();
    const above = join(world.base, "user", ".cargo", "config.toml");
    mkdirSync(dirname(above), { recursive: true });
    writeFileSync(above, '[build]\nrustflags = ["--cfg", "wide"]\n');
    expect((await said(world, lib(byCfg("wide")), [narrow, wide])).verdicts).toEqual(isWide.verdicts);
  });
  it("are named where they are not followed: rust-analyzer's own file", async () => {
    const home = realpathSync(mkdtempSync(join(tmpdir(), "armature-config-")));
    mkdirSync(join(home, "rust-analyzer"));
    writeFileSync(join(home, "rust-analyzer", "rust-analyzer.toml"), '[cargo]\nfeatures = ["x"]\n');
    world = new TrapWorld({ XDG_CONFIG_HOME: home });
    const { verdicts, explained } = await said(world, lib(kinds + count), [right]);
    expect(verdicts).toBe("not-handled");
    expect(explained).toContain('rust-analyzer.toml sets what rust-analyzer checks ("[cargo]")');
    writeFileSync(join(home, "rust-analyzer", "rust-analyzer.toml"), "[inlayHints]\nmaxLength = 3\n");
    expect((await said(world, lib(kinds + count), [right])).verdicts).toEqual(["accepted"]);
    rmSync(home, { recursive: true });
  });
});

describe("linked projects", () => {
  const two =
    file("a/Cargo.toml", manifest("a")) +
    file("a/src/lib.rs", kinds + count) +
    file("b/Cargo.toml", manifest("b")) +
    file("b/src/lib.rs", "");
  const linked = (...linkedProjects: unknown[]) => ({ linkedProjects });
  it.each([
    ["followed", linked("a/Cargo.toml"), ["accepted"]],
    ["followed among others", linked("b/Cargo.toml", "a/Cargo.toml"), ["accepted"]],
    ["outside all of them", linked("b/Cargo.toml"), "outside-workspace"],
    ["no cargo projects", linked("rust-project.json"), "not-handled"],
  ])("%s", async (_, settings, verdicts) => {
    world = new TrapWorld();
    const root = file("Cargo.toml", '[workspace]\nexclude = ["a", "b"]\n');
    expect((await said(world, root + two, [right], settings)).verdicts).toEqual(verdicts);
  });
});

it("tells two packages of one name and version apart by where they come from", async () => {
  world = new TrapWorld({ CARGO_HOME: realpathSync(mkdtempSync(join(tmpdir(), "armature-home-"))) });
  const origin = join(world.base, "origin");
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  put(join(origin, "Cargo.toml"), manifest("own"));
  put(join(origin, "src/lib.rs"), "pub fn from_git() -> u8 { 1 }\n");
  git(origin, "init", "-q");
  git(origin, "add", ".");
  git(origin, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "one");
  const source = `[dependencies]\nother = { package = "own", git = "file://${origin}" }\n`;
  const files = file("Cargo.toml", manifest("own", source)) + lib(kinds + count);
  world.lay(files);
  const fetched = spawnSync("cargo", ["fetch"], {
    cwd: world.root,
    env: world.environment,
    encoding: "utf8",
  });
  expect(fetched.stderr).not.toContain("error");
  const named = await world.cargo(world.root, ["-p", "own@0.1.0"]);
  expect(named.stderr).toContain("ambiguous");
  const { verdicts } = await said(world, files, [
    { h1: '"x"', h2: "2" },
    { h1: "other::from_git()", h2: "2" },
  ]);
  expect(verdicts).toEqual(["rejected h1 E0308", "accepted"]);
  rmSync(world.environment.CARGO_HOME ?? "", { recursive: true });
});

function git(directory: string, ...args: readonly string[]): void {
  const result = spawnSync("git", [...args], { cwd: directory, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
}

it("lets a build script run cargo itself, which does not wait for the lock of ours", async () => {
  world = new TrapWorld();
  const script =
    'fn main() {\n    println!("cargo::rerun-if-changed=build.rs");\n    let cargo = std::env::var("CARGO").unwrap();\n    let done = std::process::Command::new(cargo).args(["check", "--offline", "--manifest-path", "inner/Cargo.toml"]).status().unwrap();\n    if done.success() { println!("cargo::rustc-cfg=wide"); }\n}\n';
  const inner = file("inner/Cargo.toml", `${manifest("inner")}[workspace]\n`) + file("inner/src/lib.rs", "");
  const files = file("build.rs", script) + inner + lib(byCfg("wide"));
  expect((await said(world, files, [narrow, wide])).verdicts).toEqual(isWide.verdicts);
});

let toolchains: Toolchains;
let place: string;
beforeAll(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), "armature-toolchains-")));
  toolchains = makeToolchains(place);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe("toolchains", () => {
  const script =
    'fn main() {\n    println!("cargo::rerun-if-env-changed=RUSTUP_TOOLCHAIN");\n    if std::env::var("RUSTUP_TOOLCHAIN").as_deref() == Ok("two") { println!("cargo::rustc-cfg=wide"); }\n}\n';
  const files = file("build.rs", script) + lib(byCfg("wide"));
  const underOne = { verdicts: ["accepted"] };
  const underTwo = { verdicts: ["rejected h1 E0308"] };

  it("are the one of the user's root, also after it has changed", async () => {
    world = new TrapWorld(toolchains.environment);
    expect(await said(world, files, [narrow])).toMatchObject(underOne);
    toolchains.chooseFor(world.root, "two");
    expect(await said(world, files, [narrow])).toMatchObject(underTwo);
    const plain = await world.plain(world.lay(files)!, narrow);
    expect(plain.colour).toBe("green");
    toolchains.chooseFor(world.root, "one");
    expect(await said(world, files, [narrow])).toMatchObject(underOne);
  });

  it("are what the settings say where they name one", async () => {
    world = new TrapWorld(toolchains.environment);
    const settings = { cargo: { extraEnv: { RUSTUP_TOOLCHAIN: "two" } } };
    expect(await said(world, files, [narrow], settings)).toMatchObject(underTwo);
  });

  it("may be named by their path", async () => {
    world = new TrapWorld(toolchains.environment);
    const byPath = script.replace('Ok("two")', `Ok("${join(place, "two")}")`);
    const settings = { cargo: { sysroot: join(place, "two") } };
    const there = file("build.rs", byPath) + lib(byCfg("wide"));
    expect(await said(world, there, [narrow], settings)).toMatchObject(underTwo);
  });

  it("without clippy say how to get it", async () => {
    world = new TrapWorld({ ...toolchains.environment, RUSTUP_TOOLCHAIN: "two" });
    const { verdicts, explained } = await said(world, lib(kinds + count), [right], clippy);
    expect(verdicts).toBe("cargo-failed");
    expect(explained).toContain("rustup component add clippy");
  });

  it("that are not installed are an error to show", async () => {
    world = new TrapWorld({ ...toolchains.environment, RUSTUP_TOOLCHAIN: "three" });
    const { verdicts, explained } = await said(world, lib(kinds + count), [right]);
    expect(verdicts).toBe("cargo-failed");
    expect(explained).toContain("three");
  });
});
