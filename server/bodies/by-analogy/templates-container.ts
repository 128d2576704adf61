import type { Field } from "../../stages.ts";
import { bareName, type OwnImpl, type OwnMethod } from "./own-impl.ts";
import type { Template } from "./template.ts";

/** Deref, Index, Iterator, IntoIterator, Extend, FromIterator and their mutable twins: all lead to one field. */
export function containerTemplates(own: OwnImpl, method: OwnMethod): Template[] {
  const argument = method.parameters.find(({ name }) => name !== "self")?.name ?? "";
  const to = (textFor: (field: string) => string, chance: number) => onField(own, textFor, chance);
  switch (`${own.trait}::${method.name}`) {
    case "Deref::deref":
      return to((field) => `&self.${field}`, 0.6);
    case "DerefMut::deref_mut":
      return mutableTwin(own, "Deref", "deref") ?? to((field) => `&mut self.${field}`, 0.7);
    case "Index::index":
      return to((field) => `&self.${field}[${argument}]`, 0.45);
    case "IndexMut::index_mut":
      return mutableTwin(own, "Index", "index") ?? to((field) => `&mut self.${field}[${argument}]`, 0.55);
    case "Iterator::next":
    case "Iterator::size_hint":
    case "DoubleEndedIterator::next_back":
    case "ExactSizeIterator::len":
      return to((field) => `self.${field}.${method.name}()`, 0.3);
    case "IntoIterator::into_iter":
      return to((field) => `self.${field}.${iteratorMethod(own.type)}()`, 0.6);
    case "Extend::extend":
      return to((field) => `self.${field}.extend(${argument})`, 0.4);
    case "FromIterator::from_iter":
      return to((field) => collected(own, field, argument), 0.4);
    default:
      return [];
  }
}

const innerNames = new Set(["inner", "iter", "it", "items", "0"]);

/** The only field, or of several the one that is called like the inner thing. */
function onField(own: OwnImpl, textFor: (field: string) => string, chance: number): Template[] {
  const { fields } = own;
  if (fields.length === 1) return fields.map(({ name }) => ({ text: textFor(name), chance }));
  const inner = fields.filter(({ name, type }) => innerNames.has(name) && bareName(type) !== "PhantomData");
  const chosen: readonly Field[] = inner.length === 1 ? inner : withoutMarkers(fields);
  return chosen.slice(0, 3).map(({ name }) => ({
    text: textFor(name),
    chance: chosen.length === 1 ? chance * 0.8 : 0.06,
  }));
}

function withoutMarkers(fields: readonly Field[]): Field[] {
  return fields.filter(({ type }) => bareName(type) !== "PhantomData");
}

/** `&self.items` in `Deref` is `&mut self.items` in `DerefMut`. */
function mutableTwin(own: OwnImpl, trait: string, name: string): Template[] | undefined {
  const twin = own.facts.typeImpls
    .filter((found) => bareName(found.trait) === trait)
    .flatMap((found) => found.methods)
    .find((method) => method.name === name);
  const code = twin === undefined ? undefined : own.reader.code(twin.body);
  const sign = code?.tokens.findIndex((token) => token.text === "&") ?? -1;
  const next = code?.tokens[sign + 1];
  if (code === undefined || sign === -1 || next?.text !== "self") return undefined;
  return [{ text: `${code.text.slice(0, next.start)}mut ${code.text.slice(next.start)}`, chance: 0.85 }];
}

function iteratorMethod(type: string): string {
  if (!type.startsWith("&")) return "into_iter";
  return /^&\s*('\w+\s+)?mut\b/.test(type) ? "iter_mut" : "iter";
}

function collected(own: OwnImpl, field: string, argument: string): string {
  const value = `${argument}.into_iter().collect()`;
  return own.isTupleStruct ? `Self(${value})` : `Self { ${field}: ${value} }`;
}
