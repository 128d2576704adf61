import type { Skeleton } from "../../stages.ts";
import type { PlacedMessage } from "../check/diagnostics.ts";

/** What a body leaves out of a value shows far from it, at the definition of the type. */
export function isUnreadField({ message }: PlacedMessage): boolean {
  return message.code === "dead_code" && / never read$/.test(message.message);
}

/**
 * About a variant that the new arms take apart. rust-analyzer gives no names to the fields of a tuple (`Pair(_, _)`),
 * so the skeleton leaves them unread too: that excuses no draft.
 */
export function isOfNewArms({ message }: PlacedMessage, { site, text }: Skeleton): boolean {
  if (site.kind !== "match") return false;
  const words = new Set(text.match(/\w+/g));
  return message.spans.some((span) => !span.isPrimary && span.text !== undefined && words.has(span.text));
}
