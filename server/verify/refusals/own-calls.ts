import type { SyntaxNode } from "../../syntax/parse.ts";
import { formattedArguments, splitArguments } from "./format-arguments.ts";
import {
  argumentsOf,
  changedIn,
  ownNames,
  type OwnParameter,
  ownValue,
  ownValueOfText,
  type OwnNames,
  type OwnValue,
} from "./own-values.ts";
import { adaptors, operators } from "./std-detours.ts";

/**
 * What code calls on the parameters that it was given, all of them as they were: "PartialEq::eq" where the trait is
 * certain (operators, formatting, paths), ".eq" for a method, "S::eq" through a type, "fn eq" for a plain function.
 * Whoever is called so and asks the same back gets no further, whatever conditions stand between.
 */
export function ownCalls(
  nodes: readonly SyntaxNode[],
  parameters: readonly OwnParameter[],
): ReadonlySet<string> {
  const own = new Own(ownNames(nodes, parameters), parameters, new Set(nodes.flatMap(changedIn)));
  const isChanging = parameters.some(({ mayChange }) => mayChange);
  const reached = nodes.flatMap((node) => reachedIn(node, isChanging));
  // Of what is asked with none of its own type, the type is known only where it is what the code gives.
  const isOfType = parameters.some(({ isOwnType }) => isOwnType);
  return new Set(reached.flatMap((node) => (isOfType || isResult(node, nodes) ? callsOf(node, own) : [])));
}

const calling =
  /^(?:binary_expression|compound_assignment_expr|unary_expression|index_expression|macro_invocation|call_expression)$/;

/** Not in a function inside the code; where a parameter may have changed meanwhile, not behind a condition either. */
function reachedIn(node: SyntaxNode, isChanging: boolean): readonly SyntaxNode[] {
  if (node.type === "function_item") return [];
  const isConditional = isChanging && conditional.test(node.type);
  const conditions = ["condition", "value"].map((field) => node.childForFieldName(field));
  const inside = isConditional ? conditions.filter((part) => part !== null) : node.namedChildren;
  const further = inside.flatMap((child) => reachedIn(child, isChanging));
  return calling.test(node.type) ? [node, ...further] : further;
}

const conditional =
  /^(?:if_expression|match_block|while_expression|for_expression|loop_expression|closure_expression)$/;

class Own {
  readonly names: OwnNames;
  readonly #parameters: readonly OwnParameter[];

  readonly #changed: ReadonlySet<string>;

  constructor(names: OwnNames, parameters: readonly OwnParameter[], changed: ReadonlySet<string>) {
    this.#changed = changed;
    this.names = names;
    this.#parameters = parameters;
  }

  get hasNone(): boolean {
    return this.#parameters.length === 0;
  }

  parameter(value: OwnValue | undefined): OwnParameter | undefined {
    return this.#parameters.find(({ name }) => name === value?.name);
  }

  /** An argument that says the same as when the function was called. */
  unchanged(argument: SyntaxNode): OwnValue | undefined {
    const value = ownValue(argument, this.names);
    return value === undefined || this.#changed.has(value.name) ? undefined : value;
  }

  /** Of the type itself, or a reference to one. */
  is(value: OwnValue | undefined): boolean {
    const parameter = this.parameter(value);
    return parameter?.isOwnType === true && (value?.level ?? 0) >= parameter.lowest;
  }

  /** The first argument of a method by its path is what the method is asked of. */
  isReceiver(value: OwnValue): boolean {
    return this.#parameters[0]?.name !== "self" || this.is(value);
  }

  /** Compared are two of the same type at any level, since references compare what they point to. */
  isPair(left: OwnValue | undefined, right: OwnValue | undefined, sign: string): boolean {
    const [one, other] = [this.parameter(left), this.parameter(right)];
    if (left === undefined || right === undefined || one === undefined || other === undefined) return false;
    if (!one.isOwnType || one === other) return false;
    if (/^(?:[=!]=|[<>]=?)$/.test(sign)) return left.level - one.level === right.level - other.level;
    // Of two values, not of references to them, which have impls of their own.
    return one.name === "self" && left.level === 0 && right.level === other.level;
  }
}

function callsOf(node: SyntaxNode, own: Own): readonly string[] {
  const [first, second] = node.namedChildren.map((child) => ownValue(child, own.names));
  switch (node.type) {
    case "binary_expression":
    case "compound_assignment_expr": {
      const sign = node.childForFieldName("operator")?.text ?? "";
      return own.isPair(first, second, sign) ? (operators[sign] ?? []) : [];
    }
    case "unary_expression": {
      if (!own.is(first) || first?.level !== 0) return [];
      return (
        { "*": ["Deref::deref", "DerefMut::deref_mut"], "-": ["Neg::neg"], "!": ["Not::not"] }[
          node.text.charAt(0)
        ] ?? []
      );
    }
    case "index_expression":
      return own.is(first) && second !== undefined ? ["Index::index", "IndexMut::index_mut"] : [];
    case "macro_invocation":
      return callsOfMacro(node.text, own);
    default:
      return callsOfCall(node, own);
  }
}

function callsOfMacro(macro: string, own: Own): readonly string[] {
  const name = /^[\w:\s]*?(\w+)\s*!/.exec(macro)?.[1] ?? "";
  const isOwn = (text: string | undefined) => own.is(ownValueOfText(text ?? "", own.names));
  const [first, second] = splitArguments(macro);
  const isCompared = /assert_(?:eq|ne)$/.test(name) && isOwn(first) && isOwn(second);
  return [
    ...formattedArguments(macro).flatMap(({ trait, text }) => {
      const [, receiver, method = ""] = /^\s*(\w+)\.(\w+)\(\)\s*$/.exec(text) ?? [];
      return isOwn(text) ? [`${trait}::fmt`] : isOwn(receiver) ? [`.${method}`] : [];
    }),
    ...(name === "dbg" && isOwn(first) ? ["Debug::fmt"] : []),
    ...(/^write(?:ln)?$/.test(name) && isOwn(first) ? [".write_fmt"] : []),
    ...(isCompared ? ["PartialEq::eq"] : []),
  ];
}

function callsOfCall(node: SyntaxNode, own: Own): readonly string[] {
  const called = withoutTypeArguments(node.childForFieldName("function"));
  const given = argumentsOf(node);
  const values = given.map((argument) => own.unchanged(argument));
  const isAsGiven = given.every((argument, at) => values[at] !== undefined || isFixed(argument));
  const name =
    called?.childForFieldName("field")?.text ?? called?.childForFieldName("name")?.text ?? called?.text ?? "";
  if (called?.type === "field_expression") {
    const receiver = called.childForFieldName("value");
    const isOwn = own.is(ownValue(receiver, own.names));
    const isShown = formatters.test(name) && values.some((value) => own.is(value));
    const isIterated = isLazy(receiver, own) && !adaptors.has(name);
    return [
      ...(own.hasNone && name === "unwrap_or_default" ? ["Default::default"] : []),
      ...(isShown ? ["Debug::fmt"] : []),
      ...(isIterated ? [name === "next" ? "Iterator::next" : `.${name}`] : []),
      ...(isOwn
        ? given
            .flatMap((argument) => argument.childForFieldName("name")?.text ?? [])
            .map((text) => `=${text}`)
        : []),
      ...(isOwn && isAsGiven ? [`.${name}`] : []),
    ];
  }
  const path = called?.childForFieldName("path");
  const [first] = values;
  const isPlain = path == null || /^(?:crate|self|super)\b/.test(path.text);
  if (isPlain) return isAsGiven && values.some((value) => own.is(value)) ? [`fn ${name}`] : [];
  // A path names the type by its argument, which one reference less makes another one.
  const isWhole = values.every(
    (value, at) => value === undefined || at > 0 || value.level >= (own.parameter(value)?.level ?? 0),
  );
  const isAsked = first === undefined ? given.length === 0 && own.hasNone : own.isReceiver(first);
  return isAsked && isAsGiven && isWhole ? [qualified(path, name)] : [];
}

/** `self.by_ref().filter(…)` asks `self` in the end. */
function isLazy(node: SyntaxNode | null, own: Own): boolean {
  const called = node?.type === "call_expression" ? node.childForFieldName("function") : null;
  const receiver = called?.childForFieldName("value") ?? null;
  if (!adaptors.has(called?.childForFieldName("field")?.text ?? "")) return false;
  return own.is(ownValue(receiver, own.names)) || isLazy(receiver, own);
}

/** Says the same each time. */
export function isFixed(node: SyntaxNode): boolean {
  return (
    /_literal$|^closure_expression$|^macro_invocation$/.test(node.type) ||
    /^&?(?:\w+::)*[A-Z]\w*$/.test(node.text)
  );
}

/** "Trait::method" for a path through a trait, "Type::method" for one through a type, which prefers the type's own. */
function qualified(path: SyntaxNode, name: string): string {
  const cast = path.descendantsOfType("qualified_type")[0];
  const of = cast?.childForFieldName("type")?.text;
  const through = of === undefined || of === "Self" ? (cast?.childForFieldName("alias") ?? path).text : of;
  const last =
    through
      .replace(/<[\s\S]*>$/, "")
      .split("::")
      .at(-1) ?? "";
  return last === "Self" || last === "" ? `.${name}` : `${last}::${name}`;
}

/** The function of a call, `::<T>` behind it taken off. */
export function withoutTypeArguments(node: SyntaxNode | null): SyntaxNode | undefined {
  return (node?.type === "generic_function" ? node.childForFieldName("function") : node) ?? undefined;
}

/** Of `fmt::DebugStruct` and its like. */
const formatters = /^(?:field|entry|key|value|entries)$/;

/** What the filling gives in the end: only what keeps a value, changes errors or names it stands around. */
export function isResult(call: SyntaxNode, nodes: readonly SyntaxNode[]): boolean {
  for (let node = call; !nodes.some(({ id }) => id === node.id);) {
    const parent = node.parent;
    if (parent === null) return false;
    const isLast = parent.namedChild(parent.namedChildCount - 1)?.id === node.id;
    if (
      parent.type === "block" &&
      !isLast &&
      node.type !== "let_declaration" &&
      node.type !== "expression_statement"
    )
      return false;
    if (parent.type === "arguments" && !/^(?:Ok|Some)\(/.test(parent.parent?.text ?? "")) return false;
    if (parent.type === "field_expression" && !keepsValue.test(parent.childForFieldName("field")?.text ?? ""))
      return false;
    if (!handsOn.test(parent.type)) return false;
    if (parent.type === "let_declaration" && !isGivenBack(parent, nodes)) return false;
    node = parent;
  }
  return true;
}

/** `let s = …; s`: of a name that has a type of its own, or goes into something else, nothing is known. */
function isGivenBack(declared: SyntaxNode, nodes: readonly SyntaxNode[]): boolean {
  if (declared.childForFieldName("type") !== null) return false;
  const isOutermost = nodes.some(({ id }) => id === declared.id);
  const last = (isOutermost ? nodes : (declared.parent?.namedChildren ?? [])).at(-1)?.text ?? "";
  const name = declared.childForFieldName("pattern")?.text.replace(/^mut /, "") ?? "";
  return (
    /^(?:return )?(?:(?:Ok|Some)\()?(\w+)(?:[);?]|\.(?:unwrap|expect|map_err)\b.*)*$/.exec(last)?.[1] === name
  );
}

const handsOn =
  /^(?:block|expression_statement|let_declaration|return_expression|try_expression|parenthesized_expression|reference_expression|arguments|call_expression|field_expression)$/;
const keepsValue =
  /^(?:map_err|unwrap|expect|or|ok|or_else|ok_or|ok_or_else|unwrap_or_else|unwrap_or_default|context|with_context)$/;
