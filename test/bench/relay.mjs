/**
 * What standing in between costs: round trips directly, through a bare Node pipe and through the built `armature`,
 * interleaved in one run, first with an analyzer that answers at once, then with the real one.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { usableToolchain } from "../support/toolchain.mjs";
import { Client } from "./client.mjs";
import { medianOf, percentile, residentMegabytes } from "./figures.mjs";

const here = import.meta.dirname;
const armature = resolve(here, "../../dist/cli.js");
const barePipe = join(here, "bare-pipe.mjs");
const ways = ["direct", "pipe", "armature"];
/** Design §10. */
const bars = { ratio: 1.3, before: 65, after: 120 };

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "armature-bench-"));
  try {
    await withScriptedAnalyzer(folder);
    await withRealAnalyzer(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withScriptedAnalyzer(folder) {
  const analyzer = join(here, "fast-analyzer.mjs");
  const setup = {
    folder,
    cache: join(folder, "cache"),
    analyzer,
    command: [process.execPath, analyzer],
    path: process.env.PATH,
  };
  const document = scriptedDocument();
  print("relay, with an analyzer that answers at once");
  const clients = await startAll(setup, document);
  const places = { hover: document.hover, completion: document.completion };
  const times = await measure(clients, document.uri, places, { warmUp: 300, rounds: 1_200 });
  reportTimes(times, bars.ratio);
  reportMemory(clients, "before the first site", bars.before);
  await clients.armature.request("armature/fill", at(document.uri, document.site));
  reportMemory(clients, "after a site", bars.after);
  await stopAll(clients);
}

/** For information: rust-analyzer's own time and its variation are far larger than what is added to it. */
async function withRealAnalyzer(folder) {
  const toolchain = usableToolchain(process.env);
  if (toolchain.problem !== undefined) return print(`the real rust-analyzer: ${toolchain.problem}`);
  const { analyzer, path, version } = toolchain;
  const root = join(folder, "demo");
  cpSync(resolve(here, "../fixtures/demo"), root, { recursive: true });
  const document = realDocument(root);
  print(`\nrelay, with the real one (${version}), for information`);
  const clients = await startAll(
    { folder: root, cache: join(folder, "cache"), analyzer, command: [analyzer], path },
    document,
  );
  const places = { hover: document.hover, completion: document.completion };
  const times = await measure(clients, document.uri, places, { warmUp: 20, rounds: 60 });
  reportTimes(times, undefined);
  reportMemory(clients, "before the first site", bars.before);
  const { result } = await clients.armature.request("armature/fill", at(document.uri, document.site));
  print(`  a site was filled: ${result.kind === "offers" ? result.offers[0].label : result.message}`);
  reportMemory(clients, "after a site", bars.after);
  await stopAll(clients);
}

/** 50 kB of functions, and a match to be filled at the end. */
function scriptedDocument() {
  const body = "    let value = compute(1, 2);\n    value.finish();\n";
  const plain = Array.from({ length: 700 }, (_, index) => `fn name_${index}() {\n${body}}\n`).join("");
  const text = `${plain}fn last(x: Shape) {\n    match x {\n        \n    }\n}\n`;
  const uri = "file:///project/src/lib.rs";
  const middle = text.indexOf("value.finish", text.length / 2);
  return {
    root: "file:///project",
    uri,
    text,
    hover: positionOf(text, middle),
    completion: positionOf(text, middle + "value.".length),
    site: positionOf(text, text.indexOf("match x {\n") + "match x {\n".length + 8),
  };
}

function realDocument(root) {
  const file = join(root, "src/tracking.rs");
  const text = readFileSync(file, "utf8");
  const name = text.indexOf("hub.to_string");
  return {
    root: pathToFileURL(root).href,
    uri: pathToFileURL(file).href,
    text,
    // Nothing else is to run in the background while it is measured.
    initializationOptions: { checkOnSave: false, cachePriming: { enable: false } },
    hover: positionOf(text, name),
    completion: positionOf(text, name + "hub.".length),
    site: positionOf(text, text.indexOf("match self")),
  };
}

async function startAll({ folder, cache, analyzer, command, path }, document) {
  const environment = {
    ...process.env,
    PATH: path,
    ARMATURE_RUST_ANALYZER: analyzer,
    ARMATURE_CACHE_DIR: cache,
  };
  const commands = {
    direct: command,
    pipe: [process.execPath, barePipe],
    armature: [process.execPath, armature],
  };
  const clients = {};
  for (const way of ways) {
    clients[way] = new Client(commands[way], { cwd: folder, environment });
    await clients[way].start(document);
  }
  return clients;
}

const orders = [
  ["direct", "pipe", "armature"],
  ["direct", "armature", "pipe"],
  ["pipe", "direct", "armature"],
  ["pipe", "armature", "direct"],
  ["armature", "direct", "pipe"],
  ["armature", "pipe", "direct"],
];

/** Lets the one who answered last come to rest: what it still does is not the next one's time. */
const pause = 2;

/** Milliseconds per kind of request and way. Each round asks everybody, in another order. */
async function measure(clients, uri, places, { warmUp, rounds }) {
  const times = {};
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const [kind, position] of Object.entries(places)) {
      times[kind] ??= { size: 0, direct: [], pipe: [], armature: [] };
      for (const way of orders[round % orders.length]) {
        await setTimeout(pause);
        const { milliseconds, size } = await clients[way].request(`textDocument/${kind}`, at(uri, position));
        times[kind].size = size;
        if (round >= warmUp) times[kind][way].push(milliseconds);
      }
    }
  }
  return times;
}

function reportTimes(times, bar) {
  for (const [kind, { size, ...perWay }] of Object.entries(times)) {
    const medians = Object.fromEntries(ways.map((way) => [way, medianOf(perWay[way])]));
    const figures = ways.map(
      (way) => `${way} ${medians[way].toFixed(3)}/${percentile(perWay[way], 0.95).toFixed(3)}`,
    );
    print(`  ${kind}, ${(size / 1000).toFixed(1)} kB, ms p50/p95: ${figures.join(", ")}`);
    const ratio = (medians.armature - medians.direct) / (medians.pipe - medians.direct);
    const added = `added by pipe ${(medians.pipe - medians.direct).toFixed(3)}, by armature ${(medians.armature - medians.direct).toFixed(3)}`;
    print(`    ${added}, ratio ${ratio.toFixed(2)}${bar === undefined ? "" : verdict(ratio, bar)}`);
  }
}

function reportMemory({ pipe, armature: proxy }, when, bar) {
  const [bare, ours] = [pipe, proxy].map(({ pid }) => residentMegabytes(pid));
  print(
    `  resident memory ${when}: ${ours.toFixed(1)} MB${verdict(ours, bar)}; bare pipe ${bare.toFixed(1)} MB`,
  );
}

function verdict(value, bar) {
  return value <= bar ? ` (bar ${bar}: ok)` : ` (bar ${bar}: MISSED)`;
}

async function stopAll(clients) {
  await Promise.all(Object.values(clients).map((client) => client.stop()));
}

function at(uri, position) {
  return { textDocument: { uri }, position };
}

function positionOf(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1).length };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
