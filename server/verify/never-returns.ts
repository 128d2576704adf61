import type { SyntaxNode } from "../syntax/parse.ts";

/** Whether code with these statements never gives a value on any path: it only panics, loops, exits. */
export function neverReturns(nodes: readonly SyntaxNode[]): boolean {
  return nodes.some(diverges);
}

function diverges(node: SyntaxNode): boolean {
  switch (node.type) {
    case "block":
    case "expression_statement":
    case "parenthesized_expression":
    case "reference_expression":
    case "unary_expression":
    case "try_expression":
    case "unsafe_block":
    case "return_expression":
    case "type_cast_expression":
      return children(node).some(diverges);
    case "let_declaration":
      return divergesIn(node, "value");
    case "macro_invocation":
      return isPanic(node);
    case "call_expression":
      return isExit(node) || children(node.childForFieldName("arguments") ?? node).some(diverges);
    case "loop_expression":
      return !leavesLoop(node);
    case "while_expression":
      return node.childForFieldName("condition")?.text === "true" && !leavesLoop(node);
    case "if_expression":
      return divergesIn(node, "condition") || (divergesIn(node, "consequence") && divergesElse(node));
    case "match_expression":
      return divergesIn(node, "value") || armsDiverge(node);
    default:
      return false;
  }
}

function divergesIn(node: SyntaxNode, field: string): boolean {
  const child = node.childForFieldName(field);
  return child !== null && diverges(child);
}

function divergesElse(node: SyntaxNode): boolean {
  const alternative = node.childForFieldName("alternative");
  return alternative !== null && children(alternative).some(diverges);
}

function armsDiverge(node: SyntaxNode): boolean {
  const arms = children(node.childForFieldName("body") ?? node).filter(({ type }) => type === "match_arm");
  return arms.length > 0 && arms.every((arm) => divergesIn(arm, "value"));
}

function isPanic(node: SyntaxNode): boolean {
  const name = lastSegment(node.childForFieldName("macro")?.text ?? "");
  if (["panic", "unreachable", "todo", "unimplemented"].includes(name)) return true;
  return /^(debug_)?assert$/.test(name) && /!\s*[([{]\s*false\b/.test(node.text);
}

/** `process::exit(…)`, `panic_any(…)`, and unwrapping what is known to hold nothing. */
function isExit(node: SyntaxNode): boolean {
  const called = node.childForFieldName("function");
  const name = lastSegment(called?.text ?? "");
  if (["exit", "abort", "panic_any", "resume_unwind", "unreachable_unchecked"].includes(name)) {
    return called?.type !== "field_expression";
  }
  return /^(Option::)?None(::<[^>]*>)?\.(unwrap|expect)$/.test(called?.text.replace(/\s/g, "") ?? "");
}

/** A `break` or `return` somewhere inside; one of an inner loop counts too, which errs towards the draft. */
function leavesLoop(node: SyntaxNode): boolean {
  return node.descendantsOfType(["break_expression", "return_expression", "try_expression"]).length > 0;
}

function lastSegment(path: string): string {
  return path.split("::").at(-1)?.split(".").at(-1)?.trim() ?? "";
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  return node.namedChildren.flatMap((child) => (child === null ? [] : [child]));
}
