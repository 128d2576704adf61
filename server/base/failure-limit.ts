import type { Log } from "./log.ts";

export interface FailureLimitOptions {
  readonly log: Log;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Called once. */
  readonly onReached: () => void;
}

/** So many within a minute are no accident of one request: whatever fails so will go on failing. */
const failuresAtMost = 20;
const withinMilliseconds = 60_000;

/**
 * The log, with its errors counted: each is a failure of ours. Beyond the limit the last error line says so, and what
 * fails behind it is for `debug` only, so that a failure without end cannot fill anybody's log.
 */
export function withFailureLimit({ log, now, onReached }: FailureLimitOptions): Log {
  let times: number[] = [];
  let isReached = false;
  return {
    ...log,
    error(text) {
      if (isReached) {
        log.debug(text);
        return;
      }
      log.error(text);
      const time = now();
      times = [...times.filter((earlier) => time - earlier < withinMilliseconds), time];
      if (times.length < failuresAtMost) return;
      isReached = true;
      log.error("too much has failed here: Armature turns itself off, rust-analyzer goes on without it");
      onReached();
    },
  };
}
