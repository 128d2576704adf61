import type {
  CompilerDiagnostic,
  Draft,
  FrameError,
  FrameFix,
  FramePlace,
  Skeleton,
  Span,
  Verdict,
} from "../../stages.ts";
import { distinct, type Fix, type PlacedMessage } from "../check/diagnostics.ts";
import { type LaidText, type Piece, pieceAt, skeletonOffset } from "../text/laid-text.ts";

/** The verdict for a draft with these errors: each counts for every hole it names, or for the frame. */
export function rejectedBy(
  draft: Draft,
  errors: readonly PlacedMessage[],
  laid: LaidText,
  skeleton: Skeleton,
): Extract<Verdict, { kind: "rejected" }> {
  const frame = frameErrors(errors, laid, skeleton);
  const diagnostics = distinct(errors).flatMap((diagnostic) => {
    const error = errors.find((candidate) => candidate.diagnostic === diagnostic);
    return error === undefined ? [diagnostic] : forEachHole(error, laid);
  });
  // What a body did wrong says more than what the function around it did, which may have been so before.
  const inHoles = diagnostics.filter(({ hole }) => hole !== undefined);
  const others = diagnostics.filter(({ hole }) => hole === undefined);
  return {
    kind: "rejected",
    draft,
    diagnostics: [...inHoles, ...others],
    ...(frame.length === 0 ? {} : { frame }),
  };
}

/** Errors whose cause is text that is ours and in no filled hole, each once although several targets report it. */
export function frameErrors(
  errors: readonly PlacedMessage[],
  laid: LaidText,
  skeleton: Skeleton,
): readonly FrameError[] {
  const found = errors.flatMap((error) => frameErrorOf(error, laid, skeleton) ?? []);
  const keyOf = ({ code, message, places }: FrameError) => JSON.stringify([code, message, places]);
  return [...new Map(found.map((error) => [keyOf(error), error])).values()];
}

/** Arms or members are missing at this very site; a match inside an arm is another one. */
export function isOwnGap(error: PlacedMessage, laid: LaidText, { site }: Skeleton): boolean {
  const { code } = error.message;
  const primary = primaryOf(error);
  if (primary === undefined || (code !== "E0004" && code !== "E0046")) return false;
  const { span, keyword, document } = site;
  const start = skeletonOffset(laid, primary.start);
  if (code === "E0046") return start >= span.start && start <= keyword;
  return start >= keyword && start < span.end && !document.text.slice(keyword, start).includes("=>");
}

function frameErrorOf(error: PlacedMessage, laid: LaidText, skeleton: Skeleton): FrameError | undefined {
  const placeOf = (span: Span) => framePlace(span, laid, skeleton);
  const places = error.spans.flatMap((span) => placeOf(span) ?? []);
  const fixPlaceOf = (span: Span) => (isMarked(pieceAt(laid, span)) ? undefined : placeOf(span));
  const fixes = error.fixes.flatMap((fix) => frameFix(fix, fixPlaceOf) ?? []);
  const primary = primaryOf(error);
  const piece = primary === undefined ? undefined : pieceAt(laid, primary);
  const isInBody = isBody(piece);
  const isAtBinder = ({ hole }: FramePlace) => hole?.includes(".") === true;
  const isOfBinder = isInBody
    ? fixes.some(({ parts }) => parts.some(({ place }) => isAtBinder(place)))
    : places.some(isAtBinder);
  const isAtBody = error.spans.some((span) => isBody(pieceAt(laid, span)));
  const isInFrame = primary !== undefined && placeOf(primary) !== undefined;
  const isOfFrame = !isAtBody && (isInFrame || isOwnGap(error, laid, skeleton));
  if (!isOfFrame && !isOfBinder) return undefined;
  const { level, code, message, rendered } = error.diagnostic;
  return { level, code, message, rendered, places, fixes, imports: importsOf(error.fixes) };
}

function isBody(piece: Piece | undefined): boolean {
  return piece?.isFilled === true && piece.kind !== "written" && piece.kind !== "binder";
}

function primaryOf({ message, spans: [first] }: PlacedMessage): Span | undefined {
  return message.spans.some(({ isPrimary }) => isPrimary) ? first : undefined;
}

function framePlace(span: Span, laid: LaidText, { replaced, text }: Skeleton): FramePlace | undefined {
  const piece = pieceAt(laid, span);
  if (piece?.id === "copies") return undefined;
  const { start: from, end: to } = isMarked(piece) ? piece.span : span;
  const start = skeletonOffset(laid, from) - replaced.start;
  const end = Math.max(start, skeletonOffset(laid, to) - replaced.start);
  const isHole = piece !== undefined && /^h\d/.test(piece.id);
  return start < 0 || end > text.length
    ? undefined
    : { span: { start, end }, hole: isHole ? piece.id : undefined };
}

/** A body that rust-analyzer wrote is longer here than in the frame: of places in it, only the whole is known. */
function isMarked(piece: Piece | undefined): piece is Piece {
  return piece?.kind === "written" && piece.span.end - piece.span.start !== piece.length;
}

function frameFix(
  { isMachineApplicable, parts }: Fix,
  placeOf: (span: Span) => FramePlace | undefined,
): FrameFix | undefined {
  const placed = parts.flatMap(({ span, text }) => {
    const place = placeOf(span);
    return place === undefined ? [] : [{ place, text }];
  });
  return placed.length < parts.length ? undefined : { isMachineApplicable, parts: placed };
}

function importsOf(fixes: readonly Fix[]): readonly string[] {
  const texts = fixes.flatMap(({ parts }) => parts.map(({ text }) => text));
  return texts.flatMap((text) => /^use ([\w:]+);\s*$/.exec(text)?.[1] ?? []);
}

/** An error at the scrutinee names the arms that it is about beside it. */
function forEachHole({ diagnostic, spans }: PlacedMessage, laid: LaidText): readonly CompilerDiagnostic[] {
  if (diagnostic.hole !== undefined) return [diagnostic];
  const holes = spans.flatMap((span) => {
    const piece = pieceAt(laid, span);
    return piece !== undefined && /^h\d/.test(piece.id) ? [piece.id.split(".")[0] ?? piece.id] : [];
  });
  const named = [...new Set(holes)];
  return named.length === 0 ? [diagnostic] : named.map((hole) => ({ ...diagnostic, hole }));
}
