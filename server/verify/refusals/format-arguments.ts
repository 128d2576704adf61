import { codeTokens, type Token } from "../../syntax/lex.ts";

export interface FormattedArgument {
  /** The formatting trait: "Display", "Debug", "LowerHex", … */
  readonly trait: string;
  /** The argument as written, or the name in the braces. */
  readonly text: string;
}

/** What a macro with a format string formats, and how: `write!(f, "{} {x:?}", self)`. */
export function formattedArguments(macro: string): readonly FormattedArgument[] {
  const parts = splitArguments(macro);
  const at = parts.findIndex((part) => /^\s*r?#*"[\s\S]*"#*\s*$/.test(part));
  if (at < 0) return [];
  const given = parts.slice(at + 1);
  const named = new Map(
    given.flatMap((part) => {
      const found = /^\s*(\w+)\s*=(?![=>])\s*([\s\S]*)$/.exec(part);
      return found === null ? [] : [[found[1] ?? "", found[2] ?? ""] as const];
    }),
  );
  let next = 0;
  return placeholders(parts[at] ?? "").map(({ name, style }) => {
    const index = name === "" ? next++ : /^\d+$/.test(name) ? Number(name) : undefined;
    const text = index === undefined ? (named.get(name) ?? name) : (given[index] ?? "");
    return { trait: traits[style] ?? "", text };
  });
}

/** The arguments of a macro's brackets as text; the brackets are the outermost ones. */
export function splitArguments(macro: string): readonly string[] {
  const tokens = codeTokens(macro);
  const open = tokens.findIndex(({ kind }) => kind === "open");
  const parts: string[] = [];
  let depth = 0;
  let start: Token | undefined;
  for (const token of tokens.slice(Math.max(open, 0))) {
    const isEnd = (token.kind === "close" && depth === 1) || (token.text === "," && depth === 1);
    if (isEnd && start !== undefined) parts.push(macro.slice(start.end, token.start));
    if (token.kind === "open") depth += 1;
    if (token.kind === "close") depth -= 1;
    if (isEnd || start === undefined) start = token;
  }
  return parts.filter((part) => part.trim() !== "");
}

function placeholders(literal: string): readonly { readonly name: string; readonly style: string }[] {
  return [...literal.replaceAll("{{", "").matchAll(/\{([^}:]*)(?::([^}]*))?\}/g)].map((match) => ({
    name: (match[1] ?? "").trim(),
    style: /(\?|[xXobeEp])?\s*$/.exec(match[2] ?? "")?.[1] ?? "",
  }));
}

const traits: Readonly<Record<string, string>> = {
  ...{ "": "Display", "?": "Debug", x: "LowerHex", X: "UpperHex", o: "Octal", b: "Binary" },
  ...{ e: "LowerExp", E: "UpperExp", p: "Pointer" },
};
