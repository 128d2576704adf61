import { hasTrait, type OwnImpl, type OwnMethod } from "./own-impl.ts";
import type { Template } from "./template.ts";

/** PartialEq, PartialOrd, Ord, Hash. Which fields count is the author's knowledge: one field is safe, several are not. */
export function comparisonTemplates(own: OwnImpl, method: OwnMethod): Template[] {
  const other = method.parameters[1]?.name ?? "other";
  switch (`${own.trait}::${method.name}`) {
    case "PartialOrd::partial_cmp":
      if (!comparesWithItself(own)) return [];
      return [
        { text: `Some(self.cmp(${other}))`, chance: hasTrait(own, "Ord") ? 0.75 : 0.3 },
        ...perField(own, (field) => `self.${field}.partial_cmp(&${other}.${field})`, 0.4),
      ];
    case "Ord::cmp":
      return perField(own, (field) => `self.${field}.cmp(&${other}.${field})`, 0.5);
    case "PartialEq::eq":
      return comparesWithItself(own)
        ? [
            ...perField(own, (field) => `self.${field} == ${other}.${field}`, 0.5),
            ...allFields(own, (field) => `self.${field} == ${other}.${field}`, " && ", 0.12),
          ]
        : perField(own, (field) => `self.${field} == *${other}`, 0.3);
    case "Hash::hash":
      return [...perField(own, (field) => `self.${field}.hash(${other})`, 0.5), ...hashesOfAll(own, other)];
    default:
      return [];
  }
}

function comparesWithItself(own: OwnImpl): boolean {
  return own.traitArgument === "" || own.traitArgument === own.type || own.traitArgument === "Self";
}

function perField(own: OwnImpl, textFor: (field: string) => string, chanceOfOnly: number): Template[] {
  return own.fields
    .slice(0, 4)
    .map(({ name }) => ({ text: textFor(name), chance: own.fields.length === 1 ? chanceOfOnly : 0.08 }));
}

function allFields(
  own: OwnImpl,
  textFor: (field: string) => string,
  between: string,
  chance: number,
): Template[] {
  if (own.fields.length < 2) return [];
  return [{ text: own.fields.map(({ name }) => textFor(name)).join(between), chance }];
}

function hashesOfAll(own: OwnImpl, state: string): Template[] {
  const inBlock = allFields(own, (field) => `self.${field}.hash(${state});`, "\n    ", 0.2);
  return inBlock.map(({ text, chance }) => ({ text: `{\n    ${text}\n}`, chance }));
}
