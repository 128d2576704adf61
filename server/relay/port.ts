import { AbortedError, abortCauseOf } from "../base/abort.ts";
import { encodeFrame } from "./frame.ts";
import { AnswerError, type Message, type RequestId } from "./message.ts";

/** Our ids are strings that start so: the ids of the editor and of rust-analyzer are never touched. */
const ownIdPrefix = "armature:";

export function isOwnId(id: RequestId): id is string {
  return typeof id === "string" && id.startsWith(ownIdPrefix);
}

interface Waiter {
  settle(message: Message): void;
  reject(error: Error): void;
}

/** Requests and notifications of our own to one of the two sides, in an id space of our own. */
export class Port {
  readonly #send: (bytes: Buffer) => void;
  readonly #waiters = new Map<string, Waiter>();
  #lastId = 0;
  #closedBy: Error | undefined;

  constructor(send: (bytes: Buffer) => void) {
    this.#send = send;
  }

  /**
   * Resolves with the result. Rejects with {@link AnswerError} where the answer is an error, with AbortedError
   * as soon as the signal aborts (`$/cancelRequest` goes out), and with a cause when the side is gone.
   */
  request(method: string, params: unknown, { signal }: { readonly signal: AbortSignal }): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closedBy !== undefined) {
        reject(notAnswered(method, this.#closedBy));
        return;
      }
      if (signal.aborted) {
        reject(new AbortedError(abortCauseOf(signal)));
        return;
      }
      this.#lastId += 1;
      const id = `${ownIdPrefix}${this.#lastId}`;
      const onAbort = () => {
        this.#waiters.delete(id);
        this.notify("$/cancelRequest", { id });
        reject(new AbortedError(abortCauseOf(signal)));
      };
      const done = () => {
        this.#waiters.delete(id);
        signal.removeEventListener("abort", onAbort);
      };
      this.#waiters.set(id, {
        settle(message) {
          done();
          if (message.error === undefined) resolve(message.result);
          else reject(errorOf(method, message.error));
        },
        reject(error) {
          done();
          reject(notAnswered(method, error));
        },
      });
      signal.addEventListener("abort", onAbort, { once: true });
      this.#send(encodeFrame({ jsonrpc: "2.0", id, method, params }));
    });
  }

  notify(method: string, params: unknown): void {
    if (this.#closedBy === undefined) this.#send(encodeFrame({ jsonrpc: "2.0", method, params }));
  }

  /** An answer with an id of ours. One that comes after its request was cancelled is dropped. */
  settle(id: string, message: Message): void {
    this.#waiters.get(id)?.settle(message);
  }

  /** Rejects everything that waits, and every later request. */
  close(cause: Error): void {
    this.#closedBy ??= cause;
    for (const waiter of [...this.#waiters.values()]) waiter.reject(cause);
  }
}

function notAnswered(method: string, cause: Error): Error {
  return new Error(`${method} will not be answered`, { cause });
}

function errorOf(method: string, error: unknown): AnswerError {
  const { code, message } = (typeof error === "object" && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  return new AnswerError(
    typeof code === "number" ? code : 0,
    `${method} was answered with an error: ${typeof message === "string" ? message : "no message"}`,
  );
}
