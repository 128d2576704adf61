import type { Draft, Verdict } from "../../stages.ts";
import type { PlacedMessage } from "../check/diagnostics.ts";
import { type LaidText, pieceAt } from "../text/laid-text.ts";
import { endlessLints, isAsked } from "../text/live-marker.ts";

/** `forbid(…)` does not let our marker or our copy set its own level. */
export function isForbidden({ message, spans }: PlacedMessage, laid: LaidText): boolean {
  if (message.code !== "E0453") return false;
  return spans.some(({ start }) => ownLevels.test(laid.text.slice(Math.max(0, start - 60), start + 120)));
}

const ownLevels =
  /armature_(?:live|copy)_|warn\((?:warnings, un(?:conditional_recursion|reachable_patterns)|unreachable_code\)\] \(\) =>)/;

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

/**
 * A body that never gives a value, as rustc says who knows types: what it is handed on to is never reached, or, since
 * rustc says that once only, something in it. `if let _ = …` and an arm behind another like it make it look otherwise.
 */
export function neverGiven(
  draft: Draft,
  laid: LaidText,
  placed: readonly PlacedMessage[],
): Verdict | undefined {
  for (const { message, spans } of placed) {
    const piece = ofEndless.has(message.code ?? "") && spans[0] ? pieceAt(laid, spans[0]) : undefined;
    if (piece?.isFilled !== true || !isAsked(laid.text.slice(piece.span.start, piece.span.end))) continue;
    const text = "it only panics, loops or exits: rustc says that some of it is never reached";
    return { kind: "refused", draft, hole: piece.id, reason: "not-a-body", message: text };
  }
  return undefined;
}

const ofEndless = new Set(endlessLints.split(", "));
