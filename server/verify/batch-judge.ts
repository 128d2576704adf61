import type { Draft, Skeleton, Span, Verdict } from "../stages.ts";
import type { CopyableCode } from "../syntax/copyable.ts";
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

/** What is known of a draft so far. */
type Standing =
  /** It was in no check yet. */
  | { readonly kind: "open" }
  /** No error of its own, but an error elsewhere may have kept the compiler from it. */
  | { readonly kind: "masked"; readonly reason: string }
  /** Its copy is live and without an error: what is left is the check word for word, in place. */
  | { readonly kind: "live"; readonly targets: readonly string[] }
  /** Only a check alone tells: an error in the copy but in no hole, or a lint that is not heard there. */
  | { readonly kind: "doubtful" }
  | { readonly kind: "judged"; readonly verdict: Verdict };

/** Copies that stand in one document at most: what is more waits for the next check. */
const copiesAtOnce = 16;
/** Checks of single drafts (two each) in one request, where copies cannot tell. */
const aloneAtMost = 6;

/**
 * Many drafts in one check: the best open one in place and a marked copy of each. Drafts are then taken in their
 * order, each that is live checked word for word, until one is accepted. The best is accepted by the check of the
 * copies itself where nothing at all that stands in place is red.
 */
export async function judgeBatch(
  bench: Bench,
  code: CopyableCode,
  drafts: readonly Draft[],
): Promise<readonly Verdict[]> {
  return new Batch(bench, code, drafts).all();
}

class Batch {
  readonly #bench: Bench;
  readonly #code: CopyableCode;
  readonly #drafts: readonly Draft[];
  readonly #judge: Judge;
  readonly #standings = new Map<Draft, Standing>();
  #othersInTests: boolean;
  #alone = 0;

  constructor(bench: Bench, code: CopyableCode, drafts: readonly Draft[]) {
    this.#bench = bench;
    this.#code = code;
    this.#drafts = drafts;
    this.#judge = new Judge(bench);
    this.#othersInTests = bench.checksTestsToo;
  }

  async all(): Promise<readonly Verdict[]> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const standing = this.#standingOf(next);
      if (standing.kind === "live" || standing.kind === "doubtful")
        this.#settle(next, await this.#checkAlone(next, standing));
      else await this.#checkTogether(next);
      const now = this.#standingOf(next);
      if (now.kind === "judged" && now.verdict.kind === "accepted") break;
    }
    return this.#drafts.flatMap((draft) => {
      const standing = this.#standingOf(draft);
      return standing.kind === "judged" ? [standing.verdict] : [];
    });
  }

  #next(): Draft | undefined {
    return this.#drafts.find((draft) => this.#standingOf(draft).kind !== "judged");
  }

  #standingOf(draft: Draft): Standing {
    return this.#standings.get(draft) ?? { kind: "open" };
  }

  #settle(draft: Draft, verdict: Verdict): void {
    this.#standings.set(draft, { kind: "judged", verdict });
  }

  async #checkAlone(
    draft: Draft,
    standing: Extract<Standing, { kind: "live" | "doubtful" }>,
  ): Promise<Verdict> {
    if (standing.kind === "live") {
      return this.#judge.judgeExact(draft, this.#besideItself(draft), standing.targets);
    }
    this.#alone += 1;
    if (this.#alone <= aloneAtMost) return this.#judge.judge(draft);
    return unknown(draft, "not-handled", `only ${aloneAtMost} drafts are checked one by one`);
  }

  /** With its own copy: an item less than the check before would cost rustc's incremental cache dear. */
  #besideItself(draft: Draft): BatchText {
    const options = { nonce: this.#bench.nonce(), othersInTests: false, withCanary: false };
    return layBatch(this.#bench.skeleton, this.#code, [draft], options);
  }

  async #checkTogether(best: Draft): Promise<void> {
    const { skeleton, isSeenOutside } = this.#bench;
    const together = this.#companions(best);
    const othersInTests = this.#othersInTests && together.length > 1;
    const options = { nonce: this.#bench.nonce(), othersInTests, withCanary: true };
    const batch = layBatch(skeleton, this.#code, together, options);
    const checked = await this.#bench.check(batch);
    if (checked.run.isSuccess === undefined)
      throw new NoVerdict("cargo-failed", firstErrorOf(checked.run.stderr));
    const mustBeAlone = isUnheard(batch, checked)
      ? (draft: Draft) => mayCallItself(skeleton, this.#code, draft)
      : () => false;
    for (const copy of batch.copies)
      this.#standings.set(copy.draft, judgeCopy(copy, batch, checked, mustBeAlone));
    const isGreenAlone = othersInTests && !isSeenOutside && isGreenBesideOthers(checked, batch);
    if (this.#standingOf(best).kind === "live" && (isGreen(checked, batch) || isGreenAlone)) {
      this.#settle(best, this.#judge.accept(best, checked.targets));
    } else if (!othersInTests) {
      this.#giveUpMasked(together);
    }
    this.#othersInTests = false;
  }

  /** The best with all that may stand beside it: an associated type has one value at a time. */
  #companions(best: Draft): readonly [Draft, ...Draft[]] {
    // Where the others would cost the best a second check, a likely one goes first.
    if (!this.#othersInTests && this.#standings.size === 0 && isLikely(best)) return [best];
    const isWaiting = (draft: Draft) => ["open", "masked"].includes(this.#standingOf(draft).kind);
    const others = this.#drafts.filter(
      (draft) => draft !== best && isWaiting(draft) && hasSameTypes(this.#bench.skeleton, best, draft),
    );
    return [best, ...others.slice(0, copiesAtOnce - 1)];
  }

  /** Nothing was learnt of any draft, and no error is one of theirs: the code itself is not reached. */
  #giveUpMasked(together: readonly Draft[]): void {
    const standings = together.map((draft) => [draft, this.#standingOf(draft)] as const);
    if (standings.some(([, { kind }]) => kind !== "masked")) return;
    for (const [draft, standing] of standings)
      if (standing.kind === "masked") this.#settle(draft, unknown(draft, "not-live", standing.reason));
  }
}

/** Half of such bodies and more are what their authors write (measured for bodies by analogy). */
function isLikely({ fillings }: Draft): boolean {
  const chances = [...fillings.values()].map(({ author }) => (author.by === "analogy" ? author.chance : 0));
  return Math.min(...chances) >= 0.5;
}

function hasSameTypes({ holes }: Skeleton, a: Draft, b: Draft): boolean {
  const types = holes.filter(({ kind }) => kind === "type");
  return types.every(({ id }) => a.fillings.get(id)?.text === b.fillings.get(id)?.text);
}

function judgeCopy(
  copy: DraftCopy,
  batch: BatchText,
  checked: Checked,
  mustBeAlone: (draft: Draft) => boolean,
): Standing {
  const { draft } = copy;
  const inCopy = checked.placed.filter(({ spans }) => spans.some((span) => isWithin(span, copy.span)));
  if (inCopy.some((message) => isForbidden(message, batch))) return { kind: "doubtful" };
  const errors = inCopy.filter(({ message }) => errorsOf([message]).length > 0);
  const own = errors.filter(isNoLint).flatMap((error) => inHole(error, copy) ?? []);
  if (own.length > 0) {
    return { kind: "judged", verdict: { kind: "rejected", draft, diagnostics: distinct(own) } };
  }
  const behind = inCopy
    .filter(({ message }) => message.code === "unreachable_patterns")
    .map((lint) => pieceBehind(lint, { text: batch.text, pieces: copy.pieces }))
    .find((hole) => hole !== undefined);
  if (behind !== undefined) return { kind: "judged", verdict: behindWildcard(draft, behind) };
  // A type alone shows no marker.
  if (errors.length > 0 || copy.markers.size === 0 || mustBeAlone(draft)) return { kind: "doubtful" };
  const reason = missingMarker(copy.markers, checked);
  return reason === undefined ? { kind: "live", targets: checked.targets } : { kind: "masked", reason };
}

/** What a lint makes an error depends on levels set around the code, which a copy may not have all. */
function isNoLint({ message }: PlacedMessage): boolean {
  return message.code === undefined || /^E\d+$/.test(message.code);
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
