import type { Skeleton, Span } from "../../stages.ts";
import type { Fix, PlacedMessage } from "../check/diagnostics.ts";
import type { NewText } from "../text/site-reading.ts";
import { type LaidText, pieceAt, type Piece, skeletonOffset } from "../text/laid-text.ts";

export interface SiteWarnings {
  /** About text that is new. */
  readonly own: PlacedMessage[];
  /** About text that stood there before, in the same item: only a check of the skeleton tells whether they are new. */
  readonly around: readonly PlacedMessage[];
}

/** Those that are about the exact text, not about copies of it and their markers. */
export function warningsIn(
  placed: readonly PlacedMessage[],
  laid: LaidText,
  { added, item }: NewText,
): SiteWarnings {
  const open = laid.pieces
    .filter(({ kind, isFilled }) => kind === "body" && !isFilled)
    .map(({ span }) => skeletonOffset(laid, span.start));
  // A member whose body is still to be written uses none of its parameters.
  const written = added.filter(({ start, end }) => !open.some((at) => at >= start && at < end));
  const own: PlacedMessage[] = [];
  const around: PlacedMessage[] = [];
  for (const warning of placed) {
    const [primary] = warning.spans;
    if (primary === undefined || !isAtPrimary(warning)) continue;
    const piece = pieceAt(laid, primary);
    if (piece?.id === "copies") continue;
    const offset = skeletonOffset(laid, primary.start);
    const isIn = ({ start, end }: Span) => offset >= start && offset < end;
    if (piece?.isFilled === true || piece?.kind === "binder" || written.some(isIn)) own.push(warning);
    else if (isIn(item) && !added.some(isIn)) around.push(warning);
  }
  return { own, around };
}

function isAtPrimary({ message }: PlacedMessage): boolean {
  return message.spans.some(({ isPrimary }) => isPrimary);
}

/**
 * The text without what the warnings are about, by the changes that rustc is sure of. A name that nothing uses
 * becomes `_` in a pattern and gets a `_` in front in a signature. Undefined where a warning has no such change.
 */
export function withoutWarnings(
  laid: LaidText,
  skeleton: Skeleton,
  warnings: readonly PlacedMessage[],
): LaidText | undefined {
  const edits = new Map<string, Fix["parts"][number]>();
  for (const warning of warnings) {
    const parts = changeFor(warning, laid, skeleton);
    if (parts === undefined) return undefined;
    for (const part of parts) edits.set(`${part.span.start} ${part.span.end}`, part);
  }
  const ordered = [...edits.values()].sort((a, b) => a.span.start - b.span.start);
  const overlap = ordered.some(({ span }, index) => span.start < (ordered[index - 1]?.span.end ?? 0));
  return overlap || ordered.length === 0 ? undefined : edited(laid, ordered);
}

function changeFor(
  { message, spans: [primary], fixes }: PlacedMessage,
  laid: LaidText,
  { holes }: Skeleton,
): Fix["parts"] | undefined {
  const piece = primary === undefined ? undefined : pieceAt(laid, primary);
  if (message.code === "unused_variables" && piece?.isFilled !== true) {
    if (piece?.kind !== "binder") return fixes.find((fix) => isAtName(fix, primary))?.parts;
    const field = holes.find(({ id }) => id === piece.id)?.field;
    return [{ span: piece.span, text: field === undefined ? "_" : `${field}: _` }];
  }
  const isWhole = ({ parts }: Fix) => parts.every(({ span }) => isOwn(laid, span));
  return fixes.find((fix) => fix.isMachineApplicable && isWhole(fix))?.parts;
}

function isAtName({ parts }: Fix, name: Span | undefined): boolean {
  return parts.every(({ span }) => span.start === name?.start && span.end === name.end);
}

/** Inside one filled hole. */
function isOwn(laid: LaidText, span: Span): boolean {
  const piece = pieceAt(laid, span);
  return piece?.isFilled === true && span.end <= piece.span.end;
}

/** Changes in a piece make it longer or shorter; elsewhere they are pieces of their own. */
function edited(laid: LaidText, edits: Fix["parts"]): LaidText {
  let text = "";
  let at = 0;
  const changed: Piece[] = [];
  for (const { span, text: replacement } of edits) {
    text += laid.text.slice(at, span.start);
    if (pieceAt(laid, span) === undefined) {
      const place = { start: text.length, end: text.length + replacement.length };
      const base = { id: "fix", kind: "written", isFilled: false } as const;
      changed.push({ ...base, span: place, length: span.end - span.start });
    }
    text += replacement;
    at = span.end;
  }
  const moved = (offset: number) =>
    edits
      .filter(({ span }) => span.end <= offset && span.start < offset)
      .reduce((sum, { span, text: now }) => sum + now.length - (span.end - span.start), offset);
  const pieces = laid.pieces.map((piece) => ({
    ...piece,
    span: { start: moved(piece.span.start), end: moved(piece.span.end) },
  }));
  return {
    text: text + laid.text.slice(at),
    pieces: [...pieces, ...changed].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
  };
}
