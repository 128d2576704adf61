import type { Draft, Verdict } from "../../stages.ts";
import type { PlacedMessage } from "../check/diagnostics.ts";
import { type LaidText, pieceAt } from "../text/laid-text.ts";

/** `forbid(…)` does not let our marker or our copy set its own level. */
export function isForbidden({ message, spans }: PlacedMessage, laid: LaidText): boolean {
  if (message.code !== "E0453") return false;
  return spans.some(({ start }) => ownLevels.test(laid.text.slice(Math.max(0, start - 60), start + 120)));
}

const ownLevels = /armature_(?:live|copy)_|warn\(warnings, un(?:conditional_recursion|reachable_patterns)/;

export function isCheatingLint({ message, spans }: PlacedMessage, laid: LaidText): boolean {
  if (message.code === "unconditional_recursion") {
    return spans.some((span) => pieceAt(laid, span)?.isFilled === true);
  }
  return message.code === "unreachable_patterns";
}

/** rustc says the recursion of the function's name and points at the call beside it. */
export function holeOf({ spans }: PlacedMessage, laid: LaidText): string | undefined {
  const piece = spans.map((span) => pieceAt(laid, span)).find((found) => found?.isFilled === true);
  return piece?.kind === "written" ? undefined : piece?.id;
}

/** The hole whose arm has this pattern. */
export function pieceBehind({ spans: [pattern] }: PlacedMessage, laid: LaidText): string | undefined {
  if (pattern === undefined) return undefined;
  const next = laid.pieces.find(({ kind, span }) => kind !== "binder" && span.start >= pattern.end);
  if (next === undefined || !next.isFilled) return undefined;
  return /^\s*=>\s*\{?\s*$/.test(laid.text.slice(pattern.end, next.span.start)) ? next.id : undefined;
}

export function behindWildcard(draft: Draft, hole: string): Verdict {
  const message = "this arm comes after one that matches everything it matches";
  return { kind: "refused", draft, hole, reason: "new-wildcard", message };
}
