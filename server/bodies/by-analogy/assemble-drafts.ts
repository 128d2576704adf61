import type { Draft, Filling } from "../../stages.ts";
import type { Proposal, Proposals } from "./proposal.ts";

export interface AssembleOptions {
  /** Drafts at most. */
  readonly limit: number;
  /** Chance below which a body is not proposed, 0 to 1. */
  readonly threshold: number;
}

type Choice = ReadonlyMap<string, Proposal>;

/**
 * Drafts from the proposals, best first and all different. The first has each hole's likeliest text; the others
 * follow one source through all holes, or take one hole's next text. A hole without a text at or above the
 * threshold stays open; associated types are chosen whatever their chance, since they cannot stay open and the
 * bodies tell whether they are right. No draft without a body or constant that reached the threshold.
 */
export function assembleDrafts(
  proposals: Proposals,
  { limit, threshold }: AssembleOptions,
): readonly Draft[] {
  const eligible = new Map(
    [...proposals].map(([hole, texts]) => [
      hole,
      texts.filter((text) => text.kind === "type" || text.chance >= threshold),
    ]),
  );
  const choices = [bestChoice(eligible, undefined), ...bySource(eligible), ...variations(eligible)];
  const drafts: Choice[] = [];
  const known = new Set<string>();
  for (const choice of choices) {
    const key = JSON.stringify([...choice].map(([hole, { text }]) => [hole, text]));
    if (known.has(key) || !isWorthwhile(choice, threshold)) continue;
    known.add(key);
    drafts.push(choice);
    if (drafts.length === limit) break;
  }
  return drafts.map((choice, rank) => ({ rank, fillings: fillingsOf(choice) }));
}

/** Something in it is more than the types that carry it. */
function isWorthwhile(choice: Choice, threshold: number): boolean {
  const texts = [...choice.values()];
  return texts.some((text) => text.chance >= threshold && (text.kind !== "type" || texts.length === 1));
}

/** Each hole's best text, those of one source before others; types first, since bodies depend on them. */
function bestChoice(eligible: Proposals, source: string | undefined): Choice {
  const types = new Map<string, string>();
  const choice = new Map<string, Proposal>();
  const worth = (text: Proposal) =>
    text.chance + (source !== undefined && text.places.includes(source) ? 1 : 0);
  const holes = [...eligible].sort(([, a], [, b]) => Number(isType(b)) - Number(isType(a)));
  for (const [hole, texts] of holes) {
    const support = (text: Proposal) => worth(text) + (isType(texts) ? supportFor(text, eligible) : 0);
    const best = maximum(
      texts.filter((text) => fits(text, types)),
      support,
    );
    if (best === undefined) continue;
    choice.set(hole, best);
    if (best.kind === "type") types.set(best.member, best.text);
  }
  return new Map([...eligible.keys()].flatMap((hole) => entryOf(choice, hole)));
}

function entryOf(choice: Choice, hole: string): [string, Proposal][] {
  const found = choice.get(hole);
  return found === undefined ? [] : [[hole, found]];
}

function isType(texts: readonly Proposal[]): boolean {
  return texts[0]?.kind === "type";
}

/** The body was written beside these types. */
function fits(text: Proposal, types: ReadonlyMap<string, string>): boolean {
  return [...text.needs].every(([name, value]) => (types.get(name) ?? value) === value);
}

/** Bodies that were written for this type speak for it. */
function supportFor(type: Proposal, eligible: Proposals): number {
  const chances = [...eligible.values()].flatMap((texts) =>
    texts.filter((text) => text.needs.get(type.member) === type.text).map((text) => text.chance),
  );
  return Math.max(0, ...chances);
}

/** One draft per source that has texts for several holes, the widest first. */
function bySource(eligible: Proposals): Choice[] {
  const holes = new Map<string, number>();
  for (const texts of eligible.values()) {
    const places = new Set(texts.flatMap((text) => text.places));
    for (const place of places) holes.set(place, (holes.get(place) ?? 0) + 1);
  }
  return [...holes]
    .filter(([, count]) => count > 1)
    .sort(([, a], [, b]) => b - a)
    .map(([place]) => bestChoice(eligible, place));
}

/** The best choice with one hole's next text, the likeliest changes first. */
function variations(eligible: Proposals): Choice[] {
  const best = bestChoice(eligible, undefined);
  const changes = [...eligible].flatMap(([hole, texts]) =>
    texts.filter((text) => text !== best.get(hole)).map((text) => ({ hole, text })),
  );
  return changes
    .sort((a, b) => b.text.chance - a.text.chance)
    .map(({ hole, text }) => new Map([...best, [hole, text]]));
}

function fillingsOf(choice: Choice): ReadonlyMap<string, Filling> {
  return new Map(
    [...choice].map(([hole, { text, author, binders }]) => [
      hole,
      binders === undefined ? { text, author } : { text, author, binders },
    ]),
  );
}

function maximum<T>(items: readonly T[], worth: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || worth(item) > worth(best) ? item : best),
    undefined,
  );
}
