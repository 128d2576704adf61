import type { SyntaxNode } from "../../syntax/parse.ts";

/** A parameter that still is what the caller gave, behind so many references: `self` of `&self` is 1, `*self` 0. */
export interface OwnValue {
  readonly name: string;
  readonly level: number;
}

export interface OwnParameter extends OwnValue {
  /** Its type is the one that the impl is for. */
  readonly isOwnType: boolean;
  /** Below this level it is of another type: in an impl for `&T` `*self` is a `&T`, whose methods are those of `T`. */
  readonly lowest: number;
}

/** Names in scope that are parameters, other names for one included. */
export type OwnNames = ReadonlyMap<string, OwnValue>;

/**
 * The parameter that an expression is, seen through references, brackets, copies and wrappers that hand on
 * whatever is asked of them; undefined for anything else, and for what the parameter points to by its own `Deref`.
 */
export function ownValue(node: SyntaxNode | null, names: OwnNames): OwnValue | undefined {
  if (node === null) return undefined;
  switch (node.type) {
    case "identifier":
    case "self":
      return names.get(node.text);
    case "reference_expression":
      return moved(ownValue(node.childForFieldName("value"), names), 1);
    case "unary_expression":
      return node.text.startsWith("*") ? moved(ownValue(node.namedChild(0), names), -1) : undefined;
    case "parenthesized_expression":
    case "tuple_expression":
    case "array_expression":
    case "block":
    case "expression_statement":
      return node.namedChildCount === 1 ? ownValue(node.namedChild(0), names) : undefined;
    case "call_expression":
      return ownCopy(node, names);
    default:
      return undefined;
  }
}

function ownCopy(node: SyntaxNode, names: OwnNames): OwnValue | undefined {
  const called = node.childForFieldName("function");
  const given = argumentsOf(node);
  if (called?.type === "field_expression") {
    if (given.length > 0) return undefined;
    const value = ownValue(called.childForFieldName("value"), names);
    const level = copies[called.childForFieldName("field")?.text ?? ""];
    return value === undefined || level === undefined ? undefined : { ...value, level };
  }
  const isWrapper = /(?:^|::)(?:Some|identity|black_box|(?:Box|Rc|Arc)::new)$/.test(called?.text ?? "");
  return isWrapper && given.length === 1 ? ownValue(given[0] ?? null, names) : undefined;
}

/** Methods without arguments that give the same value again, with the level of what they give. */
const copies: Readonly<Record<string, number>> = { clone: 0, to_owned: 0, borrow: 1, by_ref: 1 };

function moved(value: OwnValue | undefined, by: number): OwnValue | undefined {
  return value === undefined || value.level + by < 0 ? undefined : { ...value, level: value.level + by };
}

/** The parameter that a few tokens in a macro's arguments are: `self`, `&*self`. */
export function ownValueOfText(text: string, names: OwnNames): OwnValue | undefined {
  const [, signs = "", name = ""] = /^\s*([&*\s]*)\s*(\w+)\s*$/.exec(text) ?? [];
  const value = names.get(name);
  return [...signs.replace(/\s/g, "")].reduceRight<OwnValue | undefined>(
    (inner, sign) => moved(inner, sign === "&" ? 1 : -1),
    value,
  );
}

export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  const given = call.childForFieldName("arguments")?.namedChildren ?? [];
  return given.filter(({ type }) => !type.endsWith("_comment"));
}
