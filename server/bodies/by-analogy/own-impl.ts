import type { Facts, Field, Hole, ImplExample, MethodExample, Parameter } from "../../stages.ts";
import type { Reader } from "./reader.ts";

/** The impl whose members are looked for. */
export interface OwnImpl {
  readonly facts: Facts;
  readonly reader: Reader;
  /** `Add` of `Add<f64>`. */
  readonly trait: string;
  /** `f64` of `Add<f64>`; "" without arguments. */
  readonly traitArgument: string;
  /** The type as written, and its bare name. */
  readonly type: string;
  readonly typeName: string;
  /** Of a struct whose definition is known. */
  readonly fields: readonly Field[];
  readonly isTupleStruct: boolean;
  readonly path: string;
  /** `path:line` of the impl itself, for rules without another source. */
  readonly place: string;
  /** Associated types of each other impl of the trait, by place, in terms of the own type. */
  readonly typesAt: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface OwnMethod {
  readonly hole: Hole;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returnType: string;
}

export function ownImpl(facts: Facts, reader: Reader): OwnImpl | undefined {
  const { thisImpl, subject } = facts;
  if (thisImpl === undefined) return undefined;
  const typeName = bareName(thisImpl.type);
  const fields = subject?.kind === "struct" ? subject.fields : [];
  return {
    facts,
    reader,
    trait: bareName(thisImpl.trait),
    traitArgument: argumentsOf(thisImpl.trait),
    type: thisImpl.type,
    typeName,
    fields,
    isTupleStruct: fields[0]?.name === "0",
    path: facts.skeleton.site.document.path,
    place: placeOfImpl(thisImpl),
    typesAt: new Map(facts.otherImpls.map((other) => [placeOfImpl(other), typesOf(other, thisImpl.type)])),
  };
}

/** The method of a body hole; `undefined` where its signature cannot be read. */
export function ownMethod(own: OwnImpl, hole: Hole): OwnMethod | undefined {
  const signature = own.reader.signature(hole.owner);
  if (signature === undefined) return undefined;
  const { name, parameters, returnType } = signature;
  return { hole, name, parameters, returnType };
}

export function placeOfImpl(found: ImplExample): string {
  return `${found.path}:${found.line}`;
}

/** `Shape` of `&'a crate::Shape<T>`. */
export function bareName(type: string): string {
  const head = (type.split("<")[0] ?? "").trim();
  return (/[\w#]+$/.exec(head) ?? [head])[0];
}

/** `A, B` of `Trait<A, B>`. */
function argumentsOf(type: string): string {
  const open = type.indexOf("<");
  return open === -1 ? "" : type.slice(open + 1, type.lastIndexOf(">")).trim();
}

function typesOf(other: ImplExample, ownType: string): ReadonlyMap<string, string> {
  return new Map(other.types.map(({ name, value }) => [name, inOwnTerms(value, other, ownType)]));
}

/** A type that is the impl's own is written `Self`, so that it means the own type here. */
export function inOwnTerms(value: string, other: ImplExample, ownType: string): string {
  return value === other.type && other.type !== ownType ? "Self" : value;
}

/**
 * The inherent method of the own type with this name, where one is written: in this file or beside the type's
 * definition, since a type of another module may have the same name.
 */
export function inherentMethod(own: OwnImpl, name: string): MethodExample | undefined {
  if (own.type.startsWith("&")) return undefined;
  const homes = [own.path, own.facts.subject?.path];
  return own.facts.typeImpls
    .filter((found) => found.trait === "" && homes.includes(found.path))
    .flatMap((found) => found.methods)
    .find((method) => method.name === name);
}

/** The type has this trait, by derive or by an impl that the workspace shows. */
export function hasTrait(own: OwnImpl, trait: string): boolean {
  const isDerived = own.facts.subject?.derives.includes(trait) ?? false;
  return isDerived || own.facts.typeImpls.some((found) => bareName(found.trait) === trait);
}
