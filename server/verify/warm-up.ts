import { Abort } from "../base/abort.ts";
import type { CheckSettings } from "./settings/check-settings.ts";
import type { Verifier } from "./verifier.ts";

/**
 * Builds dependencies in the shadow before anybody asks, one workspace after the other, at low priority. A job
 * that starts takes its place: what cargo has built by then stays built.
 */
export class WarmUp {
  readonly #verifier: Verifier;
  readonly #done = new Set<string>();
  #running: { readonly abort: Abort; readonly ended: Promise<void> } | undefined;

  constructor(verifier: Verifier) {
    this.#verifier = verifier;
  }

  /** Starts for the workspace at `root` by way of one of its files, once for each of its settings. */
  start(root: string, path: string, settings: CheckSettings): void {
    const key = JSON.stringify([root, settings]);
    if (this.#done.has(key) || this.#running !== undefined) return;
    this.#done.add(key);
    const abort = new Abort();
    const ended = this.#verifier
      .warm(path, settings, abort.signal)
      .finally(() => (this.#running = undefined));
    this.#running = { abort, ended };
  }

  /** Ends what runs and resolves when it has ended. */
  async giveWay(): Promise<void> {
    this.#running?.abort.abort("superseded");
    await this.#running?.ended;
  }
}
