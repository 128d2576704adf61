import type { CheckEvidence, Draft, Skeleton, Verdict } from "../../stages.ts";
import type { CheckRun } from "../check/cargo-check.ts";
import type { Compilation } from "../cargo/compilation.ts";
import type { CoveredTarget } from "../check/coverage.ts";
import type { PlacedMessage } from "../check/diagnostics.ts";
import type { DraftTexts } from "../text/draft-texts.ts";
import type { LaidText } from "../text/laid-text.ts";
import type { SeenMarker } from "../text/live-marker.ts";
import type { NewText } from "../text/site-reading.ts";

/** A check of one text with what it said, places found. */
export interface Checked {
  readonly run: CheckRun;
  readonly placed: readonly PlacedMessage[];
  /** Every target that contains the document. */
  readonly coverage: readonly CoveredTarget[];
  /** Every report of a marker. */
  readonly markers: readonly SeenMarker[];
  /** Id of the document's package. */
  readonly packageId: string;
  /** The code around a hole stands under a `cfg` that is off in such a build of the target, whatever else is wrong. */
  readonly isLeftOut: (of: TargetOf, hole: string, build: { readonly isTest: boolean }) => boolean;
  /** In words, why a compilation did not reach a hole, or why no target contains the document. */
  readonly whyMissed: (missed: MissedIn | undefined, hole: string | undefined) => string;
}

type TargetOf = Pick<Compilation, "packageId" | "target">;
/** Without `isTest`: in one build or the other, or in both. */
export type MissedIn = TargetOf & Partial<Pick<Compilation, "isTest">>;

/** What a judge may do. One object per request, so that the baseline is checked once. */
export interface Bench {
  readonly skeleton: Skeleton;
  readonly texts: DraftTexts;
  /** Where the item around the holes starts, before every hole; undefined where there is none. */
  readonly itemStart: number | undefined;
  /** Code elsewhere can be wrong because of a body here. */
  readonly isSeenOutside: boolean;
  /** The code is checked twice, plainly and with its tests: drafts can stand in the tests only. */
  readonly canSetOthersApart: boolean;
  check(laid: LaidText): Promise<Checked>;
  /** No macro has a hand in the code around the holes, so that places in its errors are what they seem. */
  readonly isPlainCode: boolean;
  /** What may hide that a user of the site is wrong now. */
  hiddenUsers(checked: Checked): string | undefined;
  nonce(): string;
  /** Holes of a draft of which rustc is asked whether their bodies ever give a value. */
  asked(draft: Draft): ReadonlySet<string>;
  readonly newText: NewText;
  /** What a draft may not say whatever the compiler says. */
  refusal(draft: Draft): Verdict | undefined;
  /** A check without what dev-dependencies turn on, where that is another one: it must accept a draft as well. */
  readonly plain: PlainBench | undefined;
  /** Code that is not there is no fault: features may leave it out. */
  readonly mayBeAbsent: boolean;
  evidence(
    targets: readonly string[],
  ): Pick<CheckEvidence, "command" | "targets" | "milliseconds" | "checks">;
}

export interface PlainBench {
  readonly bench: Bench;
  /** In words, how it differs. */
  readonly how: string;
}
