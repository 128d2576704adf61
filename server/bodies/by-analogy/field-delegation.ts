import type { Field } from "../../stages.ts";
import type { Candidate } from "./ladder.ts";
import { madeCandidate } from "./made-candidate.ts";
import { bareName, type OwnImpl, type OwnMethod } from "./own-impl.ts";

/**
 * The same method on a field (B2), or on each variant's payload. What the field's type shows decides: that it has
 * the trait, or that there is only one field.
 */
export function fromFields(own: OwnImpl, method: OwnMethod): Candidate[] {
  if (method.parameters[0]?.name !== "self" || own.trait === "") return [];
  const withTrait = own.fields.filter((field) => hasOwnTrait(field, own));
  const calls = own.fields.map((field) => {
    const isSure = withTrait.length === 1 && withTrait[0] === field;
    const chance = isSure ? (namesTrait(field, own) ? 0.4 : 0.22) : own.fields.length === 1 ? 0.16 : 0.05;
    const rule = isSure ? "same method on the field that has the trait" : "same method on the field";
    return { text: `self.${field.name}.${callOf(method)}`, chance, rule };
  });
  return [...calls, ...onPayloads(own, method)].flatMap((made) =>
    madeCandidate(own.reader, { ...made, place: own.place }),
  );
}

function callOf(method: OwnMethod): string {
  const names = method.parameters.slice(1).map(({ name }) => name);
  return `${method.name}(${names.join(", ")})`;
}

/** Another impl of the trait is for the field's type, or the type names the trait (`Box<dyn Shape>`). */
function hasOwnTrait(field: Field, own: OwnImpl): boolean {
  if (namesTrait(field, own)) return true;
  const inner = innermost(field.type);
  return own.facts.otherImpls.some((other) => bareName(other.type) === inner && inner !== own.typeName);
}

function namesTrait(field: Field, own: OwnImpl): boolean {
  return new RegExp(`\\b${own.trait}\\b`).test(field.type);
}

/** `Circle` of `Box<Circle>`; the bare name otherwise. */
function innermost(type: string): string {
  const boxed = /^(?:Box|Rc|Arc|&(?:'\w+ )?(?:mut )?)<?(.*?)>?$/s.exec(type);
  return bareName(boxed?.[1] ?? type);
}

/** `match self { Self::A(inner) => inner.area(), … }` for an enum of types that have the trait. */
function onPayloads(own: OwnImpl, method: OwnMethod): { text: string; chance: number; rule: string }[] {
  const { subject } = own.facts;
  const variants = subject?.kind === "enum" ? subject.variants : [];
  if (variants.length === 0 || !variants.every(isWrapper)) return [];
  const payloads = variants.flatMap((variant) => variant.fields);
  const isSure = payloads.every((field) => hasOwnTrait(field, own));
  const arms = variants.map((variant) => `Self::${variant.name}(inner) => inner.${callOf(method)},`);
  return [
    {
      text: `match self {\n    ${arms.join("\n    ")}\n}`,
      chance: isSure ? 0.3 : 0.12,
      rule: "same method on each variant's payload",
    },
  ];
}

function isWrapper(variant: { readonly shape: string; readonly fields: readonly Field[] }): boolean {
  return variant.shape === "tuple" && variant.fields.length === 1;
}
