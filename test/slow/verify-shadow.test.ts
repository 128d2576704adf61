import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Abort } from "../../server/base/abort.ts";
import { silentLog } from "../../server/base/log.ts";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { createWatchedVerifier } from "../support/held/watched-verifier.ts";
import { document, draftOf, environment, makeWorld, shortly, type World } from "./verify-world.ts";

const source = `pub enum Kind { A, B }\npub fn name(kind: &Kind) -> u8 {\n    match kind {«\n        Kind::A => ‹body:todo!()›,\n        Kind::B => ‹body:todo!()›,\n    »}\n}\n`;
const right = { h1: "1", h2: "2" };

let world: World;
afterEach(() => world.close());

const slots = () => readdirSync(world.cache).flatMap((name) => readdirSync(join(world.cache, name)));
const inShadow = (file: string, slot = "slot-0") =>
  join(world.cache, readdirSync(world.cache)[0] ?? "", slot, "tree", world.pathOf(file));
const second = () =>
  createWatchedVerifier({
    cacheDirectory: world.cache,
    log: silentLog,
    environment,
    diskLimitMegabytes: 10_000,
  });
const request = () => ({
  skeleton: world.skeleton("src/lib.rs", source),
  drafts: [draftOf(right, 0)],
  documents: [],
  settings: checkSettingsFrom({}),
  signal: new Abort().signal,
  report: () => {},
});

it("gives two verifiers on one workspace a shadow each, and the next one the warm one", async () => {
  world = makeWorld({});
  const skeleton = world.skeleton("src/lib.rs", source);
  const other = second();
  const both = await Promise.all([world.verify(skeleton, [right]), other.verify(request())]);
  expect(both.map(shortly)).toEqual([["accepted"], ["accepted"]]);
  expect(slots().filter((name) => /^slot-\d$/.test(name))).toEqual(["slot-0", "slot-1"]);
  await other.dispose();
  await world.verifier.dispose();
  const third = second();
  expect(shortly(await third.verify(request()))).toEqual(["accepted"]);
  expect(slots().filter((name) => name.endsWith(".lock"))).toEqual(["slot-0.lock"]);
  await third.dispose();
});

it("takes over the slot of a process that is gone", async () => {
  world = makeWorld({});
  expect(shortly(await world.verify(world.skeleton("src/lib.rs", source), [right]))).toEqual(["accepted"]);
  await world.verifier.dispose();
  const lock = join(world.cache, readdirSync(world.cache)[0] ?? "", "slot-0.lock");
  writeFileSync(lock, "2147483646");
  const next = second();
  expect(shortly(await next.verify(request()))).toEqual(["accepted"]);
  expect(readFileSync(lock, "utf8")).toBe(String(process.pid));
  expect(slots().filter((name) => /^slot-\d$/.test(name))).toEqual(["slot-0"]);
  await next.dispose();
});

it("does not believe what a crash left in the shadow", async () => {
  world = makeWorld({ "src/other.rs": "pub fn one() -> u8 { 1 }\n" });
  const skeleton = world.skeleton("src/lib.rs", `mod other;\n${source}`);
  const draft = { h1: "other::one()", h2: "2" };
  expect(shortly(await world.verify(skeleton, [draft]))).toEqual(["accepted"]);
  await world.verifier.dispose();
  writeFileSync(inShadow("src/other.rs"), "pub fn two() -> u8 { 2 }\n");
  writeFileSync(inShadow("src/stray.rs"), "");
  writeFileSync(join(inShadow("src/stray.rs").split("/tree/")[0] ?? "", "unfinished"), "");
  const next = second();
  const again = await next.verify({ ...request(), skeleton, drafts: [draftOf(draft, 0)] });
  expect(shortly(again)).toEqual(["accepted"]);
  expect(existsSync(inShadow("src/stray.rs"))).toBe(false);
  await next.dispose();
});

it("keeps links inside the workspace and copies what links lead out to", async () => {
  world = makeWorld({ "src/real.rs": "pub fn one() -> u8 { 1 }\n" });
  symlinkSync("real.rs", world.pathOf("src/linked.rs"));
  const outside = join(world.root, "..", "outside.rs");
  writeFileSync(outside, "pub fn two() -> u8 { 2 }\n");
  symlinkSync(outside, world.pathOf("src/outside.rs"));
  const skeleton = world.skeleton("src/lib.rs", `mod linked;\nmod outside;\n${source}`);
  const draft = { h1: "linked::one()", h2: "outside::two()" };
  expect(shortly(await world.verify(skeleton, [draft]))).toEqual(["accepted"]);
});

it("leaves version control and target directories out and keeps hidden ones", async () => {
  world = makeWorld({
    ".git/HEAD": "ref: x\n",
    "target/big": "x",
    ".hidden/file": "x",
    ".cargo/config.toml": "[env]\nX = '1'\n",
  });
  expect(shortly(await world.verify(world.skeleton("src/lib.rs", source), [right]))).toEqual(["accepted"]);
  const here = [".git", "target", ".hidden/file", ".cargo/config.toml"].map((name) =>
    existsSync(inShadow(name)),
  );
  expect(here).toEqual([false, false, true, true]);
});

it("is warm after warming: the dependencies are built and the next verdict takes one check", async () => {
  world = makeWorld({});
  const skeleton = world.skeleton("src/lib.rs", source);
  await world.verifier.warm(skeleton.site.document.path, checkSettingsFrom({}), new Abort().signal);
  expect(existsSync(join(inShadow("src/lib.rs").split("/tree/")[0] ?? "", "build/debug/deps"))).toBe(true);
  expect(await world.verify(skeleton, [right])).toMatchObject({ kind: "report", checks: 1 });
});

it("has no verdict where the shadow cannot be written", async () => {
  world = makeWorld({});
  writeFileSync(world.cache, "a file where the cache directory should be");
  const result = await world.verify(world.skeleton("src/lib.rs", source), [right]);
  expect(result).toMatchObject({ kind: "none", reason: "shadow-failed" });
  expect(JSON.stringify(result)).toMatch(/E[A-Z]+: .*cache/);
});

it("checks with the unsaved text of a path dependency that is named from the root of the file system", async () => {
  world = makeWorld({});
  const helper = join(world.root, "..", "helper");
  mkdirSync(join(helper, "src"), { recursive: true });
  const manifest = (name: string) => `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n`;
  writeFileSync(join(helper, "Cargo.toml"), manifest("helper"));
  writeFileSync(join(helper, "src/lib.rs"), "pub fn one() -> u8 { 1 }\n");
  world.write(
    "Cargo.toml",
    `${manifest("shapes")}[dependencies]\nhelper = { path = ${JSON.stringify(helper)} }\n`,
  );
  const skeleton = world.skeleton("src/lib.rs", source);
  const draft = { h1: "helper::one()", h2: "2" };
  expect(shortly(await world.verify(skeleton, [draft]))).toEqual(["accepted"]);
  const unsaved = document(join(helper, "src/lib.rs"), "pub fn two() -> u8 { 2 }\n");
  const documents = [skeleton.site.document, unsaved];
  expect(shortly(await world.verify(skeleton, [draft], { documents }))).toEqual(["rejected h1 E0425"]);
});
