/** Whether a check really looked at a draft: absence of errors proves nothing. */
import type { Checked } from "./bench.ts";
import { countBuilds, type PerBuild } from "../cargo/compilation.ts";
import type { CoveredTarget } from "../check/coverage.ts";

/** A target in which a draft is live. */
export interface LiveTarget {
  readonly packageId: string;
  /** "lib shapes" */
  readonly target: string;
  /** Units that contain the document. */
  readonly units: number;
  /** The compilations in which every part of the draft was seen. */
  readonly seen: { readonly plain: boolean; readonly test: boolean };
}

export interface Wanted {
  /** The markers stand in code for tests only, so that nothing is expected of plain builds. */
  readonly inTestsOnly?: boolean;
  /** A draft that was seen elsewhere need not be there at all: what is green has answered. */
  readonly mayBeAbsent?: boolean;
}

/** Why not every compilation that contains the document has answered for every marker; undefined where each did. */
export function missingMarker(
  markers: ReadonlyMap<string, string>,
  checked: Checked,
  wanted: Wanted = {},
): string | undefined {
  const { coverage, whyMissed } = checked;
  const { mayBeAbsent = false } = wanted;
  const [first] = coverage;
  if (first === undefined) return mayBeAbsent ? undefined : whyMissed(undefined, undefined);
  for (const [marker, hole] of markers) {
    const sightings = coverage.map((covered) => ({ covered, seen: timesSeen(marker, covered, checked) }));
    const missed = sightings.find(({ covered, seen }) => !hasAnswered(covered, seen, hole, checked, wanted));
    if (missed !== undefined) return whyMissed(buildMissed(missed.covered, missed.seen), hole);
    if (!mayBeAbsent && sightings.every(({ seen }) => seen.plain + seen.test === 0)) {
      return whyMissed({ packageId: first.packageId, target: first.target }, hole);
    }
  }
  return undefined;
}

/**
 * Each unit has either reported the marker or is green. (The code need not be in a green one: what stands under
 * `cfg(test)` is not in the plain library.) One with errors is excused only where it plainly leaves the code out.
 */
function hasAnswered(
  { units, green, waiting, unsettled, ...of }: CoveredTarget,
  seen: PerBuild,
  hole: string,
  { isLeftOut }: Checked,
  { inTestsOnly = false }: Wanted,
): boolean {
  const open = units - green.plain - green.test + waiting;
  if (open === 0) return true;
  // The green ones may have seen it as well. A file that a crate has twice reports twice: no build answers for another.
  const test = within(seen.test - green.test, unsettled.test);
  const answered = test + within(seen.plain - green.plain, open - unsettled.test);
  if (open <= answered) return true;
  const excused =
    (inTestsOnly || isLeftOut(of, hole, { isTest: false }) ? unsettled.plain : 0) +
    (isLeftOut(of, hole, { isTest: true }) ? unsettled.test : 0);
  return open <= answered + excused;
}

function within(count: number, atMost: number): number {
  return Math.max(0, Math.min(count, atMost));
}

/** The compilation that did not see it, where that is clear. */
function buildMissed({ packageId, target, unsettled }: CoveredTarget, seen: PerBuild) {
  const plain = unsettled.plain > seen.plain;
  const test = unsettled.test > seen.test;
  return { packageId, target, ...(plain === test ? {} : { isTest: test }) };
}

/** Targets whose compilations have seen a draft, to be held against the check of its exact text. */
export function liveTargets(
  markers: ReadonlyMap<string, string>,
  checked: Checked,
  { inTestsOnly = false }: Wanted = {},
): readonly LiveTarget[] {
  return checked.coverage.map((covered) => {
    const { packageId, target, units } = covered;
    const seen = [...markers.keys()].map((marker) => timesSeen(marker, covered, checked));
    return {
      ...{ packageId, target, units },
      // Copies in tests say nothing of the plain build.
      seen: {
        plain: inTestsOnly || seen.some(({ plain }) => plain > 0),
        test: seen.some(({ test }) => test > 0),
      },
    };
  });
}

/** Why a check of the exact text says nothing of these targets, in which the code is live; undefined where it does. */
export function whyUnchecked(live: readonly LiveTarget[], { coverage }: Checked): string | undefined {
  const missed = live.find(({ packageId, target, units }) => {
    const now = coverage.find((covered) => covered.packageId === packageId && covered.target === target);
    return (now?.units ?? 0) < units;
  });
  return missed === undefined ? undefined : `cargo did not check ${missed.target} anew`;
}

/** Said of a target that contains the document, in whichever of its builds. */
export function isOfDocument(
  said: { readonly packageId: string; readonly target: string },
  coverage: readonly CoveredTarget[],
): boolean {
  return coverage.some(({ packageId, target }) => said.packageId === packageId && said.target === target);
}

/** For people: the targets in which code was seen, "lib shapes (test)" where only the test build has it. */
export function namesOf(live: readonly LiveTarget[]): readonly string[] {
  const names = live.flatMap(({ target, seen: { plain, test } }) => {
    if (plain || /^(test|bench) /.test(target)) return [target];
    return test ? [`${target} (test)`] : [];
  });
  return names.sort();
}

/** In how many units of each build of a target a marker was reported. */
export function timesSeen(
  marker: string,
  { packageId, target }: Pick<CoveredTarget, "packageId" | "target">,
  { markers }: Pick<Checked, "markers">,
): PerBuild {
  return countBuilds(
    markers.filter((seen) => seen.name === marker && seen.target === target && seen.packageId === packageId),
  );
}
