import { dirname } from "node:path";
import type { ImplExample } from "../../stages.ts";
import { type Candidate, chanceOfGetter, chanceOfOtherImpl, lengthFactor } from "./ladder.ts";
import { fitToMethod, type SourceMethod } from "./method-fit.ts";
import { bareName, type OwnImpl, type OwnMethod, placeOfImpl } from "./own-impl.ts";
import type { Replace } from "./rewrite.ts";
import { renamings } from "./spelling.ts";
import { tally, type Tally } from "./votes.ts";
import type { Reader } from "./reader.ts";
import { isWeakType } from "./weak-types.ts";

/** The associated types that stood beside a source, by `path:line`. */
export type NeedsOf = (place: string) => ReadonlyMap<string, string>;

/** What other impls of the trait do in this method: word for word (B1), and with names replaced (B1s). */
export function fromOtherImpls(own: OwnImpl, method: OwnMethod): Candidate[] {
  const sources = sourceMethods(own.facts.otherImpls, method.name, own.reader);
  const verbatim = tally(sources.flatMap((source) => fitToMethod(source, own, method) ?? []));
  const renamed = tally(sources.flatMap((source) => renamedBody(source, own, method)));
  const known = new Set(verbatim.map((found) => found.first.key));
  return [
    ...verbatim.map((found, index) =>
      candidate(
        "other impl of the trait",
        found,
        verbatimChance(found, sources.length, own, method) * order(index),
      ),
    ),
    ...renamed
      .filter((found) => !known.has(found.first.key))
      .map((found, index) =>
        candidate("other impl of the trait, names replaced", found, renamedChance(found, own) * order(index)),
      ),
  ];
}

/** The readable methods of this name, with where they stand. */
export function sourceMethods(
  impls: readonly ImplExample[],
  name: string | undefined,
  reader: Reader,
): SourceMethod[] {
  return impls.flatMap((found) =>
    found.methods
      .filter((method) => name === undefined || method.name === name)
      .flatMap((method) => {
        const code = method.body === "" ? undefined : reader.code(method.body);
        return code === undefined
          ? []
          : [{ method, code, type: found.type, path: found.path, place: placeOfImpl(found) }];
      }),
  );
}

function renamedBody(source: SourceMethod, own: OwnImpl, method: OwnMethod) {
  const names = nameReplacement(source, own);
  const field = fieldReplacement(source, own);
  if (
    !source.code.tokens.some((token, index) => (names(token, index) ?? field(token, index)) !== undefined)
  ) {
    return [];
  }
  const fitted = fitToMethod(
    source,
    own,
    method,
    (token, index) => field(token, index) ?? names(token, index),
  );
  return fitted === undefined ? [] : [fitted];
}

/** The source type's name inside other words and texts. */
function nameReplacement(source: SourceMethod, own: OwnImpl): Replace {
  const from = bareName(source.type);
  return (token) => (token.text === from ? undefined : renamings(token, from, own.typeName)[0]);
}

/** The only field that the source's body uses, where the own type has exactly one. */
function fieldReplacement(source: SourceMethod, own: OwnImpl): Replace {
  const { tokens } = source.code;
  const isField = (index: number) =>
    tokens[index - 1]?.text === "." && tokens[index - 2]?.text === "self" && tokens[index + 1]?.text !== "(";
  const used = new Set(tokens.filter((_, index) => isField(index)).map((token) => token.text));
  const target = own.fields.length === 1 ? own.fields[0]?.name : undefined;
  if (used.size !== 1 || target === undefined || used.has(target)) return () => undefined;
  return (_token, index) => (isField(index) ? target : undefined);
}

function verbatimChance(found: Tally, all: number, own: OwnImpl, method: OwnMethod): number {
  const near = found.places.some((place) => isNear(place, own.path));
  if (isGetter(found.first.text, own, method)) return chanceOfGetter;
  const chance = chanceOfOtherImpl(found.sources, all, near);
  // Any constant compiles where the type says nothing: two who agree prove little there.
  return isWeakType(method.returnType) && found.sources < 3 ? chance / 2 : chance;
}

/** `self.kind` in `fn kind(&self) -> Kind`, where the own type has that field and it is of that type. */
function isGetter(text: string, own: OwnImpl, method: OwnMethod): boolean {
  const [, borrow, name] = /^\{?\s*(&?)self\.((?:r#)?\w+)\s*\}?$/.exec(text) ?? [];
  const field = own.fields.find((found) => found.name === name);
  return name === method.name && field !== undefined && `${borrow}${field.type}` === method.returnType;
}

function renamedChance(found: Tally, own: OwnImpl): number {
  const inFile = found.places.filter((place) => pathOf(place) === own.path).length;
  return inFile >= 2 ? 0.4 : 0.06;
}

function isNear(place: string, path: string): boolean {
  return dirname(pathOf(place)) === dirname(path);
}

function pathOf(place: string): string {
  return place.slice(0, place.lastIndexOf(":"));
}

function order(index: number): number {
  return [1, 0.5][index] ?? 0.3;
}

function candidate(rule: string, found: Tally, chance: number): Candidate {
  const { key, text, place, tokens } = found.first;
  const length = found.sources >= 3 ? 1 : lengthFactor(tokens);
  return { key, text, rule, place, places: found.places, chance: chance * length };
}
