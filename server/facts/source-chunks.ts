/** A run of whole top-level items. */
export interface SourceChunk {
  readonly text: string;
  /** 1-based line of its first line in the file. */
  readonly firstLine: number;
}

/**
 * Cuts a file behind lines that are just `}` (where formatted code ends a top-level item), so that no single
 * parse holds up the relay. A cut inside a text literal costs the examples beside it and nothing else, since
 * the reader tolerates errors.
 * @param size UTF-16 code units a chunk has at least, the last one excepted.
 */
export function chunksOf(text: string, size: number): SourceChunk[] {
  const chunks: SourceChunk[] = [];
  let start = 0;
  let firstLine = 1;
  while (start < text.length) {
    const end = cutAfter(text, start + size);
    const part = text.slice(start, end);
    chunks.push({ text: part, firstLine });
    firstLine += countLineFeeds(part);
    start = end;
  }
  return chunks;
}

function cutAfter(text: string, from: number): number {
  const brace = text.indexOf("\n}", from);
  if (brace === -1) return text.length;
  const end = text.startsWith("\r\n", brace + 2) ? brace + 4 : brace + 3;
  return text.slice(brace + 2, end).trim() === "" ? end : cutAfter(text, brace + 2);
}

function countLineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
