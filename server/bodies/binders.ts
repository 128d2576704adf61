import type { Hole, Skeleton } from "../stages.ts";
import { fieldPattern, readBinding } from "../syntax/binding.ts";

/** The binder holes that belong to a body hole (`h2.b1`, `h2.b2` of `h2`), in text order. */
export function binderHolesOf(skeleton: Skeleton, hole: Hole): readonly Hole[] {
  return skeleton.holes.filter(
    (candidate) => candidate.kind === "binder" && candidate.id.startsWith(`${hole.id}.b`),
  );
}

/**
 * What goes into the binder holes of a body hole, keyed by hole id.
 * @param names The name that the body uses for each binder, with its mode where it has one (`ref name`), by its
 * position among the binder holes; a binder without one is unused and becomes `_` (`field: _` in a record pattern).
 */
export function bindersFor(
  skeleton: Skeleton,
  hole: Hole,
  names: ReadonlyMap<number, string>,
): ReadonlyMap<string, string> {
  return new Map(
    binderHolesOf(skeleton, hole).map((binder, position) => [
      binder.id,
      binderText(binder, names.get(position)),
    ]),
  );
}

function binderText({ field }: Hole, bound = "_"): string {
  if (field === undefined) return bound;
  return fieldPattern(field, readBinding(bound) ?? { mode: "", name: bound });
}
