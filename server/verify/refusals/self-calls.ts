import type { SyntaxNode } from "../../syntax/parse.ts";
import { qualified, withoutTypeArguments } from "./called-paths.ts";
import { callsInMacro } from "./macro-calls.ts";
import {
  argumentsOf,
  type OwnParameter,
  ownValue,
  ownValueOfText,
  type OwnNames,
  type OwnValue,
} from "./own-values.ts";
import { adaptors, operators } from "./std-detours.ts";

/**
 * What code calls on the parameters of its own type whenever it runs: "PartialEq::eq" where the trait is certain
 * (operators, formatting, paths), ".eq" for a method, "=eq" for one that is handed on, "fn name" for a function that is
 * given one of them.
 */
export function alwaysCalls(
  nodes: readonly SyntaxNode[],
  parameters: readonly OwnParameter[],
): ReadonlySet<string> {
  const collector = new Collector(parameters);
  collector.readAll(nodes);
  return collector.calls;
}

class Collector {
  readonly calls: Set<string>;
  readonly #parameters: readonly OwnParameter[];
  readonly #names: Map<string, OwnValue>;

  constructor(parameters: readonly OwnParameter[], names?: OwnNames) {
    this.calls = new Set();
    this.#parameters = parameters;
    this.#names = new Map(names ?? parameters.map((parameter) => [parameter.name, parameter]));
  }

  readAll(nodes: readonly SyntaxNode[]): void {
    for (const node of nodes) {
      this.#read(node);
      // What follows may not come to run.
      if (node.type !== "return_expression" && mayReturn(node)) return;
    }
  }

  #read(node: SyntaxNode): void {
    switch (node.type) {
      case "closure_expression":
      case "async_block":
      case "function_item":
        return;
      case "block":
        return this.readAll(node.namedChildren);
      case "let_declaration":
        return this.#readLet(node);
      case "if_expression":
        return this.#readIf(node);
      case "match_expression":
        return this.#readMatch(node);
      case "while_expression":
      case "for_expression":
        return this.#readField(node, node.type === "for_expression" ? "value" : "condition");
      case "macro_invocation":
        return this.#readMacro(node);
      default:
        this.#readOperator(node);
        if (node.type === "call_expression") this.#readCall(node);
        for (const child of isLazy(node) ? node.namedChildren.slice(0, 1) : node.namedChildren)
          this.#read(child);
    }
  }

  #readField(node: SyntaxNode, field: string): void {
    const child = node.childForFieldName(field);
    if (child !== null) this.#read(child);
  }

  /** A new name for a parameter is followed; a name that now is something else is forgotten. */
  #readLet(node: SyntaxNode): void {
    this.#readField(node, "value");
    const pattern = node.childForFieldName("pattern");
    const value = ownValue(node.childForFieldName("value"), this.#names);
    for (const name of namesIn(pattern)) this.#names.delete(name);
    if (pattern?.type === "identifier" && value !== undefined) this.#names.set(pattern.text, value);
  }

  #readIf(node: SyntaxNode): void {
    this.#readField(node, "condition");
    const [then, otherwise] = [node.childForFieldName("consequence"), node.childForFieldName("alternative")];
    if (then !== null && otherwise !== null) this.#readEither([then, otherwise]);
  }

  #readMatch(node: SyntaxNode): void {
    this.#readField(node, "value");
    const arms =
      node.childForFieldName("body")?.namedChildren.filter(({ type }) => type === "match_arm") ?? [];
    this.#readEither(arms);
  }

  /** What every branch calls. */
  #readEither(branches: readonly SyntaxNode[]): void {
    const called = branches.map((branch) => {
      const names = new Map(this.#names);
      for (const name of namesIn(branch.childForFieldName("pattern"))) names.delete(name);
      const collector = new Collector(this.#parameters, names);
      collector.readAll([branch.childForFieldName("value") ?? branch]);
      return collector.calls;
    });
    const [first, ...others] = called;
    for (const call of first ?? []) if (others.every((other) => other.has(call))) this.calls.add(call);
  }

  #readOperator(node: SyntaxNode): void {
    const sign = node.childForFieldName("operator")?.text ?? "";
    if (node.type === "binary_expression" || node.type === "compound_assignment_expr") {
      const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
      const call = operators[sign];
      if (
        call !== undefined &&
        this.#isOwnPair(ownValue(left, this.#names), ownValue(right, this.#names), sign)
      )
        this.calls.add(call);
    }
    if (node.type === "unary_expression") this.#readUnary(node);
    if (node.type === "index_expression") {
      const [of, at] = node.namedChildren;
      if (this.#isOwn(ownValue(of ?? null, this.#names)) && ownValue(at ?? null, this.#names) !== undefined) {
        this.calls.add("Index::index").add("IndexMut::index_mut");
      }
    }
  }

  #readUnary(node: SyntaxNode): void {
    const value = ownValue(node.namedChild(0), this.#names);
    if (!this.#isOwn(value)) return;
    if (node.text.startsWith("*") && value?.level === 0)
      this.calls.add("Deref::deref").add("DerefMut::deref_mut");
    if (value?.level !== 0) return;
    if (node.text.startsWith("-")) this.calls.add("Neg::neg");
    if (node.text.startsWith("!")) this.calls.add("Not::not");
  }

  /** Compared are two of the same type at any level, since references compare what they point to. */
  #isOwnPair(left: OwnValue | undefined, right: OwnValue | undefined, sign: string): boolean {
    const [one, other] = [this.#parameter(left), this.#parameter(right)];
    if (left === undefined || right === undefined || one === undefined || other === undefined) return false;
    if (!one.isOwnType || one === other) return false;
    const isMovedAlike = left.level - one.level === right.level - other.level;
    if (/^(?:[=!]=|[<>]=?)$/.test(sign)) return isMovedAlike;
    // Of two values, not of references to them, which have impls of their own.
    return one.name === "self" && left.level === 0 && right.level === other.level;
  }

  #readCall(node: SyntaxNode): void {
    const called = withoutTypeArguments(node.childForFieldName("function"));
    const given = argumentsOf(node).map((argument) => ownValue(argument, this.#names));
    const name =
      called?.childForFieldName("field")?.text ??
      called?.childForFieldName("name")?.text ??
      called?.text ??
      "";
    if (called?.type === "field_expression") {
      const receiver = called.childForFieldName("value");
      if (formatters.has(name) && given.some((value) => this.#isOwn(value))) this.calls.add("Debug::fmt");
      if (this.#isIterated(receiver)) this.calls.add(name === "next" ? "Iterator::next" : `.${name}`);
      if (this.#isOwn(ownValue(receiver, this.#names))) this.#readFunctions(argumentsOf(node));
      const isSame = !comparisons.has(name) || given.every((value) => value !== undefined);
      if (isSame && this.#isOwn(ownValue(receiver, this.#names))) this.calls.add(`.${name}`);
      return;
    }
    const [first] = given;
    if (!this.#isOwn(first)) {
      if (given.some((value) => this.#isOwn(value))) this.calls.add(`fn ${name}`);
      return;
    }
    const path = called?.childForFieldName("path");
    if (path == null) this.calls.add(`fn ${name}`);
    else if (given.every((value) => value !== undefined) && this.#isAsGiven(first)) {
      this.calls.add(qualified(path, name));
    }
  }

  /** Functions that are given to a method of such a value: `Some(self).map(Clone::clone)`. */
  #readFunctions(given: readonly SyntaxNode[]): void {
    for (const argument of given) {
      const name = argument.type === "scoped_identifier" ? argument.childForFieldName("name") : null;
      if (name !== null) this.calls.add(`=${name.text}`);
    }
  }

  /** A path names the type by its argument, which one reference less makes another one. */
  #isAsGiven(value: OwnValue | undefined): boolean {
    return (value?.level ?? 0) >= (this.#parameter(value)?.level ?? 0);
  }

  /** `self.by_ref().filter(…)` asks `self` in the end. */
  #isIterated(node: SyntaxNode | null): boolean {
    const called = node?.type === "call_expression" ? node.childForFieldName("function") : null;
    const receiver = called?.childForFieldName("value") ?? null;
    if (!adaptors.has(called?.childForFieldName("field")?.text ?? "")) return false;
    return this.#isOwn(ownValue(receiver, this.#names)) || this.#isIterated(receiver);
  }

  #readMacro({ text }: SyntaxNode): void {
    const isOwn = (argument: string) => this.#isOwn(ownValueOfText(argument, this.#names));
    for (const call of callsInMacro(text, isOwn)) this.calls.add(call);
  }

  #parameter(value: OwnValue | undefined): OwnParameter | undefined {
    return this.#parameters.find(({ name }) => name === value?.name);
  }

  #isOwn(value: OwnValue | undefined): boolean {
    const parameter = this.#parameter(value);
    return parameter?.isOwnType === true && (value?.level ?? 0) >= parameter.lowest;
  }
}

function namesIn(pattern: SyntaxNode | null): readonly string[] {
  return pattern?.text.match(/\b[a-z_]\w*\b/g) ?? [];
}

function mayReturn(node: SyntaxNode): boolean {
  return node.descendantsOfType(["return_expression", "break_expression"]).length > 0;
}

function isLazy(node: SyntaxNode): boolean {
  const sign = node.type === "binary_expression" ? node.childForFieldName("operator")?.text : undefined;
  return sign === "&&" || sign === "||";
}

/** With other arguments these may be of another impl of the same trait. */
const comparisons = new Set(["eq", "ne", "cmp", "partial_cmp", "lt", "le", "gt", "ge"]);
/** Of `fmt::DebugStruct` and its like. */
const formatters = new Set(["field", "entry", "key", "value", "entries"]);
