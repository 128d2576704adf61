import type { Draft, Skeleton } from "../stages.ts";
import { layDraft, type LaidText } from "./laid-text.ts";

/** The document with each draft in place, word for word as it would be offered. */
export class DraftTexts {
  readonly #skeleton: Skeleton;
  readonly #texts: Map<Draft, LaidText>;

  constructor(skeleton: Skeleton, formatted: ReadonlyMap<Draft, LaidText>) {
    this.#skeleton = skeleton;
    this.#texts = new Map(formatted);
  }

  of(draft: Draft): LaidText {
    const known = this.#texts.get(draft);
    if (known !== undefined) return known;
    const laid = layDraft(this.#skeleton, draft);
    this.#texts.set(draft, laid);
    return laid;
  }

  /** From now on the draft means this text. */
  set(draft: Draft, laid: LaidText): void {
    this.#texts.set(draft, laid);
  }
}
