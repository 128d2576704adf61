import type { Skeleton, Span } from "../../stages.ts";
import type { Fix, PlacedMessage } from "../check/diagnostics.ts";
import { type LaidText, pieceAt, type Piece } from "../text/laid-text.ts";

/** Lints whose own remedy leaves what the code does as it is; of others it may not (`x == NAN`, `let _ = lock()`). */
const harmless = new Set<string | undefined>([
  "unused_variables",
  "unused_mut",
  "unused_parens",
  "unused_braces",
  "unused_qualifications",
  "redundant_semicolons",
  "non_shorthand_field_patterns",
  "clippy::needless_return",
  "clippy::needless_borrow",
  "clippy::redundant_field_names",
  "clippy::clone_on_copy",
  "clippy::explicit_auto_deref",
  "clippy::useless_conversion",
]);

/**
 * The text without what the warnings are about, by the changes that rustc is sure of. A name that nothing uses
 * becomes `_` in a pattern and gets a `_` in front in a signature. Undefined where a warning has no such change.
 */
export function mended(
  laid: LaidText,
  skeleton: Skeleton,
  warnings: readonly PlacedMessage[],
  isNew: (span: Span) => boolean,
): LaidText | undefined {
  const edits = new Map<string, Fix["parts"][number]>();
  for (const warning of warnings) {
    const [primary] = warning.spans;
    // In the user's own text nothing is mended.
    if (primary === undefined || !isNew(primary)) return undefined;
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
  if (!harmless.has(message.code)) return undefined;
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
