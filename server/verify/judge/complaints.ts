import type { Draft } from "../../stages.ts";
import type { PlacedMessage } from "../check/diagnostics.ts";
import type { Baseline } from "./baseline.ts";
import type { Bench, Checked } from "./bench.ts";
import { mended } from "./mends.ts";
import { hasGap } from "../text/own-text.ts";
import type { LaidText } from "../text/laid-text.ts";
import { isNewPlace, type Standpoint, standpointOf } from "./touched.ts";
import { isOfNewArms, isUnreadField } from "./unread-fields.ts";

/** Times that the text of one draft is changed for what the compiler warns of. */
const roundsAtMost = 2;

/** An offer adds no warning: what lints say of a draft's exact text, and what can be done about it. */
export class Complaints {
  readonly #bench: Bench;
  readonly #baseline: Baseline;
  readonly #rounds = new Map<Draft, number>();

  constructor(bench: Bench, baseline: Baseline) {
    this.#bench = bench;
    this.#baseline = baseline;
  }

  /** What lints say of it, as warnings or as errors, that they do not say of the user's own text. */
  async of(exact: LaidText, { placed }: Checked): Promise<readonly PlacedMessage[]> {
    const { newText } = this.#bench;
    const ofLints = placed
      .filter(({ message }) => isLint(message.code))
      .map((warning) => ({ warning, standpoint: standpointOf(warning, exact, newText) }));
    const from = (wanted: Standpoint) =>
      ofLints.flatMap(({ warning, standpoint }) => (standpoint === wanted ? [warning] : []));
    // An arm or member that its author has still to write uses none of its parameters.
    const own = [...from("new"), ...from("open").filter(isError)];
    if (own.length > 0) return own;
    // An open body reads nothing, and is not to blame for it.
    const isWhole = exact.pieces.every(({ kind, isFilled }) => kind !== "body" || isFilled);
    const { skeleton } = this.#bench;
    const isUnread = (said: PlacedMessage) => isUnreadField(said) && isOfNewArms(said, skeleton);
    const afar = isWhole ? from("elsewhere").filter((said) => isUnread(said) || isExpectation(said)) : [];
    // The skeleton reads no field either: what is denied is excused by nothing but the user's own text.
    const denied = hasGap(skeleton) ? afar.filter((said) => isUnread(said) && isError(said)) : [];
    if (denied.length > 0) return denied;
    const { added, hidden } = await this.#baseline.compare(from("item"));
    const late = await this.#baseline.compareLate(afar);
    // What the gap of a match hides of its function is excused where an arm is open: that one uses nothing yet.
    return isWhole && skeleton.site.kind === "match" ? [...added, ...hidden, ...late] : [...added, ...late];
  }

  /** Whether the draft has another text now that lints have nothing to say of. */
  async takeOut(draft: Draft, complaints: readonly PlacedMessage[]): Promise<boolean> {
    const rounds = this.#rounds.get(draft) ?? 0;
    this.#rounds.set(draft, rounds + 1);
    if (rounds >= roundsAtMost) return false;
    const { texts, skeleton, newText } = this.#bench;
    const before = texts.of(draft);
    const now = mended(before, skeleton, complaints, (span) => isNewPlace(span, before, newText));
    if (now === undefined) return false;
    await texts.change(draft, now);
    // What a draft may not say it may not say after it was mended either.
    if (this.#bench.refusal(texts.asOffered(draft)) === undefined) return true;
    await texts.change(draft, before);
    return false;
  }
}

/** Lints have names, errors of the language codes. */
export function isLint(code: string | undefined): boolean {
  return code !== undefined && !/^E\d+$/.test(code);
}

/** Something expected to be unused is used now. */
function isExpectation({ message }: PlacedMessage): boolean {
  return message.code === "unfulfilled_lint_expectations";
}

function isError({ message }: PlacedMessage): boolean {
  return message.level.startsWith("error");
}
