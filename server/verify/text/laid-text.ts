import type { Draft, HoleKind, Skeleton, Span } from "../../stages.ts";
import { applyDraft, documentWith } from "../../syntax/splice.ts";

/** A part of a checked document that is a hole, or a body that rust-analyzer wrote. */
export interface Piece {
  readonly id: string;
  readonly kind: HoleKind | "written";
  readonly isFilled: boolean;
  /** Offsets into the whole document's text. */
  readonly span: Span;
  /** Its length in the skeleton's own text, by which offsets of two drafts are compared. */
  readonly length: number;
}

/** A whole document as it is given to the compiler. */
export interface LaidText {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Markers that must be seen in its check, each with the piece it stands in: those of the first copy beside it. */
  readonly markers?: ReadonlyMap<string, string>;
}

/** The document with a draft in place, word for word. */
export function layDraft(skeleton: Skeleton, draft: Draft): LaidText {
  const filled = applyDraft(skeleton, draft);
  const inDocument = ({ start, end }: Span): Span => ({
    start: start + skeleton.replaced.start,
    end: end + skeleton.replaced.start,
  });
  const holes = skeleton.holes.map((hole): Piece => ({
    id: hole.id,
    kind: hole.kind,
    isFilled: draft.fillings.has(hole.id),
    span: inDocument(filled.holes.get(hole.id) ?? hole.span),
    length: hole.span.end - hole.span.start,
  }));
  const written = filled.written.map((span, index): Piece => ({
    id: `w${index + 1}`,
    kind: "written",
    isFilled: true,
    span: inDocument(span),
    length: span.end - span.start,
  }));
  const pieces = [...holes, ...written].sort((a, b) => a.span.start - b.span.start);
  return { text: documentWith(skeleton, filled.text), pieces };
}

/** The document with every hole open: what stands there before any draft. */
export function layNothing(skeleton: Skeleton): LaidText {
  return layDraft(skeleton, { rank: 0, fillings: new Map() });
}

export function pieceAt({ pieces }: LaidText, span: Span): Piece | undefined {
  return pieces.find((piece) => span.start >= piece.span.start && span.start < piece.span.end);
}

/** The offset this place has in the skeleton, so that places in two drafts can be compared. */
export function skeletonOffset({ pieces }: LaidText, offset: number): number {
  const before = pieces.filter((piece) => piece.span.end <= offset);
  return before.reduce((sum, { span, length }) => sum + length - (span.end - span.start), offset);
}

/** Where a place of the skeleton's own document (every hole open) is in this text: the way back of skeletonOffset. */
export function laidOffset({ pieces }: LaidText, offset: number): number {
  let moved = offset;
  for (const { span, length } of pieces) {
    if (span.start + length > moved) break;
    moved += span.end - span.start - length;
  }
  return moved;
}
