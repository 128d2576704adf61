import { Abort, type AbortCause } from "../base/abort.ts";
import { describeError, type Log } from "../base/log.ts";
import { AnswerError, answerFrame, errorCodes, errorFrame, type RequestId } from "./message.ts";

interface Taken {
  readonly abort: Abort;
  readonly method: string;
}

/** The editor's requests that we answer ourselves: each gets exactly one answer, whatever happens. */
export class TakenRequests {
  readonly #send: (bytes: Buffer) => void;
  readonly #log: Log;
  readonly #running = new Map<RequestId, Taken>();

  constructor(send: (bytes: Buffer) => void, log: Log) {
    this.#send = send;
    this.#log = log;
  }

  /** False where `begin` declines (or throws before it has begun): rust-analyzer is to answer then. */
  take(
    id: RequestId,
    method: string,
    begin: (context: { signal: AbortSignal }) => Promise<unknown> | undefined,
  ): boolean {
    const taken: Taken = { abort: new Abort(), method };
    const work = this.#begin(taken, begin);
    if (work === undefined) return false;
    this.#running.set(id, taken);
    work
      .then((result) => answerFrame(id, result))
      .catch((error: unknown) => this.#failureFrame(id, taken, error))
      .then((bytes) => this.#answer(id, taken, bytes))
      .catch((error: unknown) => this.#log.error(`${method} could not be answered: ${describeError(error)}`));
    return true;
  }

  /** Answers with RequestCancelled at once. False where the request is not one of ours. */
  cancel(id: RequestId, cause: AbortCause): boolean {
    const taken = this.#running.get(id);
    if (taken === undefined) return false;
    const cancelled = new AnswerError(errorCodes.requestCancelled, "request cancelled");
    this.#answer(id, taken, errorFrame(id, cancelled));
    taken.abort.abort(cause);
    return true;
  }

  cancelAll(cause: AbortCause): void {
    for (const id of [...this.#running.keys()]) this.cancel(id, cause);
  }

  #begin(
    taken: Taken,
    begin: (context: { signal: AbortSignal }) => Promise<unknown> | undefined,
  ): Promise<unknown> | undefined {
    try {
      return begin({ signal: taken.abort.signal });
    } catch (error) {
      this.#log.error(`${taken.method} failed, rust-analyzer answers instead: ${describeError(error)}`);
      return undefined;
    }
  }

  #failureFrame(id: RequestId, { abort, method }: Taken, error: unknown): Buffer {
    if (error instanceof AnswerError) return errorFrame(id, error);
    if (!abort.signal.aborted)
      this.#log.error(`${method} failed, answered with null: ${describeError(error)}`);
    return answerFrame(id, null);
  }

  /** The first answer counts; a result that comes after a cancel is dropped. */
  #answer(id: RequestId, taken: Taken, bytes: Buffer): void {
    if (this.#running.get(id) !== taken) return;
    this.#running.delete(id);
    this.#send(bytes);
  }
}
