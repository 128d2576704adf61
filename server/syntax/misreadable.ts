import { isKeyword } from "./names.ts";
import { bracketsClose, isCode, lexRust, type Token } from "./lex.ts";

type HoleKind = "body" | "type" | "constant" | "binder" | "written";

/**
 * Why a text could be read otherwise by rustc, by an editor or by a person than by us; undefined where it cannot.
 * Texts that pass are whole tokens with closed brackets in every edition, so that only what stands at the outermost
 * level could leave a hole: no arm without `=>`, no further item without `;`.
 */
export function misreadable(text: string, kind: HoleKind): string | undefined {
  if (text.length > maximumLength) return `it is longer than ${maximumLength} characters`;
  const hidden = hiddenCharacter.exec(text)?.[0];
  if (hidden !== undefined) return `it holds a character that nobody sees (${codePoint(hidden)})`;
  const tokens = lexRust(text);
  if (tokens === undefined) return "a literal or comment in it does not end";
  if (!bracketsClose(tokens)) return "its brackets do not close";
  const glued = tokens.find((token, index) => isGlued(token, tokens[index - 1]) || isOfOneEdition(token));
  if (glued !== undefined) return `editions of Rust read ${shortened(glued.text)} in different ways`;
  const disguised = tokens.find(isNeedlesslyRaw)?.text;
  if (disguised !== undefined) return `it writes ${disguised.slice(2)} as ${disguised}`;
  if (tokens.some((token, index) => isInner(token, tokens[index + 1], tokens[index + 2]))) {
    return "an inner attribute or doc comment belongs to what is around it";
  }
  const ends = kind === "body" ? ["=>"] : ["=>", ";"];
  const end = ends.find((sign) => hasOutside(tokens.filter(isCode), sign));
  return end === undefined ? undefined : `${end} stands outside of all brackets`;
}

/** UTF-16 code units. More than anybody reads; the longest of 36,000 bodies of published crates has 44,000, the next 34,000. */
const maximumLength = 50_000;

/** Control characters, marks of the writing direction and of width zero, halves of a surrogate pair. */
const hiddenCharacter =
  /[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/u;

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** `foo"a"`, `'a'b'c'`: a prefix to newer editions and two tokens to older ones; letters newer than our tables too. */
function isGlued(token: Token, before: Token | undefined): boolean {
  if (before?.end !== token.start) return false;
  const isLiteral = (kind: Token["kind"]) => kind === "string" || kind === "character" || kind === "lifetime";
  if (!isLiteral(token.kind)) return false;
  return before.kind === "word" || isLiteral(before.kind) || before.text.charCodeAt(0) > 0x7f;
}

/** Before 2021 `cr"\"` is a name and the start of a string; a suffix of a string is an error in all editions. */
function isOfOneEdition({ kind, text }: Token): boolean {
  if (kind === "string" && text.startsWith("cr") && /[\\"]/.test(text.slice(3, -1))) return true;
  return (kind === "string" || kind === "character") && !/["'#]$/.test(text);
}

/** `r#panic`: only keywords need it, and whoever looks for a name does not find it so. */
function isNeedlesslyRaw({ kind, text }: Token): boolean {
  return kind === "word" && text.startsWith("r#") && !isKeyword(text.slice(2));
}

/** At the start of a block `//!` and `#![…]` speak of the block's function, which is not in the hole. */
function isInner({ kind, text }: Token, next: Token | undefined, third: Token | undefined): boolean {
  if (kind === "line-comment") return text.startsWith("//!");
  if (kind === "block-comment") return text.startsWith("/*!");
  return text === "#" && next?.text === "!" && third?.text === "[";
}

function hasOutside(tokens: readonly Token[], sign: string): boolean {
  let depth = 0;
  return tokens.some((token, index) => {
    if (token.kind === "open") depth += 1;
    if (token.kind === "close") depth -= 1;
    if (depth > 0) return false;
    return sign === ";" ? token.text === ";" : token.text === "=" && isArrow(token, tokens[index + 1]);
  });
}

function isArrow({ end }: Token, next: Token | undefined): boolean {
  return next?.text === ">" && next.start === end;
}

function shortened(text: string): string {
  return text.length <= 20 ? text : `${text.slice(0, 19)}…`;
}
