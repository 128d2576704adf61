import type { Settings } from "../../protocol/settings.ts";

/** ok: as it should be; warn: the main job runs, but less of it; bad: it cannot run. */
export type FindingState = "ok" | "warn" | "bad";

/** One look at one thing. */
export interface Finding {
  readonly name: string;
  readonly state: FindingState;
  /** What was found: a version and a path, or what is wrong. */
  readonly found: string;
  readonly remedy?: Remedy;
}

export interface Remedy {
  /** What a person does, commands in backticks. */
  readonly text: string;
  /** Ways of doing it without a person, the best first; [] where only a person can. */
  readonly ways: readonly Way[];
}

/** Commands that mend it when run in their order. */
export type Way = readonly RemedyCommand[];

export interface RemedyCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  /** Absolute; where to run it. */
  readonly directory: string;
}

/** What every check looks at. */
export interface DoctorContext {
  /** Absolute; the folder that the user would open. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Path of our own script, which is not rust-analyzer under whatever name. */
  readonly self: string;
  /** Absolute; where shadow copies and budgets live. */
  readonly cacheDirectory: string;
  readonly settings: Settings;
  /** May install packages of the system. */
  readonly isRoot: boolean;
  readonly signal: AbortSignal;
}
