/**
 * Chances by evidence: the measured precision of each kind of evidence over 35,000 bodies of real crates
 * (reference/analogy.md, "Ranking advice"). Agreement decides, not the rule's name.
 */

/** What one rule says for one text. */
export interface Candidate {
  /** Equal for texts that mean the same. */
  readonly key: string;
  readonly text: string;
  /** Name of each slot of the arm's pattern that the text uses, by position. */
  readonly names?: ReadonlyMap<number, string>;
  readonly rule: string;
  /** `path:line` of the source. */
  readonly place: string;
  /** Every source, for telling bodies of one impl. */
  readonly places: readonly string[];
  /** 0 to 1. */
  readonly chance: number;
}

/** How much a further rule that names the same text adds. */
export const agreementWeight = { arm: 0.35, impl: 0.6 } as const;

/** Merges the rules' candidates text by text, best first. */
export function rankCandidates(candidates: readonly Candidate[], weight: number): Candidate[] {
  const byKey = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    byKey.set(candidate.key, [...(byKey.get(candidate.key) ?? []), candidate]);
  }
  return [...byKey.values()].map((same) => mergeAgreeing(same, weight)).sort((a, b) => b.chance - a.chance);
}

function mergeAgreeing(same: readonly Candidate[], weight: number): Candidate {
  const [best, ...others] = [...same].sort((a, b) => b.chance - a.chance);
  if (best === undefined) throw new Error("a group of candidates has at least one");
  const doubt = others.reduce((left, other) => left * (1 - weight * other.chance), 1 - best.chance);
  return {
    ...best,
    chance: 1 - doubt,
    places: [...new Set(same.flatMap((candidate) => candidate.places))],
  };
}

/** Variant name replaced in siblings' bodies (S2, S2w). */
export function chanceOfRenaming(sources: number, rivals: number): number {
  if (rivals === 0) return pick(sources, [0.21, 0.7, 0.83]);
  if (rivals <= 2) return pick(sources, [0.15, 0.4, 0.6]);
  return pick(sources, [0.06, 0.2, 0.39]);
}

/** Sibling's body on the arm's own binder (S3). */
export function chanceOfBinder(sources: number, rivals: number): number {
  if (rivals === 0) return pick(sources, [0.13, 0.51, 0.86]);
  if (rivals <= 2) return pick(sources, [0.1, 0.35, 0.6]);
  return pick(sources, [0.01, 0.15, 0.35]);
}

/** A sibling's constant (S1): `holders` of `all` siblings have it. */
export function chanceOfConstant(holders: number, all: number): number {
  const isMajority = holders * 2 >= all;
  if (holders >= 5) return isMajority ? 0.65 : 0.19;
  if (holders >= 3) return isMajority ? 0.42 : 0.1;
  return holders === 2 && isMajority ? 0.15 : 0.01;
}

/** Same variant in another match, with the difference learned from common siblings (P4p), of all that learned. */
export function chanceOfLearnedDifference(sources: number, all: number): number {
  const isContested = sources * 4 < all * 3;
  return pick(sources, isContested ? [0.15, 0.25, 0.4] : [0.25, 0.36, 0.64]);
}

/** Same variant elsewhere, word for word (P4, F11). */
export function chanceOfSameVariant(place: "function" | "file" | "workspace", sources: number): number {
  if (place === "function") return pick(sources, [0.25, 0.45, 0.68]);
  if (place === "file") return pick(sources, [0.08, 0.15, 0.3]);
  return pick(sources, [0.02, 0.04, 0.1]);
}

/** Another impl's member word for word (B1): `holders` of `all` other impls have this text. */
export function chanceOfOtherImpl(holders: number, all: number, isNear: boolean): number {
  if (all === 1) return 0.19;
  if (holders === all) return pick(all, [0.19, 0.51, 0.63, 0.63, 0.87]);
  if (all >= 5 && holders * 2 >= all) return 0.65;
  // Two of many impls of From agree without telling anything about the others.
  if (holders >= 2) return isNear ? (holders * 2 >= all ? 0.45 : 0.25) : 0.1;
  return isNear ? 0.08 : 0.03;
}

/** Another impl's getter, for a field of the same name and type. Not measured: what else could it give? */
export const chanceOfGetter = 0.8;

/** Long texts carry what nobody can copy: the measured share falls from 84 % (≤ 5 tokens) to 3 % (> 40). */
export function lengthFactor(tokens: number): number {
  if (tokens <= 20) return 1;
  return tokens <= 40 ? 0.6 : 0.3;
}

/** The n-th of the steps (1-based), the last for more. */
function pick(count: number, steps: readonly number[]): number {
  return steps[Math.min(count, steps.length) - 1] ?? 0;
}
