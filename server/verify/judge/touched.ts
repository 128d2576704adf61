import type { Skeleton, Span } from "../../stages.ts";
import type { PlacedMessage } from "../check/diagnostics.ts";
import { type LaidText, type Piece, skeletonOffset } from "../text/laid-text.ts";
import type { NewText } from "../text/site-reading.ts";

/** Where a message stands, seen from a draft. */
export type Standpoint =
  /** It touches text that the offer brings, with any of its places. */
  | "new"
  /** The same, in an arm or member that is left for its author to write. */
  | "open"
  /** In the function around a match, or in the impl around members. */
  | "item"
  /** In a copy of ours beside the exact text. */
  | "copies"
  | "elsewhere";

/**
 * Told by all places of the message: a cause is often said second ("value moved here"). In places that only its notes
 * point at, text counts where it is new; a signature is pointed at by whoever calls it wrongly.
 */
export function standpointOf(
  { message, spans, noteSpans }: PlacedMessage,
  laid: LaidText,
  newText: NewText,
): Standpoint {
  const places = new Places(laid, newText);
  if (spans.some((span) => places.isInCopies(span))) return "copies";
  const touching = [...spans, ...noteSpans].filter((span) => places.isNew(span));
  if (touching.length > 0) return touching.every((span) => places.isOpen(span)) ? "open" : "new";
  // Who is never used is told by the whole crate.
  if (message.code === "dead_code") return "elsewhere";
  return spans.some((span) => places.isInItem(span)) ? "item" : "elsewhere";
}

/** Whether this place of a laid text is one that the offer brings. */
export function isNewPlace(span: Span, laid: LaidText, newText: NewText): boolean {
  return new Places(laid, newText).isNew(span);
}

class Places {
  readonly #laid: LaidText;
  readonly #added: readonly Span[];
  readonly #item: Span;
  /** Added arms and members with a body that nobody filled. */
  readonly #open: readonly Span[];

  constructor(laid: LaidText, { added, item }: NewText) {
    this.#laid = laid;
    this.#added = added;
    this.#item = item;
    const open = laid.pieces
      .filter(({ kind, isFilled, id }) => kind === "body" && !isFilled && id.startsWith("h"))
      .map(({ span }) => skeletonOffset(laid, span.start));
    this.#open = added.filter(({ start, end }) => open.some((at) => at >= start && at < end));
  }

  isInCopies(span: Span): boolean {
    return this.#laid.pieces.some((piece) => piece.id === "copies" && overlaps(span, piece.span));
  }

  /** What covers the whole item, as a lint of the crate does, is about more than what is new. */
  isNew(span: Span): boolean {
    const inSkeleton = this.#inSkeleton(span);
    if (inSkeleton.start < this.#item.start || inSkeleton.end > this.#item.end) return false;
    return (
      this.#laid.pieces.some((piece) => isOurs(piece) && overlaps(span, piece.span)) ||
      this.#added.some((added) => overlaps(inSkeleton, added))
    );
  }

  isOpen(span: Span): boolean {
    const inSkeleton = this.#inSkeleton(span);
    const isFilled = this.#laid.pieces.some((piece) => piece.isFilled && overlaps(span, piece.span));
    return !isFilled && this.#open.some((entry) => overlaps(inSkeleton, entry));
  }

  isInItem(span: Span): boolean {
    const { start } = this.#inSkeleton(span);
    return start >= this.#item.start && start < this.#item.end;
  }

  #inSkeleton({ start, end }: Span): Span {
    return { start: this.#placeInSkeleton(start), end: this.#placeInSkeleton(end) };
  }

  /** What is inside a piece that is longer than in the skeleton stays inside. */
  #placeInSkeleton(offset: number): number {
    const inside = this.#laid.pieces.find(({ span }) => offset > span.start && offset < span.end);
    if (inside === undefined) return skeletonOffset(this.#laid, offset);
    const into = Math.min(offset - inside.span.start, inside.length);
    return skeletonOffset(this.#laid, inside.span.start) + into;
  }
}

function isOurs({ kind, isFilled, id }: Piece): boolean {
  return isFilled || kind === "binder" || id === "fix";
}

/** An empty place counts where it stands. */
function overlaps(one: Span, other: Span): boolean {
  const end = Math.max(one.end, one.start + 1);
  return one.start < other.end && end > other.start;
}

/** For a match, what happens in its function is the offer's: rustc looks at a function as a whole. */
export function isOfOffer(standpoint: Standpoint, { site }: Skeleton): boolean {
  return standpoint === "item" ? site.kind === "match" : standpoint !== "elsewhere";
}
