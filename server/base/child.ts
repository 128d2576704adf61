import { type ChildProcess, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { AbortedError, abortCauseOf } from "./abort.ts";
import { readLines } from "./lines.ts";
import { groupGone, groupMembers, killGroup } from "./process-group.ts";

export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  /** Added to our own environment; undefined removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Standard input, then its end; without it standard input is empty. A promise is written when it is fulfilled. */
  readonly input?: string | Promise<string>;
  readonly lowPriority?: boolean;
  readonly signal: AbortSignal;
  /** Each line as it comes, without its line break. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** The result is to hold standard error only: `onLine` has had the rest. */
  readonly dropsOutput?: boolean;
  /** Memory of all its processes together, above which they are killed. Seen on systems with /proc. */
  readonly memoryBytes?: number;
}

export interface CommandResult {
  /** undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly endedBy: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** The command could not be started at all. */
export class SpawnError extends Error {
  override readonly name = "SpawnError";
}

/** The command was killed, since it took or said more than it may. */
export class ExcessError extends Error {
  override readonly name = "ExcessError";
  readonly excess: "memory" | "output";

  constructor(excess: "memory" | "output", file: string) {
    super(`${file} was killed: too much ${excess}`);
    this.excess = excess;
  }
}

// `cargo metadata` is one line of some tens of MB in the largest workspaces there are.
const longestOutput = 128 * 1024 * 1024;
// A constant without end takes about 1 GB a second.
const memorySampleMilliseconds = 250;
const patienceMilliseconds = 1_000;

const running = new Set<number>();

/**
 * Runs a command in a process group of its own and resolves when it and its output have ended, whatever the
 * exit code. On abort the whole group gets SIGTERM, a second later SIGKILL, and the promise rejects with
 * AbortedError once the group is gone.
 */
export async function runCommand(command: Command): Promise<CommandResult> {
  if (command.signal.aborted) throw new AbortedError(abortCauseOf(command.signal));
  const started = performance.now();
  const child = spawn(command.file, [...command.arguments], {
    cwd: command.cwd,
    env: { ...process.env, ...command.environment },
    // A group of its own, so that a kill reaches cargo's rustc and build scripts too.
    detached: true,
    windowsHide: true,
    stdio: [command.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const group = new Group(command, child);
  const output = collectOutput(command, child, (failure) => group.end(failure));
  // What a command no longer reads is no error of ours.
  child.stdin?.on("error", () => undefined);
  void Promise.resolve(command.input).then((text) => child.stdin?.end(text));
  const { exitCode, endedBy } = await group.ended();
  if (command.signal.aborted) throw new AbortedError(abortCauseOf(command.signal));
  if (group.failure !== undefined) throw group.failure;
  return { exitCode, endedBy, ...output(), milliseconds: performance.now() - started };
}

/** Kills every group that still runs. For the last moment of our own process, so it does not wait. */
export function killAllCommands(): void {
  for (const pid of running) killGroup(pid, "SIGKILL");
}

/** The processes of a command: the one that was started leads those that it starts. */
class Group {
  /** Why it was killed by us, beside an abort. */
  failure: Error | undefined;
  readonly #command: Command;
  readonly #child: ChildProcess;
  #kill: NodeJS.Timeout | undefined;
  #sample: NodeJS.Timeout | undefined;

  constructor(command: Command, child: ChildProcess) {
    this.#command = command;
    this.#child = child;
    const { pid } = child;
    if (pid === undefined) return;
    running.add(pid);
    if (command.lowPriority === true) lowerPriority(pid);
    if (command.memoryBytes !== undefined) this.#watchMemory(pid, command.memoryBytes);
  }

  end(failure: Error): void {
    this.failure ??= failure;
    if (this.#child.pid !== undefined) killGroup(this.#child.pid, "SIGKILL");
  }

  async ended(): Promise<Pick<CommandResult, "exitCode" | "endedBy">> {
    const { signal } = this.#command;
    const onAbort = () => this.#stop();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await closed(this.#child);
    } catch (error) {
      throw spawnError(this.#command, error);
    } finally {
      signal.removeEventListener("abort", onAbort);
      await this.#clear();
    }
  }

  #stop(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    killGroup(pid, "SIGTERM");
    this.#kill = setTimeout(() => killGroup(pid, "SIGKILL"), patienceMilliseconds);
  }

  /** The leader was killed; what it left behind in its group (a rustc that ignored SIGTERM) must not outlive it. */
  async #clear(): Promise<void> {
    clearTimeout(this.#kill);
    clearTimeout(this.#sample);
    const { pid } = this.#child;
    if (pid === undefined) return;
    running.delete(pid);
    const isKilled = this.#command.signal.aborted || this.#child.signalCode !== null;
    if (!isKilled && this.failure === undefined) return;
    killGroup(pid, "SIGKILL");
    await groupGone(pid, patienceMilliseconds);
  }

  #watchMemory(pid: number, limit: number): void {
    this.#sample = setTimeout(() => {
      void groupMembers(pid).then((members) => {
        if (this.#child.exitCode !== null || members === undefined) return;
        if (members.reduce((sum, { bytes }) => sum + bytes, 0) > limit)
          this.end(new ExcessError("memory", this.#command.file));
        else this.#watchMemory(pid, limit);
      });
    }, memorySampleMilliseconds);
  }
}

function closed(child: ChildProcess): Promise<Pick<CommandResult, "exitCode" | "endedBy">> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => {
      // Whoever it left behind outside its group may hold its output open for ever.
      setTimeout(
        () => [child.stdout, child.stderr].forEach((stream) => stream?.destroy()),
        patienceMilliseconds,
      ).unref();
    });
    child.once("close", (code, signal) =>
      resolve({ exitCode: code ?? undefined, endedBy: signal ?? undefined }),
    );
  });
}

function collectOutput(
  { file, onLine, dropsOutput = false }: Command,
  child: ChildProcess,
  end: (failure: Error) => void,
): () => Pick<CommandResult, "stdout" | "stderr"> {
  const kept = { stdout: [] as string[], stderr: [] as string[] };
  const sizes = { stdout: 0, stderr: 0 };
  const tooMuch = () => end(new ExcessError("output", file));
  const collect = (name: "stdout" | "stderr") => (line: string) => {
    try {
      onLine?.(line, name);
    } catch (error) {
      // Thrown on, it would end our own process: nobody waits here.
      end(error instanceof Error ? error : new Error(String(error)));
    }
    if (dropsOutput && name === "stdout") return;
    sizes[name] += line.length;
    if (sizes[name] > longestOutput) tooMuch();
    else kept[name].push(line);
  };
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name];
    if (stream === null) continue;
    readLines(stream, { longest: longestOutput, onLine: collect(name), onTooLong: tooMuch });
  }
  return () => ({ stdout: kept.stdout.join("\n"), stderr: kept.stderr.join("\n") });
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Gone already, or not allowed: it then runs at normal priority.
  }
}

function spawnError(command: Command, cause: unknown): SpawnError {
  const path = command.environment?.PATH ?? process.env.PATH ?? "";
  return new SpawnError(
    `could not start ${command.file} ${command.arguments.join(" ")} (in ${command.cwd}, PATH=${path})`,
    { cause },
  );
}
