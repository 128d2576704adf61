import type { Skeleton } from "../../stages.ts";
import type { AskedHole } from "./asked-holes.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { redactSecrets } from "./redact.ts";

/** Characters of the document before and after the skeleton: the rest of a function of usual length. */
const before = 2_400;
const after = 600;

/**
 * The skeleton as it stands in its document, each asked hole followed by its id as a comment, secrets taken
 * out. Where that is more than `tokens`, lines far from every hole are left out and said so.
 */
export function markedCode(skeleton: Skeleton, asked: readonly AskedHole[], tokens: number): string {
  const { text } = skeleton.site.document;
  const { start, end } = skeleton.replaced;
  // Redacted with more text around it than is quoted: half a secret is in no form that redaction knows.
  const lead = redactSecrets(text.slice(Math.max(0, start - 4 * before), start));
  const tail = redactSecrets(text.slice(end, end + 4 * after));
  const code = lastLines(lead, before) + redactSecrets(withIds(skeleton, asked)) + firstLines(tail, after);
  for (const distance of [Infinity, 24, 8, 2, 0]) {
    const near = linesNearHoles(code, distance);
    if (estimateTokens(near) <= tokens) return near;
  }
  // Only lines of unusual length are left then.
  return `${linesNearHoles(code, 0).slice(0, tokens * 2)}\n// … cut …`;
}

function lastLines(text: string, characters: number): string {
  return text.length <= characters ? text : text.slice(text.indexOf("\n", text.length - characters) + 1);
}

function firstLines(text: string, characters: number): string {
  return text.length <= characters ? text : text.slice(0, Math.max(0, text.lastIndexOf("\n", characters)));
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
