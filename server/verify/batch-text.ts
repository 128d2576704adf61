import type { Draft, Skeleton, Span } from "../stages.ts";
import type { CopyableFunction } from "../syntax/function-items.ts";
import { lexRust } from "../syntax/lex.ts";
import { layDraft, type LaidText, type Piece } from "./laid-text.ts";
import { markText } from "./live-marker.ts";

/** One draft as a marked copy of the function around the site. */
export interface DraftCopy {
  readonly draft: Draft;
  /** The whole copy, as offsets into the document. */
  readonly span: Span;
  readonly pieces: readonly Piece[];
  readonly markers: ReadonlyMap<string, string>;
}

/**
 * The best draft in place, word for word, and every draft as a marked copy beside it. Where libraries are checked
 * with and without tests, copies of the others stand in the tests only and leave the plain library to the best.
 */
export interface BatchText extends LaidText {
  readonly copies: readonly DraftCopy[];
  /** A function that calls itself, there where a draft may: whether rustc's lint is heard at this place. */
  readonly canary: { readonly span: Span } | undefined;
}

export interface BatchOptions {
  /** Part of the markers' names: new for each check, since cargo replays old warnings. */
  readonly nonce: string;
  /** Part of the copies' names: the same for each check. */
  readonly mark: string;
  readonly othersInTests: boolean;
  readonly withCanary: boolean;
}

export function layBatch(
  skeleton: Skeleton,
  original: CopyableFunction,
  drafts: readonly [Draft, ...Draft[]],
  { nonce, mark, othersInTests, withCanary }: BatchOptions,
): BatchText {
  const best = layDraft(skeleton, drafts[0]);
  const growth = (laid: LaidText) => laid.text.length - skeleton.site.document.text.length;
  const end = original.span.end + growth(best);
  let chunk = "";
  let canary: BatchText["canary"];
  if (withCanary && drafts.some((draft) => mayCallItself(skeleton, original, draft))) {
    chunk = canaryText(original, mark);
    canary = { span: { start: end, end: end + chunk.length } };
  }
  const copies = drafts.map((draft, index): DraftCopy => {
    const marked = markText(layDraft(skeleton, draft), `${nonce}_${index}`);
    const name = `armature_copy_${mark}_${index}`;
    const signature = marked.text.slice(original.start, original.name.start);
    const rest = marked.text.slice(original.name.end, original.span.end + growth(marked));
    const where = othersInTests && index > 0 ? "#[cfg(test)] " : "";
    const head = ` ${where}#[warn(unreachable_patterns)] #[allow(dead_code)] ${signature}${name}`;
    const start = end + chunk.length;
    // The rest of the function keeps its order, so its pieces only move.
    const by = start + head.length - original.name.end;
    chunk += head + rest;
    const pieces = marked.pieces.map((piece) => ({
      ...piece,
      span: { start: piece.span.start + by, end: piece.span.end + by },
    }));
    return { draft, span: { start, end: end + chunk.length }, pieces, markers: marked.markers };
  });
  const inserted: Piece = {
    id: "copies",
    kind: "written",
    isFilled: false,
    span: { start: end, end: end + chunk.length },
    length: 0,
  };
  return {
    text: best.text.slice(0, end) + chunk + best.text.slice(end),
    pieces: [...best.pieces, inserted],
    copies,
    canary,
  };
}

/** Whether a filling names the function it stands in. Without the name rustc's lint has nothing to find. */
export function mayCallItself(skeleton: Skeleton, original: CopyableFunction, draft: Draft): boolean {
  const name = skeleton.site.document.text.slice(original.name.start, original.name.end);
  const laid = layDraft(skeleton, draft);
  return laid.pieces.some(({ isFilled, span }) => {
    const tokens = isFilled ? (lexRust(laid.text.slice(span.start, span.end)) ?? []) : [];
    return tokens.some(({ kind, text }) => kind === "word" && text === name);
  });
}

function canaryText({ isMember }: CopyableFunction, mark: string): string {
  const name = `armature_canary_${mark}`;
  return ` #[allow(dead_code)] fn ${name}() { ${isMember ? "Self::" : ""}${name}() }`;
}
