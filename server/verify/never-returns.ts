import type { SyntaxNode } from "../syntax/parse.ts";
import { constantTruth } from "./constant-truth.ts";

/**
 * Whether code with these statements never gives a value on any path: it only panics, loops, exits. `isNever`
 * says it of the package's own macros and functions by name.
 */
export function neverReturns(nodes: readonly SyntaxNode[], isNever: (name: string) => boolean): boolean {
  return new Reader(isNever).isAnyNever(nodes);
}

class Reader {
  readonly #isNever: (name: string) => boolean;
  /** Closures bound to a name that never return when called. */
  readonly #closures = new Set<string>();

  constructor(isNever: (name: string) => boolean) {
    this.#isNever = isNever;
  }

  isAnyNever(nodes: readonly SyntaxNode[]): boolean {
    return nodes.some((node) => this.#diverges(node));
  }

  #diverges(node: SyntaxNode): boolean {
    if (wholes.has(node.type)) return this.isAnyNever(children(node));
    switch (node.type) {
      case "let_declaration":
        return this.#divergesInLet(node);
      case "macro_invocation":
        return this.#isPanic(node) || holdsWholePanic(node);
      case "call_expression":
        return this.#divergesInCall(node);
      case "binary_expression":
        return this.#divergesInBinary(node);
      case "loop_expression":
        return !leavesLoop(node) || this.#startsNever(node);
      case "while_expression":
        return constantTruth(node.childForFieldName("condition")) === true && !leavesLoop(node);
      case "for_expression":
        return isEndless(node) && !leavesLoop(node);
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

  #divergesInLet(node: SyntaxNode): boolean {
    const value = node.childForFieldName("value");
    const name = node.childForFieldName("pattern")?.text ?? "";
    if (value?.type === "closure_expression" && this.#divergesIn(value, "body")) this.#closures.add(name);
    return value !== null && this.#diverges(value);
  }

  #divergesInCall(node: SyntaxNode): boolean {
    const called = node.childForFieldName("function");
    if (called === null) return false;
    const closure = withoutBrackets(called);
    if (closure.type === "closure_expression" && this.#divergesIn(closure, "body")) return true;
    if (this.#closures.has(called.text) || this.#isExit(called)) return true;
    if (called.type === "field_expression" && this.#divergesIn(called, "value")) return true;
    return this.isAnyNever(children(node.childForFieldName("arguments") ?? called));
  }

  /** The right side of `&&` and `||` may never run. */
  #divergesInBinary(node: SyntaxNode): boolean {
    const sign = node.childForFieldName("operator")?.text ?? "";
    const isLazy = sign === "&&" || sign === "||";
    return this.#divergesIn(node, "left") || (!isLazy && this.#divergesIn(node, "right"));
  }

  #divergesInIf(node: SyntaxNode): boolean {
    if (this.#divergesIn(node, "condition")) return true;
    const truth = constantTruth(node.childForFieldName("condition"));
    const then = this.#divergesIn(node, "consequence");
    const alternative = node.childForFieldName("alternative");
    const otherwise = alternative !== null && this.isAnyNever(children(alternative));
    if (truth !== undefined) return truth ? then : otherwise;
    return then && otherwise;
  }

  /** Of a constant only one arm runs: an arm that never returns is it. */
  #armsDiverge(node: SyntaxNode): boolean {
    const arms = children(node.childForFieldName("body") ?? node).filter(({ type }) => type === "match_arm");
    const never = arms.filter((arm) => this.#divergesIn(arm, "value"));
    const value = node.childForFieldName("value");
    const isConstant = value !== null && (literals.has(value.type) || constantTruth(value) !== undefined);
    return arms.length > 0 && (never.length === arms.length || (isConstant && never.length > 0));
  }

  #isPanic(node: SyntaxNode): boolean {
    const name = lastSegment(node.childForFieldName("macro")?.text ?? "");
    if (["panic", "unreachable", "todo", "unimplemented"].includes(name)) return true;
    if (/^(debug_)?assert$/.test(name)) return /!\s*[([{]\s*(false|!\s*true)\b/.test(node.text);
    return !standardNames.has(name) && this.#isNever(name);
  }

  /** `process::exit(…)`, `panic_any(…)`, a function that returns `!`, and unwrapping what holds nothing. */
  #isExit(called: SyntaxNode): boolean {
    const text = called.text.replace(/\s/g, "");
    if (/^(?:\w+::)*None(?:::<.*>)?\.(?:unwrap|expect)$/.test(text)) return true;
    if (/^(?:\w+::)*(?:<.*>::)?None\.(?:unwrap|expect)$/.test(text)) return true;
    if (/^(?:\w+::)*(?:<.*>::)?Err(?:::<.*>)?\(.*\)\.(?:unwrap|expect)$/.test(text)) return true;
    if (/^(?:\w+::)*(?:<.*>::)?Ok(?:::<.*>)?\(.*\)\.(?:unwrap_err|expect_err)$/.test(text)) return true;
    if (called.type === "field_expression") return false;
    const name = lastSegment(text.replace(/::<.*>$/, ""));
    return exits.has(name) || text.includes("panicking::") || this.#isNever(name);
  }

  #startsNever(loop: SyntaxNode): boolean {
    const [first] = children(loop.childForFieldName("body") ?? loop);
    return first !== undefined && this.#diverges(first);
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
    "index_expression",
    "await_expression",
    "assignment_expression",
    "break_expression",
  ],
  ...["compound_assignment_expr", "base_field_initializer", "const_block", "else_clause", "async_block"],
]);
const literals = new Set([
  "integer_literal",
  "boolean_literal",
  "string_literal",
  "char_literal",
  "unit_expression",
]);
const exits = new Set(["exit", "abort", "panic_any", "resume_unwind", "unreachable_unchecked"]);
const standardNames = new Set([
  "assert",
  "debug_assert",
  "vec",
  "format",
  "write",
  "writeln",
  "println",
  "matches",
]);

/** `vec![panic!()]`: an argument of a macro that is nothing but a panic. Inside a macro there are tokens only. */
function holdsWholePanic(node: SyntaxNode): boolean {
  return /[([{,]\s*(?:(?:std|core)::)?(?:panic|unreachable)!\s*(?:\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\})\s*[,;)\]}]/.test(
    node.text,
  );
}

/** A `break` or `return` somewhere inside; one of an inner loop counts too, which errs towards the draft. */
function leavesLoop(node: SyntaxNode): boolean {
  return node.descendantsOfType(["break_expression", "return_expression", "try_expression"]).length > 0;
}

function isEndless(node: SyntaxNode): boolean {
  const value = node.childForFieldName("value")?.text.replace(/\s/g, "") ?? "";
  return /^\(?\d+\w*\.\.\)?$/.test(value) || /(?:^|::)repeat(?:_with)?\(.*\)$/.test(value);
}

function withoutBrackets(node: SyntaxNode): SyntaxNode {
  const inner = node.type === "parenthesized_expression" ? node.namedChild(0) : null;
  return inner === null ? node : withoutBrackets(inner);
}

function lastSegment(path: string): string {
  return path.split("::").at(-1)?.split(".").at(-1)?.trim() ?? "";
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  return node.namedChildren.flatMap((child) => (child === null ? [] : [child]));
}
