import { binderHolesOf } from "../binders.ts";
import type { Hole, Skeleton } from "../../stages.ts";

/** A hole that the model is asked to fill, with the binders of its arm. */
export interface AskedHole {
  readonly hole: Hole;
  readonly binders: readonly Hole[];
}

/** Beyond this many bodies answers get long and worse; the rest stays open and is asked for next time. */
const askedAtMost = 48;

/** Types and constants first in the choice, since they cannot stay open; the result is in text order. */
export function holesToAsk(skeleton: Skeleton): readonly AskedHole[] {
  const fillable = skeleton.holes.filter((hole) => hole.kind !== "binder");
  const mustFill = fillable.filter((hole) => !mayStayOpen(hole));
  const byNeed = [...new Set([...mustFill, ...fillable])];
  const chosen = new Set(byNeed.slice(0, Math.max(askedAtMost, mustFill.length)));
  return fillable
    .filter((hole) => chosen.has(hole))
    .map((hole) => ({ hole, binders: binderHolesOf(skeleton, hole) }));
}

/** `todo!()` stands for a body; for a type or the value of a constant nothing does. */
export function mayStayOpen({ kind }: Hole): boolean {
  return kind === "body";
}
