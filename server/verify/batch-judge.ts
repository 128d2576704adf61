import type { Draft, Span, Verdict } from "../stages.ts";
import type { CopyableFunction } from "../syntax/function-items.ts";
import { type BatchText, type DraftCopy, layBatch, mayCallItself } from "./batch-text.ts";
import { firstErrorOf } from "./cargo.ts";
import { distinct, errorsOf, type PlacedMessage } from "./diagnostics.ts";
import {
  behindWildcard,
  type Bench,
  type Checked,
  isForbidden,
  Judge,
  missingMarker,
  pieceBehind,
  unknown,
} from "./judge.ts";
import { pieceAt } from "./laid-text.ts";
import { timesSeen } from "./live-marker.ts";
import { NoVerdict } from "./no-verdict.ts";

/**
 * Many drafts in one check. The best draft is accepted by that check alone if nothing at all is red; otherwise
 * the best copy without an error is checked alone in place. Copies that an error of another one kept from being
 * reached are checked again without it.
 */
export async function judgeBatch(
  bench: Bench,
  original: CopyableFunction,
  drafts: readonly Draft[],
): Promise<readonly Verdict[]> {
  const judge = new Judge(bench);
  const verdicts = new Map<Draft, Verdict>();
  let open = [...drafts];
  let othersInTests = bench.checksTestsToo;
  for (let [best, ...others] = open; best !== undefined; [best, ...others] = open) {
    const batch = layBatch(bench.skeleton, original, [best, ...others], {
      ...{ nonce: bench.nonce(), mark: bench.mark, othersInTests, withCanary: true },
    });
    const checked = await bench.check(batch);
    if (checked.run.isSuccess === undefined)
      throw new NoVerdict("cargo-failed", firstErrorOf(checked.run.stderr));
    const mustBeAlone = isUnheard(batch, checked)
      ? (draft: Draft) => mayCallItself(bench.skeleton, original, draft)
      : () => false;
    const judged = batch.copies.map((copy) => judgeCopy(copy, batch, checked, mustBeAlone));
    for (const copy of judged) if (copy.verdict !== undefined) verdicts.set(copy.draft, copy.verdict);
    const isGreenAlone = othersInTests && !bench.isSeenOutside && isGreenBesideOthers(checked, batch);
    if ((isGreen(checked, batch) || isGreenAlone) && isClean(judged[0])) {
      verdicts.set(best, judge.accept(best, checked.targets));
      break;
    }
    const winner = await firstAccepted(judge, judged, checked, { bench, original, verdicts });
    const masked = judged.filter(({ draft, missing }) => !verdicts.has(draft) && missing !== undefined);
    const isProgress = masked.length < judged.length || othersInTests;
    if (winner || masked.length === 0 || !isProgress) {
      for (const { draft, missing } of masked) verdicts.set(draft, unknown(draft, "not-live", missing ?? ""));
      break;
    }
    open = masked.map(({ draft }) => draft);
    othersInTests = false;
  }
  return drafts.flatMap((draft) => verdicts.get(draft) ?? []);
}

interface JudgedCopy {
  readonly draft: Draft;
  readonly verdict: Verdict | undefined;
  /** Why it is not known to be live; undefined where every marker came. */
  readonly missing: string | undefined;
  /** Only a check alone tells: an error in the function but in no hole, or a lint that is not heard here. */
  readonly isDoubtful: boolean;
}

function judgeCopy(
  copy: DraftCopy,
  batch: BatchText,
  checked: Checked,
  mustBeAlone: (draft: Draft) => boolean,
): JudgedCopy {
  const { draft } = copy;
  const inCopy = checked.placed.filter(({ spans }) => spans.some((span) => isWithin(span, copy.span)));
  if (inCopy.some((message) => isForbidden(message, batch))) {
    return { draft, verdict: undefined, missing: undefined, isDoubtful: true };
  }
  const errors = inCopy.filter(({ message }) => errorsOf([message]).length > 0);
  const own = errors.map((error) => inHole(error, copy)).filter((error) => error !== undefined);
  if (own.length > 0) {
    const verdict: Verdict = { kind: "rejected", draft, diagnostics: distinct(own) };
    return { draft, verdict, missing: undefined, isDoubtful: false };
  }
  const missing = missingMarker(copy.markers, checked);
  const behind = inCopy
    .filter(({ message }) => message.code === "unreachable_patterns")
    .map((lint) => pieceBehind(lint, { text: batch.text, pieces: copy.pieces }))
    .find((hole) => hole !== undefined);
  const verdict = behind === undefined ? undefined : behindWildcard(draft, behind);
  return { draft, verdict, missing, isDoubtful: errors.length > 0 || mustBeAlone(draft) };
}

interface Confirmation {
  readonly bench: Bench;
  readonly original: CopyableFunction;
  readonly verdicts: Map<Draft, Verdict>;
}

/** With its own copy beside it: an item less than the check before would cost rustc's incremental cache dear. */
function beside(bench: Bench, original: CopyableFunction, draft: Draft): BatchText {
  const options = { nonce: bench.nonce(), mark: bench.mark, othersInTests: false, withCanary: false };
  return layBatch(bench.skeleton, original, [draft], options);
}

/** The live copies, best first, each alone in place until one is accepted. */
async function firstAccepted(
  judge: Judge,
  judged: readonly JudgedCopy[],
  checked: Checked,
  { bench, original, verdicts }: Confirmation,
): Promise<boolean> {
  for (const { draft, verdict, missing, isDoubtful } of judged) {
    if (verdict !== undefined || (missing !== undefined && !isDoubtful)) continue;
    const alone = isDoubtful
      ? await judge.judge(draft)
      : await judge.judgeExact(draft, beside(bench, original, draft), checked.targets);
    verdicts.set(draft, alone);
    if (alone.kind === "accepted") return true;
  }
  return false;
}

function isClean(copy: JudgedCopy | undefined): boolean {
  return copy?.verdict === undefined && copy?.missing === undefined && copy?.isDoubtful === false;
}

/**
 * Every error is one of another draft's copy, which stands in tests only: the plain library or binary, and all that
 * is built on it, is green. Both of its units must have reached the best draft's copy; what rustc looks at last
 * (privacy, late lints) it then has seen in the plain one.
 */
function isGreenBesideOthers({ run, placed, targets, packageId }: Checked, batch: BatchText): boolean {
  const [best, ...others] = batch.copies;
  if (run.isSuccess === undefined || best === undefined || targets.length === 0) return false;
  if (placed.some((said) => isRecursionIn(said, batch))) return false;
  const isOfOthers = ({ message, spans: [primary] }: PlacedMessage) =>
    message.packageId === packageId &&
    primary !== undefined &&
    others.some(({ span }) => isWithin(primary, span));
  const errors = placed.filter(({ message }) => errorsOf([message]).length > 0);
  if (!errors.every(isOfOthers)) return false;
  return targets.every((target) => {
    const isOwn = (said: { readonly target: string; readonly packageId: string }) =>
      said.target === target && said.packageId === packageId;
    const isPlainBuilt = run.artifacts.some((built) => isOwn(built) && !built.isTest && !built.isFresh);
    return isPlainBuilt && timesSeen(run.messages.filter(isOwn), best.markers) >= 2;
  });
}

/** Nothing red anywhere, and no recursion without end in what stands in place. */
function isGreen({ run, placed }: Checked, batch: BatchText): boolean {
  const isBad = (said: PlacedMessage) => errorsOf([said.message]).length > 0 || isRecursionIn(said, batch);
  return run.isSuccess === true && !placed.some(isBad);
}

function isRecursionIn({ message, spans }: PlacedMessage, batch: BatchText): boolean {
  return (
    message.code === "unconditional_recursion" &&
    spans.some((span) => pieceAt(batch, span)?.isFilled === true)
  );
}

/** The canary calls itself and nobody says so: the lint is allowed or capped here. */
function isUnheard({ canary }: BatchText, { placed }: Checked): boolean {
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

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
