/** How a document is laid out where new text goes. */
export interface Layout {
  readonly lineBreak: "\n" | "\r\n";
  /** One level of indentation. */
  readonly unit: string;
}

export function layoutOf(text: string): Layout {
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const indented = /^(\t+| +)\S/m.exec(text)?.[1];
  if (indented === undefined) return { lineBreak, unit: "    " };
  if (indented.startsWith("\t")) return { lineBreak, unit: "\t" };
  return { lineBreak, unit: indented.length === 2 ? "  " : "    " };
}

/** White space at the start of the line that holds the offset. */
export function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}

/** Text that rust-analyzer wrote (spaces by fours, `\n`) at another place of a document with this layout. */
export function relocate(text: string, indentation: string, layout: Layout): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const written = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const common = Math.min(...written);
  return lines
    .map((line) => (line.trim() === "" ? "" : indentation + unitsFor(line.slice(common), layout)))
    .join(layout.lineBreak);
}

function unitsFor(line: string, layout: Layout): string {
  const spaces = /^ */.exec(line)?.[0].length ?? 0;
  return layout.unit.repeat(Math.floor(spaces / 4)) + " ".repeat(spaces % 4) + line.slice(spaces);
}
