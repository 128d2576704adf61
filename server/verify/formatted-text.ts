import type { Span } from "../stages.ts";
import { lexRust } from "../syntax/lex.ts";
import { alignedSpan, type Alignment, alignTexts } from "./entry-alignment.ts";
import type { FormattedEntry } from "./entry-format.ts";
import type { LaidText, Piece } from "./laid-text.ts";

/**
 * The laid text with some entries as rustfmt wrote them. Undefined where an entry would have to change in more than
 * layout. What changes between the holes becomes pieces of its own, so that places in it can still be compared.
 */
export function withFormatted(
  laid: LaidText,
  entries: readonly Span[],
  formatted: readonly FormattedEntry[],
  indentationAt: (offset: number) => string,
): LaidText | undefined {
  let text = "";
  let at = 0;
  const pieces: Piece[] = [];
  for (const [index, entry] of entries.entries()) {
    const made = formatted[index];
    const now = made === undefined ? undefined : indentedAs(made, indentationAt(entry.start), laid.text);
    const before = laid.text.slice(entry.start, entry.end);
    const alignment = now === undefined ? undefined : alignTexts(before, now);
    if (now === undefined || alignment === undefined) return undefined;
    pieces.push(...movedPieces(laid, { start: at, end: entry.start }, text.length - at));
    text += laid.text.slice(at, entry.start);
    const own = laid.pieces.filter(({ span }) => span.start >= entry.start && span.end <= entry.end);
    const inner = own.map(({ span }) => ({ start: span.start - entry.start, end: span.end - entry.start }));
    const aligned = inner.map((span) => alignedSpan(alignment, span));
    if (aligned.some((span) => span === undefined)) return undefined;
    const here = (span: Span): Span => ({ start: span.start + text.length, end: span.end + text.length });
    const mapped = own.flatMap((piece, at) => {
      const span = aligned[at];
      return span === undefined ? [] : [{ ...piece, span: here(span) }];
    });
    pieces.push(
      ...mapped,
      ...changedGaps(before, now, alignment, inner).map((gap) => ({ ...gap, span: here(gap.span) })),
    );
    text += now;
    at = entry.end;
  }
  pieces.push(...movedPieces(laid, { start: at, end: laid.text.length }, text.length - at));
  text += laid.text.slice(at);
  return { text, pieces: pieces.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end) };
}

/** With the indentation of its new place; undefined where lines inside a literal would be indented too. */
function indentedAs(
  { text, indentation }: FormattedEntry,
  wanted: string,
  document: string,
): string | undefined {
  const isOverLines = lexRust(text)?.some(
    ({ kind, text: token }) => kind === "string" && token.includes("\n"),
  );
  const lineBreak = document.includes("\r\n") ? "\r\n" : "\n";
  if (isOverLines !== false && (indentation !== wanted || lineBreak !== "\n")) return undefined;
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const moved = lines.map((line, index) =>
    index > 0 && line.startsWith(indentation) ? wanted + line.slice(indentation.length) : line,
  );
  return moved.join(lineBreak);
}

function movedPieces({ pieces }: LaidText, within: Span, by: number): readonly Piece[] {
  return pieces
    .filter(({ span }) => span.start >= within.start && span.end <= within.end)
    .map((piece) => ({ ...piece, span: { start: piece.span.start + by, end: piece.span.end + by } }));
}

/** Parts between two tokens outside the holes, or between one and a hole, that are longer or shorter now. */
function changedGaps(
  before: string,
  now: string,
  { pairs }: Alignment,
  holes: readonly Span[],
): readonly Piece[] {
  const gaps: Piece[] = [];
  const holeOf = ({ start, end }: Span) => holes.findIndex((hole) => start >= hole.start && end <= hole.end);
  for (const [index, pair] of pairs.entries()) {
    const next = pairs[index + 1];
    const hole = holeOf(pair.before);
    if (next === undefined || (hole >= 0 && hole === holeOf(next.before))) continue;
    const start = hole < 0 ? pair.before.end : (holes[hole]?.end ?? pair.before.end);
    const following = holes[holeOf(next.before)];
    const old = before.slice(start, following?.start ?? next.before.start);
    const span = { start: pair.after.end, end: next.after.start };
    if (now.slice(span.start, span.end) === old) continue;
    gaps.push({ id: "layout", kind: "written", isFilled: false, span, length: old.length });
  }
  return gaps;
}
