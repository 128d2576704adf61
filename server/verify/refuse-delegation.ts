import { lexRust } from "../syntax/lex.ts";
import type { SyntaxNode } from "../syntax/parse.ts";

/** The function a filling stands in. */
export interface Surroundings {
  readonly name: string;
  /** Last segment of the impl's trait without arguments, "" where there is none. */
  readonly trait: string;
  /** Last segment of the impl's type without arguments, "" outside an impl. */
  readonly type: string;
  /** Parameter names in order, `self` among them. */
  readonly parameters: readonly string[];
  /** The filling is all of the function's body, not one arm of a match in it. */
  readonly isWholeBody: boolean;
  /** Bodies of the other impls of the same type in this file, keyed "Trait::method". */
  readonly others: ReadonlyMap<string, string>;
}

/**
 * Whether a filling only calls the function it stands in again, in ways that rustc's lint
 * `unconditional_recursion` does not see: operators, formatting, conversions, and two traits calling each other.
 */
export function delegatesToItself(nodes: readonly SyntaxNode[], around: Surroundings): boolean {
  const [only] = nodes;
  const core = nodes.length === 1 && only !== undefined ? coreOf(only) : undefined;
  if (core !== undefined && (callsItself(core, around) || convertsAgain(core, around))) return true;
  const all = nodes.flatMap((node) => [node, ...descendants(node)]);
  if (all.some((node) => usesOwnOperator(node, around))) return true;
  const text = nodes.map((node) => node.text).join("\n");
  return around.name === "fmt" && around.parameters[0] === "self"
    ? formatsItself(text, around.trait) || formatsEachOther(text, around)
    : comparesEachOther(text, around);
}

/** What is left of an expression when blocks, brackets, references, `?`, `return`, `Ok(…)` and `Some(…)` are off. */
function coreOf(node: SyntaxNode): SyntaxNode {
  const solid = node.namedChildren.flatMap((child) => (child === null || child.isExtra ? [] : [child]));
  const [only] = solid;
  const wrappers = [
    "block",
    "expression_statement",
    "parenthesized_expression",
    "return_expression",
    "try_expression",
  ];
  if (solid.length === 1 && only !== undefined && wrappers.includes(node.type)) return coreOf(only);
  if (node.type === "reference_expression")
    return coreOf(node.childForFieldName("value") ?? node.namedChild(0) ?? node);
  const called = node.type === "call_expression" ? node.childForFieldName("function")?.text : undefined;
  const argument = node.childForFieldName("arguments")?.namedChild(0);
  if ((called === "Ok" || called === "Some") && argument != null) return coreOf(argument);
  return node;
}

function callsItself(core: SyntaxNode, around: Surroundings): boolean {
  if (core.type !== "call_expression") return false;
  const called = withoutTypeArguments(core.childForFieldName("function"));
  const given = argumentsOf(core).map(bare);
  if (called === undefined) return false;
  if (called.type === "field_expression") {
    const receiver = bare(called.childForFieldName("value") ?? called);
    const names = called.childForFieldName("field")?.text;
    if (receiver !== "self" || names === undefined) return false;
    if (names !== around.name && !(names === "to_owned" && around.name === "clone")) return false;
    return around.isWholeBody || isSame(["self", ...given], around.parameters);
  }
  const path = called.text.replace(/\s/g, "");
  if (path === around.name) return around.type === "" && isSame(given, around.parameters);
  if (!path.endsWith(`::${around.name}`)) return false;
  const qualifier = path.slice(0, -around.name.length - 2);
  const isOwn = isOwnQualifier(qualifier, around);
  const startsOver = given.length === 0 || given[0] === around.parameters[0];
  return isOwn && (around.isWholeBody ? startsOver : isSame(given, around.parameters));
}

function isOwnQualifier(qualifier: string, { trait, type }: Surroundings): boolean {
  const cast = /^<(.+)as(.+)>$/.exec(qualifier);
  if (cast !== null)
    return lastSegment(cast[2] ?? "") === trait && ["Self", type].includes(lastSegment(cast[1] ?? ""));
  return ["Self", type, trait].includes(lastSegment(qualifier.replace(/^<|>$/g, "")));
}

/** `x.into()` in `from`, `s.parse()` in `from_str`, `iter.collect()` in `from_iter`: they call the function back. */
function convertsAgain(core: SyntaxNode, around: Surroundings): boolean {
  const back = callsBack[around.name];
  if (back === undefined || core.type !== "call_expression" || around.trait === "") return false;
  const called = withoutTypeArguments(core.childForFieldName("function"));
  if (called?.type !== "field_expression") return false;
  if (called.childForFieldName("field")?.text !== back) return false;
  const receiver = bare(called.childForFieldName("value") ?? called).replace(/\.into_iter\(\)$/, "");
  return receiver === around.parameters[0];
}

const callsBack: Readonly<Record<string, string>> = {
  from: "into",
  try_from: "try_into",
  from_str: "parse",
  from_iter: "collect",
  sum: "sum",
  product: "product",
};

/** `self == other` in `eq`, `self / rhs` in `div`, `-self` in `neg`, `self[i]` in `index`, `&**self` in `deref`. */
function usesOwnOperator(node: SyntaxNode, { name, parameters, trait }: Surroundings): boolean {
  if (trait === "" || parameters[0] !== "self") return false;
  const operator = operators[name];
  if (node.type === "binary_expression" || node.type === "compound_assignment_expr") {
    const sign = node.childForFieldName("operator")?.text;
    const isOwn = sign === operator || (name === "eq" && sign === "!=") || (name === "ne" && sign === "==");
    return (
      isOwn &&
      isPlain(node.childForFieldName("left"), "self") &&
      isPlain(node.childForFieldName("right"), parameters[1])
    );
  }
  if (node.type === "unary_expression") {
    const [sign, value] = [node.child(0)?.text, node.namedChild(0)];
    if (name === "deref" || name === "deref_mut") return node.text.replace(/\s/g, "") === "**self";
    return sign === operator && isPlain(value, "self");
  }
  if (node.type === "index_expression" && (name === "index" || name === "index_mut")) {
    return isPlain(node.namedChild(0), "self") && isPlain(node.namedChild(1), parameters[1]);
  }
  return false;
}

const operators: Readonly<Record<string, string>> = {
  ...{ eq: "==", ne: "!=", lt: "<", le: "<=", gt: ">", ge: ">=" },
  ...{ add: "+", sub: "-", mul: "*", div: "/", rem: "%", neg: "-", not: "!" },
  ...{ bitand: "&", bitor: "|", bitxor: "^", shl: "<<", shr: ">>" },
  ...{ add_assign: "+=", sub_assign: "-=", mul_assign: "*=", div_assign: "/=", rem_assign: "%=" },
  ...{ bitand_assign: "&=", bitor_assign: "|=", bitxor_assign: "^=", shl_assign: "<<=", shr_assign: ">>=" },
};

/** A name with at most one `*`: with two it is what the name points to, which has its own operator. */
function isPlain(node: SyntaxNode | null, name: string | undefined): boolean {
  if (node === null || name === undefined) return false;
  return /^[&(\s]*\*?[&(\s]*(\w+)[)\s]*$/.exec(node.text)?.[1] === name;
}

/** `write!(f, "{}", self)` or `{self}` in Display, `{:?}` in Debug, `self.to_string()` in Display. */
function formatsItself(text: string, trait: string): boolean {
  const tokens = (lexRust(text) ?? []).filter(({ kind }) => !kind.endsWith("comment"));
  const names = (at: number) => tokens[at]?.text ?? "";
  const isWhole = (at: number) =>
    names(at) === "self" && [",", "&", "*"].includes(names(at - 1)) && [",", ")"].includes(names(at + 1));
  const hasWhole = tokens.some((_, at) => isWhole(at));
  const formats = tokens
    .filter(({ kind }) => kind === "string")
    .flatMap(({ text: literal }) => placeholders(literal));
  const own = formats.filter(({ style }) => traitOf(style) === trait);
  if (own.some(({ name }) => name === "self") || (hasWhole && own.some(({ name }) => !/^[a-z_]/i.test(name))))
    return true;
  if (trait === "Display" && /\bself\s*\.\s*to_string\s*\(\s*\)/.test(text)) return true;
  return new RegExp(`\\b${trait || "-"}::fmt\\(\\s*&?\\*?self\\b`).test(text);
}

function placeholders(literal: string): readonly { readonly name: string; readonly style: string }[] {
  return [...literal.replaceAll("{{", "").matchAll(/\{([^}:]*)(?::([^}]*))?\}/g)].map((match) => ({
    name: match[1] ?? "",
    style: /(\?|[xXobeEp])?$/.exec(match[2] ?? "")?.[1] ?? "",
  }));
}

function traitOf(style: string): string {
  const named: Readonly<Record<string, string>> = {
    ...{ "": "Display", "?": "Debug", x: "LowerHex", X: "UpperHex", o: "Octal", b: "Binary" },
    ...{ e: "LowerExp", E: "UpperExp", p: "Pointer" },
  };
  return named[style] ?? "";
}

/** Display written by Debug while Debug is written by Display. */
function formatsEachOther(text: string, { trait, others }: Surroundings): boolean {
  const other = trait === "Display" ? "Debug" : trait === "Debug" ? "Display" : undefined;
  if (other === undefined || !formatsItself(text, other)) return false;
  return formatsItself(others.get(`${other}::fmt`) ?? "", trait);
}

/** `cmp` written by `partial_cmp` while `partial_cmp` is written by `cmp`. */
function comparesEachOther(text: string, { name, others }: Surroundings): boolean {
  const calls = (body: string, method: string) =>
    new RegExp(`\\b${method}\\s*\\(`).test(body) && /\bself\b/.test(body);
  const callsOnSelf = (body: string, method: string) =>
    calls(body, method) &&
    new RegExp(`(self\\.${method}\\(|::${method}\\(\\s*&?self\\b)`).test(body.replace(/\s/g, ""));
  if (name === "cmp")
    return (
      callsOnSelf(text, "partial_cmp") && callsOnSelf(others.get("PartialOrd::partial_cmp") ?? "", "cmp")
    );
  if (name === "partial_cmp")
    return callsOnSelf(text, "cmp") && callsOnSelf(others.get("Ord::cmp") ?? "", "partial_cmp");
  return false;
}

function withoutTypeArguments(node: SyntaxNode | null): SyntaxNode | undefined {
  if (node?.type === "generic_function") return node.childForFieldName("function") ?? undefined;
  return node ?? undefined;
}

function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  return (call.childForFieldName("arguments")?.namedChildren ?? []).flatMap((node) =>
    node === null ? [] : [node],
  );
}

/** A name or call without spaces, and without references, dereferences and brackets around it. */
function bare(node: SyntaxNode): string {
  const inner = node.type === "reference_expression" ? node.childForFieldName("value") : undefined;
  const within = node.type === "unary_expression" || node.type === "parenthesized_expression";
  const next = inner ?? (within ? node.namedChild(0) : undefined);
  return next == null ? node.text.replace(/\s/g, "") : bare(next);
}

function isSame(given: readonly string[], parameters: readonly string[]): boolean {
  return given.length === parameters.length && given.every((name, index) => name === parameters[index]);
}

function lastSegment(path: string): string {
  return path.replace(/<.*>$/, "").split("::").at(-1)?.trim() ?? "";
}

function descendants(node: SyntaxNode): readonly SyntaxNode[] {
  const types = ["binary_expression", "compound_assignment_expr", "unary_expression", "index_expression"];
  return node.descendantsOfType(types).flatMap((found) => (found === null ? [] : [found]));
}
