import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, join, sep } from "node:path";
import { Abort, withDeadline } from "../base/abort.ts";
import { runCommand } from "../base/child.ts";
import { describeError } from "../base/log.ts";

/**
 * Set in the environment of every rust-analyzer that we start or try: `armature` that finds it set ends with
 * {@link guardExitCode}, so that it never starts itself, not even by way of the rustup shim.
 */
export const guardVariable = "ARMATURE_GUARD";
export const guardExitCode = 86;

/** Starting a rustup shim takes a tenth of a second; ten (milliseconds) means that it hangs. */
const probeDeadline = 10_000;

export interface CandidateOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Path of our own script or binary. */
  readonly self: string;
}

/** Each executable `name` on PATH, in its order. */
export function onPath(name: string, environment: NodeJS.ProcessEnv): string[] {
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  const paths = folders.flatMap((folder) => names.map((candidate) => join(folder, candidate)));
  return paths.filter((path) => isExecutable(path));
}

/** Why this candidate cannot be the real rust-analyzer, or undefined where it can. */
export async function objectionTo(path: string, options: CandidateOptions): Promise<string | undefined> {
  if (!isExecutable(path)) return "no such executable file";
  const real = realpathSync(path);
  if (real === realPathOf(options.self)) return "this is Armature itself";
  return mustBeProbed(path, real) ? probe(path, options) : undefined;
}

/** Runs a command of a few lines with the guard set. Rejects where it cannot be started or takes too long. */
export async function askCommand(
  file: string,
  commandArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }> {
  const deadline = withDeadline(new Abort().signal, probeDeadline);
  try {
    return await runCommand({
      file,
      arguments: commandArguments,
      cwd: process.cwd(),
      environment: { ...environment, [guardVariable]: "1" },
      signal: deadline.signal,
    });
  } finally {
    deadline.clear();
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Only what may lead elsewhere is tried, since trying costs start-up time: rustup's shims and scripts. */
function mustBeProbed(path: string, real: string): boolean {
  const isShim = basename(real).startsWith("rustup") || [path, real].some(isInCargoBin);
  return isShim || isScript(real);
}

function isInCargoBin(path: string): boolean {
  return path.includes(`${sep}.cargo${sep}bin${sep}`);
}

function isScript(path: string): boolean {
  if (process.platform === "win32") return path.endsWith(".cmd");
  const start = Buffer.alloc(2);
  const file = openSync(path, "r");
  try {
    readSync(file, start, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return start.toString("latin1") === "#!";
}

async function probe(path: string, { environment }: CandidateOptions): Promise<string | undefined> {
  try {
    const { exitCode, stdout, stderr } = await askCommand(path, ["--version"], environment);
    if (exitCode === guardExitCode) return "it leads back to Armature";
    if (exitCode === 0 && stdout.startsWith("rust-analyzer")) return undefined;
    const said = (stderr || stdout).split("\n")[0] ?? "";
    return `\`--version\` gave exit code ${exitCode ?? "none"}${said === "" ? "" : `: ${said}`}`;
  } catch (error) {
    return `\`--version\` failed: ${describeError(error)}`;
  }
}
