import type { Log } from "../base/log.ts";
import type { Frame } from "./frame.ts";
import { observe, readMessage, type RequestId } from "./message.ts";
import type { Routes } from "./route.ts";

/** Looks on while rust-analyzer asks the editor for its settings and the editor answers. */
export class ConfigurationWatch {
  readonly #onReply: Routes["configurationReplies"];
  readonly #log: Log;
  /** Items of the requests that the editor has not answered yet, by rust-analyzer's id. */
  readonly #asked = new Map<RequestId, unknown>();

  constructor(onReply: Routes["configurationReplies"], log: Log) {
    this.#onReply = onReply;
    this.#log = log;
  }

  onRequest(id: RequestId, frame: Frame): void {
    const params = readMessage(frame, this.#log)?.params;
    const items =
      typeof params === "object" && params !== null && "items" in params ? params.items : undefined;
    this.#asked.set(id, items);
  }

  /** Any answer of the editor to rust-analyzer. */
  onAnswer(id: RequestId, frame: Frame): void {
    if (!this.#asked.has(id)) return;
    const items = this.#asked.get(id);
    this.#asked.delete(id);
    const message = readMessage(frame, this.#log);
    if (message === undefined || message.error !== undefined) return;
    observe("workspace/configuration", this.#log, () => this.#onReply(items, message.result));
  }
}
