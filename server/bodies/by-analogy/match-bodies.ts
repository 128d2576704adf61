import type { Facts, MatchExample } from "../../stages.ts";
import { readBinding } from "../../syntax/binding.ts";
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

/** The rule that reads them is right in 1 of 10 cases: more are not worth their time. */
const maximumSameNamed = 8;

/** Everything that the rules for arms say about the holes of one match, keyed by hole id. */
export function proposeArms(facts: Facts, reader: Reader): Map<string, readonly Proposal[]> {
  const siblings = sourceArms(siteAsMatch(facts), reader);
  const customs = customsOf(siblings, placeOf(facts));
  const proposals = new Map<string, readonly Proposal[]>();
  for (const hole of facts.skeleton.holes) {
    const own = hole.kind === "body" ? ownArm(facts, hole, reader) : undefined;
    if (own === undefined) continue;
    const ranked = rankCandidates(candidatesFor(own, { facts, siblings, reader }), agreementWeight.arm);
    proposals.set(
      hole.id,
      ranked.slice(0, maximumTexts).map((candidate) => toProposal(candidate, facts, own, customs)),
    );
  }
  return proposals;
}

interface MatchEvidence {
  readonly facts: Facts;
  readonly siblings: readonly SourceArm[];
  readonly reader: Reader;
}

function candidatesFor(own: OwnArm, { facts, siblings, reader }: MatchEvidence): Candidate[] {
  const variants = facts.subject?.variants.map((variant) => variant.name) ?? [];
  const here = { path: facts.skeleton.site.document.path, functionName: facts.function?.name ?? "" };
  const context = { enclosing: facts.function, place: placeOf(facts), reader };
  const telling = new Set([own.variant, ...siblings.map((sibling) => sibling.variant)]);
  const sameVariant = facts.otherMatches
    .filter((match) => match.arms.some((arm) => arm.variant === own.variant))
    .map((match) => read(match, reader, telling));
  const sameNamed = facts.otherMatches
    .filter((match) => match.functionName === here.functionName && !isOnEnum(match, own, variants))
    .slice(0, maximumSameNamed)
    .map((match) => read(match, reader, undefined));
  return [
    ...fromSiblings(siblings, own),
    ...fromSequence(siblings, own, variants),
    ...fromOtherMatches(sameVariant, siblings, own, here),
    ...fromSameNamedFunctions(sameNamed, own),
    ...fromHabit(own, siblings, context),
    ...fromFunction(own, context),
  ];
}

function read(match: MatchExample, reader: Reader, wanted: ReadonlySet<string> | undefined): SourceMatch {
  const { path, functionName } = match;
  return { path, functionName, arms: sourceArms(match, reader, wanted) };
}

/** The facts hold matches on the same enum and matches of functions of the same name: told apart by their arms. */
function isOnEnum(match: MatchExample, own: OwnArm, variants: readonly string[]): boolean {
  const known = new Set([own.variant, ...variants]);
  if (standardVariants.has(own.variant)) for (const name of standardVariants) known.add(name);
  return match.arms.some((arm) => known.has(arm.variant));
}

/** How the arms of this match bind. */
interface Customs {
  readonly place: string;
  /** The one mode that they all have; "" where they differ, undefined where none of them binds anything. */
  readonly mode: string | undefined;
}

/** Where every sibling binds by `ref`, a plain name would move out of what is matched (E0507, E0515). */
function customsOf(siblings: readonly SourceArm[], place: string): Customs {
  const modes = new Set(
    siblings.flatMap(({ pattern }) =>
      pattern.slots.flatMap(({ name, mode }) => (name === undefined ? [] : [mode])),
    ),
  );
  const [only] = modes;
  return { place, mode: modes.size > 1 ? "" : only };
}

function toProposal(candidate: Candidate, facts: Facts, own: OwnArm, customs: Customs): Proposal {
  const { rule, place, places, chance, text, names } = candidate;
  const { hole, slots } = own;
  const byBinder = [...(names ?? [])].flatMap(([slot, name]) => {
    const binder = slots[slot]?.binder;
    return binder === undefined ? [] : [[binder, bindingHere(name, place, customs)] as const];
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

/** What is matched elsewhere may be owned there and borrowed here: the arms around know. */
function bindingHere(name: string, place: string, customs: Customs): string {
  const binding = readBinding(name);
  if (binding === undefined || place === customs.place) return name;
  const mode = customs.mode ?? binding.mode;
  return (mode.startsWith("&") ? "" : mode) + binding.name;
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
