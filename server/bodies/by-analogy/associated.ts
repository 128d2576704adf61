import type { Hole } from "../../stages.ts";
import { associatedTemplates } from "./associated-templates.ts";
import { type Candidate, chanceOfOtherImpl } from "./ladder.ts";
import { bareName, inOwnTerms, type OwnImpl, placeOfImpl } from "./own-impl.ts";
import { keyOf, rewrite } from "./rewrite.ts";
import { renamings } from "./spelling.ts";
import { tally, type Vote } from "./votes.ts";

/** Associated types and constants: what other impls have, and what the standard traits want. */
export function fromAssociated(own: OwnImpl, hole: Hole): Candidate[] {
  const votes = hole.kind === "type" ? typeVotes(own, hole.name) : constantVotes(own, hole.name);
  const kind = hole.kind === "type" ? "associated type" : "constant";
  const fromImpls = tally(votes).map((found) => ({
    key: found.first.key,
    text: found.first.text,
    rule: `${kind} of other impls`,
    place: found.first.place,
    places: found.places,
    chance: chanceOfOtherImpl(found.sources, votes.length, true),
  }));
  return hole.kind === "type" ? [...fromImpls, ...associatedTemplates(own, hole.name)] : fromImpls;
}

function typeVotes(own: OwnImpl, name: string): Vote[] {
  return own.facts.otherImpls.flatMap((other) =>
    other.types
      .filter((type) => type.name === name)
      .map((type) => {
        const text = inOwnTerms(type.value, other, own.type);
        return { key: text, text, place: placeOfImpl(other), tokens: 1 };
      }),
  );
}

/** Texts and names that hold the type's name follow it. */
function constantVotes(own: OwnImpl, name: string): Vote[] {
  return own.facts.otherImpls.flatMap((other) =>
    other.constants
      .filter((constant) => constant.name === name)
      .flatMap((constant) => {
        const code = own.reader.code(constant.value);
        if (code === undefined) return [];
        const renamed = code.tokens.map((token) => renamings(token, bareName(other.type), own.typeName)[0]);
        const replace = (_token: unknown, index: number) => renamed[index];
        return {
          key: keyOf(code, replace),
          text: rewrite(code, replace),
          place: placeOfImpl(other),
          tokens: code.tokens.length,
        };
      }),
  );
}
