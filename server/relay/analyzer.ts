import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { SpawnError } from "../base/child.ts";
import { describeError, type Log } from "../base/log.ts";
import { askCommand, guardVariable, objectionTo, onPath } from "./candidates.ts";

export interface FindAnalyzerOptions {
  /** The setting `rustAnalyzer.path`, "" for none. */
  readonly setting: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Path of our own script or binary, which must not be found. */
  readonly self: string;
}

export type FoundAnalyzer =
  | { readonly path: string; readonly error?: never }
  /** One message: what was tried and what to install. */
  | { readonly error: string; readonly path?: never };

/** Finds the real rust-analyzer: by setting, by ARMATURE_RUST_ANALYZER, on PATH, by rustup. */
export async function findAnalyzer(options: FindAnalyzerOptions): Promise<FoundAnalyzer> {
  const { setting, environment } = options;
  if (setting !== "") return checkNamed(setting, "the setting rustAnalyzer.path", options);
  const variable = environment.ARMATURE_RUST_ANALYZER ?? "";
  if (variable !== "") return checkNamed(variable, "ARMATURE_RUST_ANALYZER", options);
  const tried: string[] = [];
  for (const path of onPath("rust-analyzer", environment)) {
    const objection = await objectionTo(path, options);
    if (objection === undefined) return { path };
    tried.push(`${path}: ${objection}`);
  }
  if (tried.length === 0) tried.push("PATH: no rust-analyzer");
  const byRustup = await askRustup(options);
  return byRustup.path === undefined ? { error: notFound([...tried, byRustup.error]) } : byRustup;
}

async function checkNamed(
  name: string,
  source: string,
  options: FindAnalyzerOptions,
): Promise<FoundAnalyzer> {
  const isBareName = !/[/\\]/.test(name);
  const path = isBareName ? (onPath(name, options.environment)[0] ?? name) : expandHome(name, options);
  const objection = await objectionTo(path, options);
  if (objection === undefined) return { path };
  return { error: `${source} names ${name}, which cannot be used as rust-analyzer: ${objection}` };
}

function expandHome(path: string, { environment }: FindAnalyzerOptions): string {
  return path.startsWith("~/") ? `${environment.HOME ?? "~"}${path.slice(1)}` : path;
}

async function askRustup(options: FindAnalyzerOptions): Promise<FoundAnalyzer> {
  try {
    const answer = await askCommand("rustup", ["which", "rust-analyzer"], options.environment);
    if (answer.exitCode !== 0) return { error: `rustup which: ${firstLine(answer.stderr)}` };
    const path = answer.stdout.trim();
    const objection = await objectionTo(path, options);
    return objection === undefined ? { path } : { error: `rustup which: ${path}: ${objection}` };
  } catch (error) {
    return { error: `rustup: ${error instanceof SpawnError ? "not on PATH" : describeError(error)}` };
  }
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

function notFound(tried: readonly string[]): string {
  return [
    "no rust-analyzer was found. Tried:",
    ...tried.map((line) => `  ${line}`),
    "Install it with `rustup component add rust-analyzer rust-src`" +
      " (Debian: `apt-get install rust-web-analyzer rust-web-src`)," +
      " or name it in ARMATURE_RUST_ANALYZER.",
  ].join("\n");
}

export interface ProcessExit {
  /** undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface AnalyzerProcess {
  readonly pid: number;
  readonly input: Writable;
  readonly output: Readable;
  /** Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** SIGTERM, and SIGKILL if that does not end it at once. Resolves when it is gone. */
  stop(): Promise<ProcessExit>;
}

export interface StartAnalyzerOptions {
  readonly path: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Where its own log goes: ours in an editor, nowhere on a person's terminal. */
  readonly standardError: "inherit" | "ignore";
  readonly log: Log;
}

/** Milliseconds from SIGTERM to SIGKILL: every child is to be gone within a second of the editor. */
const patience = 500;

/**
 * Starts rust-analyzer as the editor would have: in our process group, its standard error on ours. Rejects with
 * what was tried where it cannot be started.
 */
export async function startAnalyzer(options: StartAnalyzerOptions): Promise<AnalyzerProcess> {
  const { child, exited } = await spawnAnalyzer(options, ["pipe", "pipe", options.standardError]);
  const { pid, stdin, stdout } = child;
  if (pid === undefined || stdin === null || stdout === null) throw new Error("rust-analyzer has no pipes");
  options.log.info(`started ${options.path} (pid ${pid})`);
  return {
    pid,
    input: stdin,
    output: stdout,
    exited,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), patience);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

/**
 * Runs the real rust-analyzer in our place (its subcommands, `--version`, …) with our standard streams, and
 * hands it the signals that would end us. Resolves with how it ended.
 */
export async function runThrough(path: string, args: readonly string[]): Promise<ProcessExit> {
  const options = { path, args, environment: process.env, cwd: process.cwd() };
  const { child, exited } = await spawnAnalyzer(options, "inherit");
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, forward);
  const exit = await exited;
  for (const signal of signals) process.off(signal, forward);
  return exit;
}

/** The exit code that tells the same: 128 and the signal's number where a signal ended it, as shells do. */
export function exitCodeOf({ code, signal }: ProcessExit): number {
  return code ?? 128 + (signal === undefined ? 0 : constants.signals[signal]);
}

async function spawnAnalyzer(
  { path, args, environment, cwd }: Omit<StartAnalyzerOptions, "log" | "standardError">,
  stdio: StdioOptions,
): Promise<{ child: ChildProcess; exited: Promise<ProcessExit> }> {
  const env = { ...environment, [guardVariable]: "1" };
  const child = spawn(path, [...args], { cwd, env, stdio, windowsHide: true });
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => {
      const command = [path, ...args].join(" ");
      const place = `in ${cwd}, PATH=${environment.PATH ?? ""}`;
      reject(new Error(`could not start ${command} (${place}): ${describeError(error)}`, { cause: error }));
    });
  });
  // A signal that cannot be sent is an "error" event as well, and must not end us.
  child.on("error", () => {});
  return { child, exited };
}
