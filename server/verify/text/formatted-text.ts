import type { Span } from "../../stages.ts";
import { lexRust } from "../../syntax/lex.ts";
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
    const within = laid.pieces.filter(({ span }) => span.start >= entry.start && span.end <= entry.end);
    const own = within.filter((piece) => !isLayout(piece));
    const inner = own.map(({ span }) => ({ start: span.start - entry.start, end: span.end - entry.start }));
    const aligned = inner.map((span) => alignedSpan(alignment, span));
    if (aligned.some((span) => span === undefined)) return undefined;
    const here = (span: Span): Span => ({ start: span.start + text.length, end: span.end + text.length });
    const mapped = own.flatMap((piece, at) => {
      const span = aligned[at];
      return span === undefined ? [] : [{ ...piece, span: here(span) }];
    });
    const layout = within.filter(isLayout).map(({ span, length }) => {
      const moved = { start: span.start - entry.start, end: span.end - entry.start };
      return { span: moved, length };
    });
    const gaps = changedGaps(before, now, alignment, inner, layout);
    pieces.push(...mapped, ...gaps.map((gap) => ({ ...gap, span: here(gap.span) })));
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

const layoutId = "layout";

/** White space, or where something was taken out: no token stands there. */
function isLayout({ id, span }: Piece): boolean {
  return id === layoutId || lengthOf(span) === 0;
}

function lengthOf({ start, end }: Span): number {
  return end - start;
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
  layout: readonly Pick<Piece, "span" | "length">[],
): readonly Piece[] {
  const gaps: Piece[] = [];
  const holeOf = ({ start, end }: Span) => holes.findIndex((hole) => start >= hole.start && end <= hole.end);
  const edge = (old: number, made: number) => ({
    before: { start: old, end: old },
    after: { start: made, end: made },
  });
  const marks = [edge(0, 0), ...pairs, edge(before.length, now.length)];
  for (const [index, mark] of marks.entries()) {
    const next = marks[index + 1];
    const isEdge = index === 0 || index === marks.length - 2;
    const hole = index === 0 ? -1 : holeOf(mark.before);
    const nextHole = next === undefined || index === marks.length - 2 ? -1 : holeOf(next.before);
    if (next === undefined || (!isEdge && hole >= 0 && hole === nextHole)) continue;
    const start = holes[hole]?.end ?? mark.before.end;
    const end = holes[nextHole]?.start ?? next.before.start;
    const span = { start: mark.after.end, end: next.after.start };
    const earlier = layout.filter((piece) => piece.span.start >= start && piece.span.end <= end);
    if (earlier.length === 0 && now.slice(span.start, span.end) === before.slice(start, end)) continue;
    // What was laid out before already had another length in the skeleton.
    const length = earlier.reduce((sum, piece) => sum + piece.length - lengthOf(piece.span), end - start);
    gaps.push({ id: layoutId, kind: "written", isFilled: false, span, length });
  }
  return gaps;
}
