import type { SyntaxNode } from "../../syntax/parse.ts";
import { codeTokens } from "../../syntax/lex.ts";
import { isClosed } from "./asks-nothing.ts";

/** What the sources of the workspace say of functions and macros, by their definitions. */
export interface Returning {
  /** Some function of this name is declared to return `!`, or some macro may hold what never goes on. */
  mayNeverReturn(name: string): boolean;
  /** Every function of this name has a body that is nothing but a panic. */
  onlyPanics(name: string): boolean;
  /** A macro whose rules hold `return` or `?`. */
  mayLeave(macro: string): boolean;
}

/** It holds something that could keep it from giving a value. Only names choose; who answers knows types. */
export function isSuspect(filling: string, known: Returning): boolean {
  const code = codeTokens(filling);
  return code.some(
    ({ kind, text }, at) =>
      kind === "word" &&
      (neverWords.has(text) || known.mayNeverReturn(code[at + 1]?.text === "!" ? `${text}!` : text)),
  );
}

/** Whether rustc is asked if a suspect body ever gives a value: it has no way out that people mean. */
export function mayNotReturn(
  nodes: readonly SyntaxNode[],
  filling: string,
  returnType: string,
  known: Returning,
): boolean {
  if (nodes.some((node) => leaves(node, known))) return false;
  // Where no value is wanted, a loop that works for good may be all it is for.
  const isWork = /\b(?:loop|while)\b/.test(filling) && !isClosed(codeTokens(filling));
  return !isWork || !/^(?:\(\))?$/.test(returnType.trim());
}

/** What a body comes to last: "panic!" of a macro, the last segment of a called function; "" for anything else. */
export function endOf(nodes: readonly SyntaxNode[]): string {
  const last = nodes.filter(({ type }) => !type.endsWith("_comment")).at(-1);
  if (last === undefined) return "";
  switch (last.type) {
    case "block":
    case "expression_statement":
    case "return_expression":
    case "parenthesized_expression":
      return endOf(last.namedChildren);
    case "macro_invocation":
      return `${lastSegment(last.childForFieldName("macro")?.text)}!`;
    case "call_expression": {
      const called = last.childForFieldName("function");
      return lastSegment((called?.childForFieldName("field") ?? called)?.text);
    }
    default:
      return "";
  }
}

/** `return`, `?`, or a `break` that goes further than the code itself. */
function leaves(node: SyntaxNode, known: Returning, labels: readonly string[] = []): boolean {
  switch (node.type) {
    case "closure_expression":
    case "async_block":
    case "function_item":
    case "impl_item":
      return false;
    case "return_expression":
      return !/^return\s+(?:loop\b|(?:\w+::)*(?:panic|unreachable)!)/.test(node.text);
    case "try_expression":
      return true;
    case "break_expression":
    case "continue_expression": {
      const label = node.namedChildren.find(({ type }) => type === "label")?.text;
      if (label === undefined ? labels.length === 0 : !labels.includes(label)) return true;
      break;
    }
    case "macro_invocation":
      return (
        /\breturn\b|\?(?!\w)/.test(node.text.replace(/"(?:[^"\\]|\\.)*"/g, "")) ||
        known.mayLeave(lastSegment(node.childForFieldName("macro")?.text))
      );
    case "loop_expression":
    case "while_expression":
    case "for_expression": {
      const own = node.namedChildren.find(({ type }) => type === "label")?.text ?? "'";
      return node.namedChildren.some((child) => leaves(child, known, [...labels, own]));
    }
  }
  return node.namedChildren.some((child) => leaves(child, known, labels));
}

function lastSegment(path = ""): string {
  return (
    path
      .replace(/::<[\s\S]*>$/, "")
      .split("::")
      .at(-1)
      ?.trim()
      .replace(/^r#/, "") ?? ""
  );
}

const neverWords = new Set([
  ...["panic", "unreachable", "loop", "while", "exit", "abort", "panic_any", "resume_unwind"],
  ...["panic_fmt", "begin_panic", "park", "unreachable_unchecked"],
]);
