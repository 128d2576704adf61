import { constants, setPriority } from "node:os";
import spawn, { SubprocessError } from "nano-spawn";
import { AbortedError, abortCauseOf } from "./abort.ts";

export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  /** Added to our own environment; undefined removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Standard input, then its end; without it standard input is empty. */
  readonly input?: string;
  readonly lowPriority?: boolean;
  readonly signal: AbortSignal;
  /** Each line as it comes, without its line break. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

export interface CommandResult {
  /** undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** The command could not be started at all. */
export class SpawnError extends Error {
  override readonly name = "SpawnError";
}

const running = new Set<number>();

/**
 * Runs a command in a process group of its own and resolves when it and its output have ended, whatever the
 * exit code. On abort the whole group gets SIGTERM, a second later SIGKILL, and the promise rejects with
 * AbortedError once the command is gone.
 */
export async function runCommand(command: Command): Promise<CommandResult> {
  if (command.signal.aborted) throw new AbortedError(abortCauseOf(command.signal));
  const started = performance.now();
  const lines = { stdout: [] as string[], stderr: [] as string[] };
  const subprocess = spawn(command.file, [...command.arguments], {
    cwd: command.cwd,
    env: { ...process.env, ...command.environment },
    // A group of its own, so that a kill reaches cargo's rustc and build scripts too.
    detached: true,
    windowsHide: true,
    stdin: command.input === undefined ? "ignore" : { string: command.input },
  });
  const collect = async (stream: "stdout" | "stderr") => {
    for await (const line of subprocess[stream]) {
      lines[stream].push(line);
      command.onLine?.(line, stream);
    }
  };
  const collected = Promise.allSettled([collect("stdout"), collect("stderr")]);
  const result = (exitCode: number | undefined): CommandResult => ({
    exitCode,
    stdout: lines.stdout.join("\n"),
    stderr: lines.stderr.join("\n"),
    milliseconds: performance.now() - started,
  });

  let stopKilling = () => {};
  try {
    const pid = (await subprocess.nodeChildProcess).pid;
    if (pid !== undefined) {
      running.add(pid);
      if (command.lowPriority === true) lowerPriority(pid);
      stopKilling = killGroupOnAbort(pid, command.signal, () => running.delete(pid));
    }
    await subprocess;
    await collected;
    return result(0);
  } catch (error) {
    await collected;
    if (command.signal.aborted) throw new AbortedError(abortCauseOf(command.signal));
    if (!(error instanceof SubprocessError)) throw error;
    if (error.cause !== undefined && error.exitCode === undefined) throw spawnError(command, error);
    return result(error.exitCode);
  } finally {
    stopKilling();
  }
}

/** Kills every group that still runs. For the last moment of our own process, so it does not wait. */
export function killAllCommands(): void {
  for (const pid of running) killGroup(pid, "SIGKILL");
}

function killGroupOnAbort(pid: number, signal: AbortSignal, ended: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    killGroup(pid, "SIGTERM");
    timer = setTimeout(() => killGroup(pid, "SIGKILL"), 1_000);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    // The leader is gone; what it left behind in its group (a rustc that ignored SIGTERM) must not outlive it.
    if (signal.aborted) killGroup(pid, "SIGKILL");
    ended();
  };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Gone already, or not allowed: it then runs at normal priority.
  }
}

function spawnError(command: Command, error: SubprocessError): SpawnError {
  const path = command.environment?.PATH ?? process.env.PATH ?? "";
  return new SpawnError(
    `could not start ${command.file} ${command.arguments.join(" ")} (in ${command.cwd}, PATH=${path})`,
    { cause: error.cause },
  );
}
