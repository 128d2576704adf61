import { existsSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  fillMethod,
  type FillResult,
  type FillOffer,
  whyMethod,
  type WhyResult,
} from "../../protocol/methods.ts";
import { Abort } from "../base/abort.ts";
import { describeError, type Log } from "../base/log.ts";
import { workspaceRoot } from "../facts/workspace-root.ts";
import { findAnalyzer } from "../relay/analyzer.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { type HeadlessEditor, startHeadlessEditor } from "./headless-editor.ts";
import { appliedText, diffOf, readableEvidence } from "./readable.ts";
import { progressLine } from "./terminal.ts";
import { writeFileWhole } from "./write-file.ts";

/** Documented in `armature fill --help` and the README. */
export const fillExitCodes = { offered: 0, noOffer: 1, usage: 2, failed: 3 } as const;

export const fillHelp = `armature fill FILE:LINE[:COLUMN] [--write] [--json | --why] [--settings JSON]

Fills the match or impl at a place (1-based line and column; the column counts characters) with bodies that
cargo check has accepted, and prints the diff with the evidence.

  --write           apply the best offer to the file
  --json            print the answer of the request armature/fill as JSON
  --why             also print the drafts that were dropped, and why
  --settings JSON   rust-analyzer's settings, with ours under "armature", as an editor would send them

Exit codes: 0 offered (and written with --write), 1 no offer (the reason is printed), 2 bad usage,
3 something failed.
`;

export interface CommandOptions {
  readonly arguments: readonly string[];
  readonly self: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** The one job starts at once: nothing is gained by warming up beside it. */
export const noWarmUp = { verify: { warm: false } };

interface Place {
  readonly path: string;
  /** 0-based. */
  readonly line: number;
  /** 0-based, in characters; undefined: the first thing on the line. */
  readonly column: number | undefined;
}

export async function runFill(options: CommandOptions): Promise<number> {
  const parsed = parseFillArguments(options.arguments);
  if (typeof parsed === "string") {
    process.stderr.write(`armature fill: ${parsed}\n\n${fillHelp}`);
    return fillExitCodes.usage;
  }
  const abort = new Abort();
  process.once("SIGINT", () => abort.abort("cancelled"));
  process.once("SIGTERM", () => abort.abort("cancelled"));
  const progress = progressLine(process.stderr);
  try {
    const editor = await openEditor(parsed, options, abort.signal, progress.show);
    try {
      return await fillAndPrint(parsed, editor, progress);
    } finally {
      progress.clear();
      await editor.close();
    }
  } catch (error) {
    progress.clear();
    process.stderr.write(`armature fill: ${describeError(error)}\n`);
    return fillExitCodes.failed;
  }
}

interface FillArguments {
  readonly place: Place;
  readonly write: boolean;
  readonly json: boolean;
  readonly why: boolean;
  readonly settings: object;
}

function parseFillArguments(args: readonly string[]): FillArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        write: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        why: { type: "boolean", default: false },
        settings: { type: "string", default: "{}" },
      },
    });
    const [place, ...rest] = positionals.map(parsePlace);
    if (place === undefined || rest.length > 0) return "one FILE:LINE[:COLUMN] is needed";
    if (typeof place === "string") return place;
    const settings = parseSettingsObject(values.settings);
    return typeof settings === "string" ? settings : { place, ...values, settings };
  } catch (error) {
    return describeError(error);
  }
}

function parseSettingsObject(text: string): object | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below: what JSON.parse says names neither the option nor what is expected.
  }
  return "--settings is no JSON object";
}

function parsePlace(text: string): Place | string {
  const found = /^(.+?):(\d+)(?::(\d+))?$/.exec(text);
  if (found === null) return `${text} is not of the form FILE:LINE[:COLUMN]`;
  const [, file = "", line, column] = found;
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) return `${path} is no file`;
  if (Number(line) < 1 || Number(column ?? 1) < 1) return "lines and columns count from 1";
  const lines = readFileSync(path, "utf8").split("\n").length;
  if (Number(line) > lines) return `${path} has only ${lines} lines`;
  return { path, line: Number(line) - 1, column: column === undefined ? undefined : Number(column) - 1 };
}

async function openEditor(
  { place, settings }: FillArguments,
  { environment, self, log }: CommandOptions,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<HeadlessEditor> {
  const found = await findAnalyzer({ setting: "", environment, self });
  if (found.path === undefined) throw new Error(found.error);
  report("starting rust-analyzer");
  return startHeadlessEditor({
    analyzerPath: found.path,
    root: workspaceRoot(place.path),
    environment,
    cacheDirectory: cacheDirectory("", environment),
    // The editor that is not there would check on save; this one never saves.
    settings: { checkOnSave: false, armature: noWarmUp, ...(typeof settings === "object" ? settings : {}) },
    log,
    signal,
    report,
  });
}

async function fillAndPrint(
  { place, json, write, why }: FillArguments,
  editor: HeadlessEditor,
  progress: ReturnType<typeof progressLine>,
): Promise<number> {
  const text = await readFile(place.path, "utf8");
  const uri = await editor.open(place.path, text);
  await editor.untilReady();
  const params = { textDocument: { uri }, position: utf8Position(text, place) };
  const result = (await editor.request(fillMethod, params)) as FillResult;
  progress.clear();
  const best = result.kind === "offers" ? result.offers[0] : undefined;
  if (json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (best === undefined) printNone(result);
  else printOffer(place.path, text, best, write);
  if (why && !json) printDropped((await editor.request(whyMethod, params)) as WhyResult);
  if (best === undefined) return fillExitCodes.noOffer;
  if (write) await writeFileWhole(place.path, text, appliedText(text, best));
  return fillExitCodes.offered;
}

/** The headless editor speaks UTF-8 positions; a person counts characters. */
function utf8Position(text: string, { line, column }: Place): { line: number; character: number } {
  const written = text.split("\n")[line] ?? "";
  const before =
    column === undefined ? (/^\s*/.exec(written)?.[0] ?? "") : [...written].slice(0, column).join("");
  return { line, character: Buffer.byteLength(before) };
}

function printOffer(path: string, text: string, offer: FillOffer, write: boolean): void {
  process.stdout.write(
    `${offer.label}\n\n${diffOf(relative(process.cwd(), path), text, appliedText(text, offer))}\n${readableEvidence(offer)}`,
  );
  process.stdout.write(write ? `\nwritten to ${path}\n` : "");
}

function printNone(result: FillResult): void {
  if (result.kind !== "none") return;
  const site = result.site === undefined ? "" : `${result.site}: `;
  process.stdout.write(`no offer: ${site}${result.message} (${result.stage}/${result.reason})\n`);
}

function printDropped(result: WhyResult): void {
  for (const { verdict, reason, text } of result?.dropped ?? []) {
    process.stdout.write(`\n${verdict}: ${reason}\n${text.replace(/^/gm, "    ")}\n`);
  }
}
