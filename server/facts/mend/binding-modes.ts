import type { FrameError, Hole } from "../../stages.ts";
import type { Mend, MendContext } from "./mend.ts";

/** Errors at a scrutinee of what its patterns would move out, with the names that would beside it. */
const moves = new Set(["E0507", "E0508", "E0509"]);

/** A name that would move binds by `ref`, one that is changed by `ref mut`, and none says so under a reference. */
export function bindingModes(error: FrameError, { facts }: MendContext): Mend | undefined {
  const atBinders = [...new Set(error.places.flatMap(({ hole }) => (isBinder(hole) ? [hole] : [])))];
  if (moves.has(error.code ?? "") && atBinders.length > 0) return modes(atBinders, "ref ");
  if (/^cannot explicitly borrow within an implicitly-borrowing pattern/.test(error.message)) {
    return atBinders.length === 0 ? undefined : modes(atBinders, "");
  }
  const proposed = error.fixes.flatMap(({ parts }) => parts);
  const by = (text: string) =>
    proposed.flatMap(({ place, text: now }) => (now === text && isBinder(place.hole) ? [place.hole] : []));
  if (by("ref ").length > 0) return modes(by("ref "), "ref ");
  if (by("mut ").length === 0) return undefined;
  // Of a place that is not ours to move from, as `*self` and `self.kind` are, only a loan can be changed.
  const isPlace = /^\*|\./.test(facts.scrutinee?.text ?? "");
  const isReference = isPlace || /behind a `&` reference/.test(error.message);
  return modes(by("mut "), isReference ? "ref mut " : "mut ");
}

function isBinder(hole: string | undefined): hole is string {
  return hole?.includes(".") === true;
}

function modes(holes: readonly string[], mode: NonNullable<Hole["mode"]>): Mend {
  return { modes: holes.map((hole) => [hole, mode] as const) };
}
