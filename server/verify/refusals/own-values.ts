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
  /** It is borrowed or bound for change. */
  readonly mayChange: boolean;
}

/** Names in scope that are parameters, other names for one included. */
export type OwnNames = ReadonlyMap<string, OwnValue>;

/** A new name for a parameter is followed; a name that is something else anywhere in the code is forgotten. */
export function ownNames(nodes: readonly SyntaxNode[], parameters: readonly OwnParameter[]): OwnNames {
  const names = new Map<string, OwnValue>(parameters.map((parameter) => [parameter.name, parameter]));
  const binding = ["let_declaration", "let_condition", "match_arm", "for_expression", "closure_expression"];
  for (const node of nodes.flatMap((each) => each.descendantsOfType(binding))) {
    const pattern = node.childForFieldName(node.type === "closure_expression" ? "parameters" : "pattern");
    const value =
      node.type === "let_declaration" ? ownValue(node.childForFieldName("value"), names) : undefined;
    for (const name of pattern?.text.match(/\b[a-z_]\w*\b/g) ?? []) names.delete(name);
    if (pattern?.type === "identifier" && value !== undefined) names.set(pattern.text, value);
  }
  return names;
}

/**
 * The parameter that an expression is, seen through references, brackets, copies and wrappers that hand on
 * whatever is asked of them; undefined for anything else, and for what the parameter points to by its own `Deref`.
 */
export function ownValue(node: SyntaxNode | null | undefined, names: OwnNames): OwnValue | undefined {
  if (node == null) return undefined;
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
    const level = copies[called.childForFieldName("field")?.text ?? ""];
    if (given.length > 0 || level === undefined) return undefined;
    const value = ownValue(called.childForFieldName("value"), names);
    return value === undefined ? undefined : { ...value, level };
  }
  const isWrapper = /(?:^|::)(?:Some|identity|black_box|(?:Box|Rc|Arc)::new)$/.test(called?.text ?? "");
  return isWrapper && given.length === 1 ? ownValue(given[0], names) : undefined;
}

/** Methods without arguments that give the same value again, with the level of what they give. */
const copies: Readonly<Record<string, number>> = { clone: 0, to_owned: 0, borrow: 1, by_ref: 1 };

function moved(value: OwnValue | undefined, by: number): OwnValue | undefined {
  return value === undefined || value.level + by < 0 ? undefined : { ...value, level: value.level + by };
}

/** The parameter that a few tokens in a macro's arguments are: `self`, `&*self`. */
export function ownValueOfText(text: string, names: OwnNames): OwnValue | undefined {
  const [, signs = "", name = ""] = /^\s*([&*\s]*)\s*(\w+)\s*$/.exec(text) ?? [];
  const by = (signs.match(/&/g)?.length ?? 0) - (signs.match(/\*/g)?.length ?? 0);
  return moved(names.get(name), by);
}

export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  const given = call.childForFieldName("arguments")?.namedChildren ?? [];
  return given.filter(({ type }) => !type.endsWith("_comment"));
}

/** Names that a statement gives another value, or lends for that. */
export function changedIn(node: SyntaxNode): readonly string[] {
  const changing = ["assignment_expression", "compound_assignment_expr", "reference_expression"];
  return node.descendantsOfType(changing).flatMap((change) => {
    if (change.type === "reference_expression") return /^&\s*mut\s+(\w+)$/.exec(change.text)?.[1] ?? [];
    return change.childForFieldName("left")?.text ?? [];
  });
}
