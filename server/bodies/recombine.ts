import type { Draft, Filling, Verdict } from "../stages.ts";

/**
 * The best body of each hole that no error points at, as one more draft; undefined where nothing new comes of
 * it. A second try only: bodies that fail alone may compile together and the other way round (design §5).
 */
export function recombine(verdicts: readonly Verdict[]): Draft | undefined {
  const ranked = [...verdicts].sort((a, b) => a.draft.rank - b.draft.rank);
  const fillings = new Map<string, Filling>();
  for (const verdict of ranked) {
    for (const [hole, filling] of verdict.draft.fillings) {
      if (!fillings.has(hole) && !isBlamed(ranked, hole, filling)) fillings.set(hole, filling);
    }
  }
  if (fillings.size === 0) return undefined;
  const isNew = !ranked.some((verdict) => sameFillings(verdict.draft.fillings, fillings));
  const rank = 1 + Math.max(...ranked.map((verdict) => verdict.draft.rank));
  return isNew ? { rank, fillings } : undefined;
}

/** In any draft: the same text in the same hole was refused, or an error stood in it. */
function isBlamed(verdicts: readonly Verdict[], hole: string, filling: Filling): boolean {
  return verdicts.some((verdict) => {
    if (verdict.draft.fillings.get(hole)?.text !== filling.text) return false;
    if (verdict.kind === "refused")
      return [verdict, ...(verdict.others ?? [])].some((refused) => refused.hole === hole);
    if (verdict.kind === "rejected")
      return verdict.diagnostics.some((diagnostic) => diagnostic.hole === hole);
    return false;
  });
}

function sameFillings(a: ReadonlyMap<string, Filling>, b: ReadonlyMap<string, Filling>): boolean {
  return a.size === b.size && [...a].every(([hole, filling]) => b.get(hole)?.text === filling.text);
}
