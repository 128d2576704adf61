import type { MethodExample } from "../../stages.ts";
import type { Code, Token } from "../../syntax/tokens.ts";
import { bareName, type OwnImpl, type OwnMethod } from "./own-impl.ts";
import { firstOf, keyOf, renamingLocals, type Replace, rewrite } from "./rewrite.ts";
import type { Vote } from "./votes.ts";

export interface SourceMethod {
  readonly method: MethodExample;
  readonly code: Code;
  /** The type of the impl it stands in, as written. */
  readonly type: string;
  readonly path: string;
  readonly place: string;
}

const unchanged: Replace = () => undefined;

/**
 * The source's body in terms of the own method: parameters by position, the source's type as the own type.
 * `undefined` where it needs a parameter, field or variant that there is not, or would call itself.
 */
export function fitToMethod(
  source: SourceMethod,
  own: OwnImpl,
  method: OwnMethod,
  replace: Replace = unchanged,
): Vote | undefined {
  const renames = parameterNames(source.method, method);
  if (renames === undefined) return undefined;
  const sourceType = bareName(source.type);
  const typeAs =
    (name: string): Replace =>
    (token) =>
      isTypeName(token) && token.text === sourceType ? name : undefined;
  const ownName = own.type.includes("<") ? "Self" : own.typeName;
  const locals = renamingLocals(renames);
  const text = rewrite(source.code, firstOf(replace, typeAs(ownName), locals));
  const key = keyOf(source.code, firstOf(replace, typeAs("Self"), ownTypeAsSelf(own), locals));
  const code = own.reader.code(text);
  if (code === undefined || !hasWhatItNeeds(code, own) || callsItself(code, own, method)) return undefined;
  return { key, text, place: source.place, tokens: source.code.tokens.length };
}

export function ownTypeAsSelf(own: OwnImpl): Replace {
  return (token) => (isTypeName(token) && token.text === own.typeName ? "Self" : undefined);
}

function isTypeName(token: Token): boolean {
  return token.role === "type" || token.role === "path" || token.role === "variable";
}

/** Source parameter to own parameter; `undefined` where the counts differ. `self` stays what it is. */
function parameterNames(source: MethodExample, own: OwnMethod): Map<string, string> | undefined {
  if (source.parameters.length !== own.parameters.length) return undefined;
  const pairs = source.parameters.map(
    ({ name }, index) => [plainName(name), plainName(own.parameters[index]?.name ?? "")] as const,
  );
  return new Map(pairs.filter(([from, to]) => from !== "" && from !== "self" && to !== "" && to !== "_"));
}

/** `x` of `mut x`; "" for patterns. */
function plainName(pattern: string): string {
  const name = pattern.startsWith("mut ") ? pattern.slice(4).trim() : pattern;
  return /^\w+$/.test(name) ? name : "";
}

/** Fields and variants that the code names on `self` and `Self` are there, as far as the definition is known. */
function hasWhatItNeeds(code: Code, own: OwnImpl): boolean {
  const { subject } = own.facts;
  if (subject === undefined) return true;
  const texts = code.tokens.map((token) => token.text);
  return texts.every((text, index) => {
    const member = texts[index + 2] ?? "";
    const isCall = texts[index + 3] === "(" || texts[index + 3] === "::";
    if (text === "self" && texts[index + 1] === "." && !isCall) {
      return member === "await" || subject.fields.some((field) => field.name === member);
    }
    const isVariant = subject.kind === "enum" && (text === "Self" || text === subject.name);
    if (isVariant && texts[index + 1] === "::" && startsUpperCase(member)) {
      return isAssociated(member, own) || subject.variants.some((variant) => variant.name === member);
    }
    return true;
  });
}

/** Types and constants of an impl look like variants. */
function isAssociated(member: string, own: OwnImpl): boolean {
  if (member === member.toUpperCase() && member.length > 1) return true;
  const names = own.facts.skeleton.holes.filter((hole) => hole.kind === "type").map((hole) => hole.name);
  return names.includes(member) || (own.facts.thisImpl?.types.some(({ name }) => name === member) ?? false);
}

/** `self.name(…)`, `Self::name(self…)` and, in an operator's method, the operator on `self`. */
export function callsItself(code: Code, own: OwnImpl, method: OwnMethod): boolean {
  const texts = code.tokens.map((token) => token.text);
  const operator = operators[own.trait];
  const sameArgument =
    own.traitArgument === "" || own.traitArgument === own.type || own.traitArgument === "Self";
  return texts.some((text, index) => {
    if (text === "self" && texts[index + 1] === "." && texts[index + 2] === method.name)
      return texts[index + 3] === "(";
    if (text === "Self" && texts[index + 1] === "::" && texts[index + 2] === method.name)
      return texts[index + 3] === "(";
    if (own.trait === "Display" && text.includes("{self}")) return true;
    const isOperator = text === "self" && operator !== undefined && sameArgument;
    return isOperator && texts[index + 1] === operator && texts[index - 1] !== "*";
  });
}

/** The operator of each operator trait: its method must not use it on `self` as a whole. */
export const operators: Readonly<Record<string, string>> = {
  Add: "+",
  Sub: "-",
  Mul: "*",
  Div: "/",
  Rem: "%",
  BitAnd: "&",
  BitOr: "|",
  BitXor: "^",
  Shl: "<<",
  Shr: ">>",
  AddAssign: "+=",
  SubAssign: "-=",
  MulAssign: "*=",
  DivAssign: "/=",
  RemAssign: "%=",
  BitAndAssign: "&=",
  BitOrAssign: "|=",
  BitXorAssign: "^=",
  ShlAssign: "<<=",
  ShrAssign: ">>=",
  PartialEq: "==",
};

function startsUpperCase(text: string): boolean {
  const first = text.charAt(0);
  return first !== first.toLowerCase();
}
