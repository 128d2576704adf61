import type { Draft, Verdict } from "../../stages.ts";

type Refused = Extract<Verdict, { kind: "refused" }>;

/** With what is refused of the other holes: one bad body must not cost the good ones a try for each bad one. */
export function everyRefusal(
  draft: Draft,
  refusalOf: (draft: Draft) => Refused | undefined,
): Refused | undefined {
  const first = refusalOf(draft);
  if (first === undefined) return undefined;
  const others: NonNullable<Refused["others"]>[number][] = [];
  let left = without(draft, first.hole);
  while (left.fillings.size > 0) {
    const next = refusalOf(left);
    if (next === undefined || !left.fillings.has(next.hole)) break;
    others.push({ hole: next.hole, reason: next.reason, message: next.message });
    left = without(left, next.hole);
  }
  return others.length === 0 ? first : { ...first, others };
}

function without({ rank, fillings }: Draft, hole: string): Draft {
  return { rank, fillings: new Map([...fillings].filter(([id]) => id !== hole)) };
}
