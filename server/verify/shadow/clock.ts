import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { untilAborted } from "../../base/abort.ts";
import { ifReadable } from "./failure.ts";

/** A clock that is behind by no more than this is waited for (milliseconds). */
const longestWait = 2_000;
/** File times come from a clock that ticks every few milliseconds; cargo takes longer to begin. */
const tick = 10;

/**
 * File times of checks. Cargo tells old from new by file times, so a clock that was set back, within a session or
 * between two, would make it take old outputs for new ones. That is why the newest time outlives the process.
 */
export class ShadowClock {
  /** Its time is that of the newest check; it holds "running" until the check has ended. */
  readonly #file: string;
  #last: number;
  #begun = { file: 0, steady: 0 };

  constructor(directory: string, outputs: readonly string[]) {
    this.#file = join(directory, "checked");
    const hasEnded = existsSync(this.#file) && readFileSync(this.#file, "utf8") === "ended";
    this.#last = Math.max(this.#recorded(), hasEnded ? 0 : newestUnit(outputs));
  }

  /** Milliseconds since the epoch. What is written from now on must be newer. */
  get last(): number {
    return this.#last;
  }

  /** To be awaited right before a check. "behind": what was built cannot be compared with what is built now. */
  async begin(signal: AbortSignal): Promise<"fine" | "behind"> {
    this.#last = Math.max(this.#last, this.#recorded());
    let now = this.#mark("running");
    const gap = this.#last - now;
    if (gap > longestWait) {
      this.#last = now;
      this.#begun = { file: now, steady: performance.now() };
      return "behind";
    }
    if (gap > tick) {
      await untilAborted(setTimeout(gap), signal);
      now = this.#mark("running");
    }
    this.#last = Math.max(this.#last, now);
    this.#begun = { file: now, steady: performance.now() };
    return "fine";
  }

  /** To be called when the check has ended, however it did. */
  end(): void {
    // By the steady clock: the other one may have been set back while the check ran.
    const ended = this.#begun.file + performance.now() - this.#begun.steady;
    this.#last = Math.max(this.#last, this.#mark("ended"), ended);
    utimesSync(this.#file, this.#last / 1_000, this.#last / 1_000);
  }

  #mark(state: "running" | "ended"): number {
    writeFileSync(this.#file, state);
    return statSync(this.#file).mtimeMs;
  }

  #recorded(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }
}

/** The newest time of a unit: a check that never ended may have built it. */
function newestUnit(outputs: readonly string[]): number {
  const below = (directory: string) =>
    (ifReadable(() => readdirSync(directory)) ?? []).map((name) => join(directory, name));
  const profiles = outputs.flatMap(below).flatMap((directory) => [directory, ...below(directory)]);
  const units = profiles.flatMap((profile) => below(join(profile, ".fingerprint")));
  const times = units.flatMap(below).map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return times.reduce((newest, time) => Math.max(newest, time), 0);
}
