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
  return /^[ \t]*/.exec(text.slice(lineStartAt(text, offset)))?.[0] ?? "";
}

/** Offset of the start of the line that holds the offset. */
export function lineStartAt(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Nothing but white space stands before the offset on its line. */
export function startsItsLine(text: string, offset: number): boolean {
  return text.slice(lineStartAt(text, offset), offset).trim() === "";
}

/**
 * A piece of a text that rust-analyzer wrote (four columns a level), for another place of a document with this layout.
 * @param indentation In front of its first line.
 */
export function relocate(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  indentation: string,
  layout: Layout,
): string {
  const [first = "", ...rest] = text.slice(start, end).split(/\r?\n/);
  const base = columnsOf(indentationAt(text, startsItsLine(text, start) ? start : end));
  const lines = rest.map((line) =>
    line.trim() === "" ? "" : indentation + levels(columnsOf(line) - base, layout) + line.trimStart(),
  );
  return [indentation + first, ...lines].join(layout.lineBreak);
}

function columnsOf(line: string): number {
  return (/^[ \t]*/.exec(line)?.[0] ?? "").replaceAll("\t", "    ").length;
}

function levels(columns: number, { unit }: Layout): string {
  const most = Math.max(0, columns);
  return unit.repeat(Math.floor(most / 4)) + " ".repeat(most % 4);
}

/** A text as part of a sentence, cut to a length. */
export function oneLine(text: string, limit: number): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
