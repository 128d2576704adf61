import type { Span } from "../stages.ts";

export interface HealedText {
  readonly text: string;
  /** The part of the given text that was replaced, empty where nothing was. */
  readonly healed: Span;
  readonly healedText: string;
  /** The cursor, as an offset into {@link text}. */
  readonly offset: number;
}

/** What the header of an impl gets that has no braces yet. */
export const emptyList = " {}";

/**
 * The texts to try for a document with half-typed code at the cursor, best first, the text as it is last. rust-analyzer's
 * skeletons do not parse around a half-typed arm (reference/rust-analyzer.md), so it is taken out, or closed.
 */
export function healings(text: string, offset: number): readonly HealedText[] {
  const line = lineAround(text, offset);
  const written = text.slice(line.start, line.end);
  const blank = written.length - written.trimStart().length;
  const content = { start: line.start + blank, end: line.start + written.trimEnd().length };
  const asItIs: HealedText = { text, healed: { start: offset, end: offset }, healedText: "", offset };
  // The indentation goes too: editors put it there and take it away again without anybody typing.
  const whole = replaced(text, line, "", line.start);
  if (content.end <= content.start) return [whole, asItIs];
  const word = text.slice(content.start, content.end);
  // `Shape::Ci`, `fn fm`: nothing that has a meaning yet.
  if (/^(fn\s+|type\s+|const\s+)?[\p{XID_Start}_][\p{XID_Continue}:]*$/u.test(word)) {
    return [whole, asItIs];
  }
  if (word.endsWith("=>")) {
    const end = { start: content.end, end: content.end };
    return [replaced(text, end, " todo!(),", offset), asItIs];
  }
  const isHeader = /^(unsafe\s+)?impl\b[^{};]*\sfor\s[^{};]*$/.test(word) && !word.includes("//");
  if (isHeader && !/^\s*(\{|where\b)/.test(text.slice(content.end))) {
    const end = { start: content.end, end: content.end };
    return [replaced(text, end, emptyList, offset), asItIs];
  }
  return [asItIs];
}

function replaced(text: string, healed: Span, healedText: string, offset: number): HealedText {
  return {
    text: text.slice(0, healed.start) + healedText + text.slice(healed.end),
    healed,
    healedText,
    offset,
  };
}

/** The line that holds the offset, without its line break. */
export function lineAround(text: string, offset: number): Span {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const lineBreak = text.indexOf("\n", offset);
  const end = lineBreak === -1 ? text.length : lineBreak;
  return { start, end: text[end - 1] === "\r" && end > start ? end - 1 : end };
}
