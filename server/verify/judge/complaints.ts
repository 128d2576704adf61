import type { Draft } from "../../stages.ts";
import { errorsOf, type PlacedMessage } from "../check/diagnostics.ts";
import type { Bench, Checked } from "./bench.ts";
import type { LaidText } from "../text/laid-text.ts";
import { isOfNewArms, isUnreadField } from "./unread-fields.ts";
import { warningsIn, withoutWarnings } from "./new-warnings.ts";

/** Times that the text of one draft is changed for what the compiler warns of. */
const roundsAtMost = 2;

/** An offer adds no warning: what lints say of a draft's exact text, and what can be done about it. */
export class Complaints {
  readonly #bench: Bench;
  readonly #baseline: () => Promise<Checked>;
  readonly #rounds = new Map<Draft, number>();

  constructor(bench: Bench, baseline: () => Promise<Checked>) {
    this.#bench = bench;
    this.#baseline = baseline;
  }

  /** What lints say of it, as warnings or as errors, that they do not say of the skeleton. */
  async of(exact: LaidText, { placed, packageId }: Checked): Promise<readonly PlacedMessage[]> {
    const ofLints = placed.filter(({ message }) => isMatterOfTaste(message.code));
    const { own, around } = warningsIn(ofLints, exact, this.#bench.newText);
    // Behind a skeleton's `todo!()` everything is unreachable, so it tells nothing of this.
    const isWhole = exact.pieces.every(({ kind, isFilled }) => kind !== "body" || isFilled);
    if (isWhole) own.push(...around.filter(({ message }) => message.code === "unreachable_code"));
    // An open body reads nothing, and is not to blame for it.
    const afar = isWhole ? ofLints.filter((warning) => this.#isOfFarItem(warning, packageId)) : [];
    const unknown = [...new Set([...around, ...afar])].filter(
      (warning) => !this.#bench.oldWarnings.has(lineOf(warning)),
    );
    if (own.length > 0 || unknown.length === 0) return own;
    const baseline = await this.#baseline();
    const isRed = baseline.placed.some(({ message }) => errorsOf([message]).length > 0);
    const old = new Set(baseline.placed.map(({ key }) => key));
    for (const warning of baseline.placed) this.#bench.oldWarnings.add(lineOf(warning));
    // A red skeleton has not been looked at by all lints, so it tells nothing of what is new.
    return isRed ? [] : unknown.filter(({ key }) => !old.has(key));
  }

  /** What a body can make rustc say of another item: a field is read no more, or what is expected to be unused is used. */
  #isOfFarItem(warning: PlacedMessage, packageId: string): boolean {
    if (warning.message.packageId !== packageId) return false;
    const isExpectation = warning.message.code === "unfulfilled_lint_expectations";
    return isExpectation || (isUnreadField(warning) && isOfNewArms(warning, this.#bench.skeleton));
  }

  /** Whether the draft has another text now that lints have nothing to say of. */
  async takeOut(draft: Draft, complaints: readonly PlacedMessage[]): Promise<boolean> {
    const rounds = this.#rounds.get(draft) ?? 0;
    this.#rounds.set(draft, rounds + 1);
    if (rounds >= roundsAtMost) return false;
    const { texts, skeleton } = this.#bench;
    const cleaned = withoutWarnings(texts.of(draft), skeleton, complaints);
    if (cleaned !== undefined) await texts.change(draft, cleaned);
    return cleaned !== undefined;
  }
}

/** Lints have names, errors of the language codes. */
export function isLint(code: string | undefined): boolean {
  return code !== undefined && !/^E\d+$/.test(code);
}

/** The same for a warning that stays while the code around it is edited. */
function lineOf({ diagnostic }: PlacedMessage): string {
  return [diagnostic.path, diagnostic.code, diagnostic.message].join(" ");
}

/** A lint that tells no cheat: what it says may be mended. */
export function isMatterOfTaste(code: string | undefined): boolean {
  return isLint(code) && code !== "unconditional_recursion" && code !== "unreachable_patterns";
}
