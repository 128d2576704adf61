import { operators } from "./method-fit.ts";
import { hasTrait, type OwnImpl, type OwnMethod } from "./own-impl.ts";
import type { Template } from "./template.ts";

const prefixes: Readonly<Record<string, string>> = { Neg: "-", Not: "!" };
/** Larger structs are no vectors: their operators know something. */
const mostFields = 4;

/** Add and the like field by field, their assigning twins, Neg and Not. */
export function operatorTemplates(own: OwnImpl, method: OwnMethod): Template[] {
  const prefix = prefixes[own.trait];
  if (prefix !== undefined) return construct(own, (field) => `${prefix}self.${field}`, 0.6);
  const operator = own.trait === "PartialEq" ? undefined : operators[own.trait];
  const argument = method.parameters[1]?.name ?? "";
  if (operator === undefined || argument === "") return [];
  const isOwn = own.traitArgument === "" || own.traitArgument === own.type || own.traitArgument === "Self";
  const other = (field: string) => (isOwn ? `${argument}.${field}` : argument);
  const chance = chanceOfFieldwise(own, isOwn, operator);
  if (!own.trait.endsWith("Assign")) {
    return construct(own, (field) => `self.${field} ${operator} ${other(field)}`, chance);
  }
  const plain = own.trait.slice(0, -"Assign".length);
  const whole = hasTrait(own, plain)
    ? [{ text: `*self = *self ${operator.slice(0, -1)} ${argument}`, chance: 0.35 }]
    : [];
  return [...assign(own, (field) => `self.${field} ${operator} ${other(field)}`, chance), ...whole];
}

/** Field by field is what vectors do: all fields of one type, and that of the other side where it is a number. */
function chanceOfFieldwise(own: OwnImpl, isOwn: boolean, operator: string): number {
  const types = new Set(own.fields.map((field) => field.type));
  if (!isOwn) return types.size === 1 && types.has(own.traitArgument) ? 0.6 : 0.15;
  const isProduct = !operator.startsWith("+") && !operator.startsWith("-");
  if (own.fields.length > 1 && (types.size > 1 || isProduct)) return 0.25;
  return 0.6;
}

function construct(own: OwnImpl, valueFor: (field: string) => string, chance: number): Template[] {
  if (own.fields.length === 0 || own.fields.length > mostFields) return [];
  const values = own.fields.map(({ name }) =>
    own.isTupleStruct ? valueFor(name) : `${name}: ${valueFor(name)}`,
  );
  const text = own.isTupleStruct ? `Self(${values.join(", ")})` : `Self { ${values.join(", ")} }`;
  return [{ text, chance }];
}

function assign(own: OwnImpl, statementFor: (field: string) => string, chance: number): Template[] {
  if (own.fields.length === 0 || own.fields.length > mostFields) return [];
  const statements = own.fields.map(({ name }) => statementFor(name));
  return [{ text: `{\n    ${statements.join(";\n    ")};\n}`, chance }];
}
