import type { Bench, Checked } from "./bench.ts";
import { newAmong, type PlacedMessage } from "../check/diagnostics.ts";
import { layNothing } from "../text/laid-text.ts";
import { hasGap, layOwn } from "../text/own-text.ts";

export interface Compared {
  /** In neither: a draft brought it. */
  readonly added: readonly PlacedMessage[];
  /** Not in the user's own text, but in the open skeleton: the gap kept rustc from saying it. */
  readonly hidden: readonly PlacedMessage[];
}

/**
 * What is old is what the user's own text has. What its gap hides is looked up in the open skeleton; whoever asks
 * must not ask about places in new text, which the skeleton has only because we put it there.
 */
export class Baseline {
  readonly #bench: Bench;
  #own: Promise<Checked> | undefined;
  #open: Promise<Checked> | undefined;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async compare(messages: readonly PlacedMessage[]): Promise<Compared> {
    if (messages.length === 0) return { added: [], hidden: [] };
    const { skeleton } = this.#bench;
    this.#own ??= this.#bench.check(layOwn(skeleton));
    const unknown = newAmong(messages, (await this.#own).placed);
    if (unknown.length === 0 || !hasGap(skeleton)) return { added: unknown, hidden: [] };
    this.#open ??= this.#bench.check(layNothing(skeleton));
    const added = newAmong(unknown, (await this.#open).placed);
    return { added, hidden: unknown.filter((message) => !added.includes(message)) };
  }

  /** The same for lints that look at a whole crate, which rustc leaves out while the gap makes it red. */
  async compareLate(messages: readonly PlacedMessage[]): Promise<readonly PlacedMessage[]> {
    if (messages.length === 0 || !hasGap(this.#bench.skeleton)) return (await this.compare(messages)).added;
    this.#open ??= this.#bench.check(layNothing(this.#bench.skeleton));
    return newAmong(messages, (await this.#open).placed);
  }
}
