import { diffArrays } from "diff";
import type { Skeleton } from "../../stages.ts";
import type { LaidText, Piece } from "./laid-text.ts";

/**
 * The document as its user has it, with nothing of ours in it. Places in it compare with those of drafts: what the
 * skeleton adds counts as a piece without text.
 */
export function layOwn({ site, replaced, text }: Skeleton): LaidText {
  const own = site.document.text;
  const pieces: Piece[] = [];
  let at = replaced.start;
  let change: { readonly start: number; length: number } | undefined;
  const close = () => {
    if (change === undefined) return;
    const base = { id: "own", kind: "written", isFilled: false } as const;
    pieces.push({ ...base, span: { start: change.start, end: at }, length: change.length });
    change = undefined;
  };
  for (const part of diffArrays(linesOf(own.slice(replaced.start, replaced.end)), linesOf(text))) {
    const length = part.value.join("").length;
    if (!part.added && !part.removed) close();
    else change ??= { start: at, length: 0 };
    if (part.added) change = { start: change?.start ?? at, length: (change?.length ?? 0) + length };
    else at += length;
  }
  close();
  return { text: own, pieces };
}

/**
 * Something in the user's own text keeps rustc from looking at all of it: arms or members are missing (E0004, E0046),
 * or it cannot be read before it is healed.
 */
export function hasGap({ site, added, holes }: Skeleton): boolean {
  return (
    added > 0 || site.healedText !== "" || holes.some(({ kind }) => kind === "type" || kind === "constant")
  );
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}
