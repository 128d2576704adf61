import type { Log } from "../../base/log.ts";
import type { Draft, Filling, Skeleton } from "../../stages.ts";
import { blockContents } from "../../syntax/block-contents.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { readCode } from "../../syntax/tokens.ts";
import { bindersFor } from "../binders.ts";
import type { AskedHole } from "./asked-holes.ts";
import { namesUsed, withRawNames } from "./binder-names.ts";
import { type HoleAnswer, readAnswer } from "./read-answer.ts";
import { redacted } from "./redact.ts";
import type { Answer } from "./reply.ts";
import { trimBody } from "./trim.ts";

export interface DraftSources {
  readonly syntax: RustSyntax;
  readonly skeleton: Skeleton;
  readonly asked: readonly AskedHole[];
  readonly model: string;
  /** Drafts that failed before: giving them again is no answer. */
  readonly failed: readonly Draft[];
  readonly log: Log;
}

export interface ReadDrafts {
  /** Best first, no two alike. */
  readonly drafts: readonly Draft[];
  /** Answers that could not be read at all. */
  readonly unreadable: number;
}

interface Candidate {
  readonly fillings: Map<string, Filling>;
  /** Bodies that have the form their hole wants. */
  readonly fitting: number;
  readonly votes: number;
}

/**
 * Drafts from a model's answers. Drafts that say the same count as one, with a vote each. First come those
 * with the most bodies in good form, then those that were given most often.
 */
export function readDrafts(answers: readonly Answer[], sources: DraftSources): ReadDrafts {
  const { syntax, asked } = sources;
  const holeIds = asked.map(({ hole }) => hole.id);
  const failed = new Set(sources.failed.map((draft) => sameness(draft, syntax)));
  const candidates = new Map<string, Candidate>();
  let unreadable = 0;
  for (const { text } of answers) {
    const read = readAnswer(text, holeIds);
    if (read === undefined) {
      unreadable += 1;
      continue;
    }
    const candidate = toCandidate(read, sources);
    if (candidate.fillings.size === 0) continue;
    const key = sameness(candidate, syntax);
    if (failed.has(key)) continue;
    const before = candidates.get(key);
    candidates.set(key, before === undefined ? candidate : { ...before, votes: before.votes + 1 });
  }
  const drafts = [...candidates.values()]
    .sort((a, b) => b.fitting - a.fitting || b.votes - a.votes)
    .map(({ fillings }, rank) => ({ rank, fillings }));
  return { drafts, unreadable };
}

/** Beyond this it is no body but a flood. */
const bodyCharacters = 20_000;

function toCandidate(read: ReadonlyMap<string, HoleAnswer>, sources: DraftSources): Candidate {
  const { asked, log } = sources;
  const isUnknown = (id: string) => !asked.some(({ hole }) => hole.id === id);
  const unknown = [...read.keys()].filter(isUnknown).length;
  if (unknown > 0) log.info(`model: ${unknown} bodies for unknown holes were dropped`);
  const fillings = new Map<string, Filling>();
  let fitting = 0;
  for (const { hole, binders } of asked) {
    const answer = read.get(hole.id);
    if (answer === undefined) continue;
    if (answer.body.includes(redacted) || answer.body.length > bodyCharacters) {
      log.info(`model: the body of ${hole.id} was dropped: it repeats a redaction or is too long`);
      continue;
    }
    const body = withRawNames(sources.syntax, answer.body, binders);
    const trimmed = trimBody(sources.syntax, hole, sources.skeleton.site.kind === "impl", body);
    if (trimmed.text === "") continue;
    if (trimmed.fits) fitting += 1;
    const given = trimmed.binders.length > 0 ? trimmed.binders : answer.binders;
    const names = namesUsed(sources.syntax, trimmed.text, binders, given);
    fillings.set(hole.id, {
      text: trimmed.text,
      author: { by: "model", model: sources.model },
      ...(binders.length === 0 ? {} : { binders: bindersFor(sources.skeleton, hole, names) }),
    });
  }
  return { fillings, fitting, votes: 1 };
}

/** By tokens: layout, comments and braces around a body make no difference. */
function sameness({ fillings }: Pick<Draft, "fillings">, syntax: RustSyntax): string {
  const parts = [...fillings].map(([id, { text, binders }]) => {
    const tokens = readCode(syntax, blockContents(syntax, text), "expression")?.tokens;
    return [id, tokens?.map((token) => token.text) ?? text, [...(binders?.values() ?? [])]];
  });
  return JSON.stringify(parts);
}
