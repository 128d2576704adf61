import { withDeadline } from "../base/abort.ts";
import { runCommand, SpawnError } from "../base/child.ts";
import type { DoctorContext } from "./finding.ts";

/** What a command said, or in one line why it did not. */
export type CommandAnswer =
  | { readonly stdout: string; readonly problem?: never }
  | { readonly problem: string; readonly stderr: string; readonly stdout?: never };

/** In milliseconds. What is asked here answers within a second; cargo may have to wait for another cargo. */
const deadlineForAnswers = 30_000;

/** Asks a command in `directory`. Whatever it says or fails with is an answer; only an abort by the user rejects. */
export async function askCommand(
  file: string,
  commandArguments: readonly string[],
  { directory, context }: { readonly directory: string; readonly context: DoctorContext },
): Promise<CommandAnswer> {
  const deadline = withDeadline(context.signal, deadlineForAnswers);
  try {
    const result = await runCommand({
      file,
      arguments: commandArguments,
      cwd: directory,
      // A toolchain that is missing is to be told, not to be downloaded by asking for its version.
      environment: { ...context.environment, RUSTUP_AUTO_INSTALL: "0", CARGO_TERM_COLOR: "never" },
      signal: deadline.signal,
    });
    if (result.exitCode === 0) return { stdout: result.stdout.trim() };
    return { problem: firstProblem(result.stderr, result.exitCode), stderr: result.stderr };
  } catch (error) {
    if (error instanceof SpawnError) return { problem: "not found on PATH", stderr: "" };
    if (context.signal.aborted || !deadline.signal.aborted) throw error;
    return { problem: `no answer within ${deadlineForAnswers / 1_000} s`, stderr: "" };
  } finally {
    deadline.clear();
  }
}

function firstProblem(stderr: string, exitCode: number | undefined): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((candidate) => candidate.startsWith("error")) ?? lines[0];
  return line === undefined ? `exit code ${exitCode ?? "none"}` : line.replace(/^error: /, "").trim();
}
