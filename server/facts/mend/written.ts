import type { FrameError } from "../../stages.ts";
import type { Mend, MendContext } from "./mend.ts";

/**
 * A body that rust-analyzer wrote and the compiler refuses (`Default::default()` for a field that has none) becomes
 * a hole like any other.
 */
export function written({ level, places }: FrameError, { skeleton }: MendContext): Mend | undefined {
  const [primary] = places;
  if (level !== "error" || primary === undefined) return undefined;
  const body = skeleton.written.find(
    ({ start, end }) => primary.span.start >= start && primary.span.end <= end,
  );
  return body === undefined ? undefined : { opened: [body] };
}
