import { diffArrays } from "diff";
import type { Span } from "../../stages.ts";
import { lexRust, type Token } from "../../syntax/lex.ts";

/** Tokens of one text beside the same tokens of another. */
export interface Alignment {
  readonly pairs: readonly { readonly before: Token; readonly after: Token }[];
}

/** What rustfmt takes out or puts in: commas, semicolons, and braces or brackets around one expression. */
const layoutTokens = new Set([",", ";", "{", "}", "(", ")"]);

/** Undefined where the texts differ in more than layout: then they may differ in meaning. */
export function alignTexts(before: string, after: string): Alignment | undefined {
  const [old, now] = [lexRust(before), lexRust(after)];
  if (old === undefined || now === undefined) return undefined;
  const pairs: { before: Token; after: Token }[] = [];
  let [i, j] = [0, 0];
  for (const { value, added, removed } of diffArrays(old.map(wordOf), now.map(wordOf))) {
    if ((added || removed) && !value.every((word) => layoutTokens.has(word))) return undefined;
    for (let count = value.length; count > 0; count -= 1) {
      const [one, other] = [old[i], now[j]];
      if (!added && !removed && one !== undefined && other !== undefined)
        pairs.push({ before: one, after: other });
      if (!added) i += 1;
      if (!removed) j += 1;
    }
  }
  return { pairs };
}

/** Where the tokens of a span are now; undefined where none of them is left. */
export function alignedSpan({ pairs }: Alignment, span: Span): Span | undefined {
  const inside = pairs.filter(({ before }) => before.start >= span.start && before.end <= span.end);
  const [first, last] = [inside[0], inside.at(-1)];
  return first === undefined || last === undefined
    ? undefined
    : { start: first.after.start, end: last.after.end };
}

/** Lines of a block comment may be indented anew. */
function wordOf({ kind, text }: Token): string {
  return kind.endsWith("comment") ? text.replace(/\s+/g, " ") : text;
}
