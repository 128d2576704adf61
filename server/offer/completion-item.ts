import type { CompletionItem, Position } from "vscode-languageserver";
import { offsetAt, type PositionEncoding } from "../base/positions.ts";
import type { Offer, Span } from "../stages.ts";
import { editorText } from "../syntax/splice.ts";
import { cutAtLine, type Replacement, replacements, textWithOffer, toRange, toTextEdit } from "./edits.ts";
import { labelOf, markdownOf } from "./evidence.ts";

export interface ItemOptions {
  readonly encoding: PositionEncoding;
  readonly position: Position;
  /** Without snippets no client inserts several lines safely (reference/editors.md §2): then there is no item. */
  readonly snippets: boolean;
}

/**
 * The offer as a completion item: a snippet on the cursor's line, everything else as additional edits.
 * undefined where the offer does not touch that line: the code action carries it then.
 */
export function completionItemOf(offer: Offer, options: ItemOptions): CompletionItem | undefined {
  if (!options.snippets) return undefined;
  const before = editorText(offer.skeleton.site);
  const cursor = offsetAt(before, options.position, options.encoding);
  const line = lineSpan(before, cursor);
  const parts = replacements(before, textWithOffer(offer)).flatMap((part) => cutAtLine(before, part, line));
  const main = parts.find((part) => part.span.start >= line.start && part.span.end <= line.end);
  if (main === undefined) return undefined;
  const upTo = upToCursor(before, main, line, cursor);
  if (upTo === undefined) return undefined;
  const fromCursorLine = fromWordStart(before, upTo, cursor);
  const prefix = before.slice(fromCursorLine.span.start, cursor).trim();
  const label = labelOf(offer);
  return {
    label,
    kind: 2,
    detail: `${offer.check.errors.length === 0 ? "verified" : "adds no error"}: ${offer.check.command}`,
    documentation: { kind: "markdown", value: markdownOf(offer) },
    // rust-analyzer's sort texts are eight hexadecimal digits; "!" sorts before all of them.
    sortText: "!",
    filterText: prefix === "" ? label : `${prefix} ${label}`,
    insertTextFormat: 2,
    textEdit: {
      range: toRange(before, fromCursorLine.span, options.encoding),
      newText: snippetOf(fromCursorLine.text, indentationOf(before, line)),
    },
    additionalTextEdits: parts
      .filter((part) => part !== main)
      .map((part) => toTextEdit(before, part, options.encoding)),
    data: { armature: { site: offer.skeleton.site.label } },
  };
}

/** The main edit must end at the cursor and start at or before the word it replaces. */
function upToCursor(before: string, main: Replacement, line: Span, cursor: number): Replacement | undefined {
  if (main.span.end > cursor) {
    // White space behind the cursor is not worth an edit of its own.
    if (before.slice(cursor, main.span.end).trim() !== "") return undefined;
    return { span: { start: Math.min(main.span.start, cursor), end: cursor }, text: main.text };
  }
  const between = before.slice(main.span.end, cursor);
  if (between.trim() !== "" || main.span.start < line.start) return undefined;
  return { span: { start: main.span.start, end: cursor }, text: main.text + between };
}

/** Clients filter by the text from the edit's start to the cursor: it must be the whole word typed so far. */
function fromWordStart(before: string, { span, text }: Replacement, cursor: number): Replacement {
  const word = /[\p{XID_Continue}:]*$/u.exec(before.slice(0, cursor))?.[0] ?? "";
  const start = Math.min(span.start, cursor - word.length);
  return { span: { start, end: span.end }, text: before.slice(start, span.start) + text };
}

/** Indentation of later lines is relative to the line the snippet lands on; open holes are tab stops. */
export function snippetOf(text: string, indentation: string): string {
  const relative = text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line, index) => (index > 0 && line.startsWith(indentation) ? line.slice(indentation.length) : line))
    .join("\n");
  let stops = 0;
  const escaped = relative
    .replace(/[\\$}]/g, "\\$&")
    .replaceAll("todo!()", () => `\${${(stops += 1)}:todo!()}`);
  return stops === 0 ? `${escaped}$0` : escaped;
}

function indentationOf(text: string, line: Span): string {
  return /^[ \t]*/.exec(text.slice(line.start, line.end))?.[0] ?? "";
}

function lineSpan(text: string, offset: number): Span {
  const end = text.indexOf("\n", offset);
  return { start: text.lastIndexOf("\n", offset - 1) + 1, end: end === -1 ? text.length : end };
}
