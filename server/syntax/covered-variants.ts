import { plainName } from "./names.ts";
import type { RustSyntax } from "./parse.ts";
import { readPatterns } from "./patterns.ts";

/**
 * The variants (last segments, without `r#`) that these arms' patterns match whatever is in them; guards come with the text
 * (`Some(x) if x > 1`) and cover nothing.
 */
export function coveredVariants(syntax: RustSyntax, patterns: readonly string[]): ReadonlySet<string> {
  return new Set(patterns.flatMap((pattern) => coveredBy(syntax, pattern)));
}

function coveredBy(syntax: RustSyntax, text: string): readonly string[] {
  return syntax.read(`fn f(){match x{${text}=>{}}}`, (root) => {
    const pattern = root.hasError ? undefined : root.descendantsOfType("match_pattern")[0];
    if (pattern === undefined || pattern.childForFieldName("condition") !== null) return [];
    return readPatterns(pattern)
      .filter(({ isPath, isFlat }) => isPath && isFlat)
      .map(({ variant }) => plainName(variant));
  });
}
