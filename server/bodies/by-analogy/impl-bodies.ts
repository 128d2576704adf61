import type { Facts, Hole } from "../../stages.ts";
import { fromAssociated } from "./associated.ts";
import { fromFields } from "./field-delegation.ts";
import { agreementWeight, type Candidate, rankCandidates } from "./ladder.ts";
import { fromOtherImpls, type NeedsOf } from "./other-impls.ts";
import { type OwnImpl, ownImpl, ownMethod } from "./own-impl.ts";
import type { Proposal } from "./proposal.ts";
import type { Reader } from "./reader.ts";
import { fromSameType } from "./same-type.ts";
import { fromStandardTraits } from "./standard-traits.ts";

const maximumTexts = 6;

/** Everything that the rules for impl members say about the holes of one impl, keyed by hole id. */
export function proposeMembers(facts: Facts, reader: Reader): Map<string, readonly Proposal[]> {
  const proposals = new Map<string, readonly Proposal[]>();
  const own = ownImpl(facts, reader);
  if (own === undefined) return proposals;
  const needsOf = (place: string) => own.typesAt.get(place) ?? new Map<string, string>();
  for (const hole of facts.skeleton.holes) {
    const ranked = rankCandidates(candidatesFor(own, hole), agreementWeight.impl);
    const texts = ranked.slice(0, maximumTexts).map((candidate) => toProposal(candidate, hole, needsOf));
    if (texts.length > 0) proposals.set(hole.id, texts);
  }
  return proposals;
}

function candidatesFor(own: OwnImpl, hole: Hole): Candidate[] {
  if (hole.kind === "type" || hole.kind === "constant") return fromAssociated(own, hole);
  const method = ownMethod(own, hole);
  if (hole.kind !== "body" || method === undefined) return [];
  return [
    ...fromOtherImpls(own, method),
    ...fromSameType(own, method),
    ...fromStandardTraits(own, method),
    ...fromFields(own, method),
  ];
}

function toProposal(candidate: Candidate, hole: Hole, needsOf: NeedsOf): Proposal {
  const { rule, place, places, chance, text } = candidate;
  return {
    text,
    author: { by: "analogy", rule, place, chance },
    kind: hole.kind,
    member: hole.name,
    chance,
    places,
    needs: hole.kind === "body" && places.length > 0 ? needsOf(place) : new Map(),
  };
}
