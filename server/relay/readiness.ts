import { z } from "zod";
import { AbortedError, abortCauseOf } from "../base/abort.ts";

export type Health = "ok" | "warning" | "error";

/** What rust-analyzer says of its own state (`experimental/serverStatus`). */
export class Readiness {
  #status: Status = { health: "ok", quiescent: false, message: undefined };
  readonly #waiters = new Set<() => void>();

  /** The workspace is loaded: facts are reliable. */
  get quiescent(): boolean {
    return this.#status.quiescent;
  }

  get health(): Health {
    return this.#status.health;
  }

  /** rust-analyzer's own words on its health, where it has any. */
  get message(): string | undefined {
    return this.#status.message;
  }

  /** Params that cannot be read leave the state as it was. */
  update(params: unknown): void {
    const parsed = statusSchema.safeParse(params);
    if (!parsed.success) return;
    const { health, quiescent, message } = parsed.data;
    this.#status = { health, quiescent, message: message ?? undefined };
    if (!quiescent) return;
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** Resolves as soon as rust-analyzer is quiescent; rejects with AbortedError when the signal aborts. */
  whenReady(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiters.delete(onReady);
        reject(new AbortedError(abortCauseOf(signal)));
      };
      const onReady = () => {
        this.#waiters.delete(onReady);
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      if (signal.aborted) onAbort();
      else if (this.quiescent) resolve();
      else {
        this.#waiters.add(onReady);
        signal.addEventListener("abort", onAbort, { once: true });
      }
    });
  }
}

export interface StatusFilterOptions {
  readonly readiness: Readiness;
  /** Whether the editor asked for the notification itself; read at each one, since `initialize` comes later. */
  readonly isAskedFor: () => boolean;
  readonly notifyEditor: (method: string, params: unknown) => void;
}

/**
 * The relay's handler for `experimental/serverStatus`. An editor that did not ask for it does not see it; it
 * gets `window/showMessage` for a warning or an error instead, once for each text, as rust-analyzer itself
 * would have done (`update_status_or_notify` in its main loop).
 */
export function filterServerStatus(options: StatusFilterOptions): (params: unknown) => "pass" | "drop" {
  const shown = new Set<string>();
  return (params) => {
    const { readiness } = options;
    readiness.update(params);
    if (options.isAskedFor()) return "pass";
    const { health, message } = readiness;
    if (health !== "ok" && message !== undefined && !shown.has(message)) {
      shown.add(message);
      options.notifyEditor("window/showMessage", { type: messageTypes[health], message });
    }
    return "drop";
  };
}

/** LSP MessageType. */
const messageTypes = { error: 1, warning: 2 } as const;

interface Status {
  readonly health: Health;
  readonly quiescent: boolean;
  readonly message: string | undefined;
}

const statusSchema = z.looseObject({
  health: z.enum(["ok", "warning", "error"]).catch("ok"),
  quiescent: z.boolean(),
  message: z.string().nullish().catch(undefined),
});
