/**
 * The text as an LSP snippet: every open hole is a tab stop, and the cursor ends behind it where there is none.
 *
 * @param openTypes Names of associated types that are the user's to write: they stand as `()`.
 */
export function snippetOf(text: string, openTypes: readonly string[] = []): string {
  const open = openTypes.map((name) => String.raw`(?<=\btype\s+${name}\b[^=;]*=\s*)\(\)`);
  const holes = new RegExp([String.raw`todo!\(\)`, ...open].join("|"), "g");
  let stops = 0;
  const escaped = text
    .replaceAll("\r\n", "\n")
    .replace(/[\\$}]/g, "\\$&")
    .replace(holes, (hole) => `\${${(stops += 1)}:${hole}}`);
  return stops === 0 ? `${escaped}$0` : escaped;
}
