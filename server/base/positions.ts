/** The unit of `Position.character`, as rust-analyzer negotiated it with the editor (LSP 3.17, PositionEncodingKind). */
export type PositionEncoding = "utf-8" | "utf-16" | "utf-32";

export interface Position {
  /** 0-based. */
  readonly line: number;
  /** 0-based, in the units of the encoding. */
  readonly character: number;
}

/**
 * Offset (UTF-16 code units) of a position. Lines end with `\n`, `\r\n` or `\r` as the LSP says; a character
 * beyond the end of its line means the end of the line, a line beyond the last means the end of the text.
 */
export function offsetAt(text: string, position: Position, encoding: PositionEncoding): number {
  const start = lineStart(text, position.line);
  if (start === undefined) return text.length;
  const end = lineEnd(text, start);
  if (encoding === "utf-16") return Math.min(start + position.character, end);
  let offset = start;
  let units = 0;
  while (offset < end && units < position.character) {
    const codePoint = text.codePointAt(offset) ?? 0;
    units += encoding === "utf-32" ? 1 : utf8Length(codePoint);
    offset += codePoint > 0xffff ? 2 : 1;
  }
  return offset;
}

/** Position of an offset (UTF-16 code units). */
export function positionAt(text: string, offset: number, encoding: PositionEncoding): Position {
  const bounded = Math.min(Math.max(offset, 0), text.length);
  let line = 0;
  let start = 0;
  for (;;) {
    const end = lineEnd(text, start);
    const next = afterLineBreak(text, end);
    if (next === undefined || next > bounded) {
      const upTo = Math.min(bounded, end);
      return { line, character: countUnits(text, start, upTo, encoding) };
    }
    line += 1;
    start = next;
  }
}

/** UTF-8 bytes before an offset: what rustc calls `byte_start`. */
export function byteOffsetAt(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset), "utf8");
}

/** The offset (UTF-16 code units) of a UTF-8 byte offset. */
export function offsetAtByte(text: string, byteOffset: number): number {
  return Buffer.from(text, "utf8").subarray(0, byteOffset).toString("utf8").length;
}

function countUnits(text: string, start: number, end: number, encoding: PositionEncoding): number {
  if (encoding === "utf-16") return end - start;
  const part = text.slice(start, end);
  return encoding === "utf-8" ? Buffer.byteLength(part, "utf8") : [...part].length;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function lineStart(text: string, line: number): number | undefined {
  let start = 0;
  for (let current = 0; current < line; current += 1) {
    const next = afterLineBreak(text, lineEnd(text, start));
    if (next === undefined) return undefined;
    start = next;
  }
  return start;
}

/** Offset of the line break that ends the line, or the end of the text. */
function lineEnd(text: string, start: number): number {
  const lineFeed = text.indexOf("\n", start);
  const end = lineFeed === -1 ? text.length : lineFeed;
  // Looked for in the line only: indexOf on a document without any would read it to its end for each line.
  const carriageReturn = text.slice(start, end).indexOf("\r");
  return carriageReturn === -1 ? end : start + carriageReturn;
}

function afterLineBreak(text: string, end: number): number | undefined {
  if (end >= text.length) return undefined;
  return text.startsWith("\r\n", end) ? end + 2 : end + 1;
}
