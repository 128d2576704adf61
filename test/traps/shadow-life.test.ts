/** Clocks that go wrong, disks that are full, and trees with odd things in them. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Abort } from "../../server/base/abort.ts";
import { createLog, silentLog } from "../../server/base/log.ts";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { Shadow } from "../../server/verify/shadow/shadow.ts";
import { pruneShadows } from "../../server/verify/shadow/slots.ts";
import { createWatchedVerifier, type Verifier } from "../support/held/watched-verifier.ts";
import { document, draftOf, shortly } from "../slow/verify-world.ts";
import { ShadowWorld } from "./shadow-world.ts";
import { count, file, kinds, manifest, right } from "./site.ts";
import { verdictsOf } from "./trap.ts";

let world: ShadowWorld;
beforeEach(() => (world = new ShadowWorld()));
afterEach(() => world.close());

const verdicts = async (...given: Parameters<ShadowWorld["verify"]>) =>
  verdictsOf(await world.verify(...given));
const hour = 3_600;

/** Moves every file time below a directory by some seconds. */
const shift = (directory: string, seconds: number) => {
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const path = join(directory, name);
    const { mtimeMs } = statSync(path);
    utimesSync(path, mtimeMs / 1_000 + seconds, mtimeMs / 1_000 + seconds);
  }
};

describe("a clock that was set back by an hour", () => {
  const files =
    file("Cargo.toml", '[workspace]\nmembers = ["app", "helper"]\nresolver = "2"\n') +
    file("app/Cargo.toml", manifest("app", '[dependencies]\nhelper = { path = "../helper" }\n')) +
    file("app/src/lib.rs", kinds + count) +
    file("helper/Cargo.toml", manifest("helper")) +
    file("helper/src/lib.rs", "pub fn one() -> u8 { 1 }\n");
  const draft = { h1: "helper::one()", h2: "2" };
  /** The shadow is as it would be if all that was done in it had been done in an hour. */
  const begin = async () => {
    const skeleton = world.lay(files)!;
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    shift(world.slot, hour);
    world.put("helper/src/lib.rs", "pub fn two() -> u8 { 2 }\n");
    return skeleton;
  };

  it("within a session", async () => {
    const skeleton = await begin();
    expect(await verdicts(skeleton, [draft])).toEqual(["rejected h1 E0425"]);
    expect(world.lines.join("")).toContain("the clock was set back");
    world.put("helper/src/lib.rs", "pub fn one() -> u8 { 1 }\n");
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  });

  it.each(["ended", "running"])("between two sessions, the last check having %s", async (state) => {
    const skeleton = await begin();
    await world.verifier.dispose();
    const checked = join(world.slot, "checked");
    const { mtime } = statSync(checked);
    writeFileSync(checked, state);
    // A check that never ended has left only its start, and units that are newer.
    const time = state === "ended" ? mtime : new Date();
    utimesSync(checked, time, time);
    const next = another();
    const result = await next.verify(requestFor(skeleton, draft));
    expect(shortly(result)).toEqual(["rejected h1 E0425"]);
    await next.dispose();
  });

  it("makes plain cargo green where files are only written anew", async () => {
    const skeleton = await begin();
    writeFileSync(world.placeOf("helper/src/lib.rs"), "pub fn two() -> u8 { 2 }\n");
    expect((await world.checkInShadow(skeleton, draft)).colour).toBe("green");
  });
});

it("waits for a clock that is behind by little, and keeps what was built", async () => {
  const skeleton = world.lay(file("src/lib.rs", kinds + count))!;
  expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
  const soon = (Date.now() + 500) / 1_000;
  utimesSync(join(world.slot, "checked"), soon, soon);
  expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
  expect(Date.now() / 1_000).toBeGreaterThan(soon);
  expect(world.lines.join("")).not.toContain("the clock was set back");
});

const another = (options: Partial<Parameters<typeof createWatchedVerifier>[0]> = {}): Verifier =>
  createWatchedVerifier({
    ...{ cacheDirectory: join(world.base, "cache"), log: silentLog, environment: world.environment },
    ...{ diskLimitMegabytes: 10_000, ...options },
  });
const requestFor = (
  skeleton: Parameters<ShadowWorld["verify"]>[0],
  bodies: Readonly<Record<string, string>>,
) => ({
  ...{ skeleton, drafts: [draftOf(bodies, 0)], documents: [skeleton.site.document] },
  ...{ settings: checkSettingsFrom({}), signal: new Abort().signal, report: () => {} },
});

describe("the disk", () => {
  it("being full while a file is written is no verdict, and nothing wrong comes of it afterwards", async () => {
    const other = (text: string) =>
      file("src/lib.rs", `mod other;\n${kinds}${count}`) + file("src/other.rs", text);
    const skeleton = world.lay(other("pub fn one() -> u8 { 1 }\n"))!;
    const draft = { h1: "other::one()", h2: "2" };
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    // Where the next temporary files go there is no room: so says the kernel.
    const temporary = join(world.slot, "temporary");
    for (let index = 0; index < 500; index += 1) {
      const place = join(temporary, String(index));
      if (!existsSync(place)) symlinkSync("/dev/full", place);
    }
    const unsaved = document(join(world.root, "src/other.rs"), "pub fn two() -> u8 { 2 }\n");
    const documents = [skeleton.site.document, unsaved];
    const result = await world.verify(skeleton, [draft], { documents });
    expect(result).toMatchObject({ kind: "none", reason: "shadow-failed" });
    expect(JSON.stringify(result)).toContain("ENOSPC");
    for (const name of readdirSync(temporary)) unlinkSync(join(temporary, name));
    expect(await verdicts(skeleton, [draft], { documents })).toEqual(["rejected h1 E0425"]);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  });

  it("being full while rustc writes is no verdict on the draft", async () => {
    const script = 'fn main() { std::fs::write("/dev/full", "x").unwrap(); }\n';
    const skeleton = world.lay(file("build.rs", script) + file("src/lib.rs", kinds + count))!;
    const result = await world.verify(skeleton, [right]);
    expect(result).toMatchObject({ kind: "none", reason: "shadow-failed" });
    expect(JSON.stringify(result)).toMatch(/no room is left .*No space left on device/);
  });

  it("that cannot be written is no verdict", async () => {
    const skeleton = world.lay(file("src/lib.rs", kinds + count))!;
    // Root too may not make directories there.
    const next = another({ cacheDirectory: "/sys/kernel/armature" });
    const result = await next.verify(requestFor(skeleton, right));
    expect(result).toMatchObject({ kind: "none", reason: "shadow-failed" });
    expect(JSON.stringify(result)).toMatch(/E(PERM|ACCES|ROFS): \/sys\/kernel\/armature/);
    await next.dispose();
  });

  it("is kept within its limit while a session lasts", async () => {
    const lines: string[] = [];
    const log = createLog({ level: "info", now: () => new Date(0), write: (line) => lines.push(line) });
    let diskLimitMegabytes = 10_000;
    const next = another({ log, diskLimitMegabytes: () => diskLimitMegabytes });
    const skeleton = world.lay(file("src/lib.rs", kinds + count))!;
    const verify = async () =>
      expect(shortly(await next.verify(requestFor(skeleton, right)))).toEqual(["accepted"]);
    await verify();
    diskLimitMegabytes = 0.001;
    const hasDropped = () => lines.some((line) => line.includes("has grown beyond the limit"));
    for (let round = 0; round < 40 && !hasDropped(); round += 1) await verify();
    expect(hasDropped()).toBe(true);
    diskLimitMegabytes = 10_000;
    await verify();
    await next.dispose();
  });

  it("loses shadows of workspaces that are gone first, then those used longest ago, and leftovers", async () => {
    const cache = join(world.base, "cache");
    const roots = ["old", "new", "gone"].map((name) => join(world.base, "others", name));
    for (const [index, root] of roots.entries()) {
      mkdirSync(join(root, "src"), { recursive: true });
      writeFileSync(join(root, "Cargo.toml"), manifest("trap"));
      writeFileSync(join(root, "src/lib.rs"), "\n");
      const own = another();
      await own.warm(join(root, "src/lib.rs"), checkSettingsFrom({}), new Abort().signal);
      await own.dispose();
      for (const name of ["used", "checked"])
        utimesSync(join(world.slotOf(root), name), index + 1, index + 1);
    }
    rmSync(roots[2]!, { recursive: true });
    const leftover = `${world.slotOf(roots[0]!)}.lock.2147483646`;
    writeFileSync(leftover, "");
    const skeleton = world.lay(file("src/lib.rs", kinds + count))!;
    expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
    const all = await pruneShadows(cache, Number.MAX_SAFE_INTEGER);
    const { removed } = await pruneShadows(cache, all.bytes - 1);
    expect(removed).toEqual([world.slotOf(roots[2]!)]);
    expect(existsSync(dirname(world.slotOf(roots[2]!)))).toBe(false);
    const rest = await pruneShadows(cache, 0);
    // The one in use stays.
    expect(rest.removed).toEqual(roots.slice(0, 2).map((root) => world.slotOf(root)));
    expect(existsSync(world.slot)).toBe(true);
    expect(existsSync(leftover)).toBe(false);
  });
});

const beforeCopying = (work: (from: string) => void) => {
  const copy: (this: Shadow, path: string, from: string) => void = Reflect.get(Shadow.prototype, "copy");
  return vi.spyOn(Shadow.prototype, "copy").mockImplementation(function (this: Shadow, path, from) {
    work(from);
    copy.call(this, path, from);
  });
};

describe("odd things in a tree", () => {
  const text = `mod other;\n${kinds}${count}`;
  const one = "pub fn one() -> u8 { 1 }\n";
  const draft = { h1: "other::one()", h2: "2" };
  const lay = () => world.lay(file("src/lib.rs", text) + file("src/other.rs", one))!;

  it("files that nobody can read, sockets, pipes and names that are no text are left out", async () => {
    const skeleton = lay();
    await world.run("mkfifo", ["pipe"], world.root);
    const server = createServer().listen(join(world.root, "socket"));
    await new Promise((listening) => server.on("listening", listening));
    // A file to the eye, and an error to who reads it; of size 0, so that a copy alone would not notice.
    const spy = beforeCopying((from) => /unreadable(\.rs)?$/.test(from) && readFileSync(from));
    for (const name of ["unreadable", "src/unreadable.rs"])
      symlinkSync("/proc/self/mem", join(world.root, name));
    symlinkSync("nowhere", join(world.root, "dangling"));
    symlinkSync(".", join(world.root, "loop"));
    writeFileSync(Buffer.concat([Buffer.from(`${world.root}/`), Buffer.from([0xff, 0xfe])]), "x");
    mkdirSync(Buffer.concat([Buffer.from(`${world.root}/`), Buffer.from([0xff, 0xfd])]));
    expect(await world.verify(skeleton, [draft])).toMatchObject({ verdicts: [{ kind: "accepted" }] });
    const here = ["pipe", "socket", "unreadable", "dangling"].map((name) => existsSync(world.placeOf(name)));
    expect(here).toEqual([false, false, false, false]);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    spy.mockRestore();
    await new Promise((closed) => server.close(closed));
  });

  it("a file that could be read and no longer can be is no longer there", async () => {
    const skeleton = lay();
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    rmSync(join(world.root, "src/other.rs"));
    symlinkSync("/proc/self/mem", join(world.root, "src/other.rs"));
    expect(await verdicts(skeleton, [draft])).not.toEqual(["accepted"]);
    expect(existsSync(world.placeOf("src/other.rs"))).toBe(false);
  });

  it("a file that vanishes between the look and the copy", async () => {
    const skeleton = lay();
    for (let index = 0; index < 3; index += 1) world.put(`data/${index}`, "x");
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    await world.verifier.dispose();
    const next = another();
    world.put("data/1", "changed");
    const spy = beforeCopying((from) => {
      if (from.endsWith("data/1")) rmSync(from);
    });
    expect(shortly(await next.verify(requestFor(skeleton, draft)))).toEqual(["accepted"]);
    spy.mockRestore();
    expect(existsSync(world.placeOf("data/1"))).toBe(false);
    expect(existsSync(world.placeOf("data/2"))).toBe(true);
    await next.dispose();
  });

  it("a name that changes in nothing but its case", async () => {
    const skeleton = lay();
    renameSync(join(world.root, "src/other.rs"), join(world.root, "src/Other.rs"));
    expect(await verdicts(skeleton, [draft])).not.toEqual(["accepted"]);
    renameSync(join(world.root, "src/Other.rs"), join(world.root, "src/other.rs"));
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    expect(readdirSync(world.placeOf("src")).sort()).toEqual(["lib.rs", "other.rs"]);
  });

  it("large files, which are copied off the event loop and again when they change", async () => {
    const skeleton = lay();
    const place = join(world.root, "large.bin");
    writeFileSync(place, "a");
    truncateSync(place, 50_000_000);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    expect(statSync(world.placeOf("large.bin")).size).toBe(50_000_000);
    writeFileSync(place, "b");
    truncateSync(place, 50_000_000);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    expect(readFileSync(world.placeOf("large.bin")).subarray(0, 1).toString()).toBe("b");
  });

  it("thousands of files", async () => {
    const skeleton = lay();
    for (let index = 0; index < 3_000; index += 1) world.put(`data/${index % 50}/${index}.txt`, `${index}`);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    rmSync(join(world.root, "data/7"), { recursive: true });
    world.put("data/8/new.txt", "new");
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    const names = (directory: string) => readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
    expect(names(world.placeOf("data"))).toEqual(names(join(world.root, "data")));
  });
});

it("leaves no temporary files of a process that crashed", async () => {
  const skeleton = world.lay(file("src/lib.rs", kinds + count))!;
  expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
  await world.verifier.dispose();
  mkdirSync(join(world.slot, "temporary/77/deps"), { recursive: true });
  writeFileSync(join(world.slot, "temporary/78"), "half");
  const next = another();
  expect(shortly(await next.verify(requestFor(skeleton, right)))).toEqual(["accepted"]);
  expect(readdirSync(join(world.slot, "temporary"))).toEqual([]);
  await next.dispose();
});
