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
