/** A text that some source produced. */
export interface Vote {
  readonly key: string;
  readonly text: string;
  readonly names?: ReadonlyMap<number, string>;
  readonly place: string;
  /** Number of tokens, for the length penalty. */
  readonly tokens: number;
}

export interface Tally {
  /** The first vote for this text: the nearest source. */
  readonly first: Vote;
  readonly sources: number;
  readonly places: readonly string[];
}

/** Counts equal texts; the most named first, nearest first among equals. */
export function tally(votes: readonly Vote[]): Tally[] {
  const byKey = new Map<string, Vote[]>();
  for (const vote of votes) byKey.set(vote.key, [...(byKey.get(vote.key) ?? []), vote]);
  return [...byKey.values()]
    .flatMap((same): Tally[] => {
      const first = same[0];
      const places = [...new Set(same.map((vote) => vote.place))];
      return first === undefined ? [] : [{ first, sources: same.length, places }];
    })
    .sort((a, b) => b.sources - a.sources);
}

/** For sources that leave a choice: each takes the text that most of the others could have meant too. */
export function settleChoices(choices: readonly (readonly Vote[])[]): Vote[] {
  const counts = new Map<string, number>();
  for (const vote of choices.flat()) counts.set(vote.key, (counts.get(vote.key) ?? 0) + 1);
  const countOf = (vote: Vote) => counts.get(vote.key) ?? 0;
  return choices.flatMap((options) => {
    const best = options.reduce<Vote | undefined>(
      (chosen, vote) => (chosen === undefined || countOf(vote) > countOf(chosen) ? vote : chosen),
      undefined,
    );
    return best === undefined ? [] : [best];
  });
}
