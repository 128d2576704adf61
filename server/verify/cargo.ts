import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type Command, type CommandResult, runCommand, SpawnError } from "../base/child.ts";
import { NoVerdict } from "./no-verdict.ts";

/** Runs cargo, or throws NoVerdict where it cannot be started. */
export async function runCargo(command: Omit<Command, "file">): Promise<CommandResult> {
  try {
    return await runCommand({ ...command, file: "cargo" });
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
    const message = "cargo could not be started; install Rust, or put cargo on the PATH the editor has";
    throw new NoVerdict("cargo-missing", message, { cause: error });
  }
}

/** What every cargo of ours gets. A missing toolchain is an error to show, never a download. */
export function quietEnvironment(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return { ...environment, CARGO_TERM_COLOR: "never", RUSTUP_AUTO_INSTALL: "0" };
}

/**
 * The toolchain that rustup picks in `directory`; undefined where cargo is not rustup's, or where rustup has no
 * answer (cargo then says why). A directory override of rustup's would not reach the shadow otherwise.
 */
export async function activeToolchain(
  directory: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (environment.RUSTUP_TOOLCHAIN !== undefined) return environment.RUSTUP_TOOLCHAIN;
  const cargo = onPath("cargo", environment.PATH ?? "");
  const rustup = cargo === undefined ? undefined : join(dirname(cargo), "rustup");
  if (rustup === undefined || !existsSync(rustup)) return undefined;
  const result = await runCommand({
    file: rustup,
    arguments: ["show", "active-toolchain"],
    cwd: directory,
    environment: quietEnvironment(environment),
    signal,
  });
  const name = result.stdout.split(/\s/)[0] ?? "";
  return result.exitCode === 0 && name !== "" ? name : undefined;
}

/** Cargo's own first error with what caused it, on one line. */
export function firstErrorOf(stderr: string): string {
  const lines = stderr.split("\n");
  const start = lines.findIndex((line) => line.startsWith("error"));
  if (start < 0) return lines.find((line) => line.trim() !== "")?.trim() ?? "no message";
  const causes = lines
    .slice(start + 1)
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "Caused by:" && !line.startsWith("warning"));
  return [lines[start]?.replace(/^error(\[\w+\])?: /, "") ?? "", ...causes.slice(0, 4)].join(": ");
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
