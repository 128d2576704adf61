import { z } from "zod";
import { parseTolerantly } from "./tolerant-json.ts";

export interface HoleAnswer {
  /** As the model wrote it, wrappings included. */
  readonly body: string;
  readonly binders: readonly string[];
}

/**
 * What a model said for each hole, keyed by whatever it used as a hole id; undefined where the text holds no
 * answer at all. Reads the object alone, in a fence or within prose, and code fences under the id of a hole.
 */
export function readAnswer(
  text: string,
  holeIds: readonly string[],
): ReadonlyMap<string, HoleAnswer> | undefined {
  // Reasoning models that leave their thoughts in the answer draft objects there, too.
  const spoken = text.replace(/^[\s\S]*<\/think>/, "").trim();
  for (const candidate of jsonCandidates(spoken)) {
    const answers = readObject(parseTolerantly(candidate), holeIds);
    if (answers !== undefined) return answers;
  }
  return readFences(spoken, holeIds);
}

/** The whole, then each fence, then from the first brace to the last. */
function jsonCandidates(text: string): readonly string[] {
  const fences = [...text.matchAll(/```\w*\s*\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const braces = text.slice(Math.max(0, text.indexOf("{")), text.lastIndexOf("}") + 1);
  return [text, ...fences, braces].filter((candidate) => candidate.trim().startsWith("{"));
}

const objectSchema = z.record(z.string(), z.unknown());
const entrySchema = z.union([
  z.string().transform((body) => ({ body, binders: [] })),
  z.looseObject({
    body: z.string().nullish(),
    binders: z.array(z.string()).catch([]).default([]),
  }),
]);

function readObject(value: unknown, holeIds: readonly string[]): ReadonlyMap<string, HoleAnswer> | undefined {
  const outer = objectSchema.safeParse(value);
  if (!outer.success) return undefined;
  const holds = (object: Record<string, unknown>) => holeIds.some((id) => Object.hasOwn(object, id));
  // Some models wrap the object once more: {"holes": {…}}.
  const wrapped = Object.values(outer.data)
    .map((inner) => objectSchema.safeParse(inner).data)
    .find((inner) => inner !== undefined && holds(inner));
  const object = holds(outer.data) ? outer.data : wrapped;
  if (object === undefined) return undefined;
  const answers = new Map<string, HoleAnswer>();
  for (const [id, entry] of Object.entries(object)) {
    const { data } = entrySchema.safeParse(entry);
    if (data?.body) answers.set(id, { body: data.body, binders: data.binders });
  }
  return answers;
}

/** A line that names a hole and, before the next such line, a code fence. One fence and one hole need no name. */
function readFences(text: string, holeIds: readonly string[]): ReadonlyMap<string, HoleAnswer> | undefined {
  const fence = /```\w*[^\S\n]*\n([\s\S]*?)```/g;
  const answers = new Map<string, HoleAnswer>();
  let read = 0;
  const fences = [...text.matchAll(fence)];
  for (const match of fences) {
    const lead = text.slice(read, match.index);
    read = match.index + match[0].length;
    const id = holeIds.find((candidate) => new RegExp(`\\b${candidate}\\b(?!\\.)`).test(lead));
    if (id !== undefined && !answers.has(id)) answers.set(id, { body: match[1] ?? "", binders: [] });
  }
  const [only] = holeIds;
  if (answers.size === 0 && fences.length === 1 && holeIds.length === 1 && only !== undefined) {
    answers.set(only, { body: fences[0]?.[1] ?? "", binders: [] });
  }
  return answers.size === 0 ? undefined : answers;
}
