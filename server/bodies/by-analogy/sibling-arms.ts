import type { Token } from "../../syntax/tokens.ts";
import { fitToArm, usedBinders } from "./arm-fit.ts";
import type { OwnArm, SourceArm } from "./arms.ts";
import { withOwnNames } from "./binder-names.ts";
import {
  type Candidate,
  chanceOfBinder,
  chanceOfConstant,
  chanceOfRenaming,
  lengthFactor,
} from "./ladder.ts";
import { renamings } from "./spelling.ts";
import { settleChoices, tally, type Tally, type Vote } from "./votes.ts";

/**
 * What the arms of the same match say (rules S2, S3, S3n and S1 of the measurement). A sibling counts for one of
 * them: its body names the variant, or uses a binder, or is a constant.
 */
export function fromSiblings(siblings: readonly SourceArm[], arm: OwnArm): Candidate[] {
  const others = siblings.filter((sibling) => sibling.variant !== arm.variant);
  const own = withOwnNames(arm, others);
  const renamed = others.map((sibling) => renameVariant(sibling, own));
  const plain = others.filter((_, index) => renamed[index]?.length === 0);
  const binding = plain.filter((sibling) => usedBinders(sibling).length > 0);
  const constant = plain.filter((sibling) => usedBinders(sibling).length === 0);
  const sameSize = binding.filter((sibling) => sibling.pattern.slots.length === own.slots.length);
  const otherSize = binding.filter((sibling) => sibling.pattern.slots.length !== own.slots.length);
  return [
    ...candidates("sibling arm, variant name replaced", settleChoices(renamed), chanceOfRenaming),
    ...candidates("sibling arm, own binder", fits(sameSize, own), chanceOfBinder),
    ...candidates(
      "sibling arm, own binder",
      fits(otherSize, own),
      (sources, rivals) => chanceOfBinder(sources, rivals) * 0.4,
    ),
    ...constants(fits(withoutRepeats(constant), own), withoutRepeats(others).length),
  ];
}

/** The sibling's body with its variant's name turned into ours, spelled each way it may be; [] if not named. */
export function renameVariant(sibling: SourceArm, own: OwnArm): Vote[] {
  const mentions = sibling.code.tokens.map((token) => renamingsOf(token, sibling, own.variant));
  const choices = Math.max(0, ...mentions.map((mention) => mention.length));
  return Array.from({ length: choices }, (_, choice) =>
    fitToArm(sibling, own, (_token, index) => mentions[index]?.[choice] ?? mentions[index]?.[0]),
  ).filter((vote) => vote !== undefined);
}

/** A binder that happens to be called like its variant is a binder. */
function renamingsOf(token: Token, sibling: SourceArm, variant: string): string[] {
  const isBinder =
    (token.role === "variable" || token.role === "shorthand") &&
    sibling.pattern.slots.some((slot) => slot.name === token.text);
  return isBinder ? [] : renamings(token, sibling.variant, variant);
}

/** Neighbours with one body are alternatives of one arm (`A | B => …`), and one decision of its author. */
function withoutRepeats(siblings: readonly SourceArm[]): SourceArm[] {
  return siblings.filter((sibling, index) => sibling.code.text !== siblings[index - 1]?.code.text);
}

function fits(siblings: readonly SourceArm[], own: OwnArm): Vote[] {
  return siblings.flatMap((sibling) => fitToArm(sibling, own) ?? []);
}

function candidates(
  rule: string,
  votes: readonly Vote[],
  chanceOf: (sources: number, rivals: number) => number,
): Candidate[] {
  const tallies = tally(votes);
  return tallies.map((found, index) =>
    candidateOf(
      rule,
      found,
      chanceOf(found.sources, tallies.length - 1) * orderFactor(index, found, tallies),
    ),
  );
}

function constants(votes: readonly Vote[], all: number): Candidate[] {
  return tally(votes).map((found) =>
    candidateOf("sibling arms, same value", found, chanceOfConstant(found.sources, all)),
  );
}

/** A rule's second text is right half as often as its first, the others a third; ties share the first place. */
function orderFactor(index: number, found: Tally, tallies: readonly Tally[]): number {
  if (index === 0) return 1;
  if (found.sources === tallies[0]?.sources) return 0.9;
  return index === 1 ? 0.5 : 0.3;
}

function candidateOf(rule: string, found: Tally, chance: number): Candidate {
  const length = found.sources >= 3 ? 1 : lengthFactor(found.first.tokens);
  const { names, key, text, place } = found.first;
  return {
    key,
    text,
    ...(names === undefined ? {} : { names }),
    rule,
    place,
    places: found.places,
    chance: chance * length,
  };
}
