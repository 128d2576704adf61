/** Workspaces of every shape: whose package a file is, and under which root it is checked. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  type Bodies,
  explain,
  plainManifest,
  type Trap,
  springTraps,
  TrapWorld,
  verdictsOf,
} from "./trap.ts";
import { count, file, kinds, manifest, right, wrong } from "./site.ts";

const both = { drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"] };
const root = (text: string) => file("Cargo.toml", text);
const member = (name: string, more: string, text: string) =>
  file(`${name}/Cargo.toml`, manifest(name, more)) + file(`${name}/src/lib.rs`, text);
const gated = `${kinds}#[cfg(feature = "extra")]\n${count}`;
const extra = "[features]\nextra = []\n";

const shapes: readonly Trap[] = [
  {
    title: "a workspace inside another's folder, with features of its own",
    files:
      root('[workspace]\nmembers = ["app"]\nexclude = ["inner"]\n') +
      member("app", "", "") +
      file("inner/Cargo.toml", '[workspace]\nmembers = ["own", "user"]\nresolver = "2"\n') +
      member("inner/own", extra, gated).replace('"inner/own"', '"own"') +
      member("inner/user", '[dependencies]\nown = { path = "../own", features = ["extra"] }\n', "").replace(
        '"inner/user"',
        '"user"',
      ),
    ...{ ...both, plain: "green" },
  },
  {
    title: "an excluded package that a member depends on: it is its own root, without that member's features",
    files:
      root('[workspace]\nmembers = ["app"]\nexclude = ["own"]\n') +
      member("app", '[dependencies]\nown = { path = "../own", features = ["extra"] }\n', "") +
      member("own", extra, gated),
    ...{ drafts: [wrong], verdicts: ["unknown not-live"], plain: "red" },
  },
  {
    title: "a root package beside its members, under the first resolver, that hands a feature on",
    files:
      root(
        `${plainManifest.replace("2021", "2018")}[workspace]\nmembers = ["own"]\n[features]\nextra = ["own/extra"]\n[dependencies]\nown = { path = "own" }\n`,
      ) +
      file("src/lib.rs", "pub use own::Kind;\n") +
      member("own", extra, gated),
    settings: { cargo: { features: ["extra"] } },
    ...{ ...both, plain: "green" },
  },
  {
    title: "the root package itself, with a member that turns its feature on",
    files:
      root(`${plainManifest}${extra}[workspace]\nmembers = ["app"]\n`) +
      file("src/lib.rs", gated) +
      member("app", '[dependencies]\ntrap = { path = "..", features = ["extra"] }\n', ""),
    plainArguments: ["-p", "trap"],
    ...{ ...both, plain: "green" },
  },
  {
    title: "a member that is no default member",
    files:
      root('[workspace]\nmembers = ["app", "own"]\ndefault-members = ["app"]\nresolver = "2"\n') +
      member("app", "", "") +
      member("own", "", kinds + count),
    ...{ ...both, plain: "green" },
  },
  {
    title: "a package without a workspace below a folder without a manifest",
    files:
      file("deep/down/Cargo.toml", manifest("down")) +
      file("deep/down/src/lib.rs", kinds + count) +
      root('[workspace]\nexclude = ["deep"]\n'),
    ...{ ...both, plain: "red" },
    plainArguments: ["--manifest-path", "deep/down/Cargo.toml"],
  },
];

describe("workspaces of every shape", () => springTraps(shapes));

let world: TrapWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});
const said = async (at: TrapWorld, files: string, drafts: readonly Bodies[]) => {
  const result = await at.verify(at.lay(files)!, drafts);
  return { verdicts: verdictsOf(result), explained: explain(result) };
};
const put = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

it("checks files of several roots at once, each under its own", async () => {
  world = new TrapWorld();
  const two = (text: string, site: "a" | "b") =>
    root('[workspace]\nexclude = ["a", "b"]\n') +
    member("a", '[features]\ndefault = ["extra"]\nextra = []\n', site === "a" ? text : "") +
    member("b", extra, site === "b" ? text : "");
  const [inA, inB] = [world.lay(two(gated, "a"))!, world.lay(two(gated, "b"))!];
  put(inA.site.document.path, inA.site.document.text);
  const [a, b] = await Promise.all([world.verify(inA, [right]), world.verify(inB, [right])]);
  expect([verdictsOf(a), verdictsOf(b)]).toEqual([["accepted"], ["unknown not-live"]]);
});

it("follows a patch of a git dependency", async () => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "armature-home-")));
  world = new TrapWorld({ CARGO_HOME: home });
  const origin = join(world.base, "origin");
  put(join(origin, "Cargo.toml"), manifest("leaf"));
  put(join(origin, "src/lib.rs"), "pub fn number() -> u16 { 1 }\n");
  for (const args of [
    ["init", "-q"],
    ["add", "."],
    ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "one"],
  ]) {
    expect(spawnSync("git", args, { cwd: origin }).status).toBe(0);
  }
  const files = (patch: string) =>
    root(`${plainManifest}[dependencies]\nleaf = { git = "file://${origin}" }\n${patch}`) +
    file("src/lib.rs", kinds + count) +
    member("leaf", "[workspace]\n", "pub fn number() -> u8 { 1 }\n");
  const uses = { h1: "leaf::number()", h2: "2" };
  world.lay(files(""));
  expect(spawnSync("cargo", ["fetch"], { cwd: world.root, env: world.environment }).status).toBe(0);
  expect(await said(world, files(""), [uses])).toMatchObject({ verdicts: ["rejected h1 E0308"] });
  const patched = files(`[patch."file://${origin}"]\nleaf = { path = "leaf" }\n`);
  expect(await said(world, patched, [uses])).toMatchObject({ verdicts: ["accepted"] });
  rmSync(home, { recursive: true });
});
