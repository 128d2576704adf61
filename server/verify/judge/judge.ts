import type { NoOfferReason } from "../../../protocol/methods.ts";
import type { Draft, Skeleton, Verdict } from "../../stages.ts";
import type { Bench, Checked } from "./bench.ts";
import { firstErrorOf } from "../cargo/cargo.ts";
import { Baseline } from "./baseline.ts";
import {
  behindWildcard,
  holeOf,
  isCheatingLint,
  isForbidden,
  neverGiven,
  pieceBehind,
} from "./cheating-lints.ts";
import { Complaints, isLint } from "./complaints.ts";
import { errorsOf, type PlacedMessage } from "../check/diagnostics.ts";
import { isOwnGap, rejectedBy } from "./frame-errors.ts";
import { type LaidText } from "../text/laid-text.ts";
import {
  isOfDocument,
  type LiveTarget,
  liveTargets,
  missingMarker,
  namesOf,
  whyUnchecked,
} from "./liveness.ts";
import { markText } from "../text/live-marker.ts";
import { NoVerdict } from "../no-verdict.ts";
import { isOfOffer, standpointOf } from "./touched.ts";
import { whatStays } from "./what-stays.ts";

export class Judge {
  readonly #bench: Bench;
  readonly #layExact: (draft: Draft) => LaidText;
  readonly #baseline: Baseline;
  readonly #complaints: Complaints;
  readonly #plain: Judge | undefined;

  /** `layExact`: the text that is checked word for word, with what else may stand in the document. */
  constructor(bench: Bench, layExact: (draft: Draft) => LaidText = (draft) => bench.texts.of(draft)) {
    this.#bench = bench;
    this.#layExact = layExact;
    this.#baseline = new Baseline(bench);
    this.#complaints = new Complaints(bench, this.#baseline);
    this.#plain = bench.plain === undefined ? undefined : new Judge(bench.plain.bench, layExact);
  }

  /** One draft alone: with its markers, then word for word. */
  async judge(draft: Draft): Promise<Verdict> {
    const exact = this.#bench.texts.of(draft);
    const marked = markText(exact, this.#bench.nonce(), this.#bench.asked(draft), this.#bench.itemStart);
    if (marked.markers.size === 0) {
      return unknown(draft, "not-live", "only types are filled, and a type cannot show that it was reached");
    }
    const first = await this.#bench.check(marked);
    const endless = neverGiven(draft, marked, first.placed);
    if (endless !== undefined) return endless;
    const wrong = await this.#wrong(draft, marked, first);
    const missing = missingMarker(marked.markers, first, this.#bench);
    if (wrong?.around !== undefined && missing !== undefined) {
      const { added } = await this.#baseline.compare(wrong.around);
      if (added.length === 0) return unknown(draft, "not-live", missing);
    }
    if (wrong !== undefined && !(wrong.isForLintsOnly === true && missing === undefined))
      return wrong.verdict;
    if (missing !== undefined) return unknown(draft, "not-live", missing);
    return this.judgeExact(draft, liveTargets(marked.markers, first), exact);
  }

  /** The exact text, with at most a copy of itself behind it; where it is live is known. */
  async judgeExact(
    draft: Draft,
    live: readonly LiveTarget[],
    exact: LaidText = this.#layExact(draft),
  ): Promise<Verdict> {
    return this.conclude(draft, live, exact, await this.#bench.check(exact));
  }

  /** The verdict of a check of the exact text, where no error is one of the copies that stand behind it. */
  async conclude(
    draft: Draft,
    live: readonly LiveTarget[],
    exact: LaidText,
    checked: Checked,
  ): Promise<Verdict> {
    const wrong = await this.#wrong(draft, exact, checked);
    const alone = this.#bench.texts.of(draft);
    // Lints look at the order of items too: an error in no hole may be one of the copy.
    const isDoubtful =
      wrong?.verdict.kind === "rejected" && wrong.verdict.diagnostics.every(({ hole }) => hole === undefined);
    if (isDoubtful && alone.text !== exact.text) return this.judgeExact(draft, live, alone);
    if (wrong !== undefined && wrong.isForLintsOnly !== true) return wrong.verdict;
    const clean = await this.clean(draft, exact, checked);
    if (clean === "changed") return this.judgeExact(draft, live);
    const complaint = clean ?? wrong?.verdict;
    if (complaint !== undefined) return complaint;
    const { markers } = exact;
    const missing = markers === undefined ? undefined : missingMarker(markers, checked, this.#bench);
    if (missing !== undefined) return unknown(draft, "not-live", missing);
    const unchecked = whyUnchecked(live, checked);
    if (unchecked !== undefined) return unknown(draft, "not-live", unchecked);
    const hiding = this.#bench.isSeenOutside ? this.#bench.hiddenUsers(checked) : undefined;
    if (hiding !== undefined) {
      return unknown(draft, "not-live", `code that uses this may not have been checked: ${hiding}`);
    }
    const seen = markers === undefined ? live : liveTargets(markers, checked);
    return this.accept(draft, seen, exact, checked);
  }

  /**
   * Looks at what the compiler warns of in a check of the draft's exact text. "changed": the draft has another text
   * now, without it; undefined: there is nothing new to warn of.
   */
  async clean(draft: Draft, exact: LaidText, checked: Checked): Promise<Verdict | "changed" | undefined> {
    const found = await this.#complaints.of(exact, checked);
    if (found.length === 0) return undefined;
    return (await this.#complaints.takeOut(draft, found))
      ? "changed"
      : rejectedBy(draft, found, exact, this.#bench.skeleton);
  }

  /** The verdict for a text that a check has accepted word for word. */
  async accept(
    draft: Draft,
    live: readonly LiveTarget[],
    checkedText: LaidText,
    checked: Checked,
  ): Promise<Verdict> {
    const { texts, skeleton } = this.#bench;
    const exact = texts.of(draft);
    const objection = await this.#objection(draft);
    // What was mended for a plain build has yet to be checked here.
    if (texts.of(draft).text !== exact.text) return this.judgeExact(draft, live);
    if (objection !== undefined) return objection;
    const tail = skeleton.site.document.text.length - skeleton.replaced.end;
    const text = exact.text.slice(skeleton.replaced.start, exact.text.length - tail);
    const check = { ...this.#bench.evidence(namesOf(live)), ...whatStays(this.#bench, checkedText, checked) };
    return { kind: "accepted", draft: texts.asOffered(draft), text, check };
  }

  /** What a plain build has against a draft. */
  async #objection(draft: Draft): Promise<Verdict | undefined> {
    if (this.#plain === undefined) return undefined;
    const exact = this.#layExact(draft);
    const verdict =
      exact.markers === undefined
        ? await this.#plain.judge(draft)
        : await this.#plain.judgeExact(draft, [], exact);
    return verdict.kind === "accepted" ? undefined : inPlainBuild(verdict, this.#bench.plain?.how ?? "");
  }

  async #wrong(draft: Draft, laid: LaidText, checked: Checked): Promise<Wrong | undefined> {
    const { run, placed } = checked;
    const { skeleton, newText } = this.#bench;
    if (run.isSuccess === undefined) throw new NoVerdict("cargo-failed", firstErrorOf(run.stderr));
    const forbidden = placed.find((message) => isForbidden(message, laid));
    if (forbidden !== undefined) {
      const message = `lints are forbidden here: ${forbidden.diagnostic.message}`;
      return { verdict: unknown(draft, "not-live", message) };
    }
    const errors = placed.filter(({ message }) => errorsOf([message]).length > 0);
    const isOwn = (error: PlacedMessage) =>
      isOfOffer(standpointOf(error, laid, newText), skeleton) || isOwnGap(error, laid, skeleton);
    const own = errors.filter(isOwn);
    if (own.length > 0) {
      const isAround = own.every(
        (error) => standpointOf(error, laid, newText) === "item" && !isOwnGap(error, laid, skeleton),
      );
      return { ...wrong(draft, own, laid, skeleton), ...(isAround ? { around: own } : {}) };
    }
    const possible = errors.filter((error) => this.#canBeOfBody(error, laid, checked));
    const added = [
      ...(await this.#baseline.compare(possible.filter(({ message }) => !isLint(message.code)))).added,
      ...(await this.#baseline.compareLate(possible.filter(({ message }) => isLint(message.code)))),
    ];
    if (added.length > 0) return wrong(draft, added, laid, skeleton);
    const lints = placed.filter((message) => isCheatingLint(message, laid));
    const cheating = lints.length === 0 ? undefined : this.#lintVerdict(draft, laid, lints);
    if (cheating !== undefined) return { verdict: cheating };
    if (run.isSuccess || errors.length > 0) return undefined;
    return { verdict: unknown(draft, "cargo-failed", firstErrorOf(run.stderr)) };
  }

  /**
   * A body that does not show outside can make its own item red and nothing else: rustc analyses each for itself. What
   * is red elsewhere was red before, and costs no check of the user's own text. No body gives a name a meaning either.
   */
  #canBeOfBody(error: PlacedMessage, laid: LaidText, { coverage }: Checked): boolean {
    const { isSeenOutside, isPlainCode, newText } = this.#bench;
    const { message } = error;
    const standpoint = standpointOf(error, laid, newText);
    if (standpoint === "elsewhere" && isOfNames(message.code)) return false;
    if (isSeenOutside) return true;
    if (!isOfDocument(message, coverage)) return false;
    // Some lints look at a whole crate: what a body does not read is told where its type is defined.
    if (!isPlainCode || message.spans.length === 0 || isLint(message.code)) return true;
    return standpoint !== "elsewhere";
  }

  #lintVerdict(draft: Draft, laid: LaidText, lints: readonly PlacedMessage[]): Verdict | undefined {
    const recursion = lints.filter(({ message }) => message.code === "unconditional_recursion");
    if (recursion.length > 0) {
      const inHole = recursion.map((lint) => ({
        ...lint,
        diagnostic: { ...lint.diagnostic, hole: holeOf(lint, laid) },
      }));
      return rejectedBy(draft, inHole, laid, this.#bench.skeleton);
    }
    const piece = lints.map((lint) => pieceBehind(lint, laid)).find((found) => found !== undefined);
    return piece === undefined ? undefined : behindWildcard(draft, piece);
  }
}

function inPlainBuild(verdict: Verdict, how: string): Verdict {
  if (verdict.kind === "unknown") return { ...verdict, message: `${verdict.message} (${how})` };
  if (verdict.kind !== "rejected") return verdict;
  const diagnostics = verdict.diagnostics.map((said) => ({ ...said, message: `${said.message} (${how})` }));
  return { ...verdict, diagnostics };
}

/** A verdict against a draft. */
interface Wrong {
  readonly verdict: Verdict;
  /** The code compiles; what is wrong with it is a matter of lints in new text, and those can often be helped. */
  readonly isForLintsOnly?: boolean;
  /** The errors, where each stands in the user's text of the same function and may have stood there before. */
  readonly around?: readonly PlacedMessage[];
}

function wrong(draft: Draft, errors: readonly PlacedMessage[], laid: LaidText, skeleton: Skeleton): Wrong {
  const isForLintsOnly = errors.every(({ message }) => isLint(message.code));
  return { verdict: rejectedBy(draft, errors, laid, skeleton), isForLintsOnly };
}

/** Names and features are looked at before any body is. */
function isOfNames(code: string | undefined): boolean {
  return code !== undefined && namesAndFeatures.has(code);
}

const namesAndFeatures = new Set(
  "E0405 E0407 E0412 E0422 E0423 E0425 E0432 E0433 E0463 E0531 E0532 E0554 E0573 E0574 E0583".split(" "),
);

/** One is enough; and an error of the frame is one of every draft, until the frame is mended. */
export function endsTrying(verdict: Verdict): boolean {
  return verdict.kind === "accepted" || (verdict.kind === "rejected" && verdict.frame !== undefined);
}

export function unknown(draft: Draft, reason: NoOfferReason, message: string): Verdict {
  return { kind: "unknown", draft, reason, message };
}
