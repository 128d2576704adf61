import type { Candidate } from "./ladder.ts";
import type { Reader } from "./reader.ts";
import { keyOf, renamingLocals } from "./rewrite.ts";

export interface MadeText {
  readonly text: string;
  /** Names of the arm's slots that the text uses. */
  readonly names?: ReadonlyMap<number, string>;
  readonly rule: string;
  /** Where the evidence stands: the site itself for rules without a source. */
  readonly place: string;
  readonly chance: number;
}

/** A candidate from a text that a rule made up; none if it does not parse. */
export function madeCandidate(reader: Reader, made: MadeText): Candidate[] {
  const code = reader.code(made.text);
  if (code === undefined) return [];
  const names = made.names ?? new Map<number, string>();
  const slots = new Map([...names].map(([slot, name]) => [name, `$${slot}`]));
  return [{ ...made, names, key: keyOf(code, renamingLocals(slots)), places: [] }];
}
