/** A completion request, as far as it tells whether a person asked or an editor did. */
export interface CompletionAsk {
  /** LSP CompletionTriggerKind: 1 invoked, 2 trigger character, 3 incomplete list. */
  readonly triggerKind?: number;
  /** The cursor's line up to the cursor. */
  readonly lineBefore: string;
}

/**
 * Asked by hand: invoked where no word, path or member access has been begun. Editors start by themselves behind word
 * characters and trigger characters, and send the same kind for all: Neovim's `autocomplete` also behind `::`.
 */
export function isAskedByHand({ triggerKind, lineBefore }: CompletionAsk): boolean {
  return (triggerKind === undefined || triggerKind === 1) && !/[\p{XID_Continue}:.]$/u.test(lineBefore);
}

/** Typing at a site starts a job only where that is free and nobody has said no to it. */
export function startsJob(ask: CompletionAsk, onlyByHand: boolean): boolean {
  if (isAskedByHand(ask)) return true;
  return !onlyByHand && (ask.triggerKind === 1 || ask.triggerKind === 3);
}

/** How long an answer that was asked for by hand may wait, in milliseconds: less than the client's own limit. */
export function holdMilliseconds(clientName: string, setting: { readonly holdMilliseconds: number }): number {
  // Emacs waits with its screen frozen and gives up after ten seconds; Helix after twenty.
  const limit = /^(?:emacs|eglot)/i.test(clientName) ? 6_000 : 10_000;
  return Math.min(limit, setting.holdMilliseconds);
}
