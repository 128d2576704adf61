import type { EnclosingFunction } from "../../stages.ts";
import type { OwnArm } from "./arms.ts";
import { renameVariant } from "./sibling-arms.ts";
import { type Candidate, lengthFactor } from "./ladder.ts";
import { type MadeText, madeCandidate } from "./made-candidate.ts";
import type { SourceMatch } from "./other-matches.ts";
import type { HabitContext } from "./standard-arms.ts";
import { textsFor } from "./spelling.ts";
import { fitToArm } from "./arm-fit.ts";
import { settleChoices, tally } from "./votes.ts";

/** What the enclosing function's name and signature suggest where nothing else is written (D5, C6, N9). */
export function fromFunction(own: OwnArm, { enclosing, place, reader }: HabitContext): Candidate[] {
  if (enclosing === undefined) return [];
  const made = [
    ...delegations(own, enclosing),
    ...constructions(own, enclosing),
    ...nameTexts(own, enclosing),
  ];
  return made.flatMap((text) => madeCandidate(reader, { ...text, place }));
}

type Made = Omit<MadeText, "place">;

/** What functions of the same name do with other enums (X10): only many together mean something. */
export function fromSameNamedFunctions(matches: readonly SourceMatch[], own: OwnArm): Candidate[] {
  const arms = matches.flatMap((match) => match.arms);
  const renamed = arms.map((arm) => renameVariant(arm, own));
  const plain = arms.filter((_, index) => renamed[index]?.length === 0);
  const votes = [...settleChoices(renamed), ...plain.flatMap((arm) => fitToArm(arm, own) ?? [])];
  return tally(votes)
    .slice(0, 4)
    .map((found, index) => {
      const isCommon = found.sources >= 3 && found.sources * 2 >= votes.length;
      const order = [1, 0.5][index] ?? 0.3;
      const { key, text, names, tokens } = found.first;
      return {
        key,
        text,
        ...(names === undefined ? {} : { names }),
        rule: "function of the same name, other enum",
        place: found.first.place,
        places: found.places,
        chance: (isCommon ? 0.2 : 0.03) * order * lengthFactor(tokens),
      };
    });
}

/** `Leaf(n) => n.depth(k)` inside `fn depth(&self, k: usize)`. */
function delegations(own: OwnArm, enclosing: EnclosingFunction): Made[] {
  const takesSelf = enclosing.parameters[0]?.name === "self";
  if (own.slots.length !== 1 || !takesSelf) return [];
  const name = slotName(own, 0);
  const others = enclosing.parameters.slice(1).map((parameter) => parameter.name);
  const isInTrait = (enclosing.impl?.trait ?? "") !== "";
  const call = (receiver: string) => `${receiver}.${enclosing.name}(${others.join(", ")})`;
  return [
    {
      text: call(name),
      names: new Map([[0, name]]),
      rule: "enclosing method on the payload",
      chance: isInTrait ? 0.16 : 0.03,
    },
  ];
}

const converting = new Set(["from", "into", "clone"]);

/** `Red => Self::Red`, `Leaf(n) => Target::Leaf(n.clone())` inside conversions. */
function constructions(own: OwnArm, enclosing: EnclosingFunction): Made[] {
  if (!converting.has(enclosing.name)) return [];
  const target = enclosing.name === "into" ? enclosing.returnType : "Self";
  const names = own.slots.map((_, index) => slotName(own, index));
  const suffix = enclosing.name === "clone" ? ".clone()" : "";
  const isRecord = own.slots.some((slot) => slot.field !== undefined);
  const values = own.slots.map((slot, index) =>
    isRecord
      ? suffix === ""
        ? names[index]
        : `${slot.field ?? ""}: ${names[index] ?? ""}${suffix}`
      : `${names[index] ?? ""}${suffix}`,
  );
  const payload =
    values.length === 0 ? "" : isRecord ? ` { ${values.join(", ")} }` : `(${values.join(", ")})`;
  const text = `${target}::${own.variant}${payload}`;
  return [
    {
      text,
      names: new Map(names.map((name, index) => [index, name])),
      rule: "variant of the same name",
      chance: own.slots.length === 0 ? 0.15 : 0.1,
    },
  ];
}

const naming = new Set([
  "as_str",
  "name",
  "as_ref",
  "to_str",
  "label",
  "as_static_str",
  "title",
  "id",
  "key",
]);

/** `Blue => "blue"` inside functions that tell names. */
function nameTexts(own: OwnArm, enclosing: EnclosingFunction): Made[] {
  const isText = enclosing.returnType.includes("str");
  if (!isText || own.slots.length > 0) return [];
  const chances = naming.has(enclosing.name) ? [0.19, 0.1, 0.05, 0.04] : [0.04, 0.03, 0.02, 0.01];
  return textsFor(own.variant)
    .slice(0, chances.length)
    .map((text, index) => ({
      text: `"${text}"`,
      rule: "variant's name as text",
      chance: chances[index] ?? 0,
    }));
}

function slotName(own: OwnArm, position: number): string {
  return own.slots[position]?.name ?? (own.slots.length === 1 ? "inner" : `field${position}`);
}
