import type { Frame } from "./frame.ts";
import type { RequestId } from "./message.ts";

/** What a frame is, read from its bytes without parsing the message. */
export type Peek =
  | { readonly kind: "request"; readonly id: RequestId; readonly method: string }
  | { readonly kind: "notification"; readonly method: string }
  | { readonly kind: "response"; readonly id: RequestId }
  /** Its method is not wanted (the rest was not read), or it is no message that we know how to treat. */
  | { readonly kind: "other" };

const other: Peek = { kind: "other" };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Finds the top-level `id` and `method` of a message, in any order of keys, and stops as soon as it knows
 * enough: at a method that `isWanted` refuses, at id and method, at an id with a result. A message with a null
 * id counts as one without (as rust-analyzer takes it). Malformed JSON is "other": whoever receives it may judge.
 */
export function peek(body: Buffer, isWanted: (method: string) => boolean): Peek {
  return peekInto(body, isWanted) ?? other;
}

/** As {@link peek}, from the first part of the frame where that tells enough. */
export function peekFrame(frame: Frame, isWanted: (method: string) => boolean): Peek {
  const early = frame.parts.length > 1 ? peekInto(frame.bodyBeginning, isWanted) : undefined;
  return early ?? peek(frame.body, isWanted);
}

/** undefined where the bytes end before it is known: what touches their end may be cut off. */
function peekInto(body: Buffer, isWanted: (method: string) => boolean): Peek | undefined {
  let id: unknown;
  let method: unknown;
  let hasOutcome = false;
  let at = skipSpace(body, 0);
  if (body[at] !== openBrace) return ifWithin(body, at, other);
  at = skipSpace(body, at + 1);
  while (body[at] === quote) {
    const keyEnd = skipString(body, at);
    const key = readKey(body, at, keyEnd);
    at = skipSpace(body, keyEnd);
    if (body[at] !== colon) return ifWithin(body, at, other);
    const start = skipSpace(body, at + 1);
    const isOutcome = key === "result" || key === "error";
    if (isOutcome && isRequestId(id)) return { kind: "response", id };
    at = skipValue(body, start);
    if (at >= body.length) return undefined;
    if (at <= start) return other;
    if (key === "id") id = readScalar(body, start, at);
    if (key === "method") method = readScalar(body, start, at);
    if (isOutcome) hasOutcome = true;
    if (key === "method" && typeof method === "string" && !isWanted(method)) return other;
    if (isRequestId(id) && typeof method === "string") return { kind: "request", id, method };
    if (isRequestId(id) && hasOutcome) return { kind: "response", id };
    at = skipSpace(body, at);
    if (body[at] !== comma) break;
    at = skipSpace(body, at + 1);
  }
  if (body[at] !== closeBrace || typeof method !== "string") return ifWithin(body, at, other);
  return { kind: "notification", method };
}

function ifWithin(body: Buffer, at: number, found: Peek): Peek | undefined {
  return at < body.length ? found : undefined;
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === "number" || typeof value === "string";
}

/** The key between the quotes; only keys with escapes need a parser. */
function readKey(body: Buffer, start: number, end: number): unknown {
  const raw = body.toString("latin1", start + 1, end - 1);
  return raw.includes("\\") ? readScalar(body, start, end) : raw;
}

/** undefined for anything but a number or a string. */
function readScalar(body: Buffer, start: number, end: number): number | string | undefined {
  const first = body[start];
  if (first === openBrace || first === openBracket) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString("utf8", start, end));
    return isRequestId(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = body[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

/** The offset behind the closing quote, or the end of the body where there is none. */
function skipString(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length) {
    const byte = body[at];
    if (byte === quote) return at + 1;
    at += byte === backslash ? 2 : 1;
  }
  return body.length;
}

function skipValue(body: Buffer, start: number): number {
  const first = body[start];
  if (first === quote) return skipString(body, start);
  if (first === openBrace || first === openBracket) return skipNested(body, start);
  let at = start;
  while (at < body.length && !endsScalar(body[at])) at += 1;
  return at;
}

function skipNested(body: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < body.length) {
    const byte = body[at];
    if (byte === quote) {
      at = skipString(body, at);
      continue;
    }
    at += 1;
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    if (depth === 0) return at;
  }
  return at;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === undefined || byte === comma || byte === closeBrace || byte === closeBracket || byte <= 0x20;
}
