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
 * the text. Source of the rules: The Rust Reference, "Tokens" and "Comments".
 */
export function lexRust(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(/\s+/y, text, at);
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

function tokenAt(text: string, at: number): TokenEnd | undefined {
  if (text.startsWith("//", at)) {
    return { kind: "line-comment", end: at + matchAt(/[^\n]*/y, text, at) };
  }
  if (text.startsWith("/*", at)) return blockComment(text, at);
  const raw = /(?:r|br|cr)(#*)"/y;
  raw.lastIndex = at;
  const rawStart = raw.exec(text);
  if (rawStart !== null) return until(text, `"${rawStart[1] ?? ""}`, at + rawStart[0].length, "string");
  const quoted = matchAt(/[bc]?"(?:[^"\\]|\\[\s\S])*"/y, text, at);
  if (quoted > 0) return { kind: "string", end: at + quoted };
  if (matchAt(/[bc]?"/y, text, at) > 0) return undefined;
  const character = matchAt(/b?'(?:[^'\\\n\r\t]|\\(?:u\{[^}']*\}|x[0-9a-fA-F]{2}|.))'/uy, text, at);
  if (character > 0) return { kind: "character", end: at + character };
  const lifetime = matchAt(/'(?:r#)?[\p{XID_Start}_][\p{XID_Continue}]*/uy, text, at);
  if (lifetime > 0) return { kind: "lifetime", end: at + lifetime };
  if (matchAt(/b?'/y, text, at) > 0) return undefined;
  const word = matchAt(/(?:r#)?[\p{XID_Start}_\d][\p{XID_Continue}]*/uy, text, at);
  if (word > 0) return { kind: "word", end: at + word };
  const character1 = text.charAt(at);
  if ("([{".includes(character1)) return { kind: "open", end: at + 1 };
  if (")]}".includes(character1)) return { kind: "close", end: at + 1 };
  return { kind: "other", end: at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) };
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

function until(text: string, end: string, from: number, kind: TokenKind): TokenEnd | undefined {
  const found = text.indexOf(end, from);
  return found < 0 ? undefined : { kind, end: found + end.length };
}

/** Length of the sticky expression's match at the offset, 0 where there is none. */
function matchAt(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.exec(text)?.[0].length ?? 0;
}
