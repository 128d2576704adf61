/** A completion request, as far as it tells whether a person asked or an editor did. */
export interface CompletionAsk {
  /** LSP CompletionTriggerKind: 1 invoked, 2 trigger character, 3 incomplete list. */
  readonly triggerKind?: number;
  /** The identifier characters right before the cursor. */
  readonly wordBefore: string;
}

/**
 * Asked by hand: invoked with no word before the cursor. Editors start by themselves only after word characters or
 * a trigger character, and send the same kind for both (reference/editors.md §1).
 */
export function isAskedByHand({ triggerKind, wordBefore }: CompletionAsk): boolean {
  return (triggerKind === undefined || triggerKind === 1) && wordBefore === "";
}

/** Typing at a site starts a job only where it is free: a model is asked by hand only. */
export function startsJob(ask: CompletionAsk, modelNamed: boolean): boolean {
  if (isAskedByHand(ask)) return true;
  return !modelNamed && (ask.triggerKind === 1 || ask.triggerKind === 3);
}

/** How long an answer that was asked for by hand may wait: less than the client's own limit (reference/editors.md §8). */
export function holdMilliseconds(clientName: string, setting: { readonly holdMilliseconds: number }): number {
  const bound = bounds.find(([name]) => clientName.toLowerCase().startsWith(name))?.[1] ?? 3_000;
  return Math.min(bound, setting.holdMilliseconds);
}

const bounds: readonly (readonly [string, number])[] = [
  ["helix", 10_000],
  ["neovim", 10_000],
  ["visual studio code", 10_000],
  ["code - oss", 10_000],
  ["vscodium", 10_000],
  ["zed", 10_000],
  // Emacs waits and gives up after ten seconds.
  ["eglot", 6_000],
  ["emacs", 6_000],
  ["armature", 10_000],
];
