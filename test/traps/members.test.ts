/** One file in several packages of a workspace: each of them must accept a draft. */
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain, type Trap, springTraps, TrapWorld, verdictsOf } from "./trap.ts";
import { count, file, kinds, manifest, right, wrong } from "./site.ts";

const root = (members: string, more = "") =>
  file("Cargo.toml", `[workspace]\nmembers = [${members}]\nresolver = "2"\n${more}`);
const member = (name: string, text: string, more = "") =>
  file(`${name}/Cargo.toml`, manifest(name, more)) + file(`${name}/src/lib.rs`, text);
const shared = file("a/src/shared.rs", `use crate::Kind;\n${count}`);
const own = root('"a", "b"') + member("a", `mod shared;\npub use shared::count;\n${kinds}`) + shared;
const byPath = '#[path = "../../a/src/shared.rs"]\npub mod shared;\n';
const fewer = "pub enum Kind { A }\n";
const both = { drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"] };

const traps: readonly Trap[] = [
  {
    title: "another member by a path, where the enum has fewer variants",
    files: own + member("b", byPath + fewer),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "the same by include!",
    files: own + member("b", `pub mod own {\n    include!("../../a/src/shared.rs");\n}\n${fewer}`),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "the same in the tests of another member",
    files: own + member("b", `#[cfg(test)]\n${byPath}#[cfg(test)]\n${fewer}`),
    plainArguments: ["--all-targets"],
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "the same, where the user checks no tests",
    files: own + member("b", `#[cfg(test)]\n${byPath}#[cfg(test)]\n${fewer}`),
    settings: { cargo: { allTargets: false } },
    ...{ ...both, plain: "red" },
  },
  {
    title: "the same by a file that is a module of another member",
    files:
      own +
      member("b", `pub mod inner;\n${fewer}`) +
      file("b/src/inner/mod.rs", '#[path = "../../../a/src/shared.rs"]\npub mod shared;\n'),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "another member by a path, all of it right",
    files: own + member("b", byPath + kinds),
    ...{ ...both, plain: "red" },
  },
  {
    title: "another member with a number of another type",
    files:
      own.replace("-> u8", "-> crate::Unit").replace(kinds, `${kinds}pub type Unit = u8;\n`) +
      member("b", `${byPath}${kinds}pub type Unit = u16;\n`),
    drafts: [{ h1: "1u8", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 E0308", "accepted"], plain: "red" },
  },
  {
    title: "another member that an unclosed brace keeps from being read",
    files: own + member("b", `${byPath}${kinds}pub mod open;\n`) + file("b/src/open.rs", "fn open( {\n"),
    ...{ drafts: [right], verdicts: ["unknown not-live"], plain: "red" },
  },
  {
    title: "another member that is red elsewhere, as it was",
    files: own + member("b", `${byPath}${kinds}pub fn other() -> u8 { "text" }\n`),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a member that leads out of its folder, and not to the file",
    files:
      own +
      file("a/src/more.rs", "pub fn more() {}\n") +
      member("b", '#[path = "../../a/src/more.rs"]\nmod more;\npub fn red() -> u8 { "text" }\n'),
    plainArguments: ["-p", "a"],
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green", checks: 1 },
  },
  {
    title: "a package that is no member, and is compiled for one that depends on it",
    files:
      root('"a"', 'exclude = ["b"]\n') +
      member(
        "a",
        `mod shared;\npub use shared::count;\n${kinds}`,
        '[dependencies]\nb = { path = "../b" }\n',
      ) +
      shared +
      member("b", byPath + fewer),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "a file that only another member has",
    files: root('"a", "b"') + member("a", "") + shared + member("b", byPath + kinds),
    ...{ ...both, plain: "red" },
  },
  {
    title: "a module that a proc-macro has too",
    files:
      own +
      member("b", byPath + kinds, "[lib]\nproc-macro = true\n")
        .replace("pub mod", "mod")
        .replace("pub enum", "enum"),
    ...{ drafts: [right], verdicts: "runs-at-compile-time", plain: "green" },
  },
  {
    title: "a module that the build script of another member has too",
    files:
      own +
      member("b", "") +
      file("b/build.rs", '#[path = "../a/src/shared.rs"]\nmod shared;\nenum Kind { A, B }\nfn main() {}\n'),
    ...{ drafts: [right], verdicts: "runs-at-compile-time", plain: "green" },
  },
  {
    title: "a module that the build script of its own package has too",
    files:
      own +
      member("b", "") +
      file("a/build.rs", '#[path = "src/shared.rs"]\nmod shared;\nenum Kind { A, B }\nfn main() {}\n'),
    ...{ drafts: [right], verdicts: "runs-at-compile-time", plain: "green" },
  },
];

describe("one file in several packages", () => springTraps(traps));

describe("a file that a link brings into another member", () => {
  let world: TrapWorld;
  beforeAll(() => {
    world = new TrapWorld();
  });
  afterAll(() => world.close());

  it.each([
    ["with fewer variants", fewer, ["rejected - E0599"]],
    ["with all of them", kinds, ["accepted"]],
  ])("%s", async (_title, enumText, verdicts) => {
    const skeleton = world.lay(own + member("b", `pub mod linked;\n${enumText}`))!;
    rmSync(join(world.root, "b/src/linked.rs"), { force: true });
    symlinkSync("../../a/src/shared.rs", join(world.root, "b/src/linked.rs"));
    const result = await world.verify(skeleton, [right]);
    expect(verdictsOf(result), explain(result)).toEqual(verdicts);
  });
});
