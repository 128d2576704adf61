import type { Draft, Span } from "../../stages.ts";
import type { CopyableCode } from "../../syntax/copyable.ts";
import { lexRust } from "../../syntax/lex.ts";
import { canaryOf, copyOf } from "./copy-text.ts";
import type { DraftTexts } from "./draft-texts.ts";
import { laidOffset, type LaidText, type Piece } from "./laid-text.ts";
import { markText } from "./live-marker.ts";

/** One draft as a marked copy of the code around the site. */
export interface DraftCopy {
  readonly draft: Draft;
  /** The whole copy, as offsets into the document. */
  readonly span: Span;
  readonly pieces: readonly Piece[];
  readonly markers: ReadonlyMap<string, string>;
  /** It stands in the tests only. */
  readonly isInTests: boolean;
}

/**
 * The best draft in place, word for word, and every draft as a marked copy behind it. Where libraries are checked
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
  readonly othersInTests: boolean;
  /** Otherwise the skeleton stands in place, and no draft is accepted by this check. */
  readonly bestInPlace: boolean;
  readonly withCanary: boolean;
  /** Holes of a draft of which rustc is asked whether their bodies ever give a value. */
  readonly asked: (draft: Draft) => ReadonlySet<string>;
}

export function layBatch(
  texts: DraftTexts,
  code: CopyableCode,
  drafts: readonly [Draft, ...Draft[]],
  { nonce, othersInTests, bestInPlace, withCanary, asked }: BatchOptions,
): BatchText {
  const inPlace = bestInPlace ? texts.of(drafts[0]) : texts.nothing;
  const start = laidOffset(inPlace, code.at);
  // A comment may end the file without a line break.
  let chunk = start === inPlace.text.length ? "\n" : " ";
  const append = (text: string): Span => {
    const from = start + chunk.length;
    chunk += text;
    return { start: from, end: from + text.length };
  };
  const copies = drafts.map((draft, index): DraftCopy => {
    const marked = markText(texts.of(draft), `${nonce}_${index}`, asked(draft));
    const isInTests = othersInTests && index > 0;
    const copy = copyOf(code, marked, { index, isInTests });
    const span = append(copy.text);
    const pieces = copy.pieces.map((piece) => ({
      ...piece,
      span: { start: piece.span.start + span.start, end: piece.span.end + span.start },
    }));
    return { draft, span, pieces, markers: marked.markers, isInTests };
  });
  const isCanaryWanted = withCanary && drafts.some((draft) => mayCallItself(texts, code, draft));
  const canary = isCanaryWanted ? { span: append(canaryOf(code)) } : undefined;
  const inserted: Piece = {
    id: "copies",
    kind: "written",
    isFilled: false,
    span: { start, end: start + chunk.length },
    length: 0,
  };
  return {
    text: inPlace.text.slice(0, start) + chunk + inPlace.text.slice(start),
    pieces: [...inPlace.pieces, inserted],
    markers: copies[0]?.markers ?? new Map<string, string>(),
    copies,
    canary,
  };
}

/** Whether a filling names the function it stands in. Without the name rustc's lint has nothing to find. */
export function mayCallItself(texts: DraftTexts, code: CopyableCode, draft: Draft): boolean {
  const laid = texts.of(draft);
  const names = new Set(
    code.members.map(({ name }) => laid.text.slice(laidOffset(laid, name.start), laidOffset(laid, name.end))),
  );
  return laid.pieces.some(({ isFilled, span }) => {
    const tokens = isFilled ? (lexRust(laid.text.slice(span.start, span.end)) ?? []) : [];
    return tokens.some(({ kind, text }) => kind === "word" && names.has(text));
  });
}
