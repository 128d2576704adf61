import type { Code } from "../../syntax/tokens.ts";
import type { Replace } from "./rewrite.ts";

/** Names of locals that mean the same in two bodies although they are called differently. */
export type Neutral = ReadonlyMap<string, string>;
const noNames: Neutral = new Map();

export interface NeutralNames {
  readonly there: Neutral;
  readonly here: Neutral;
  readonly other: Neutral;
}

/**
 * What turns the body `there` into the body `here` (one variant in two matches, one method in two impls), to be
 * applied to another body beside `there`. Equal bodies give the replacement that changes nothing; `undefined`
 * where the difference does not occur in the other body.
 * @param names Stand-ins (`$0`) for the binders of each body.
 */
export function learnDifference(
  there: Code,
  here: Code,
  other: Code,
  names: NeutralNames = { there: noNames, here: noNames, other: noNames },
): Replace | undefined {
  const from = neutralWords(there, names.there);
  const to = neutralWords(here, names.here);
  const words = neutralWords(other, names.other);
  if (from.join(" ") === to.join(" ")) return () => undefined;
  return wordByWord(from, to, words) ?? oneRun({ from, to, words }, here);
}

function neutralWords(code: Code, names: Neutral): string[] {
  return code.tokens.map((token) =>
    token.role === "variable" ? (names.get(token.text) ?? token.text) : token.text,
  );
}

/** Bodies of one shape: each differing word stands for another. */
function wordByWord(
  from: readonly string[],
  to: readonly string[],
  words: readonly string[],
): Replace | undefined {
  if (from.length !== to.length) return undefined;
  const mapping = new Map<string, string>();
  for (const [index, word] of from.entries()) {
    const target = to[index] ?? "";
    if ((mapping.get(word) ?? target) !== target) return undefined;
    mapping.set(word, target);
  }
  const changes = (word: string) => {
    const target = mapping.get(word);
    return target === undefined || target === word || target.startsWith("$") ? undefined : target;
  };
  if (!words.some((word) => changes(word) !== undefined)) return undefined;
  return (_token, index) => changes(words[index] ?? "");
}

/** A longer run is another body rather than a difference. */
const longestRun = 6;

interface Bodies {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly words: readonly string[];
}

/** Bodies that differ in one run of words, which the other body has exactly once. */
function oneRun({ from, to, words }: Bodies, here: Code): Replace | undefined {
  let start = 0;
  while (start < Math.min(from.length, to.length) && from[start] === to[start]) start += 1;
  let tail = 0;
  const longest = Math.min(from.length, to.length) - start;
  while (tail < longest && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail += 1;
  const removed = from.slice(start, from.length - tail);
  const inserted = to.slice(start, to.length - tail);
  if (removed.length === 0 || inserted.some((word) => word.startsWith("$"))) return undefined;
  if (Math.max(removed.length, inserted.length) > longestRun) return undefined;
  const at = onlyPosition(words, removed);
  if (at === undefined) return undefined;
  const [first, last] = [here.tokens[start], here.tokens[start + inserted.length - 1]];
  const text = inserted.length === 0 ? "" : here.text.slice(first?.start, last?.end);
  return (_token, index) => {
    if (index === at) return text;
    return index > at && index < at + removed.length ? "" : undefined;
  };
}

function onlyPosition(words: readonly string[], run: readonly string[]): number | undefined {
  const positions = words.flatMap((_, start) =>
    run.every((word, offset) => words[start + offset] === word) ? [start] : [],
  );
  return positions.length === 1 ? positions[0] : undefined;
}
