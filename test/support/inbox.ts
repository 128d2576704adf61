import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { Wire } from "./editor.ts";

export interface Traffic {
  readonly direction: "sent" | "received";
  readonly message: Wire;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Waiter {
  /** Returns true when it is served. */
  readonly look: (message: Wire) => boolean;
  readonly reject: (error: Error) => void;
}

/** The error of an answer. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly code: number;

  constructor(method: string, error: { readonly code: number; readonly message: string }) {
    super(`${method}: ${error.message} (${error.code})`);
    this.code = error.code;
  }
}

/** What a scripted editor has sent and received, and those who wait for something of it. */
export class Inbox {
  readonly traffic: Traffic[] = [];
  readonly exited: Promise<Exit>;
  stderr = "";
  readonly #waiters = new Set<Waiter>();
  #ended: Error | undefined;

  constructor(input: Readable, child: (ChildProcess & { readonly stderr: Readable }) | undefined) {
    child?.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => {
      const end = (exit: Exit, how: string) => {
        this.fail(
          new Error(
            `the server ended (${how})${this.stderr === "" ? "" : `:\n${this.stderr.slice(-2_000)}`}`,
          ),
        );
        resolve(exit);
      };
      if (child === undefined) {
        input.once("close", () => end({ code: null, signal: null }, "its stream closed"));
        return;
      }
      child.once("error", (error) => end({ code: null, signal: null }, error.message));
      // "close" comes after the last of its output has been read.
      child.once("close", (code, signal) => end({ code, signal }, signal ?? `exit code ${code ?? "none"}`));
    });
  }

  record(direction: Traffic["direction"], message: Wire): void {
    this.traffic.push({ direction, message });
    if (direction === "sent") return;
    for (const waiter of [...this.#waiters]) if (waiter.look(message)) this.#waiters.delete(waiter);
  }

  /** Everybody who waits is told; nobody can wait from now on. */
  fail(error: Error): void {
    this.#ended ??= error;
    for (const waiter of this.#waiters) waiter.reject(this.#ended);
    this.#waiters.clear();
  }

  /** The first received message from `after` on, earlier or later, of which `pick` makes something. */
  until<T>(pick: (message: Wire) => T | undefined, after: number): Promise<T> {
    for (const { direction, message } of this.traffic.slice(after)) {
      const picked = direction === "received" ? pick(message) : undefined;
      if (picked !== undefined) return Promise.resolve(picked);
    }
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      const look = (message: Wire) => {
        const picked = pick(message);
        if (picked !== undefined) resolve(picked);
        return picked !== undefined;
      };
      this.#waiters.add({ look, reject });
    });
  }

  async answerTo(id: number, method: string): Promise<unknown> {
    const answer = await this.until(
      (message) => (isAnswer(message, id) ? message : undefined),
      this.traffic.length,
    );
    if (answer.error !== undefined)
      throw new AnswerError(method, answer.error as { code: number; message: string });
    return answer.result;
  }

  received(method: string): Wire[] {
    return this.traffic
      .filter(({ direction, message }) => direction === "received" && message.method === method)
      .map(({ message }) => message);
  }
}

function isAnswer(message: Wire, id: number): boolean {
  return message.id === id && message.method === undefined;
}
