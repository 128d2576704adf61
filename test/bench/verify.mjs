/**
 * What a verdict costs, beside one warm `cargo check` of the same argv after the same edit, interleaved in one run
 * on copies of published crates; and what the shadow costs. The ratios hold on a busy machine, single times do not.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { usableToolchain } from "../support/toolchain.mjs";
import { medianOf, residentMegabytes } from "./figures.mjs";
import {
  argumentsOf,
  draftsOf,
  editedSite,
  laySubject,
  settingsOf,
  skeletonOf,
  subjects,
  textWith,
  wrongBodies,
  writeFile,
} from "./verify-subjects.mjs";

const here = import.meta.dirname;
/** Design §10: ratios, milliseconds. */
const bars = { first: 1.25, other: 2.3, sixteen: 1.2, built: 0.5, sync: 20, copy: 1_000 };
const rounds = Number(process.env.ARMATURE_BENCH_ROUNDS ?? 5);
const wanted = process.env.ARMATURE_BENCH_CRATES?.split(",");
let edit = 0;

export async function run() {
  const toolchain = usableToolchain(process.env);
  if (toolchain.problem !== undefined) return print(`verify: ${toolchain.problem}`);
  process.env.PATH = toolchain.path;
  const product = await bundleProduct();
  const folder = mkdtempSync(join(tmpdir(), "armature-bench-"));
  try {
    for (const subject of subjects.filter(({ project }) => wanted?.includes(project) ?? true)) {
      await measureSubject(product, subject, join(folder, subject.project));
    }
    await measureShadow(product, join(folder, "shadow"));
    print(`memory of this process: ${residentMegabytes(process.pid).toFixed(0)} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The verifier as it stands in the sources. */
async function bundleProduct() {
  const outfile = resolve(here, "../../node_modules/.armature/bench-verify.mjs");
  const modules = [
    ...["verify/verifier", "verify/settings/check-settings", "verify/check-room", "verify/cargo/workspace"],
    "base/log",
  ];
  const contents = modules.map((name) => `export * from "../../server/${name}.ts";`).join("\n");
  await build({
    ...{ stdin: { contents, resolveDir: here, loader: "ts" }, outfile, bundle: true, format: "esm" },
    ...{ platform: "node", packages: "external", logLevel: "error" },
  });
  return import(outfile);
}

async function measureSubject(product, subject, folder) {
  const world = { product, ...laySubject(subject, folder) };
  print(`${subject.project} (${subject.what}), ${subject.file}, ${rounds} rounds, medians`);
  const verifier = verifierIn(product, join(folder, "cache"));
  try {
    await measureVerdicts({ ...world, verifier });
    await measureNoChange({ ...world, verifier });
  } finally {
    await verifier.dispose();
  }
  print(`  disk of the shadow: ${(sizeOf(join(folder, "cache")) / 1e6).toFixed(0)} MB`);
  await measureFirst(world, folder);
}

function verifierIn(product, cacheDirectory) {
  const isDebug = process.env.ARMATURE_LOG === "debug";
  const log = isDebug ? { ...product.silentLog, debug: print, info: print } : product.silentLog;
  return product.createVerifier({
    ...{ cacheDirectory, log, environment: process.env, diskLimitMegabytes: 20_000 },
  });
}

async function measureVerdicts(world) {
  const { right } = world.site;
  const wrong = wrongBodies(right);
  // What stands first may be a line, as most bodies by analogy are, or several.
  const behind = (first) => {
    const others = [first, ...wrong.filter((body) => body !== first)];
    return [...others.slice(0, 8), right, ...others.slice(8)];
  };
  const [lines, line] = [behind(wrong[0]), behind(wrong[1])];
  // Bodies by analogy are proposed from 0.4 on by default: 0.3 is what a lower threshold lets in. undefined: a model's.
  const [likely, unsure, ofModel] = [() => 0.9, () => 0.3, () => undefined];
  const firstLikely = (rank) => (rank === 0 ? 0.9 : 0.3);
  const ways = {
    "cargo alone": () => plainCheck(world, right),
    "first of 1": () => verdict(world, draftsOf([right], likely)),
    "first of 16": () => verdict(world, draftsOf([right, ...wrong], likely)),
    "ninth of a model, behind a line": () => verdict(world, draftsOf(line, ofModel)),
    "ninth of a model, behind lines": () => verdict(world, draftsOf(lines, ofModel)),
    "ninth, none of them likely": () => verdict(world, draftsOf(lines, unsure)),
    "ninth, behind a likely line": () => verdict(world, draftsOf(line, firstLikely)),
    "ninth, behind likely lines": () => verdict(world, draftsOf(lines, firstLikely)),
  };
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (const way of Object.keys(ways)) await ways[way]();
  for (let round = 0; round < rounds; round += 1) {
    for (const way of Object.keys(ways)) times[way].push(await ways[way]());
  }
  for (const [way, all] of Object.entries(times))
    print(`  ${way.padEnd(32)} ${medianOf(all).toFixed(0).padStart(6)} ms`);
  const ratio = (way, to = "cargo alone") =>
    medianOf(times[way].map((time, index) => time / times[to][index]));
  tell("first draft right", ratio("first of 1"), bars.first);
  for (const way of Object.keys(ways).filter((name) => name.startsWith("ninth")))
    tell(`another of 16 right: the ${way}`, ratio(way), bars.other);
  tell("16 drafts against 1", ratio("first of 16", "first of 1"), bars.sixteen);
}

/** A body in place of `todo!()`, in a plain copy that was checked with the `todo!()` right before. */
function plainCheck(world, body) {
  edit += 1;
  writeFile(world, "todo!()", edit);
  timedCargo(world);
  edit += 1;
  writeFile(world, body, edit);
  return timedCargo(world);
}

function timedCargo({ plain, subject }) {
  const started = performance.now();
  const { status, stderr } = spawnSync("cargo", argumentsOf(subject), { cwd: plain, encoding: "utf8" });
  if (status !== 0) throw new Error(`cargo check failed: ${stderr}`);
  return performance.now() - started;
}

async function verdict({ product, verifier, site, path, subject }, drafts, isNew = true) {
  if (isNew) edit += 1;
  const edited = editedSite(site, edit);
  const document = { uri: `file://${path}`, path, version: edit, text: textWith(edited, site.right) };
  const started = performance.now();
  const result = await verifier.verify({
    ...{ skeleton: skeletonOf(edited, document), drafts, documents: [document] },
    ...{ settings: product.checkSettingsFrom(settingsOf(subject)), signal: new AbortController().signal },
    report: () => {},
  });
  const time = performance.now() - started;
  const isAccepted = result.kind === "report" && result.verdicts.some(({ kind }) => kind === "accepted");
  if (!isAccepted) throw new Error(`no verdict: ${JSON.stringify(result)}`);
  return time;
}

/** The same draft for the same document again: only the markers are new. */
async function measureNoChange(world) {
  const drafts = () => draftsOf([world.site.right], () => 0.9);
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) {
    const time = await verdict(world, drafts(), false);
    ratios.push(time / plainCheck(world, world.site.right));
  }
  tell("the same again", medianOf(ratios), undefined);
}

/** The first check of a shadow: where the user has built nothing, and where they have. */
async function measureFirst({ product, user, path, subject }, folder) {
  const times = [];
  for (const isBuilt of [false, true]) {
    if (isBuilt) spawnSync("cargo", argumentsOf(subject), { cwd: user, stdio: "ignore" });
    const verifier = verifierIn(product, join(folder, isBuilt ? "cache-built" : "cache-cold"));
    const started = performance.now();
    await verifier.warm(path, product.checkSettingsFrom(settingsOf(subject)), new AbortController().signal);
    times.push(performance.now() - started);
    await verifier.dispose();
  }
  print(`  first check: cold ${times[0].toFixed(0)} ms, in a built workspace ${times[1].toFixed(0)} ms`);
  tell("first check in a built workspace", times[1] / times[0], bars.built);
}

async function measureShadow(product, folder) {
  const root = join(folder, "user");
  mkdirSync(join(root, "src/many"), { recursive: true });
  writeFileSync(join(root, "Cargo.toml"), '[package]\nname = "many"\nversion = "0.1.0"\nedition = "2021"\n');
  writeFileSync(join(root, "src/lib.rs"), "pub fn one() {}\n");
  const filler = "pub fn one() -> u8 { 1 }\n".repeat(200);
  for (let index = 0; index < 1_000; index += 1) writeFileSync(join(root, `src/many/m${index}.rs`), filler);
  const { signal } = new AbortController();
  const workspace = await new product.Workspaces(process.env).locate(join(root, "src/lib.rs"), signal);
  const options = { cacheDirectory: join(folder, "cache"), environment: process.env, limitBytes: 1e9 };
  const room = new product.CheckRoom(workspace, { ...options, log: product.silentLog });
  const timed = async (path, text) => {
    const started = performance.now();
    await room.sync.sync(workspace, new Map([[path, text]]), "");
    return performance.now() - started;
  };
  const place = join(root, "src/lib.rs");
  const copy = await timed(place, "pub fn one() {}\n");
  // Files changed less than two seconds ago are compared by content, as those of nobody's workspace all are.
  await setTimeout(2_100);
  await timed(place, "pub fn one() {}\n");
  const edits = [];
  for (let index = 0; index < 20; index += 1) edits.push(await timed(place, `pub fn one() {} // ${index}\n`));
  room.shadow.release();
  print("a workspace of 1,000 files");
  tell("copied", copy, bars.copy, "ms");
  tell("synced after an edit", medianOf(edits), bars.sync, "ms");
}

function sizeOf(folder) {
  const { stdout } = spawnSync("du", ["-sk", folder], { encoding: "utf8" });
  return Number.parseInt(stdout, 10) * 1024;
}

function tell(what, value, bar, unit = "x") {
  const shown = `  ${what}: ${value.toFixed(unit === "x" ? 2 : 1)} ${unit}`;
  print(
    bar === undefined ? `${shown} (no bar)` : `${shown} (bar ${bar}, ${value <= bar ? "within" : "OVER"})`,
  );
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
