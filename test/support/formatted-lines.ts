import { diffLines } from "diff";

/**
 * The new lines of a text that rustfmt would write otherwise. What stood there before is its author's: a comment
 * behind a brace stays where it is, though rustfmt would move it once the list is not empty.
 */
export function linesToFormat(original: string, text: string, formatted: string): readonly string[] {
  const isNew = changedLines(original, text);
  const isOther = changedLines(formatted, text);
  return text.split("\n").filter((_, index) => isNew.has(index) && isOther.has(index));
}

/** Indices of the lines of `after` that `before` does not have at that place. */
function changedLines(before: string, after: string): ReadonlySet<number> {
  const changed = new Set<number>();
  let index = 0;
  for (const { added, removed, value } of diffLines(before, after)) {
    if (removed) continue;
    const count = value.split("\n").length - (value.endsWith("\n") ? 1 : 0);
    if (added) for (let line = index; line < index + count; line += 1) changed.add(line);
    index += count;
  }
  return changed;
}
