import type { RustSyntax } from "./parse.ts";

/** What stands between the braces of a block, its own indentation taken off; any other text as it is. */
export function blockContents(syntax: RustSyntax, text: string): string {
  const trimmed = text.trim();
  const prefix = "fn f() ";
  const isBlock = syntax.read(`${prefix}${trimmed}`, (root) => {
    const item = root.firstNamedChild;
    const body = item?.childForFieldName("body");
    return root.namedChildCount === 1 && !root.hasError && body?.endIndex === prefix.length + trimmed.length;
  });
  if (!trimmed.startsWith("{") || !isBlock) return text;
  return withoutCommonIndentation(trimmed.slice(1, -1));
}

/** The first line counts only where something stands on it. */
export function withoutCommonIndentation(text: string): string {
  const lines = text
    .replace(/^[ \t]*\r?\n/, "")
    .trimEnd()
    .split("\n");
  const widths = lines
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const common = widths.length === 0 ? 0 : Math.min(...widths);
  return lines
    .map((line) => line.slice(Math.min(common, line.length)))
    .join("\n")
    .trim();
}
