import type { Replacement } from "./edits.ts";
import { lineEdit } from "./line-edit.ts";

/** What a client makes of an item of several lines; `clients/README.md` says who does what, and how that was seen. */
export type ItemForm =
  /** A snippet lands as it is written: the client takes `insertTextMode: asIs`. */
  | "snippet-as-is"
  /**
   * Later lines of a snippet get the indentation that its line has when the additional edits are made, and tabs in it
   * may become spaces.
   */
  | "snippet-indented-after"
  /** Later lines of a snippet get the indentation that its line had before. */
  | "snippet-indented-before"
  /** No snippets. Plain text lands as it is written. */
  | "plain";

export interface ItemPlace {
  /** UTF-16 offset into the text before. */
  readonly cursor: number;
  readonly form: ItemForm;
  readonly toSnippet: (text: string) => string;
}

export interface ItemEdits {
  /** Within the cursor's line, the cursor in it or at its end. */
  readonly main: Replacement;
  readonly isSnippet: boolean;
  /** None of them overlaps the main one. */
  readonly additional: readonly Replacement[];
}

/**
 * The edits of an item by which a client of this form arrives at exactly the text `after`. undefined where the cursor's
 * line stays as it is, or where there are none.
 */
export function itemEdits(
  before: string,
  after: string,
  { cursor, form, toSnippet }: ItemPlace,
): ItemEdits | undefined {
  const edit = lineEdit(before, after, cursor);
  if (edit === undefined) return undefined;
  const { line, elsewhere } = edit;
  const behind = before.slice(cursor, line.end);
  const isKept = behind.trim() !== "" && edit.text.endsWith(behind);
  if (behind.trim() !== "" && !isKept) return undefined;
  const end = isKept ? cursor : line.end;
  // What is typed and stays is not replaced, so that the item begins where rust-analyzer's do.
  const anchor = cursor - wordBefore(before.slice(line.start, cursor)).length;
  const ahead = before.slice(line.start, anchor);
  const start = line.start + commonStart(ahead, edit.text);
  const text = edit.text.slice(start - line.start, edit.text.length - (isKept ? behind.length : 0));
  const asWritten = { span: { start, end }, text };
  if (form === "snippet-as-is")
    return { main: { ...asWritten, text: toSnippet(text) }, isSnippet: true, additional: elsewhere };
  if (form === "plain") return { main: asWritten, isSnippet: false, additional: elsewhere };
  const isBare = start === anchor && end === cursor;
  // Helix makes the other edits in the text that has the main one already, where all below it has moved.
  const isMoved = text.includes("\n") && elsewhere.some(({ span }) => span.start >= line.end);
  if (form === "snippet-indented-before" && isMoved) return undefined;
  const asPlain = { main: asWritten, isSnippet: false, additional: elsewhere };
  if (form === "snippet-indented-before" && !isBare) return asPlain;
  const indentation = /^[ \t]*/.exec(before.slice(line.start, isKept ? line.end : start))?.[0] ?? "";
  const keepsTabs = form === "snippet-indented-before";
  const { indented, rest } = relativeTo(indentation, text, { goesOn: isKept, keepsTabs });
  if (!keepsTabs && indented.includes("\t")) return undefined;
  if (form === "snippet-indented-before" && rest !== "") return asPlain;
  const next = line.end + (before.startsWith("\r\n", line.end) ? 2 : 1);
  if (rest !== "" && (isKept || next > before.length)) return undefined;
  const removed = [
    { start, end: anchor },
    { start: cursor, end },
  ].filter((span) => span.end > span.start);
  return {
    main: { span: { start: anchor, end: cursor }, text: toSnippet(indented) },
    isSnippet: true,
    additional: [
      ...removed.map((span) => ({ span, text: "" })),
      ...(rest === "" ? [] : [{ span: { start: next, end: next }, text: rest }]),
      ...elsewhere,
    ],
  };
}

/** The identifier, or the part of one, that ends a text. */
export function wordBefore(text: string): string {
  return /[\p{XID_Continue}]*$/u.exec(text)?.[0] ?? "";
}

/**
 * Lines as a client wants them that puts the indentation before each but the first. Such a client fills empty lines
 * up too, cannot take indentation away, and may write tabs as spaces: from the first line on that would suffer, the
 * text is `rest`, whole lines as they are.
 * `goesOn`: the last line is not empty, since what stood behind the cursor stays behind it.
 */
function relativeTo(
  indentation: string,
  text: string,
  { goesOn, keepsTabs }: { readonly goesOn: boolean; readonly keepsTabs: boolean },
): { readonly indented: string; readonly rest: string } {
  const lines = text.split(/(?<=\n)/);
  const isEmpty = (line: string, index: number) =>
    line.trim() === "" && !(goesOn && index === lines.length - 1);
  const suffers = (line: string, index: number) =>
    isEmpty(line, index) ||
    !line.startsWith(indentation) ||
    (!keepsTabs && line.slice(indentation.length).includes("\t"));
  const cut = lines.findIndex((line, index) => index > 0 && suffers(line, index));
  const kept = cut < 0 ? lines : lines.slice(0, cut);
  const indented = kept.map((line, index) => (index === 0 ? line : line.slice(indentation.length))).join("");
  if (cut < 0) return { indented, rest: "" };
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  return { indented: indented.replace(/\r?\n$/, ""), rest: lines.slice(cut).join("") + lineBreak };
}

function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
