import type { Draft, Span, Verdict } from "../../stages.ts";
import type { BatchText, DraftCopy } from "../text/batch-text.ts";
import { isLint } from "./complaints.ts";
import { distinct, errorsOf, type PlacedMessage } from "../check/diagnostics.ts";
import { behindWildcard, isForbidden, neverGiven, pieceBehind } from "./cheating-lints.ts";
import type { Checked } from "./bench.ts";
import { isOfDocument, type LiveTarget, liveTargets, missingMarker, timesSeen } from "./liveness.ts";
import { pieceAt } from "../text/laid-text.ts";

/** What is known of a draft so far. */
export type Standing =
  /** It was in no check yet. */
  | { readonly kind: "open" }
  /** No error of its own, but an error elsewhere may have kept the compiler from it. */
  | { readonly kind: "masked"; readonly reason: string }
  /** Its copy is live and without an error: what is left is the check word for word, in place. */
  | { readonly kind: "live"; readonly live: readonly LiveTarget[] }
  /** Only a check alone tells: an error in the copy but in no hole, or a lint that is not heard there. */
  | { readonly kind: "doubtful" }
  | { readonly kind: "judged"; readonly verdict: Verdict };

/** What a check of many copies says of one of them. */
export function judgeCopy(
  copy: DraftCopy,
  batch: BatchText,
  checked: Checked,
  mustBeAlone: (draft: Draft) => boolean,
): Standing {
  const { draft } = copy;
  const inCopy = checked.placed.filter(({ spans }) => spans.some((span) => isWithin(span, copy.span)));
  if (inCopy.some((message) => isForbidden(message, batch))) return { kind: "doubtful" };
  // What a lint makes an error depends on levels set around the code, which a copy may not have all.
  const errors = inCopy.filter(({ message }) => errorsOf([message]).length > 0 && !isLint(message.code));
  const own = errors.flatMap((error) => inHole(error, copy) ?? []);
  // What the frame is to blame for is read from the text in place.
  const isOfFrame =
    own.length < errors.length ||
    own.some((error) => error.diagnostic.hole === undefined || isHelpedAtBinder(error, copy));
  if (own.length > 0 && !isOfFrame) {
    return { kind: "judged", verdict: { kind: "rejected", draft, diagnostics: distinct(own) } };
  }
  const endless = neverGiven(draft, { text: batch.text, pieces: copy.pieces }, inCopy);
  if (endless !== undefined) return { kind: "judged", verdict: endless };
  const behind = inCopy
    .filter(({ message }) => message.code === "unreachable_patterns")
    .map((lint) => pieceBehind(lint, { text: batch.text, pieces: copy.pieces }))
    .find((hole) => hole !== undefined);
  if (behind !== undefined) return { kind: "judged", verdict: behindWildcard(draft, behind) };
  // A type shows no marker, and a copy may not name it.
  const showsItself = copy.pieces.some(
    ({ id, isFilled }) => isFilled && [...copy.markers.values()].includes(id),
  );
  if (errors.length > 0 || !showsItself || mustBeAlone(draft)) return { kind: "doubtful" };
  const wanted = { inTestsOnly: copy.isInTests };
  const reason = missingMarker(copy.markers, checked, wanted);
  if (reason !== undefined) return { kind: "masked", reason };
  return { kind: "live", live: liveTargets(copy.markers, checked, wanted) };
}

/**
 * Every error is one of another draft's copy, which stands in tests only: the plain library or binary, and all that
 * is built on it, is green. Both of its units must have reached the best draft's copy; what rustc looks at last
 * (privacy, late lints) it then has seen in the plain one.
 */
export function isGreenBesideOthers(checked: Checked, batch: BatchText): boolean {
  const { run, placed, coverage } = checked;
  const [best, ...others] = batch.copies;
  if (run.isSuccess === undefined || best === undefined || coverage.length === 0) return false;
  if (placed.some((said) => isRecursionIn(said, batch))) return false;
  const isOfOthers = ({ message, spans: [primary] }: PlacedMessage) =>
    isOfDocument(message, coverage) &&
    primary !== undefined &&
    others.some(({ span }) => isWithin(primary, span));
  const errors = placed.filter(({ message }) => errorsOf([message]).length > 0);
  if (!errors.every(isOfOthers)) return false;
  return coverage.every((covered) => {
    const seen = [...best.markers.keys()].map((marker) => timesSeen(marker, covered, checked));
    return covered.green.plain > 0 && seen.every(({ plain, test }) => plain > 0 && test > 0);
  });
}

/** Some error is said of a copy. */
export function isRedInCopies({ placed }: Checked, batch: BatchText): boolean {
  const inCopies = (span: Span) => pieceAt(batch, span)?.id === "copies";
  return placed.some(({ message, spans }) => errorsOf([message]).length > 0 && spans.some(inCopies));
}

function isRecursionIn({ message, spans }: PlacedMessage, batch: BatchText): boolean {
  return (
    message.code === "unconditional_recursion" &&
    spans.some((span) => pieceAt(batch, span)?.isFilled === true)
  );
}

/** The canary calls itself and nobody says so: the lint is allowed or capped here. */
export function isUnheard({ canary }: BatchText, { placed }: Checked): boolean {
  if (canary === undefined) return false;
  return !placed.some(
    ({ message, spans }) =>
      message.code === "unconditional_recursion" && spans.some((span) => isWithin(span, canary.span)),
  );
}

/** The error with its hole, where its main place is in text of the draft. */
function inHole(error: PlacedMessage, { pieces }: DraftCopy): PlacedMessage | undefined {
  const [primary] = error.spans;
  const piece = primary === undefined ? undefined : pieceAt({ text: "", pieces }, primary);
  if (piece?.isFilled !== true) return undefined;
  const hole = piece.kind === "written" ? undefined : piece.id;
  return { ...error, diagnostic: { ...error.diagnostic, hole } };
}

/** A name in the arm's pattern has to bind otherwise, as rustc proposes. */
function isHelpedAtBinder({ fixes }: PlacedMessage, { pieces }: DraftCopy): boolean {
  const parts = fixes.flatMap((fix) => fix.parts);
  return parts.some(({ span }) => pieceAt({ text: "", pieces }, span)?.kind === "binder");
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
