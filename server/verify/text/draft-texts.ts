import type { Draft, Skeleton } from "../../stages.ts";
import { alignTexts } from "./entry-alignment.ts";
import { layDraft, layNothing, type LaidText } from "./laid-text.ts";

/** Writes texts as they are to be laid out. */
export type FormatTexts = (texts: readonly LaidText[]) => Promise<readonly LaidText[]>;

/** The document with each draft in place, word for word as it would be offered. */
export class DraftTexts {
  readonly #skeleton: Skeleton;
  readonly #format: FormatTexts;
  readonly #texts = new Map<Draft, LaidText>();

  constructor(skeleton: Skeleton, format: FormatTexts) {
    this.#skeleton = skeleton;
    this.#format = format;
  }

  /** Lays and formats them all at once. */
  async add(drafts: readonly Draft[]): Promise<void> {
    const laid = await this.#format(drafts.map((draft) => layDraft(this.#skeleton, draft)));
    for (const [index, draft] of drafts.entries()) {
      const text = laid[index];
      if (text !== undefined) this.#texts.set(draft, text);
    }
  }

  /** Every hole open. */
  get nothing(): LaidText {
    return layNothing(this.#skeleton);
  }

  of(draft: Draft): LaidText {
    const known = this.#texts.get(draft);
    if (known !== undefined) return known;
    const laid = layDraft(this.#skeleton, draft);
    this.#texts.set(draft, laid);
    return laid;
  }

  /** The draft with what its text says now, where that was changed in more than its layout. */
  asOffered(draft: Draft): Draft {
    const { text, pieces } = this.of(draft);
    const fillings = [...draft.fillings].map(([id, filling]) => {
      const span = pieces.find((piece) => piece.id === id)?.span;
      const now = span === undefined ? filling.text : text.slice(span.start, span.end);
      return [id, alignTexts(filling.text, now) === undefined ? { ...filling, text: now } : filling] as const;
    });
    return { ...draft, fillings: new Map(fillings) };
  }

  /** From now on the draft means this text. */
  async change(draft: Draft, laid: LaidText): Promise<void> {
    const [formatted = laid] = await this.#format([laid]);
    this.#texts.set(draft, formatted);
  }
}
