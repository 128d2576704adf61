import { fitToArm, usedBinders } from "./arm-fit.ts";
import type { OwnArm, SourceArm } from "./arms.ts";
import { type Candidate, chanceOfLearnedDifference, chanceOfSameVariant, lengthFactor } from "./ladder.ts";
import { learnDifference, type Neutral } from "./difference.ts";
import { renamings } from "./spelling.ts";
import { tally, type Tally, type Vote } from "./votes.ts";

export interface MatchPlace {
  readonly path: string;
  readonly functionName: string;
}

/** A match with its readable arms. */
export interface SourceMatch extends MatchPlace {
  readonly arms: readonly SourceArm[];
}

/**
 * What other matches do with the same variant: word for word (P4; F11 for Option and Result), with the function's
 * name replaced (P4f), and with the difference learned from arms that both matches have (P4p).
 */
export function fromOtherMatches(
  matches: readonly SourceMatch[],
  siblings: readonly SourceArm[],
  own: OwnArm,
  here: MatchPlace,
): Candidate[] {
  const same = matches.flatMap((match) =>
    match.arms.filter((arm) => arm.variant === own.variant).map((arm) => ({ match, arm })),
  );
  const verbatim = same.flatMap(({ arm }) => fitToArm(arm, own) ?? []);
  const renamed = same.flatMap(({ arm }) => renameFunction(arm, own, here) ?? []);
  const learned = same
    .filter(({ match }) => isTelling(match, own, here))
    .flatMap(({ match, arm }) => learnedVotes(match, arm, siblings, own));
  const nearest = (place: string) => nearness(same, place, here);
  return [
    ...tally(learned).map((found, index) =>
      candidate(
        "same variant in another match, adapted",
        found,
        index,
        chanceOfLearnedDifference(found.sources, learned.length),
      ),
    ),
    ...tally(verbatim).map((found, index) =>
      candidate("same variant in another match", found, index, verbatimChance(found, nearest, own)),
    ),
    ...tally(renamed).map((found, index) =>
      candidate("same variant in another match, function name replaced", found, index, 0.1),
    ),
  ];
}

/** What strangers do with Option and Result has nothing to do with this match. */
function isTelling(match: SourceMatch, own: OwnArm, here: MatchPlace): boolean {
  return !standardVariants.has(own.variant) || match.path === here.path;
}

/** Option and Result are everywhere: only the same file speaks for them, but there it speaks louder. */
function verbatimChance(found: Tally, nearest: (place: string) => Nearness, own: OwnArm): number {
  const places = found.places.map(nearest);
  const inFunction = places.filter((place) => place === "function").length;
  const inFile = places.filter((place) => place !== "workspace").length;
  const isStandard = standardVariants.has(own.variant);
  if (inFunction >= 1) return chanceOfSameVariant("function", inFunction);
  if (inFile >= 1)
    return isStandard ? Math.min(0.4, 0.2 + 0.07 * inFile) : chanceOfSameVariant("file", found.sources);
  return isStandard ? 0.02 : chanceOfSameVariant("workspace", found.sources);
}

export const standardVariants: ReadonlySet<string> = new Set(["Some", "None", "Ok", "Err"]);

type Nearness = "function" | "file" | "workspace";

function nearness(
  same: readonly { match: SourceMatch; arm: SourceArm }[],
  place: string,
  here: MatchPlace,
): Nearness {
  const match = same.find(({ arm }) => arm.place === place)?.match;
  if (match?.path !== here.path) return "workspace";
  return match.functionName === here.functionName ? "function" : "file";
}

function renameFunction(arm: SourceArm, own: OwnArm, here: MatchPlace): Vote | undefined {
  if (arm.functionName === "" || here.functionName === "" || arm.functionName === here.functionName)
    return undefined;
  const mentions = arm.code.tokens.map((token) => renamings(token, arm.functionName, here.functionName)[0]);
  if (mentions.every((mention) => mention === undefined)) return undefined;
  return fitToArm(arm, own, (_token, index) => mentions[index]);
}

function learnedVotes(
  match: SourceMatch,
  arm: SourceArm,
  siblings: readonly SourceArm[],
  own: OwnArm,
): Vote[] {
  return match.arms.flatMap((there) =>
    siblings
      .filter((here) => here.variant === there.variant && here.variant !== own.variant)
      .flatMap((here) => {
        const difference = learnDifference(there.code, here.code, arm.code, {
          there: binderNames(there),
          here: binderNames(here),
          other: binderNames(arm),
        });
        return difference === undefined ? [] : (fitToArm(arm, own, difference) ?? []);
      }),
  );
}

/** Binders by position, so that two names for one payload are no difference. */
function binderNames(arm: SourceArm): Neutral {
  return new Map(usedBinders(arm).map(({ name, position }) => [name, `$${position}`]));
}

function candidate(rule: string, found: Tally, index: number, chance: number): Candidate {
  const order = [1, 0.5][index] ?? 0.3;
  const { names, key, text, place, tokens } = found.first;
  return {
    key,
    text,
    ...(names === undefined ? {} : { names }),
    rule,
    place,
    places: found.places,
    chance: chance * order * lengthFactor(tokens),
  };
}
