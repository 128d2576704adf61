import { diffArrays } from "diff";
import { type PositionEncoding, positionAt } from "../base/positions.ts";
import type { Offer, Span } from "../stages.ts";
import type { Range, TextEdit } from "vscode-languageserver";

/** A change to the editor's text. */
export interface Replacement {
  readonly span: Span;
  readonly text: string;
}

/** The editor's text as it will be with the offer in it: exactly the text that was checked. */
export function textWithOffer(offer: Offer): string {
  const { replaced, site } = offer.skeleton;
  const text = site.document.text;
  return text.slice(0, replaced.start) + offer.text + text.slice(replaced.end);
}

/** The smallest changes by lines that lead from one text to the other, in text order, their common ends cut off. */
export function replacements(before: string, after: string): readonly Replacement[] {
  const found: { span: Span; text: string }[] = [];
  let at = 0;
  let open: { span: Span; text: string } | undefined;
  for (const part of diffArrays(linesOf(before), linesOf(after))) {
    const text = part.value.join("");
    if (!part.added && !part.removed) {
      open = undefined;
      at += text.length;
      continue;
    }
    if (open === undefined) {
      open = { span: { start: at, end: at }, text: "" };
      found.push(open);
    }
    if (part.added) open.text += text;
    else {
      at += text.length;
      open.span = { start: open.span.start, end: at };
    }
  }
  return found.map((replacement) => trimmed(before, replacement));
}

export function toTextEdit(before: string, replacement: Replacement, encoding: PositionEncoding): TextEdit {
  return { range: toRange(before, replacement.span, encoding), newText: replacement.text };
}

export function toRange(text: string, span: Span, encoding: PositionEncoding): Range {
  return { start: positionAt(text, span.start, encoding), end: positionAt(text, span.end, encoding) };
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/**
 * The replacement cut at the borders of a line it crosses, so that the line's own part stands alone. The parts
 * above and below keep their numbers of lines; together they do the same.
 */
export function cutAtLine(before: string, replacement: Replacement, line: Span): readonly Replacement[] {
  const { span, text } = replacement;
  if (span.end < line.start || span.start > line.end) return [replacement];
  const above = span.start < line.start ? before.slice(span.start, line.start) : "";
  const below = span.end > line.end ? before.slice(line.end, span.end) : "";
  const head = afterLineBreaks(text, count(above));
  const tail = text.length - afterLineBreaksBackwards(text, count(below));
  if (head > tail) return [replacement];
  const start = Math.max(span.start, line.start);
  const end = Math.min(span.end, line.end);
  return [
    { span: { start: span.start, end: start }, text: text.slice(0, head) },
    { span: { start, end }, text: text.slice(head, tail) },
    { span: { start: end, end: span.end }, text: text.slice(tail) },
  ]
    .filter((part) => part.span.end > part.span.start || part.text !== "")
    .map((part) => trimmed(before, part));
}

function count(lines: string): number {
  return lines.split("\n").length - 1;
}

/** Offset behind the first `number` lines, 0 for none; beyond the text where it has fewer. */
function afterLineBreaks(text: string, number: number): number {
  let at = 0;
  for (let done = 0; done < number; done += 1) {
    const next = text.indexOf("\n", at);
    if (next === -1) return text.length + 1;
    at = next + 1;
  }
  return at;
}

/** Length of the end of the text that begins at the last but `number`th line break; 0 for none. */
function afterLineBreaksBackwards(text: string, number: number): number {
  let at = text.length;
  for (let done = 0; done < number; done += 1) {
    at = text.lastIndexOf("\n", at - 1);
    if (at === -1) return text.length + 1;
  }
  return text.length - (text[at - 1] === "\r" && number > 0 ? at - 1 : at);
}

/** Without what both sides share at their ends; never inside a surrogate pair or a line break. */
function trimmed(before: string, { span, text }: Replacement): Replacement {
  const old = before.slice(span.start, span.end);
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) start += 1;
  while (start > 0 && !isBoundary(old, start)) start -= 1;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  while (end > 0 && !isBoundary(old, old.length - end)) end -= 1;
  return {
    span: { start: span.start + start, end: span.end - end },
    text: text.slice(start, text.length - end),
  };
}

function isBoundary(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  const insidePair = unit >= 0xdc00 && unit <= 0xdfff;
  return !insidePair && !text.startsWith("\r\n", offset - 1);
}
