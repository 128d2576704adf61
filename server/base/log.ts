import { appendFileSync } from "node:fs";

export type LogLevel = "error" | "warn" | "info" | "debug";

/** One line per event: time, level, text. Never the contents of a document, a prompt or a key. */
export interface Log {
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: string): void;
}

const order: readonly LogLevel[] = ["error", "warn", "info", "debug"];

export interface LogOptions {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  /** Injected, so that tests see the same line twice. */
  readonly now: () => Date;
}

export function createLog({ level, write, now }: LogOptions): Log {
  const enabled = order.indexOf(level);
  const at = (lineLevel: LogLevel) => (text: string) => {
    if (order.indexOf(lineLevel) > enabled) return;
    write(`${now().toISOString()} ${lineLevel} armature: ${text.replaceAll("\n", "\n  ")}\n`);
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** Standard error is the server log in every editor; a file beside it where `ARMATURE_LOG_FILE` names one. */
export function createProcessLog(environment: NodeJS.ProcessEnv): Log {
  const named = environment.ARMATURE_LOG;
  const level = order.find((candidate) => candidate === named) ?? "info";
  const file = environment.ARMATURE_LOG_FILE;
  // An editor that dies closes it. Written to again, it would fail again, and whoever logs that would never end.
  let hasStandardError = true;
  process.stderr.on("error", () => (hasStandardError = false));
  return createLog({
    level,
    now: () => new Date(),
    write(line) {
      if (hasStandardError) process.stderr.write(line);
      if (file !== undefined && file !== "") appendToLogFile(file, line);
    },
  });
}

function appendToLogFile(file: string, line: string): void {
  try {
    appendFileSync(file, line);
  } catch {
    // A log that cannot be written must not cost the user anything; standard error has the line.
  }
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} };

/** The message chain of anything thrown, outermost first. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `: ${describeError(error.cause)}`;
  return `${error.message}${cause}`;
}
