import type { NoOfferReason } from "../../../protocol/methods.ts";
import type { CompilerDiagnostic, Draft, Verdict } from "../../stages.ts";
import type { Bench, Checked } from "./bench.ts";
import { firstErrorOf } from "../cargo/cargo.ts";
import { behindWildcard, holeOf, isCheatingLint, isForbidden, pieceBehind } from "./cheating-lints.ts";
import { Complaints, isLint, isMatterOfTaste } from "./complaints.ts";
import { distinct, errorsOf, newAmong, type PlacedMessage } from "../check/diagnostics.ts";
import { layNothing, type LaidText, pieceAt, skeletonOffset } from "../text/laid-text.ts";
import { markersSeen, markText } from "../text/live-marker.ts";
import { NoVerdict } from "../no-verdict.ts";
import { isOfNewArms, isUnreadField } from "./unread-fields.ts";

export class Judge {
  readonly #bench: Bench;
  readonly #layExact: (draft: Draft) => LaidText;
  readonly #complaints: Complaints;
  #baseline: Promise<Checked> | undefined;

  /** `layExact`: the text that is checked word for word, with what else may stand in the document. */
  constructor(bench: Bench, layExact: (draft: Draft) => LaidText = (draft) => bench.texts.of(draft)) {
    this.#bench = bench;
    this.#layExact = layExact;
    this.#complaints = new Complaints(bench, () => this.#baselineCheck());
  }

  /** One draft alone: with its markers, then word for word. */
  async judge(draft: Draft): Promise<Verdict> {
    const exact = this.#bench.texts.of(draft);
    const marked = markText(exact, this.#bench.nonce(), this.#bench.itemStart);
    if (marked.markers.size === 0) {
      return unknown(draft, "not-live", "only types are filled, and a type cannot show that it was reached");
    }
    const first = await this.#bench.check(marked);
    const wrong = await this.#wrong(draft, marked, first);
    const missing = missingMarker(marked.markers, first);
    if (wrong !== undefined && !(isForLintsOnly(wrong) && missing === undefined)) return wrong;
    if (missing !== undefined) return unknown(draft, "not-live", missing);
    return this.judgeExact(draft, first.targets, exact);
  }

  /** The exact text, with at most a copy of itself behind it; that it is live in these targets is known. */
  async judgeExact(
    draft: Draft,
    targets: readonly string[],
    exact: LaidText = this.#layExact(draft),
  ): Promise<Verdict> {
    return this.conclude(draft, targets, exact, await this.#bench.check(exact));
  }

  /** The verdict of a check of the exact text, where no error is one of the copies that stand behind it. */
  async conclude(
    draft: Draft,
    targets: readonly string[],
    exact: LaidText,
    checked: Checked,
  ): Promise<Verdict> {
    const wrong = await this.#wrong(draft, exact, checked);
    const alone = this.#bench.texts.of(draft);
    // Lints look at the order of items too: an error in no hole may be one of the copy.
    const isDoubtful =
      wrong?.kind === "rejected" && wrong.diagnostics.every(({ hole }) => hole === undefined);
    if (isDoubtful && alone.text !== exact.text) return this.judgeExact(draft, targets, alone);
    if (wrong !== undefined && !isForLintsOnly(wrong)) return wrong;
    const clean = await this.clean(draft, exact, checked);
    if (clean === "changed") return this.judgeExact(draft, targets);
    const complaint = clean ?? wrong;
    if (complaint !== undefined) return complaint;
    const missing = missingMarker(exact.markers ?? new Map<string, string>(), checked);
    if (missing !== undefined) return unknown(draft, "not-live", missing);
    const missed = targets.find((target) => !wasChecked(target, checked));
    if (missed !== undefined) return unknown(draft, "not-live", `cargo did not check ${missed} anew`);
    const hiding = this.#bench.isSeenOutside ? this.#bench.hiddenUsers(checked) : undefined;
    if (hiding !== undefined) {
      return unknown(draft, "not-live", `code that uses this may not have been checked: ${hiding}`);
    }
    return this.accept(draft, targets);
  }

  /**
   * Looks at what the compiler warns of in a check of the draft's exact text. "changed": the draft has another text
   * now, without it; undefined: there is nothing new to warn of.
   */
  async clean(draft: Draft, exact: LaidText, checked: Checked): Promise<Verdict | "changed" | undefined> {
    const found = await this.#complaints.of(exact, checked);
    if (found.length === 0) return undefined;
    return (await this.#complaints.takeOut(draft, found)) ? "changed" : rejected(draft, distinct(found));
  }

  /** The verdict for a text that a check has accepted word for word. */
  accept(draft: Draft, targets: readonly string[]): Verdict {
    const { texts, skeleton } = this.#bench;
    const exact = texts.of(draft);
    const tail = skeleton.site.document.text.length - skeleton.replaced.end;
    const text = exact.text.slice(skeleton.replaced.start, exact.text.length - tail);
    return { kind: "accepted", draft: texts.asOffered(draft), text, check: this.#bench.evidence(targets) };
  }

  async #wrong(draft: Draft, laid: LaidText, checked: Checked): Promise<Verdict | undefined> {
    const { run, placed } = checked;
    if (run.isSuccess === undefined) throw new NoVerdict("cargo-failed", firstErrorOf(run.stderr));
    const forbidden = placed.find((message) => isForbidden(message, laid));
    if (forbidden !== undefined) {
      return unknown(draft, "not-live", `lints are forbidden here: ${forbidden.diagnostic.message}`);
    }
    const errors = placed.filter(({ message }) => errorsOf([message]).length > 0);
    const own = errors.filter((error) => isInPiece(error, laid) || this.#isAtFrame(error, laid));
    if (own.length > 0) return rejected(draft, distinct(own));
    const possible = errors.filter((error) => this.#canBeOfBody(error, laid, checked));
    const added = possible.length === 0 ? [] : newAmong(possible, await this.#baselineErrors());
    if (added.length > 0) return rejected(draft, distinct(added));
    const lints = placed.filter((message) => isCheatingLint(message, laid));
    if (lints.length > 0) return this.#lintVerdict(draft, laid, lints);
    if (!run.isSuccess && errors.length === 0)
      return unknown(draft, "cargo-failed", firstErrorOf(run.stderr));
    return undefined;
  }

  /**
   * A body that does not show outside can make its own item red and nothing else: rustc analyses each for itself. What
   * is red elsewhere was red before, and costs no check of the skeleton.
   */
  #canBeOfBody({ message, spans }: PlacedMessage, laid: LaidText, { targets, packageId }: Checked): boolean {
    const { isSeenOutside, isPlainCode, newText } = this.#bench;
    if (isSeenOutside) return true;
    if (message.packageId !== packageId || !targets.includes(message.target)) return false;
    // Some lints look at a whole crate: what a body does not read is told where its type is defined.
    if (!isPlainCode || message.spans.length === 0 || isLint(message.code)) return true;
    return spans.some((span) => {
      const offset = skeletonOffset(laid, span.start);
      const isInItem = offset >= newText.item.start && offset < newText.item.end;
      return isInItem || pieceAt(laid, span)?.id === "copies";
    });
  }

  #lintVerdict(draft: Draft, laid: LaidText, lints: readonly PlacedMessage[]): Verdict | undefined {
    const recursion = lints.filter(({ message }) => message.code === "unconditional_recursion");
    if (recursion.length > 0) {
      const inHole = recursion.map((lint) => ({
        ...lint,
        diagnostic: { ...lint.diagnostic, hole: holeOf(lint, laid) },
      }));
      return rejected(draft, distinct(inHole));
    }
    const piece = lints.map((lint) => pieceBehind(lint, laid)).find((found) => found !== undefined);
    return piece === undefined ? undefined : behindWildcard(draft, piece);
  }

  #isAtFrame({ message, spans }: PlacedMessage, laid: LaidText): boolean {
    const [first] = spans;
    const { frame } = this.#bench;
    if (first === undefined || (message.code !== "E0004" && message.code !== "E0046")) return false;
    const start = skeletonOffset(laid, first.start);
    return start >= frame.start && start < frame.end;
  }

  async #baselineErrors(): Promise<readonly PlacedMessage[]> {
    const { placed } = await this.#baselineCheck();
    const { skeleton } = this.#bench;
    return placed.filter(
      (error) =>
        errorsOf([error.message]).length > 0 && !(isUnreadField(error) && isOfNewArms(error, skeleton)),
    );
  }

  #baselineCheck(): Promise<Checked> {
    this.#baseline ??= this.#bench.check(layNothing(this.#bench.skeleton));
    return this.#baseline;
  }
}

/** The code compiles; what is wrong with it is a matter of lints, and those can often be helped. */
function isForLintsOnly(verdict: Verdict): boolean {
  return (
    verdict.kind === "rejected" &&
    verdict.diagnostics.every(({ code, hole }) => hole !== undefined && isMatterOfTaste(code))
  );
}

/** Why not every marker was seen in every target that contains the file; undefined where it was. */
export function missingMarker(
  markers: ReadonlyMap<string, string>,
  { run, targets, packageId, whyMissed }: Checked,
): string | undefined {
  const seen = markersSeen(run.messages.filter((message) => message.packageId === packageId));
  const isMissed = (target: string) => (name: string) => seen.get(target)?.has(name) !== true;
  const missed = targets.find((target) => [...markers.keys()].some(isMissed(target)));
  if (missed === undefined) return targets.length === 0 ? whyMissed(undefined, undefined) : undefined;
  const [, hole] = [...markers].find(([name]) => isMissed(missed)(name)) ?? [];
  return whyMissed(missed, hole);
}

/** Checked in this run and not taken from an earlier one. */
function wasChecked(target: string, { run, packageId }: Checked): boolean {
  const isOfTarget = (said: { readonly target: string; readonly packageId: string }) =>
    said.target === target && said.packageId === packageId;
  const artifacts = run.artifacts.filter(isOfTarget);
  if (artifacts.some(({ isFresh }) => isFresh)) return false;
  return artifacts.length > 0 || errorsOf(run.messages).some(isOfTarget);
}

/** In filled text. What rust-analyzer wrote counts too: the baseline has it as well and would excuse it. */
function isInPiece({ spans: [primary], message }: PlacedMessage, laid: LaidText): boolean {
  const isPrimaryHere = primary !== undefined && message.spans.some(({ isPrimary }) => isPrimary);
  return isPrimaryHere && pieceAt(laid, primary)?.isFilled === true;
}

function rejected(draft: Draft, diagnostics: readonly CompilerDiagnostic[]): Verdict {
  return { kind: "rejected", draft, diagnostics };
}

export function unknown(draft: Draft, reason: NoOfferReason, message: string): Verdict {
  return { kind: "unknown", draft, reason, message };
}
