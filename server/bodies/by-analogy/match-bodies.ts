import type { Facts, MatchExample } from "../../stages.ts";
import { bindersFor } from "../binders.ts";
import { type OwnArm, ownArm, type SourceArm, sourceArms } from "./arms.ts";
import { agreementWeight, type Candidate, rankCandidates } from "./ladder.ts";
import { fromFunction, fromSameNamedFunctions } from "./named-arms.ts";
import { fromOtherMatches, type SourceMatch, standardVariants } from "./other-matches.ts";
import type { Proposal } from "./proposal.ts";
import type { Reader } from "./reader.ts";
import { fromSequence } from "./sequence.ts";
import { fromSiblings } from "./sibling-arms.ts";
import { fromHabit } from "./standard-arms.ts";

/** Texts kept per hole: the measured reach beyond the fourth is noise. */
const maximumTexts = 6;

/** Everything that the rules for arms say about the holes of one match, keyed by hole id. */
export function proposeArms(facts: Facts, reader: Reader): Map<string, readonly Proposal[]> {
  const siblings = sourceArms(siteAsMatch(facts), reader);
  const matches = facts.otherMatches.map((match) => ({
    path: match.path,
    functionName: match.functionName,
    arms: sourceArms(match, reader),
  }));
  const proposals = new Map<string, readonly Proposal[]>();
  for (const hole of facts.skeleton.holes) {
    const own = hole.kind === "body" ? ownArm(facts, hole, reader) : undefined;
    if (own === undefined) continue;
    const ranked = rankCandidates(
      candidatesFor(own, { facts, siblings, matches, reader }),
      agreementWeight.arm,
    );
    proposals.set(
      hole.id,
      ranked.slice(0, maximumTexts).map((candidate) => toProposal(candidate, facts, own)),
    );
  }
  return proposals;
}

interface MatchEvidence {
  readonly facts: Facts;
  readonly siblings: readonly SourceArm[];
  readonly matches: readonly SourceMatch[];
  readonly reader: Reader;
}

function candidatesFor(own: OwnArm, { facts, siblings, matches, reader }: MatchEvidence): Candidate[] {
  const variants = facts.subject?.variants.map((variant) => variant.name) ?? [];
  const here = { path: facts.skeleton.site.document.path, functionName: facts.function?.name ?? "" };
  const onSameEnum = matches.filter((match) => isOnSameEnum(match, own, variants));
  const sameNamed = matches.filter(
    (match) => match.functionName === here.functionName && !onSameEnum.includes(match),
  );
  const context = { enclosing: facts.function, place: placeOf(facts), reader };
  return [
    ...fromSiblings(siblings, own),
    ...fromSequence(siblings, own, variants),
    ...fromOtherMatches(onSameEnum, siblings, own, here),
    ...fromSameNamedFunctions(sameNamed, own),
    ...fromHabit(own, siblings, context),
    ...fromFunction(own, context),
  ];
}

/** The facts hold matches on the same enum and matches of functions of the same name: told apart by their arms. */
function isOnSameEnum(match: SourceMatch, own: OwnArm, variants: readonly string[]): boolean {
  const known = new Set([...variants, own.variant]);
  if (standardVariants.has(own.variant)) for (const name of standardVariants) known.add(name);
  return (
    match.arms.some((arm) => arm.variant === own.variant) || match.arms.every((arm) => known.has(arm.variant))
  );
}

function toProposal(candidate: Candidate, facts: Facts, own: OwnArm): Proposal {
  const { rule, place, places, chance, text, names } = candidate;
  const { hole, slots } = own;
  const byBinder = [...(names ?? [])].flatMap(([slot, name]) => {
    const binder = slots[slot]?.binder;
    return binder === undefined ? [] : [[binder, name] as const];
  });
  return {
    text,
    author: { by: "analogy", rule, place, chance },
    binders: bindersFor(facts.skeleton, hole, new Map(byBinder)),
    kind: hole.kind,
    member: hole.name,
    chance,
    places,
    needs: new Map(),
  };
}

function siteAsMatch(facts: Facts): MatchExample {
  return {
    path: facts.skeleton.site.document.path,
    line: siteLine(facts),
    functionName: facts.function?.name ?? "",
    arms: facts.siblingArms,
  };
}

function placeOf(facts: Facts): string {
  return `${facts.skeleton.site.document.path}:${siteLine(facts)}`;
}

function siteLine(facts: Facts): number {
  const { document, keyword } = facts.skeleton.site;
  return document.text.slice(0, keyword).split("\n").length;
}
