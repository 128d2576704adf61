/**
 * A frame is text of rust-analyzer's that we put in: what the compiler says against it is mended here, where the
 * compiler or the definition says how, before any body is blamed.
 */
import type { Facts, FrameError, Skeleton } from "../../stages.ts";
import { definitionParts } from "../../syntax/definition-parts.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import type { Splice } from "../../syntax/splice.ts";
import { bindingModes } from "./binding-modes.ts";
import { configured } from "./configured.ts";
import { editSkeleton, entriesOf, type FrameEdit } from "./edit-skeleton.ts";
import { lifetimes } from "./lifetimes.ts";
import type { Mend, MendContext, Mender } from "./mend.ts";
import { paths } from "./paths.ts";
import { proposed } from "./proposed.ts";
import { uncovered } from "./uncovered.ts";
import { unimplemented } from "./unimplemented.ts";
import { unstable } from "./unstable.ts";
import { written } from "./written.ts";

/** In this order: what is known of the place before what rustc proposes in general. */
const menders: readonly Mender[] = [
  bindingModes,
  configured,
  unstable,
  uncovered,
  unimplemented,
  lifetimes,
  paths,
  proposed,
  written,
];

/** The skeleton with what can be mended of the errors mended; undefined where nothing can. */
export function mendFrame(
  syntax: RustSyntax,
  facts: Facts,
  errors: readonly FrameError[],
): Skeleton | undefined {
  const { skeleton } = facts;
  const text = skeleton.site.kind === "match" ? facts.subject?.text : facts.traitText;
  const context: MendContext = {
    facts,
    skeleton,
    entries: entriesOf(syntax, skeleton),
    definition: text === undefined ? [] : definitionParts(syntax, text),
  };
  const edit = together(errors.flatMap((error) => firstMend(error, context) ?? []));
  if (edit === undefined) return undefined;
  const mended = editSkeleton(syntax, skeleton, edit);
  return mended === undefined || isSame(skeleton, mended) ? undefined : mended;
}

function firstMend(error: FrameError, context: MendContext): Mend | undefined {
  for (const mender of menders) {
    const mend = mender(error, context);
    if (mend !== undefined) return mend;
  }
  return undefined;
}

/** Errors of two compilations may ask for one change twice; of two changes at one place the first is made. */
function together(mends: readonly Mend[]): FrameEdit | undefined {
  if (mends.length === 0) return undefined;
  const splices: Splice[] = [];
  for (const splice of mends.flatMap((mend) => mend.splices ?? [])) {
    if (!splices.some(({ span }) => touches(span, splice.span))) splices.push(splice);
  }
  const entries = new Map(mends.flatMap((mend) => mend.entries ?? []).map((entry) => [entry.head, entry]));
  const modes = new Map(mends.flatMap((mend) => mend.modes ?? []));
  const opened = [...new Set(mends.flatMap((mend) => mend.opened ?? []))];
  return { splices, modes, entries: [...entries.values()], opened };
}

function touches(a: Splice["span"], b: Splice["span"]): boolean {
  return (a.start < b.end && b.start < a.end) || a.start === b.start;
}

function isSame(a: Skeleton, b: Skeleton): boolean {
  const modes = ({ holes }: Skeleton) => holes.map(({ id, mode }) => `${id}${mode ?? "-"}`).join();
  return a.text === b.text && modes(a) === modes(b);
}
