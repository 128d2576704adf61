import { PassThrough } from "node:stream";
import type { Log } from "../../server/base/log.ts";
import { encodeFrame, FrameReader } from "../../server/relay/frame.ts";
import { connectRelay, type Relay } from "../../server/relay/relay.ts";
import type { Routes } from "../../server/relay/route.ts";

export interface Wire {
  readonly [key: string]: unknown;
}

/** One end of the relay, in memory: what it sends and what it has received. */
export class Peer {
  readonly received: Wire[] = [];
  readonly bytes: Buffer[] = [];
  hasEnded = false;
  /** What arrives, for tests that look at the bare stream. */
  readonly rawInput: PassThrough;
  readonly #output: PassThrough;
  #listeners: (() => void)[] = [];

  constructor(input: PassThrough, output: PassThrough) {
    this.rawInput = input;
    this.#output = output;
    const reader = new FrameReader((frame) => {
      this.bytes.push(Buffer.from(frame.bytes));
      this.received.push(readable(frame.body));
    });
    input.on("data", (chunk: Buffer) => {
      reader.push(chunk);
      this.#wake();
    });
    input.on("end", () => {
      this.hasEnded = true;
      this.#wake();
    });
  }

  send(message: Wire): void {
    this.sendBytes(encodeFrame({ jsonrpc: "2.0", ...message }));
  }

  sendBytes(bytes: Buffer): void {
    this.#output.write(bytes);
  }

  end(): void {
    this.#output.end();
  }

  /** Resolves with the first message, earlier or later, for which the condition holds. */
  async until(condition: (message: Wire) => boolean): Promise<Wire> {
    for (;;) {
      const found = this.received.find(condition);
      if (found !== undefined) return found;
      await this.#next();
    }
  }

  async untilEnd(): Promise<void> {
    while (!this.hasEnded) await this.#next();
  }

  answerTo(id: unknown): Promise<Wire> {
    return this.until((message) => message.id === id && !("method" in message));
  }

  method(method: string): Promise<Wire> {
    return this.until((message) => message.method === method);
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  #wake(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}

function readable(body: Buffer): Wire {
  try {
    return JSON.parse(body.toString("utf8")) as Wire;
  } catch {
    return {};
  }
}

export interface Session {
  readonly editor: Peer;
  readonly analyzer: Peer;
  readonly relay: Relay;
  readonly logged: string[];
  /** The editor's output stream of the relay, for tests that stop reading or break it. */
  readonly editorOutput: PassThrough;
  readonly analyzerInput: PassThrough;
  readonly analyzerOutput: PassThrough;
  readonly editorInput: PassThrough;
}

export const plainRoutes: Routes = {
  notifications: {},
  analyzerNotifications: {},
  requests: {},
  answers: {},
  initialize: (params) => params,
  configurationReplies() {},
};

export function startSession(routes: Partial<Routes> = {}): Session {
  const editorInput = new PassThrough();
  const editorOutput = new PassThrough();
  const analyzerInput = new PassThrough();
  const analyzerOutput = new PassThrough();
  const logged: string[] = [];
  const write = (text: string) => logged.push(text);
  const log: Log = { error: write, warn: write, info: write, debug: write };
  const relay = connectRelay({
    editorInput,
    editorOutput,
    analyzerInput,
    analyzerOutput,
    routes: { ...plainRoutes, ...routes },
    log,
  });
  return {
    editor: new Peer(editorOutput, editorInput),
    analyzer: new Peer(analyzerInput, analyzerOutput),
    relay,
    logged,
    editorInput,
    editorOutput,
    analyzerInput,
    analyzerOutput,
  };
}
