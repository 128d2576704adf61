import type { Span } from "../stages.ts";

export type TokenKind =
  | "word"
  | "lifetime"
  | "character"
  | "string"
  | "line-comment"
  | "block-comment"
  | "open"
  | "close"
  | "other";

export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
}

/**
 * Rust text as tokens, white space left out; undefined where a literal or a block comment does not end within
 * the text. Source of the rules: The Rust Reference, "Tokens", "Comments" and "Whitespace". A literal's suffix
 * (`"a"r`) is part of it, as in rustc's own lexer.
 */
export function lexRust(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(whiteSpace, text, at);
    if (space > 0) {
      at += space;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === undefined) return undefined;
    tokens.push({ kind: token.kind, start: at, end: token.end, text: text.slice(at, token.end) });
    at = token.end;
  }
  return tokens;
}

/** Tokens without comments; none where the text cannot be read. */
export function codeTokens(text: string): readonly Token[] {
  return lexRust(text)?.filter(isCode) ?? [];
}

export function isCode({ kind }: Token): boolean {
  return kind !== "line-comment" && kind !== "block-comment";
}

/** Every bracket that is opened is closed by its like, and none is closed that was not opened. */
export function bracketsClose(tokens: readonly Token[]): boolean {
  const open: string[] = [];
  for (const token of tokens) {
    if (token.kind === "open") open.push(closing[token.text] ?? "");
    if (token.kind === "close" && open.pop() !== token.text) return false;
  }
  return open.length === 0;
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

interface TokenEnd {
  readonly kind: TokenKind;
  readonly end: number;
}

// Not as in JavaScript: marks of the writing direction are among it, a space that does not break is not.
const whiteSpace = /[\t-\r \u0085\u200e\u200f\u2028\u2029]+/y;
const lineComment = /\/\/[^\n]*/y;
const rawStart = /(?:r|br|cr)(#*)"/y;
const quoteStart = /[bc]?"/y;
const character = /b?'(?:[^'\\\n\r\t]|\\(?:u\{[^}'\n]*\}|x[0-9a-fA-F]{2}|.))'/uy;
const byteStart = /b?'/y;
const lifetime = /'(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/uy;
const word = /(?:r#)?[\p{XID_Start}_\d]\p{XID_Continue}*/uy;
const mayOpenLiteral = /["'rbc]/;
const suffix = /[\p{XID_Start}_]\p{XID_Continue}*/uy;

function tokenAt(text: string, at: number): TokenEnd | undefined {
  const first = text.charAt(at);
  if (first === "/") {
    const comment = matchAt(lineComment, text, at);
    if (comment > 0) return { kind: "line-comment", end: at + comment };
    if (text.startsWith("/*", at)) return blockComment(text, at);
  }
  if (mayOpenLiteral.test(first)) {
    const literal = literalEnd(text, at);
    if (literal !== undefined && literal.end < 0) return undefined;
    if (literal !== undefined) {
      return { kind: literal.kind, end: literal.end + matchAt(suffix, text, literal.end) };
    }
    const named = matchAt(lifetime, text, at);
    if (named > 0) return { kind: "lifetime", end: at + named };
    if (matchAt(byteStart, text, at) > 0) return undefined;
  }
  if ("([{".includes(first)) return { kind: "open", end: at + 1 };
  if (")]}".includes(first)) return { kind: "close", end: at + 1 };
  const name = matchAt(word, text, at);
  if (name > 0) return { kind: "word", end: at + name };
  return { kind: "other", end: at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) };
}

/** Where a string or character that starts here ends, before its suffix: below 0 where it does not end. */
function literalEnd(text: string, at: number): TokenEnd | undefined {
  rawStart.lastIndex = at;
  const raw = rawStart.exec(text);
  if (raw !== null) {
    const end = `"${raw[1] ?? ""}`;
    const found = text.indexOf(end, rawStart.lastIndex);
    return { kind: "string", end: found < 0 ? -1 : found + end.length };
  }
  const quoted = matchAt(quoteStart, text, at);
  if (quoted > 0) return { kind: "string", end: quotedEnd(text, at + quoted) };
  const single = matchAt(character, text, at);
  return single > 0 ? { kind: "character", end: at + single } : undefined;
}

/** A loop: an expression that backtracks could run out of stack in a long text. */
function quotedEnd(text: string, from: number): number {
  const special = /["\\]/g;
  special.lastIndex = from;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    if (found[0] === '"') return special.lastIndex;
    special.lastIndex += 1;
  }
  return -1;
}

/** Block comments nest in Rust. */
function blockComment(text: string, start: number): TokenEnd | undefined {
  let depth = 0;
  const border = /\/\*|\*\//g;
  border.lastIndex = start;
  for (let match = border.exec(text); match !== null; match = border.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return { kind: "block-comment", end: border.lastIndex };
  }
  return undefined;
}

/** Length of the sticky expression's match at the offset, 0 where there is none. */
function matchAt(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.exec(text)?.[0].length ?? 0;
}
