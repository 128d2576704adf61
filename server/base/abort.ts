/** Why work ended before its result: carried as the reason of the signal; the first cause wins. */
export type AbortCause = "cancelled" | "deadline" | "stale" | "superseded" | "shutdown";

export class AbortedError extends Error {
  override readonly name = "AbortedError";
  readonly abortCause: AbortCause;

  constructor(abortCause: AbortCause) {
    super(`aborted: ${abortCause}`);
    this.abortCause = abortCause;
  }
}

/** The cause an aborted signal carries; "cancelled" where something else aborted it. */
export function abortCauseOf(signal: AbortSignal): AbortCause {
  return signal.reason instanceof AbortedError ? signal.reason.abortCause : "cancelled";
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AbortedError(abortCauseOf(signal));
}

/** An abort controller that speaks in causes. */
export class Abort {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Later causes are ignored: the first is what happened. */
  abort(cause: AbortCause): void {
    this.#controller.abort(new AbortedError(cause));
  }
}

export interface Deadline {
  readonly signal: AbortSignal;
  /** Frees the timer. To be called whatever happened. */
  clear(): void;
}

/** A signal that aborts with "deadline" after so many milliseconds, or earlier with `parent` and its cause. */
export function withDeadline(parent: AbortSignal, milliseconds: number): Deadline {
  const own = new Abort();
  const follow = () => own.abort(abortCauseOf(parent));
  if (parent.aborted) follow();
  parent.addEventListener("abort", follow, { once: true });
  const timer = setTimeout(() => own.abort("deadline"), milliseconds);
  return {
    signal: own.signal,
    clear() {
      clearTimeout(timer);
      parent.removeEventListener("abort", follow);
    },
  };
}

/** Settles with the promise, or rejects with {@link AbortedError} as soon as the signal aborts. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new AbortedError(abortCauseOf(signal)));
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
