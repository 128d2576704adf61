import type { Code, Token } from "../../syntax/tokens.ts";

/** The new text of a token; `undefined` leaves it. */
export type Replace = (token: Token, index: number) => string | undefined;

/** The code with some tokens replaced and without its comments, which speak of where it was written. */
export function rewrite(code: Code, replace: Replace): string {
  let text = "";
  let at = 0;
  code.tokens.forEach((token, index) => {
    text += spaceOf(code.text.slice(at, token.start)) + (replace(token, index) ?? token.text);
    at = token.end;
  });
  return (text + spaceOf(code.text.slice(at))).trim();
}

/** What stands between two tokens is space and comments. */
function spaceOf(between: string): string {
  if (between.trim() === "") return between;
  return between.includes("\n") ? `\n${/[^\S\n]*$/.exec(between)?.[0] ?? ""}` : " ";
}

/**
 * The code as a line that is equal for bodies that mean the same: without comments, layout, trailing commas and
 * the braces round a single expression.
 */
export function keyOf(code: Code, replace: Replace): string {
  const words = code.tokens.map((token, index) => replace(token, index) ?? token.text);
  const kept = words.filter((word, index) => word !== "," || !closers.has(words[index + 1] ?? ""));
  return withoutBraces(kept).join(" ");
}

const closers = new Set([")", "]", "}"]);

function withoutBraces(words: readonly string[]): readonly string[] {
  if (words[0] !== "{" || words.at(-1) !== "}") return words;
  let depth = 0;
  for (const [index, word] of words.entries()) {
    if (word === "{") depth += 1;
    if (word === "}") depth -= 1;
    if (depth === 0 && index < words.length - 1) return words;
    if (depth === 1 && word === ";") return words;
  }
  return withoutBraces(words.slice(1, -1));
}

/** Renames locals: in shorthand fields and in `{name}` inside a macro's text too. */
export function renamingLocals(names: ReadonlyMap<string, string>): Replace {
  return (token) => {
    const name = names.get(token.text);
    if (token.role === "variable") return name;
    if (token.role === "shorthand")
      return name === undefined || name === token.text ? undefined : `${token.text}: ${name}`;
    if (token.role === "text" && token.inMacro) return renameInFormat(token.text, names);
    return undefined;
  };
}

/** Whether the code uses `name` as a local. */
export function usesLocal(code: Code, name: string): boolean {
  const renaming = renamingLocals(new Map([[name, `${name}'`]]));
  return code.tokens.some((token, index) => renaming(token, index) !== undefined);
}

/** `{name}` and `{name:…}`; `{{` is a brace and no name. */
function renameInFormat(text: string, names: ReadonlyMap<string, string>): string | undefined {
  const pieces = text.split("{");
  let changed = false;
  let afterOpenBrace = false;
  const renamed = pieces.map((piece, index) => {
    if (index === 0) return piece;
    const isName = !afterOpenBrace && piece !== "";
    afterOpenBrace = !afterOpenBrace && piece === "";
    const end = isName ? piece.search(/[:}]/) : -1;
    const name = end === -1 ? undefined : names.get(piece.slice(0, end));
    if (name === undefined) return piece;
    changed = true;
    return name + piece.slice(end);
  });
  return changed ? renamed.join("{") : undefined;
}

/** The first replacement that applies. */
export function firstOf(...replacements: readonly Replace[]): Replace {
  return (token, index) => {
    for (const replace of replacements) {
      const text = replace(token, index);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}
