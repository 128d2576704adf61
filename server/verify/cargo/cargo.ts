import { totalmem } from "node:os";
import { Abort, abortCauseOf, AbortedError } from "../../base/abort.ts";
import { type Command, type CommandResult, ExcessError, runCommand, SpawnError } from "../../base/child.ts";
import type { Report } from "../../stages.ts";
import { NoVerdict } from "../no-verdict.ts";

/** What a cargo may take before it is ended. */
export interface CargoLimits {
  /** Memory of cargo and all that it starts; 0 is three quarters of the machine's. */
  readonly memoryMegabytes: number;
  /** How long it may wait for a lock that another process holds. */
  readonly lockMilliseconds: number;
}

/**
 * Another cargo holds the package cache while it downloads and, as a rule, for less than a second otherwise; nobody
 * holds our build directory. A person who asked by hand waits about as long.
 */
export const defaultLimits: CargoLimits = { memoryMegabytes: 0, lockMilliseconds: 10_000 };

export interface CargoCommand extends Omit<Command, "file" | "memoryBytes"> {
  readonly limits?: CargoLimits | undefined;
  /** Told when it waits. */
  readonly report?: Report | undefined;
}

/** Runs cargo, or throws NoVerdict where it cannot be started, takes too much or waits for others. */
export async function runCargo({ limits = defaultLimits, ...command }: CargoCommand): Promise<CommandResult> {
  const patience = new LockPatience(command, limits.lockMilliseconds);
  try {
    const result = await runCommand({
      ...command,
      file: "cargo",
      memoryBytes: memoryBytes(limits),
      signal: patience.signal,
      onLine: (line, stream) => {
        patience.onLine(line);
        command.onLine?.(line, stream);
      },
    });
    if (result.endedBy !== undefined) throw killed(result.endedBy);
    return result;
  } catch (error) {
    throw patience.failure ?? failureOf(error, limits);
  } finally {
    patience.clear();
  }
}

/** What every cargo of ours gets. A missing toolchain is an error to show, never a download. */
export function quietEnvironment(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return {
    ...environment,
    CARGO_TERM_COLOR: "never",
    // Else it waits for a lock without a word.
    CARGO_TERM_QUIET: "false",
    RUSTUP_AUTO_INSTALL: "0",
  };
}

/** Cargo's own first error with what caused it, on one line; of a build script that failed, its own last words. */
export function firstErrorOf(stderr: string): string {
  const lines = stderr.split("\n");
  const start = lines.findIndex((line) => line.startsWith("error"));
  if (start < 0) return lines.find((line) => line.trim() !== "")?.trim() ?? "no message";
  const first = lines[start]?.replace(/^error(\[\w+\])?: /, "") ?? "";
  const rest = lines.slice(start + 1);
  const said = rest.findIndex((line) => line.trim() === "--- stderr");
  if (said >= 0) return [first, ...lastWords(rest.slice(said + 1))].join(": ");
  const causes = rest
    .map((line) => line.trim().replace(/(process didn't exit successfully): `.*` (\(.*\))$/, "$1 $2"))
    .filter((line) => line !== "" && line !== "Caused by:" && !/^(?:warning|note)/.test(line));
  return [first, ...causes.slice(0, 4)].join(": ");
}

/** Of what a build script wrote: where and why it panicked, else its last lines. Cargo's next message is not indented. */
function lastWords(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => /^\S/.test(line));
  const words = lines
    .slice(0, end < 0 ? undefined : end)
    .map((line) => line.trim().replace(/:$/, ""))
    .filter((line) => line !== "");
  const panic = words.findLastIndex((line) => line.includes(" panicked at "));
  if (panic < 0) return words.slice(-3);
  const told = words.slice(panic);
  const trace = told.findIndex((line) => line.startsWith("note: ") || line === "stack backtrace");
  return told.slice(0, trace < 0 ? 4 : Math.min(trace, 4));
}

/** Ends a cargo that waits for a lock for too long. A lock has no name but the one that cargo says. */
class LockPatience {
  failure: NoVerdict | undefined;
  readonly #own = new Abort();
  readonly #parent: AbortSignal;
  readonly #report: Report | undefined;
  readonly #milliseconds: number;
  readonly #follow = () => this.#own.abort(abortCauseOf(this.#parent));
  #timer: NodeJS.Timeout | undefined;

  constructor({ signal, report }: CargoCommand, milliseconds: number) {
    this.#parent = signal;
    this.#report = report;
    this.#milliseconds = milliseconds;
    if (signal.aborted) this.#follow();
    signal.addEventListener("abort", this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  /** Whatever cargo says next, it says because it has got the lock. */
  onLine(line: string): void {
    clearTimeout(this.#timer);
    const lock = /^\s*Blocking waiting for file lock on (.+)$/.exec(line)?.[1];
    if (lock === undefined) return;
    this.#report?.(`waiting for cargo's lock on the ${lock}, which another process holds`);
    this.#timer = setTimeout(() => {
      const message = `another process holds cargo's lock on the ${lock}; ask again when it has ended`;
      this.failure = new NoVerdict("check-locked", message);
      this.#own.abort("cancelled");
    }, this.#milliseconds);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#parent.removeEventListener("abort", this.#follow);
  }
}

function failureOf(error: unknown, limits: CargoLimits): unknown {
  if (error instanceof AbortedError || error instanceof NoVerdict) return error;
  if (error instanceof ExcessError && error.excess === "memory") {
    const megabytes = Math.round(memoryBytes(limits) / 1e6);
    const message = `the check took more than ${megabytes} MB of memory (verify.memoryMegabytes)`;
    return new NoVerdict("check-memory", message, { cause: error });
  }
  if (error instanceof ExcessError) {
    return new NoVerdict("cargo-failed", "cargo printed without end and was killed", { cause: error });
  }
  if (!(error instanceof SpawnError)) return error;
  const message = "cargo could not be started; install Rust, or put cargo on the PATH the editor has";
  return new NoVerdict("cargo-missing", message, { cause: error });
}

function killed(signal: NodeJS.Signals): NoVerdict {
  const hint = signal === "SIGKILL" ? " (systems do so when memory is short)" : "";
  return new NoVerdict("cargo-failed", `cargo was ended from outside by ${signal}${hint}`);
}

/** What a container grants counts where it is less than the machine has. */
function memoryBytes({ memoryMegabytes }: CargoLimits): number {
  if (memoryMegabytes > 0) return memoryMegabytes * 1e6;
  const granted = process.constrainedMemory();
  const machine = totalmem();
  return 0.75 * (granted > 0 && granted < machine ? granted : machine);
}
