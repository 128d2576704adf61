/**
 * What a verdict costs, beside one warm `cargo check` of the same argv after the same edit, interleaved in one run
 * on copies of published crates; and what the shadow costs. The ratios hold on a busy machine, single times do not.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { usableToolchain } from "../support/toolchain.mjs";
import { medianOf, residentMegabytes } from "./figures.mjs";

const here = import.meta.dirname;
/** Design §10. */
const bars = { first: 1.25, other: 2.3, sixteen: 1.2, sync: 20, copy: 1_000 };
const rounds = Number(process.env.ARMATURE_BENCH_ROUNDS ?? 5);

/** One arm of a match is the hole. The large file is what our own reading shows at, the small crate the rest. */
const allSubjects = [
  {
    crate: "ignore-0.4.23",
    file: "src/walk.rs",
    keyword: "match *self {\n            Stdin => Path::new",
    body: "x.path()",
    features: [],
    allTargets: true,
  },
  {
    crate: "naga-22.1.0",
    file: "src/back/msl/writer.rs",
    keyword: "match self {\n            Self {\n                kind: Sk::Float",
    body: '"float"',
    features: ["msl-out"],
    allTargets: false,
  },
];

const named = process.env.ARMATURE_BENCH_CRATES?.split(",");
const subjects = allSubjects.filter(({ crate }) => named === undefined || named.includes(crate));

export async function run() {
  const toolchain = usableToolchain(process.env);
  if (toolchain.problem !== undefined) return print(`verify: ${toolchain.problem}`);
  process.env.PATH = toolchain.path;
  const product = await bundleProduct();
  const folder = mkdtempSync(join(tmpdir(), "armature-bench-"));
  try {
    for (const subject of subjects) await measureSubject(product, subject, join(folder, subject.crate));
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
    "verify/verifier",
    "verify/check-settings",
    "verify/check-room",
    "verify/workspace",
    "base/log",
  ];
  const contents = modules.map((name) => `export * from "../../server/${name}.ts";`).join("\n");
  const stdin = { contents, resolveDir: here, loader: "ts" };
  await build({
    stdin,
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  return import(outfile);
}

async function measureSubject(product, subject, folder) {
  const source = sourceOf(subject.crate);
  if (source === undefined) return print(`${subject.crate}: not in cargo's registry here (cargo fetch)`);
  const [user, plain] = ["user", "plain"].map((name) => join(folder, name));
  cpSync(source, user, { recursive: true });
  if (!fetchDependencies(user)) return print(`${subject.crate}: its dependencies could not be fetched`);
  cpSync(user, plain, { recursive: true });
  const verifier = product.createVerifier({
    cacheDirectory: join(folder, "cache"),
    log: process.env.ARMATURE_LOG === "debug" ? { ...product.silentLog, debug: print } : product.silentLog,
    environment: process.env,
    diskLimitMegabytes: 20_000,
  });
  const site = siteIn(readFileSync(join(user, subject.file), "utf8"), subject);
  if (site === undefined) return print(`${subject.crate}: the place was not found`);
  const world = { product, verifier, site, path: join(user, subject.file), plain, subject };
  try {
    await measureVerdicts(world);
  } finally {
    await verifier.dispose();
  }
  print(`  disk of the shadow: ${(sizeOf(join(folder, "cache")) / 1e6).toFixed(0)} MB`);
}

async function measureVerdicts(world) {
  const { subject, site } = world;
  const wrong = wrongBodies(site.right);
  const ways = {
    "cargo alone": () => plainCheck(world),
    "first of 1": () => verdict(world, [site.right]),
    "first of 16": () => verdict(world, [site.right, ...wrong]),
    "ninth of 16": () => verdict(world, [...wrong.slice(0, 8), site.right, ...wrong.slice(8)]),
  };
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (const way of Object.keys(ways)) await ways[way]();
  for (let round = 0; round < rounds; round += 1) {
    for (const way of Object.keys(ways)) times[way].push(await ways[way]());
  }
  const medians = Object.fromEntries(Object.entries(times).map(([way, all]) => [way, medianOf(all)]));
  const bases = times["cargo alone"];
  const ratio = (way, to = bases) => medianOf(times[way].map((time, index) => time / to[index]));
  print(`verify ${subject.crate}, ${subject.file}, ${rounds} rounds, medians`);
  for (const [way, time] of Object.entries(medians))
    print(`  ${way.padEnd(12)} ${time.toFixed(0).padStart(6)} ms`);
  tell("first draft right", ratio("first of 1"), bars.first);
  tell("another of 16 right", ratio("ninth of 16"), bars.other);
  tell("16 drafts against 1", ratio("first of 16", times["first of 1"]), bars.sixteen);
}

/** As models err: types that do not fit, methods and names that do not exist. */
function wrongBodies(right) {
  const kinds = [
    (index) => `{ let n: u8 = "text ${index}"; let _ = n; ${right} }`,
    (index) => `(${index}u64, 1)`,
    (index) => `{ let value = ${right}; value.armature_method_${index}() }`,
    (index) => `armature_name_${index}(1)`,
    (index) => `{ let text = String::from("${index}"); drop(text); let _ = text.len(); ${right} }`,
  ];
  return Array.from({ length: 15 }, (_, index) => kinds[index % kinds.length](index));
}

let edit = 0;

/** The same edit (a body in place of `todo!()`), the same argv, a plain copy that has been checked before. */
function plainCheck({ plain, subject, site }) {
  timedCheck({ plain, subject, site }, "todo!()");
  return timedCheck({ plain, subject, site }, site.right);
}

function timedCheck({ plain, subject, site }, body) {
  edit += 1;
  writeFileSync(join(plain, subject.file), `${site.before}${body}${site.after}// ${edit}\n`);
  const started = performance.now();
  const name = subject.crate.replace(/-[\d.]+$/, "");
  const options = ["-p", name, "--keep-going", "--offline", "--message-format=json"];
  if (subject.allTargets) options.push("--all-targets");
  if (subject.features.length > 0) options.push("--features", subject.features.join(","));
  const { status, stderr } = spawnSync("cargo", ["check", ...options], { cwd: plain, encoding: "utf8" });
  if (status !== 0) throw new Error(`cargo check failed: ${stderr}`);
  return performance.now() - started;
}

async function verdict({ product, verifier, site, path, subject }, bodies) {
  edit += 1;
  const text = `${site.before}${site.right}${site.after}// ${edit}\n`;
  const document = { uri: `file://${path}`, path, version: edit, text };
  const started = performance.now();
  const result = await verifier.verify({
    skeleton: skeletonOf(site, document),
    drafts: bodies.map((body, rank) => draftOf(body, rank)),
    documents: [document],
    settings: product.checkSettingsFrom({
      cargo: { features: subject.features, allTargets: subject.allTargets },
      armature: { verify: { drafts: 16 } },
    }),
    signal: new AbortController().signal,
    report: () => {},
  });
  const time = performance.now() - started;
  const isAccepted = result.kind === "report" && result.verdicts.some(({ kind }) => kind === "accepted");
  if (!isAccepted) throw new Error(`no verdict: ${JSON.stringify(result)}`);
  return time;
}

/** The body of one arm is the hole. */
function siteIn(text, { keyword, body }) {
  const start = text.indexOf(keyword);
  if (start < 0) return undefined;
  const bodyStart = text.lastIndexOf("=> ", text.indexOf(body, start)) + 3;
  const bodyEnd = text.indexOf(",\n", bodyStart);
  return {
    keyword: start,
    before: text.slice(0, bodyStart),
    right: text.slice(bodyStart, bodyEnd),
    after: text.slice(bodyEnd),
  };
}

function skeletonOf({ keyword, before, right, after }, document) {
  const end = before.length + right.length;
  const closing = /\n {8}\}/.exec(after)?.index ?? 0;
  const hole = { id: "h1", kind: "body", span: { start: 0, end: 7 }, owner: "", name: "" };
  return {
    site: {
      ...{ kind: "match", document, healed: { start: keyword, end: keyword }, unhealed: "", healedText: "" },
      ...{ span: { start: keyword, end: end + closing + 10 }, keyword, insertAt: undefined, label: "match" },
    },
    ...{ replaced: { start: before.length, end }, text: "todo!()", holes: [hole], added: 1, written: [] },
  };
}

function draftOf(text, rank) {
  const author = { by: "analogy", rule: "bench", place: "bench:1", chance: 1 };
  return { rank, fillings: new Map([["h1", { text, author }]]) };
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
  const room = new product.CheckRoom(workspace, options);
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
  tell("copying 1,000 files", copy, bars.copy, "ms");
  tell("sync after an edit among 1,000 files", medianOf(edits), bars.sync, "ms");
}

function fetchDependencies(cwd) {
  const isFetched = (...options) =>
    spawnSync("cargo", ["fetch", ...options], { cwd, stdio: "ignore" }).status === 0;
  return isFetched("--offline") || isFetched();
}

function sourceOf(crate) {
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry/src");
  if (!existsSync(registry)) return undefined;
  return readdirSync(registry)
    .map((name) => join(registry, name, crate))
    .find((path) => existsSync(path));
}

function sizeOf(folder) {
  const { stdout } = spawnSync("du", ["-sk", folder], { encoding: "utf8" });
  return Number.parseInt(stdout, 10) * 1024;
}

function tell(what, value, bar, unit = "x") {
  const verdict = value <= bar ? "within" : "OVER";
  print(`  ${what}: ${value.toFixed(unit === "x" ? 2 : 1)} ${unit} (bar ${bar}, ${verdict})`);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
