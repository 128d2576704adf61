import { describeError, type Log } from "../../base/log.ts";
import type { Shadow } from "./shadow.ts";
import { pruneShadows, sizeOf } from "./slots.ts";

export interface BoundOptions {
  readonly cacheDirectory: string;
  readonly limitBytes: () => number;
  readonly log: Log;
}

/** A shadow grows with what cargo builds; a look at all files is taken after so many checks. */
const checksBetweenLooks = 20;

/** Keeps all shadows together below the limit, at the start of a session and while it lasts. */
export class DiskBound {
  readonly #options: BoundOptions;
  #checks = -checksBetweenLooks;
  #isLooking = false;

  constructor(options: BoundOptions) {
    this.#options = options;
  }

  /**
   * Never rejects, and does nothing most of the time.
   * @param own This process's shadows, which nobody else removes.
   * @returns The one whose build is too large, where removing others was not enough.
   */
  async look(own: readonly Shadow[]): Promise<Shadow | undefined> {
    const checks = own.reduce((sum, shadow) => sum + shadow.checks, 0);
    if (this.#isLooking || checks - this.#checks < checksBetweenLooks) return undefined;
    this.#checks = checks;
    this.#isLooking = true;
    const { cacheDirectory, limitBytes, log } = this.#options;
    try {
      const { removed, bytes } = await pruneShadows(cacheDirectory, limitBytes());
      for (const directory of removed) log.info(`removed the old shadow ${directory}`);
      return bytes > limitBytes() ? await largest(own) : undefined;
    } catch (error) {
      log.warn(`old shadows could not be removed: ${describeError(error)}`);
      return undefined;
    } finally {
      this.#isLooking = false;
    }
  }
}

async function largest(shadows: readonly Shadow[]): Promise<Shadow | undefined> {
  let found: { readonly shadow: Shadow; readonly bytes: number } | undefined;
  for (const shadow of shadows) {
    const sizes = await Promise.all(shadow.outputs.map(sizeOf));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes > (found?.bytes ?? 0)) found = { shadow, bytes };
  }
  return found?.shadow;
}
