import type { FrameError } from "../../stages.ts";
import { entryAt } from "./configured.ts";
import { linesOf } from "./edit-skeleton.ts";
import type { Mend, MendContext } from "./mend.ts";

/** An arm that this compiler has no stable name for is left out, and what is left stays open for a person. */
export function unstable(error: FrameError, context: MendContext): Mend | undefined {
  const entry = entryAt(error, context);
  if (error.code !== "E0658" || entry?.kind !== "arm") return undefined;
  const hasRest = context.entries.some(({ catchesAll }) => catchesAll);
  return {
    splices: [{ span: linesOf(context.skeleton, entry), text: "" }],
    entries: hasRest ? [] : [{ head: "_", attributes: [] }],
  };
}
