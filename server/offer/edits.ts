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

export function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** Without what both sides share at their ends; never inside a surrogate pair or a line break. */
export function trimmed(before: string, { span, text }: Replacement): Replacement {
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
