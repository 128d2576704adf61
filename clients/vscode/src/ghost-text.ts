import type { WireRange } from "./answers.ts";

export interface Cursor {
  readonly line: number;
  readonly character: number;
}

export interface GhostText {
  readonly insertText: string;
  readonly range: WireRange;
}

/**
 * The items that VS Code can show at the cursor: what is replaced lies on the cursor's line, reaches the cursor, and its
 * text up to there is how the new text begins. VS Code drops the others without a word, or shows them as if they did
 * something else than they do.
 */
export function ghostTexts(
  items: readonly { readonly insertText: string; readonly range?: WireRange | undefined }[],
  cursor: Cursor,
  line: string,
): GhostText[] {
  return items.flatMap(({ insertText, range = { start: cursor, end: cursor } }) => {
    const { start, end } = range;
    const isOnLine = start.line === cursor.line && end.line === cursor.line;
    const isAround = start.character <= cursor.character && cursor.character <= end.character;
    const before = line.slice(start.character, cursor.character);
    return isOnLine && isAround && insertText.startsWith(before) ? [{ insertText, range }] : [];
  });
}

/** VS Code counts from 0, the protocol from 1: asked by hand, and while typing. */
export function wireTriggerKind(isByHand: boolean): 1 | 2 {
  return isByHand ? 1 : 2;
}
