import type { Skeleton } from "../../stages.ts";
import type { AskedHole } from "./asked-holes.ts";
import { estimateTokens } from "./estimate-tokens.ts";

/** Characters of the document before and after the skeleton: the rest of a function of usual length. */
const before = 2_400;
const after = 600;

/**
 * The skeleton as it stands in its document, each asked hole followed by its id as a comment. Where that is
 * more than `tokens`, lines far from every hole are left out and said so.
 */
export function markedCode(skeleton: Skeleton, asked: readonly AskedHole[], tokens: number): string {
  const { text } = skeleton.site.document;
  const { start, end } = skeleton.replaced;
  const lead = wholeLines(text.slice(Math.max(0, start - before), start), start > before);
  const tail = text.slice(end, end + after);
  const tailEnd = end + after < text.length ? Math.max(0, tail.lastIndexOf("\n")) : tail.length;
  const code = `${lead}${withIds(skeleton, asked)}${tail.slice(0, tailEnd)}`;
  for (const distance of [Infinity, 24, 8, 2, 0]) {
    const near = linesNearHoles(code, distance);
    if (estimateTokens(near) <= tokens || distance === 0) return near;
  }
  return code;
}

/** A first line that was cut in the middle goes. */
function wholeLines(text: string, isCut: boolean): string {
  return isCut ? text.slice(text.indexOf("\n") + 1) : text;
}

function withIds(skeleton: Skeleton, asked: readonly AskedHole[]): string {
  const holes = asked.flatMap(({ hole, binders }) => [...binders, hole]);
  return holes
    .toSorted((a, b) => b.span.end - a.span.end)
    .reduce((text, { id, span }) => {
      return `${text.slice(0, span.end)} ${mark(id)}${text.slice(span.end)}`;
    }, skeleton.text);
}

function mark(id: string): string {
  return `/* ${id} */`;
}

function linesNearHoles(code: string, distance: number): string {
  const lines = code.split("\n");
  const marked = lines.flatMap((line, index) => (/\/\* h\d+ \*\//.test(line) ? [index] : []));
  const isNear = (index: number) => marked.some((other) => Math.abs(other - index) <= distance);
  return lines
    .map((line, index) => (isNear(index) ? line : undefined))
    .map(
      (line, index, all) =>
        line ?? (index > 0 && all[index - 1] === undefined ? undefined : "// … left out …"),
    )
    .filter((line) => line !== undefined)
    .join("\n");
}
