import type { SyntaxNode } from "../../syntax/parse.ts";
import { constantTruth, failsAlways } from "./constant-truth.ts";
import { isEmptyValue } from "./empty-values.ts";
import { isEndless, isStandardMacro, lastSegment, LoopExits, panics, works } from "./loop-exits.ts";

export interface FlowOptions {
  /** The package's own function of this name, or macro with `!` behind it, never returns. */
  isNever(name: string): boolean;
  /** The function around gives no value, so that a loop that works for good may be all it is for. */
  readonly mayWorkForGood: boolean;
}

/** Whether code with these statements never gives a value on any path: it only panics, loops, exits. */
export function neverReturns(nodes: readonly SyntaxNode[], options: FlowOptions): boolean {
  return new Flow(options).isAnyNever(nodes);
}

/** Where control can go in a piece of code. Every answer is kept, so that nested loops cost no more than others. */
class Flow {
  readonly #options: FlowOptions;
  readonly #never = new Map<number, boolean>();
  readonly #exits = new LoopExits({
    isNever: (node) => this.#diverges(node),
    truth: (node) => this.#truth(node),
  });
  /** Closures bound to a name that never return when called. */
  readonly #closures = new Set<string>();
  readonly #truths = new Map<string, boolean>();
  readonly #empties = new Set<string>();

  constructor(options: FlowOptions) {
    this.#options = options;
  }

  isAnyNever(nodes: readonly SyntaxNode[]): boolean {
    return nodes.some((node) => this.#diverges(node));
  }

  #diverges(node: SyntaxNode): boolean {
    const known = this.#never.get(node.id);
    if (known !== undefined) return known;
    const answer = this.#findDivergence(node);
    this.#never.set(node.id, answer);
    return answer;
  }

  #findDivergence(node: SyntaxNode): boolean {
    if (wholes.has(node.type)) return this.isAnyNever(children(node));
    switch (node.type) {
      case "let_declaration":
        return this.#divergesInLet(node);
      case "macro_invocation":
        return this.#isPanic(node) || holdsWholePanic(node);
      case "call_expression":
        return this.#divergesInCall(node);
      case "index_expression": {
        const [from, at] = children(node);
        const isOne = from !== undefined && at?.type !== "range_expression";
        return this.isAnyNever(children(node)) || (isOne && isEmptyValue(from, this.#empties));
      }
      case "binary_expression":
        return this.#divergesInBinary(node);
      case "loop_expression":
        return this.#neverEnds(node);
      case "while_expression":
        return this.#divergesIn(node, "condition") || (this.#truth(node) === true && this.#neverEnds(node));
      case "for_expression":
        return (
          this.#divergesIn(node, "value") ||
          (isEndless(node.childForFieldName("value")) && this.#neverEnds(node))
        );
      case "if_expression":
        return this.#divergesInIf(node);
      case "match_expression":
        return this.#divergesIn(node, "value") || this.#armsDiverge(node);
      default:
        return false;
    }
  }

  #divergesIn(node: SyntaxNode, field: string): boolean {
    const child = node.childForFieldName(field);
    return child !== null && this.#diverges(child);
  }

  #truth(node: SyntaxNode): boolean | undefined {
    return constantTruth(node.childForFieldName("condition"), this.#truths);
  }

  #divergesInLet(node: SyntaxNode): boolean {
    const value = node.childForFieldName("value");
    const pattern = node.childForFieldName("pattern");
    if (value === null) return false;
    if (pattern?.type === "identifier") this.#learn(pattern.text, value, !isMutable(node));
    // `let Some(x) = None else { … }`: what follows `else` never returns.
    const isRefuted = node.childForFieldName("alternative") !== null && isEmptyValue(value, this.#empties);
    return isRefuted || this.#diverges(value);
  }

  #learn(name: string, value: SyntaxNode, isForGood: boolean): void {
    const truth = constantTruth(value, this.#truths);
    const isClosure =
      (value.type === "closure_expression" && this.#divergesIn(value, "body")) || exits.test(value.text);
    this.#closures.delete(name);
    this.#truths.delete(name);
    this.#empties.delete(name);
    if (isClosure) this.#closures.add(name);
    if (isForGood && truth !== undefined) this.#truths.set(name, truth);
    if (isForGood && isEmptyValue(value, this.#empties)) this.#empties.add(name);
  }

  #divergesInCall(node: SyntaxNode): boolean {
    const called = node.childForFieldName("function");
    if (called === null) return false;
    const closure = withoutBrackets(called);
    if (closure.type === "closure_expression" && this.#divergesIn(closure, "body")) return true;
    if (this.#closures.has(closure.text) || this.#isExit(closure)) return true;
    const given = children(node.childForFieldName("arguments") ?? called);
    if (called.type === "field_expression" && this.#divergesInMethod(called, given)) return true;
    return this.isAnyNever(given);
  }

  /** `None.unwrap()`, `None.unwrap_or_else(|| panic!())`, `(0..).for_each(…)`. */
  #divergesInMethod(called: SyntaxNode, given: readonly SyntaxNode[]): boolean {
    const receiver = called.childForFieldName("value");
    const method = called.childForFieldName("field")?.text ?? "";
    if (receiver === null) return false;
    if (this.#diverges(receiver)) return true;
    if (drains.has(method) && isEndless(receiver)) return true;
    if (/^(?:unwrap|expect)_err$/.test(method)) return /^(?:\w+::)*Ok(?:::<.*>)?\(/.test(receiver.text);
    if (!isEmptyValue(receiver, this.#empties)) return false;
    if (method === "unwrap" || method === "expect") return true;
    const [otherwise] = given;
    if (!/^(?:unwrap_or_else|map_or_else|or_else)$/.test(method) || otherwise === undefined) return false;
    return this.#closures.has(otherwise.text) || this.#divergesIn(otherwise, "body");
  }

  /** The right side of `&&` and `||` may never run. */
  #divergesInBinary(node: SyntaxNode): boolean {
    const sign = node.childForFieldName("operator")?.text ?? "";
    const isLazy = sign === "&&" || sign === "||";
    return this.#divergesIn(node, "left") || (!isLazy && this.#divergesIn(node, "right"));
  }

  #divergesInIf(node: SyntaxNode): boolean {
    if (this.#divergesIn(node, "condition")) return true;
    const truth = this.#truth(node);
    const then = this.#divergesIn(node, "consequence");
    const alternative = node.childForFieldName("alternative");
    const otherwise = alternative !== null && this.isAnyNever(children(alternative));
    if (truth !== undefined) return truth ? then : otherwise;
    return then && otherwise;
  }

  /** Arms behind one that matches everything never run; of a constant only the first that matches does. */
  #armsDiverge(node: SyntaxNode): boolean {
    const value = node.childForFieldName("value");
    const all = children(node.childForFieldName("body") ?? node).filter(({ type }) => type === "match_arm");
    const deciding = all.findIndex((arm) => this.#isDecided(arm, value));
    const isConstant = value !== null && literals.has(value.type);
    const arms = deciding < 0 ? all : all.slice(isConstant ? deciding : 0, deciding + 1);
    return arms.length > 0 && arms.every((arm) => this.#divergesIn(arm, "value"));
  }

  #isDecided(arm: SyntaxNode, value: SyntaxNode | null): boolean {
    const pattern = arm.childForFieldName("pattern");
    const condition = pattern?.childForFieldName("condition") ?? null;
    if (condition !== null && constantTruth(condition, this.#truths) !== true) return false;
    const text = (condition === null ? pattern?.text : pattern?.firstChild?.text)?.trim() ?? "";
    return matchesAll.test(text) || text === value?.text;
  }

  #isPanic(node: SyntaxNode): boolean {
    const name = lastSegment(node.childForFieldName("macro")?.text ?? "");
    if (panics.has(name)) return true;
    if (failsAlways(name, node.text)) return true;
    return !isStandardMacro(name) && this.#options.isNever(`${name}!`);
  }

  /** `process::exit(…)`, `panic_any(…)`, a function or method that is declared to return `!`. */
  #isExit(called: SyntaxNode): boolean {
    const text = called.text.replace(/\s/g, "");
    const name = lastSegment(text.replace(/::<.*>$/, ""));
    if (called.type === "field_expression") return this.#options.isNever(name);
    return exits.test(text) || text.includes("panicking::") || this.#options.isNever(name);
  }

  #neverEnds(loop: SyntaxNode): boolean {
    if (this.#exits.of(loop.childForFieldName("body") ?? loop).size > 0) return false;
    return !(this.#options.mayWorkForGood && works(loop));
  }
}

/** Everything in them is evaluated whenever they are. */
const wholes = new Set([
  ...[
    "block",
    "expression_statement",
    "parenthesized_expression",
    "reference_expression",
    "unary_expression",
  ],
  ...["try_expression", "unsafe_block", "return_expression", "type_cast_expression", "tuple_expression"],
  ...["array_expression", "struct_expression", "field_initializer_list", "field_initializer", "arguments"],
  ...[
    "field_expression",
    "await_expression",
    "assignment_expression",
    "break_expression",
    "range_expression",
  ],
  ...["compound_assignment_expr", "base_field_initializer", "const_block", "else_clause", "async_block"],
]);
const literals = new Set([
  ...["integer_literal", "boolean_literal", "string_literal", "char_literal", "unit_expression"],
]);
const exits =
  /^(?:::)?(?:(?:std|core)::)?(?:process::|panic::|hint::|intrinsics::|rt::)?(?:exit|abort|panic_any|resume_unwind|unreachable_unchecked|begin_panic)$/;
/** `_`, a name, and the two variants of what has only two. */
const matchesAll =
  /^(?:_|(?:ref |mut )*[a-z]\w*|Some\(_\) \| None|None \| Some\(_\)|(?:Ok|Err)\(_\) \| (?:Ok|Err)\(_\)|true \| false|false \| true)$/;
const drains = new Set(["for_each", "count", "last", "sum", "product", "collect", "max", "min", "fold"]);

/** `vec![panic!()]`: an argument of a macro that is nothing but a panic. Inside a macro there are tokens only. */
function holdsWholePanic(node: SyntaxNode): boolean {
  return /[([{,]\s*(?:(?:std|core)::)?(?:panic|unreachable)!\s*(?:\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\})\s*[,;)\]}]/.test(
    node.text,
  );
}

function isMutable(node: SyntaxNode): boolean {
  return node.namedChildren.some(({ type }) => type === "mutable_specifier");
}

function withoutBrackets(node: SyntaxNode): SyntaxNode {
  const isWrapped = node.type === "parenthesized_expression" || node.type === "reference_expression";
  const inner = isWrapped ? (node.childForFieldName("value") ?? node.namedChild(0)) : null;
  return inner === null ? node : withoutBrackets(inner);
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  return node.namedChildren;
}
