import type { Draft, Skeleton, Verdict } from "../../stages.ts";
import type { CopyableCode } from "../../syntax/copyable.ts";
import { type BatchText, layBatch, mayCallItself } from "../text/batch-text.ts";
import { firstErrorOf } from "../cargo/cargo.ts";
import type { Bench, Checked } from "./bench.ts";
import type { DraftTexts } from "../text/draft-texts.ts";
import { endsTrying, Judge, unknown } from "./judge.ts";
import type { LaidText } from "../text/laid-text.ts";
import { isGreenBesideOthers, isRedInCopies, isUnheard, judgeCopy, type Standing } from "./judge-copy.ts";
import type { LiveTarget } from "./liveness.ts";
import { NoVerdict } from "../no-verdict.ts";

/** Copies that stand in one document at most: what is more waits for the next check. */
const copiesAtOnce = 16;
/** Checks of single drafts (two each) in one request, where copies cannot tell. */
const aloneAtMost = 6;

/**
 * Many drafts in one check: a marked copy of each, and where the others stand apart from it the best one in place. Drafts are then taken in their
 * order, each that is live checked word for word, until one is accepted. The best is accepted by the check of the
 * copies itself where nothing at all that stands in place is red.
 */
export async function judgeBatch(
  bench: Bench,
  code: CopyableCode,
  drafts: DraftsToJudge,
): Promise<readonly Verdict[]> {
  return new Batch(bench, code, drafts).all();
}

export interface DraftsToJudge {
  /** Best first. */
  readonly drafts: readonly Draft[];
  /** Those among them that are tried after all others, in checks of their own. */
  readonly last: ReadonlySet<Draft>;
}

interface LiveDraft {
  readonly live: readonly LiveTarget[];
  readonly checked: Checked;
  /** All that is red is another draft's copy, in the tests. */
  readonly isGreenAlone: boolean;
}

class Batch {
  readonly #bench: Bench;
  readonly #code: CopyableCode;
  readonly #drafts: readonly Draft[];
  readonly #last: ReadonlySet<Draft>;
  readonly #judge: Judge;
  readonly #standings = new Map<Draft, Standing>();
  #othersInTests: boolean;
  #alone = 0;

  constructor(bench: Bench, code: CopyableCode, { drafts, last }: DraftsToJudge) {
    this.#bench = bench;
    this.#code = code;
    this.#drafts = drafts;
    this.#last = last;
    this.#judge = new Judge(bench, (draft) => this.#besideItself(draft));
    this.#othersInTests = bench.canSetOthersApart;
  }

  async all(): Promise<readonly Verdict[]> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const standing = this.#standingOf(next);
      if (standing.kind === "live" || standing.kind === "doubtful")
        this.#settle(next, await this.#checkAlone(next, standing));
      else await this.#checkTogether(next);
      const now = this.#standingOf(next);
      if (now.kind === "judged" && endsTrying(now.verdict)) break;
    }
    return this.#drafts.flatMap((draft) => {
      const standing = this.#standingOf(draft);
      return standing.kind === "judged" ? [standing.verdict] : [];
    });
  }

  #next(): Draft | undefined {
    const left = this.#drafts.filter((draft) => this.#standingOf(draft).kind !== "judged");
    return left.find((draft) => !this.#last.has(draft)) ?? left[0];
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
      return this.#judge.judgeExact(draft, standing.live);
    }
    this.#alone += 1;
    if (this.#alone <= aloneAtMost) return this.#judge.judge(draft);
    return unknown(draft, "not-handled", `only ${aloneAtMost} drafts are checked one by one`);
  }

  /** With its own copy: an item less than the check before would cost rustc's incremental cache dear. */
  #besideItself(draft: Draft): BatchText {
    const options = {
      nonce: this.#bench.nonce(),
      othersInTests: false,
      bestInPlace: true,
      withCanary: false,
      asked: (other: Draft) => this.#bench.asked(other),
    };
    return layBatch(this.#bench.texts, this.#code, [draft], options);
  }

  async #checkTogether(best: Draft): Promise<void> {
    const { texts, isSeenOutside } = this.#bench;
    const asked = (draft: Draft) => this.#bench.asked(draft);
    const together = this.#companions(best);
    const othersInTests =
      this.#othersInTests && together.length > 1 && (keepsLines(texts, best) || !isUnlikely(best));
    // Copies of others in the same target read fields that the best may leave unread: then it is checked alone.
    const bestInPlace = together.length === 1 || othersInTests;
    const options = { nonce: this.#bench.nonce(), othersInTests, bestInPlace, withCanary: true, asked };
    const batch = layBatch(texts, this.#code, together, options);
    const checked = await this.#bench.check(batch);
    if (checked.run.isSuccess === undefined)
      throw new NoVerdict("cargo-failed", firstErrorOf(checked.run.stderr));
    const mustBeAlone = isUnheard(batch, checked)
      ? (draft: Draft) => mayCallItself(texts, this.#code, draft)
      : () => false;
    for (const copy of batch.copies)
      this.#standings.set(copy.draft, judgeCopy(copy, batch, checked, mustBeAlone));
    const isGreenAlone = othersInTests && !isSeenOutside && isGreenBesideOthers(checked, batch);
    const standing = this.#standingOf(best);
    if (standing.kind === "live") {
      if (bestInPlace) await this.#settleLive(best, batch, { ...standing, checked, isGreenAlone });
    } else if (!othersInTests) {
      this.#giveUpMasked(together);
    }
    this.#othersInTests = false;
  }

  /** What stands in place was checked word for word, unless errors of copies ended the check too early. */
  async #settleLive(
    best: Draft,
    batch: BatchText,
    { live, checked, isGreenAlone }: LiveDraft,
  ): Promise<void> {
    if (!isRedInCopies(checked, batch)) {
      return this.#settle(best, await this.#judge.conclude(best, live, batch, checked));
    }
    const clean = await this.#judge.clean(best, batch, checked);
    if (clean === undefined && isGreenAlone)
      this.#settle(best, await this.#judge.accept(best, live, batch, checked));
    else if (clean !== undefined && clean !== "changed") this.#settle(best, clean);
  }

  /** The best with all that may stand beside it: an associated type has one value at a time. */
  #companions(best: Draft): readonly [Draft, ...Draft[]] {
    // Where the others would cost the best a second check, a likely one goes first.
    if (!this.#othersInTests && this.#standings.size === 0 && isLikely(best)) return [best];
    const isWaiting = (draft: Draft) => ["open", "masked"].includes(this.#standingOf(draft).kind);
    const others = this.#drafts.filter(
      (draft) =>
        draft !== best &&
        isWaiting(draft) &&
        this.#last.has(draft) === this.#last.has(best) &&
        hasSameTypes(this.#bench.skeleton, best, draft),
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

/**
 * Whatever stands behind it in the file stays in its lines. rustc knows items by their lines too: one line more, and
 * all of a large file behind it is analysed anew (measured: 1.7 times a check), which is worth it for a draft only
 * that can be accepted by the same check.
 */
function keepsLines(texts: DraftTexts, best: Draft): boolean {
  const lines = ({ text }: LaidText) => text.split("\n").length;
  return lines(texts.of(best)) === lines(texts.nothing);
}

/** Half of such bodies and more are what their authors write (measured for bodies by analogy). */
function isLikely(draft: Draft): boolean {
  const chances = chancesOf(draft);
  return chances.length === draft.fillings.size && Math.min(...chances) >= 0.5;
}

/** Below one in three, two checks without it in place take less time than what its lines cost when it is wrong. */
function isUnlikely(draft: Draft): boolean {
  return Math.min(...chancesOf(draft)) < 1 / 3;
}

/** Of bodies by analogy; nothing is known of a model's. */
function chancesOf({ fillings }: Draft): readonly number[] {
  return [...fillings.values()].flatMap(({ author }) => (author.by === "analogy" ? [author.chance] : []));
}

function hasSameTypes({ holes }: Skeleton, a: Draft, b: Draft): boolean {
  const types = holes.filter(({ kind }) => kind === "type");
  return types.every(({ id }) => a.fillings.get(id)?.text === b.fillings.get(id)?.text);
}
