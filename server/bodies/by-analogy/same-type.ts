import { learnDifference } from "./difference.ts";
import { type Candidate, lengthFactor } from "./ladder.ts";
import { fitToMethod, type SourceMethod } from "./method-fit.ts";
import { sourceMethods } from "./other-impls.ts";
import { bareName, type OwnImpl, type OwnMethod } from "./own-impl.ts";
import { renamings } from "./spelling.ts";
import { tally, type Tally, type Vote } from "./votes.ts";

/**
 * What the type itself shows: other methods of this impl with the method's name replaced (B6), the method of the
 * same name in another of its impls (B5), and other impls' bodies adapted as this impl's written methods differ
 * from theirs.
 */
export function fromSameType(own: OwnImpl, method: OwnMethod): Candidate[] {
  const { thisImpl, typeImpls, otherImpls } = own.facts;
  const written = thisImpl === undefined ? [] : sourceMethods([thisImpl], undefined, own.reader);
  const others = written.filter((source) => source.method.name !== method.name);
  const renamed = others.flatMap((source) => renameMethod(source, own, method));
  // Display and Debug share a method's name and little else.
  const sameName =
    method.name === "fmt"
      ? []
      : sourceMethods(
          typeImpls.filter((found) => found.trait !== "" && bareName(found.trait) !== own.trait),
          method.name,
          own.reader,
        ).flatMap((source) => fitToMethod(source, own, method) ?? []);
  const adapted = otherImpls.flatMap((found) =>
    adaptedBodies(sourceMethods([found], undefined, own.reader), others, own, method),
  );
  return [
    ...candidates("method beside it, name replaced", renamed, [0.38, 0.5]),
    ...candidates("method of the same name on the type", sameName, [0.45]),
    ...candidates("other impl of the trait, adapted", adapted, [0.22, 0.35, 0.5]),
  ];
}

function renameMethod(source: SourceMethod, own: OwnImpl, method: OwnMethod): Vote[] {
  const mentions = source.code.tokens.map((token) => renamings(token, source.method.name, method.name)[0]);
  if (mentions.every((mention) => mention === undefined)) return [];
  const fitted = fitToMethod(source, own, method, (_token, index) => mentions[index]);
  return fitted === undefined ? [] : [fitted];
}

/** One other impl: each method that both have shows how this one differs. */
function adaptedBodies(
  there: readonly SourceMethod[],
  here: readonly SourceMethod[],
  own: OwnImpl,
  method: OwnMethod,
): Vote[] {
  const target = there.find((source) => source.method.name === method.name);
  if (target === undefined) return [];
  return here.flatMap((mine) => {
    const theirs = there.find((source) => source.method.name === mine.method.name);
    const difference =
      theirs === undefined ? undefined : learnDifference(theirs.code, mine.code, target.code);
    return difference === undefined ? [] : (fitToMethod(target, own, method, difference) ?? []);
  });
}

function candidates(rule: string, votes: readonly Vote[], chances: readonly number[]): Candidate[] {
  return tally(votes).map((found: Tally, index) => {
    const { key, text, place, tokens } = found.first;
    const chance = chances[Math.min(found.sources, chances.length) - 1] ?? 0;
    const order = [1, 0.5][index] ?? 0.3;
    return { key, text, rule, place, places: found.places, chance: chance * order * lengthFactor(tokens) };
  });
}
