import type { Span } from "../stages.ts";
import { isCode, lexRust, type Token } from "./lex.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";

/** Reads a text with the macro calls around `at` opened, as {@link openedAt} has them. */
export function readOpened<T>(syntax: RustSyntax, text: string, at: Span, visit: (root: SyntaxNode) => T): T {
  return syntax.read(openedAt(syntax, text, at), visit);
}

/**
 * A text of the same length in which the macro calls around `at` are opened. To the grammar a call's arguments are
 * loose tokens; here the matches among them are expressions, and what else is in the call is blank.
 */
export function openedAt(syntax: RustSyntax, text: string, at: Span): string {
  let opened = text;
  for (let level = 0; level < mostLevels; level += 1) {
    const deeper = withCallsOpen(syntax, opened, at);
    if (deeper === opened) break;
    opened = deeper;
  }
  return opened;
}

/** Calls within calls. */
const mostLevels = 8;

function withCallsOpen(syntax: RustSyntax, text: string, at: Span): string {
  const calls = syntax.read(text, (root) =>
    root.descendantsOfType("macro_invocation").flatMap((node) => {
      // One that begins at the place is not around it.
      const isAround = node !== null && node.startIndex < at.end && node.endIndex > at.start;
      return isAround ? (callOf(node) ?? []) : [];
    }),
  );
  return calls.reduce((opened, call) => {
    const made = openCall(call, text.slice(call.span.start, call.span.end));
    return made === undefined
      ? opened
      : opened.slice(0, call.span.start) + made + opened.slice(call.span.end);
  }, text);
}

interface MacroCall {
  readonly span: Span;
  /** Offset of the opening bracket from the call's start. */
  readonly bracket: number;
  /** It stands among items, where no expression may. */
  readonly isItem: boolean;
}

function callOf(node: SyntaxNode): MacroCall | undefined {
  const tokens = node.namedChildren.find((child) => child?.type === "token_tree");
  if (tokens == null) return undefined;
  const outer = node.parent?.type === "expression_statement" ? node.parent.parent : node.parent;
  return {
    span: { start: node.startIndex, end: node.endIndex },
    bracket: tokens.startIndex - node.startIndex,
    isItem: outer?.type === "source_file" || outer?.type === "declaration_list",
  };
}

/** A function, a block or a tuple, as long as the call, that holds the call's matches; undefined where it has none. */
function openCall({ bracket, isItem }: MacroCall, call: string): string | undefined {
  const matches = outermostMatches(lexRust(call)?.filter(isCode) ?? [], bracket);
  const head = isItem ? "fn f()" : "";
  if (matches.length === 0 || head.length > bracket) return undefined;
  const isBlock = isItem || call[bracket] === "{";
  const opened = call.replaceAll(/[^\r\n]/g, " ").split("");
  for (const { start, end } of matches) {
    for (let offset = start; offset < end; offset += 1) opened[offset] = call[offset] ?? "";
    if (!isBlock && end < call.length - 1) opened[end] = ",";
  }
  opened[bracket] = isBlock ? "{" : "(";
  opened[call.length - 1] = isBlock ? "}" : ")";
  return head + opened.slice(head.length).join("");
}

/** From each `match` behind `from` to the end of its braces. */
function outermostMatches(tokens: readonly Token[], from: number): readonly Span[] {
  const found: Span[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.text !== "match" || token.start <= from || token.start < (found.at(-1)?.end ?? 0)) continue;
    const end = endOfMatch(tokens.slice(index + 1));
    if (end !== undefined) found.push({ start: token.start, end });
  }
  return found;
}

/** The scrutinee holds no brace outside of brackets, unless it is a block itself. */
function endOfMatch(tokens: readonly Token[]): number | undefined {
  let depth = 0;
  let isInList = false;
  for (const [index, { kind, text, end }] of tokens.entries()) {
    if (kind === "open") {
      isInList ||= depth === 0 && text === "{" && index > 0;
      depth += 1;
    } else if (kind === "close") {
      depth -= 1;
      if (depth < 0) return undefined;
      if (depth === 0 && isInList) return end;
    } else if (depth === 0 && (text === ";" || text === "=>")) return undefined;
  }
  return undefined;
}
