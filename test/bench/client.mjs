/** An editor that only asks and measures. */
import { spawn } from "node:child_process";
import { encode, readMessages } from "./wire.mjs";

export class Client {
  #child;
  #lastId = 0;
  #waiting = new Map();
  #quiescent;

  constructor([file, ...fileArguments], { cwd, environment }) {
    this.#child = spawn(file, fileArguments, { cwd, env: environment, stdio: ["pipe", "pipe", "ignore"] });
    this.exited = new Promise((resolve) => this.#child.once("exit", resolve));
    let onQuiescent;
    this.#quiescent = new Promise((resolve) => (onQuiescent = resolve));
    readMessages(this.#child.stdout, (message, frame) => {
      if (message.method === undefined) return this.#settle(message, frame);
      if (message.method === "experimental/serverStatus" && message.params.quiescent) onQuiescent();
      if (message.id !== undefined) this.#write({ id: message.id, result: answerTo(message) });
    });
  }

  get pid() {
    return this.#child.pid;
  }

  async start({ root, text, uri, initializationOptions }) {
    await this.request("initialize", {
      processId: process.pid,
      rootUri: root,
      initializationOptions,
      capabilities: {
        textDocument: {
          completion: { completionItem: { snippetSupport: true } },
          hover: { contentFormat: ["markdown"] },
          codeAction: {
            codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix"] } },
            resolveSupport: { properties: ["edit"] },
            dataSupport: true,
          },
        },
        experimental: { serverStatusNotification: true },
      },
    });
    this.notify("initialized", {});
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId: "rust", version: 1, text } });
    await this.#quiescent;
  }

  notify(method, params) {
    this.#write({ method, params });
  }

  /** Resolves with the answer's result, its size in bytes, and the milliseconds it took. */
  request(method, params) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, { resolve, started: performance.now() });
      this.#write({ id, method, ...(params === undefined ? {} : { params }) });
    });
  }

  async stop() {
    await this.request("shutdown");
    this.notify("exit");
    await this.exited;
  }

  #write(message) {
    this.#child.stdin.write(encode({ jsonrpc: "2.0", ...message }));
  }

  #settle({ id, result }, { size, arrived }) {
    const { resolve, started } = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve({ result, size, milliseconds: arrived - started });
  }
}

function answerTo({ method, params }) {
  return method === "workspace/configuration" ? params.items.map(() => null) : null;
}
