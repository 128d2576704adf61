import { Abort, type AbortCause } from "../base/abort.ts";
import { describeError, type Log } from "../base/log.ts";
import { encodeFrame, type Frame } from "./frame.ts";
import { parseMessage, type RequestId } from "./message.ts";

/** Gets rust-analyzer's result and gives the one for the editor; undefined keeps the original bytes. */
export type Transform = (result: unknown) => unknown;

/** What a handler wants with an answer. undefined, now or later: nothing, the answer passes unread. */
export type Choice = Transform | undefined | Promise<Transform | undefined>;

interface Rewrite {
  readonly abort: Abort;
  readonly method: string;
  /** undefined while the handler has not chosen. */
  transform: Transform | undefined;
  /** rust-analyzer's answer while the handler chooses or the transform works on it. */
  held: Frame | undefined;
}

/** Answers of rust-analyzer that we may replace. Whatever goes wrong, the original bytes are delivered. */
export class Rewrites {
  readonly #send: (bytes: Buffer) => void;
  readonly #log: Log;
  readonly #expected = new Map<RequestId, Rewrite>();

  constructor(send: (bytes: Buffer) => void, log: Log) {
    this.#send = send;
    this.#log = log;
  }

  /** Asks `choose`, once its request has been forwarded, whether it wants the answer. */
  expect(id: RequestId, method: string, choose: (context: { signal: AbortSignal }) => Choice): void {
    const abort = new Abort();
    try {
      const choice = choose({ signal: abort.signal });
      if (choice === undefined) return;
      const isLater = choice instanceof Promise;
      const rewrite: Rewrite = { abort, method, transform: isLater ? undefined : choice, held: undefined };
      this.#expected.set(id, rewrite);
      if (isLater) this.#awaitChoice(id, rewrite, choice);
    } catch (error) {
      this.#keepOriginal(method, error);
    }
  }

  /** False where nobody waits for this answer: it is to be passed. */
  take(id: RequestId, frame: Frame): boolean {
    const rewrite = this.#expected.get(id);
    if (rewrite === undefined || rewrite.held !== undefined) return false;
    if (rewrite.abort.signal.aborted) {
      this.#expected.delete(id);
      return false;
    }
    rewrite.held = frame;
    if (rewrite.transform !== undefined) this.#apply(id, rewrite, rewrite.transform, frame);
    return true;
  }

  /** The request's cancel travels on; an answer that is being rewritten is delivered as it came, at once. */
  cancel(id: RequestId, cause: AbortCause): void {
    const rewrite = this.#expected.get(id);
    if (rewrite === undefined) return;
    if (rewrite.held !== undefined) this.#deliver(id, rewrite, rewrite.held.bytes);
    rewrite.abort.abort(cause);
  }

  cancelAll(cause: AbortCause): void {
    for (const id of [...this.#expected.keys()]) this.cancel(id, cause);
  }

  #awaitChoice(id: RequestId, rewrite: Rewrite, choice: Promise<Transform | undefined>): void {
    choice.then(
      (transform) => this.#chosen(id, rewrite, transform),
      (error: unknown) => {
        this.#keepOriginal(rewrite.method, error);
        this.#chosen(id, rewrite, undefined);
      },
    );
  }

  /** An answer that came while the handler chose has waited for this. */
  #chosen(id: RequestId, rewrite: Rewrite, transform: Transform | undefined): void {
    if (this.#expected.get(id) !== rewrite) return;
    const { held } = rewrite;
    rewrite.transform = transform;
    if (transform === undefined && held === undefined) this.#expected.delete(id);
    else if (transform === undefined && held !== undefined) this.#deliver(id, rewrite, held.bytes);
    else if (transform !== undefined && held !== undefined) this.#apply(id, rewrite, transform, held);
  }

  /** Synchronous as far as the transform is, so that such an answer keeps its place in the order. */
  #apply(id: RequestId, rewrite: Rewrite, transform: Transform, frame: Frame): void {
    const { method } = rewrite;
    const fail = (error: unknown) => {
      this.#keepOriginal(method, error);
      this.#deliver(id, rewrite, frame.bytes);
    };
    try {
      const message = parseMessage(frame.body);
      const finish = (result: unknown) => {
        const bytes = result === undefined ? frame.bytes : encodeFrame({ ...message, result });
        this.#deliver(id, rewrite, bytes);
      };
      const result = message.error === undefined ? transform(message.result) : undefined;
      if (result instanceof Promise) result.then(finish).catch(fail);
      else finish(result);
    } catch (error) {
      fail(error);
    }
  }

  #deliver(id: RequestId, rewrite: Rewrite, bytes: Buffer): void {
    if (this.#expected.get(id) !== rewrite) return;
    this.#expected.delete(id);
    this.#send(bytes);
  }

  #keepOriginal(method: string, error: unknown): void {
    this.#log.error(`our part of ${method} failed, rust-analyzer's answer is kept: ${describeError(error)}`);
  }
}
