import type { Hole } from "../../stages.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { readCode } from "../../syntax/tokens.ts";

/**
 * The names a body really uses for the binders of its arm, by their position: what the model gave where that
 * is a name, else the field's own name. A name that is none (or would close the pattern) is ignored.
 */
export function namesUsed(
  syntax: RustSyntax,
  body: string,
  binders: readonly Hole[],
  given: readonly string[],
): ReadonlyMap<number, string> {
  const used = identifiersOf(syntax, body);
  const names = new Map<number, string>();
  for (const [position, binder] of binders.entries()) {
    const name = [given[position], binder.field, binder.suggestion].find(
      (candidate) => candidate !== undefined && isName(candidate) && used.has(candidate),
    );
    const isTaken = [...names.values()].some((other) => other === name);
    if (name !== undefined && !isTaken) names.set(position, name);
  }
  return names;
}

function identifiersOf(syntax: RustSyntax, body: string): ReadonlySet<string> {
  const tokens = readCode(syntax, body, "expression")?.tokens;
  // Code that does not parse will be refused; its words do for the message.
  if (tokens === undefined) return new Set(body.match(/\w+/g));
  return new Set(
    tokens.flatMap((token) => {
      if (token.role === "variable" || token.role === "shorthand") return [token.text];
      const isFormat = token.role === "text" && token.inMacro;
      return isFormat ? [...token.text.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? "") : [];
    }),
  );
}

function isName(text: string): boolean {
  return /^(?:[a-z]\w*|_\w+)$/.test(text) && !keywords.has(text);
}

const keywords: ReadonlySet<string> = new Set(
  (
    "as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod " +
    "move mut pub ref return self static struct super trait true type unsafe use where while"
  ).split(" "),
);
