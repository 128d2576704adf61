import { diffArrays } from "diff";
import type { Span } from "../stages.ts";
import { linesOf, type Replacement, trimmed } from "./edits.ts";

export interface LineEdit {
  /** The line in the text before, without its line break. */
  readonly line: Span;
  /** What stands in its place afterwards: one or more lines with all their indentation, no line break behind. */
  readonly text: string;
  /** What else changes, above and below it; none of it touches the line. */
  readonly elsewhere: readonly Replacement[];
}

/**
 * The difference of two texts as an edit of the line that holds `offset`, and of others. undefined where that line
 * goes, or stays as it is.
 */
export function lineEdit(before: string, after: string, offset: number): LineEdit | undefined {
  const lines = linesOf(before);
  const index = before.slice(0, offset).split("\n").length - 1;
  const own = lines[index] ?? "";
  const startOf = (line: number) => lines.slice(0, line).join("").length;
  // Like no other line, so that what comes into its place is found there and not beside it.
  const marked = lines.map((line, at) => (at === index ? `\0${line}` : line));
  const elsewhere: Replacement[] = [];
  let text: string | undefined;
  for (const { at, removed, added } of changesOf(marked, linesOf(after))) {
    const above = index - at;
    const below = at + removed - index - 1;
    if (above < 0 || below < 0) {
      elsewhere.push({ span: { start: startOf(at), end: startOf(at + removed) }, text: added.join("") });
      continue;
    }
    const end = added.length - below;
    if (end <= above) return undefined;
    text = withoutBreak(added.slice(above, end).join(""));
    elsewhere.push(
      { span: { start: startOf(at), end: startOf(index) }, text: added.slice(0, above).join("") },
      { span: { start: startOf(index + 1), end: startOf(at + removed) }, text: added.slice(end).join("") },
    );
  }
  if (text === undefined || text === withoutBreak(own)) return undefined;
  const start = startOf(index);
  const changed = elsewhere.filter((part) => before.slice(part.span.start, part.span.end) !== part.text);
  return {
    line: { start, end: start + withoutBreak(own).length },
    text,
    elsewhere: changed.map((part) => trimmed(before, part)),
  };
}

interface Change {
  /** Line number in the first text. */
  readonly at: number;
  readonly removed: number;
  readonly added: readonly string[];
}

function changesOf(before: readonly string[], after: readonly string[]): readonly Change[] {
  const changes: { at: number; removed: number; added: string[] }[] = [];
  let at = 0;
  let isOpen = false;
  for (const part of diffArrays([...before], [...after])) {
    const isChange = part.added || part.removed;
    if (isChange && !isOpen) changes.push({ at, removed: 0, added: [] });
    isOpen = isChange;
    const open = changes.at(-1);
    if (part.added) open?.added.push(...part.value);
    else at += part.value.length;
    if (part.removed && open !== undefined) open.removed += part.value.length;
  }
  return changes;
}

function withoutBreak(line: string): string {
  return line.replace(/\r?\n$/, "");
}
