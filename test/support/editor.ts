import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Message, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { offsetAt, type Position, positionAt, type PositionEncoding } from "../../server/base/positions.ts";
import { EditorWatch } from "./held/watched-editor.ts";
import { builtArmature } from "./tools.ts";
import { type InitializeOptions, initializeParams, usualAnswer } from "./usual-editor.ts";
import { type Exit, Inbox, type Traffic } from "./inbox.ts";

export interface Wire {
  readonly [key: string]: unknown;
}

export interface EditorOptions {
  /** Answers `workspace/configuration`, each item the same. */
  readonly configuration?: unknown;
  /** Answers to further requests of the server, or other answers than the usual ones. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
}

export interface SpawnOptions extends EditorOptions {
  readonly file: string;
  readonly arguments?: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
}

interface OpenDocument {
  version: number;
  text: string;
}

/**
 * A scripted editor: everything it sends and receives is recorded in order, raw. It drives the real rust-analyzer, the
 * built `armature` or a session in memory alike.
 */
export class ScriptedEditor {
  readonly traffic: readonly Traffic[];
  /** Settles when the server has ended; for streams in memory, when they have. Never rejects. */
  readonly exited: Promise<Exit>;
  readonly pid: number | undefined;
  encoding: PositionEncoding = "utf-16";
  readonly #inbox: Inbox;
  readonly #writer: StreamMessageWriter;
  readonly #output: Writable;
  readonly #child: ChildProcess | undefined;
  readonly #options: EditorOptions;
  readonly #documents = new Map<string, OpenDocument>();
  /** Of a spawned server: what it offers is recorded. */
  readonly #watch: EditorWatch | undefined;
  #lastId = 0;

  static spawn(options: SpawnOptions): ScriptedEditor {
    const child = spawn(options.file, [...(options.arguments ?? [])], {
      cwd: options.cwd,
      env: options.environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    return new ScriptedEditor(child.stdout, child.stdin, options, child, options);
  }

  static spawnArmature(options: Omit<SpawnOptions, "file" | "arguments">): ScriptedEditor {
    return ScriptedEditor.spawn({ ...options, file: process.execPath, arguments: [builtArmature] });
  }

  /** The same behind processes that stand for an editor (`cat` and `bash`), whose pipes close when they are killed. */
  static spawnArmatureBehindPipes(options: Omit<SpawnOptions, "file" | "arguments">): ScriptedEditor {
    // Node gives its children sockets, which break otherwise.
    const script = 'cat | "$0" "$1" 2> >(cat >&2) | cat';
    const scriptArguments = ["-c", script, process.execPath, builtArmature];
    return ScriptedEditor.spawn({ ...options, file: "bash", arguments: scriptArguments });
  }

  /** `input` is what the server writes, `output` what it reads. */
  static over(input: Readable, output: Writable, options: EditorOptions = {}): ScriptedEditor {
    return new ScriptedEditor(input, output, options, undefined);
  }

  private constructor(
    input: Readable,
    output: Writable,
    options: EditorOptions,
    child: (ChildProcess & { readonly stderr: Readable }) | undefined,
    watched?: Pick<SpawnOptions, "cwd" | "environment">,
  ) {
    if (watched !== undefined)
      this.#watch = new EditorWatch({
        ...watched,
        documents: this.#documents,
        encoding: () => this.encoding,
      });
    this.#options = options;
    this.#output = output;
    this.#child = child;
    this.pid = child?.pid;
    this.#inbox = new Inbox(input, child);
    this.traffic = this.#inbox.traffic;
    this.exited = this.#inbox.exited;
    // A server that has gone breaks the pipe; those who wait are told by its exit.
    output.on("error", () => undefined);
    this.#writer = new StreamMessageWriter(output);
    const reader = new StreamMessageReader(input);
    reader.onError((error) => this.#inbox.fail(error));
    reader.listen((message) => this.#receive(message));
  }

  /** Everything the server wrote to standard error so far. */
  get stderr(): string {
    return this.#inbox.stderr;
  }

  /** `initialize` and `initialized`. Resolves with the answer. */
  async initialize(options: InitializeOptions): Promise<Wire> {
    const params = initializeParams(options, this.#options.configuration);
    const result = (await this.request("initialize", params)) as Wire & {
      readonly capabilities: { readonly positionEncoding?: PositionEncoding };
    };
    this.encoding = result.capabilities.positionEncoding ?? "utf-16";
    await this.notify("initialized", {});
    return result;
  }

  /** Opens a file with the text on disk, or with another. */
  async open(uri: string, text = readFileSync(fileURLToPath(uri), "utf8")): Promise<void> {
    this.#documents.set(uri, { version: 1, text });
    await this.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "rust", version: 1, text },
    });
  }

  /** Replaces from offset `start` to `end` (UTF-16 code units), told to the server as a change of that range. */
  async edit(uri: string, start: number, end: number, inserted: string): Promise<void> {
    const before = this.text(uri);
    const range = { start: this.positionAt(uri, start), end: this.positionAt(uri, end) };
    const text = before.slice(0, start) + inserted + before.slice(end);
    await this.#change(uri, text, [{ range, text: inserted }]);
  }

  /** Replaces the whole text, told to the server as one change of everything. */
  async replace(uri: string, text: string): Promise<void> {
    await this.#change(uri, text, [{ text }]);
  }

  async save(uri: string): Promise<void> {
    await this.notify("textDocument/didSave", { textDocument: { uri } });
  }

  async close(uri: string): Promise<void> {
    this.#documents.delete(uri);
    await this.notify("textDocument/didClose", { textDocument: { uri } });
  }

  text(uri: string): string {
    return this.#document(uri).text;
  }

  version(uri: string): number {
    return this.#document(uri).version;
  }

  positionAt(uri: string, offset: number): Position {
    return positionAt(this.text(uri), offset, this.encoding);
  }

  offsetAt(uri: string, position: Position): number {
    return offsetAt(this.text(uri), position, this.encoding);
  }

  /** `{ textDocument, position }` of an offset. */
  at(uri: string, offset: number): Wire {
    return { textDocument: { uri }, position: this.positionAt(uri, offset) };
  }

  /** Resolves with the result; rejects with the error of the answer, or when the server ends first. */
  request(method: string, params: unknown): Promise<unknown> {
    return this.send(method, params).result;
  }

  /** A request with its id, so that it can be cancelled. */
  send(method: string, params: unknown): { readonly id: number; readonly result: Promise<unknown> } {
    this.#lastId += 1;
    const id = this.#lastId;
    const result = this.#inbox.answerTo(id, method);
    void this.sendRaw({ jsonrpc: "2.0", id, method, ...(params === undefined ? {} : { params }) });
    return { id, result };
  }

  async cancel(id: number): Promise<void> {
    await this.notify("$/cancelRequest", { id });
  }

  async notify(method: string, params?: unknown): Promise<void> {
    await this.sendRaw({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) });
  }

  async sendRaw(message: Wire): Promise<void> {
    this.#inbox.record("sent", message);
    this.#watch?.sent(message);
    await this.#writer.write(message as unknown as Message).catch(() => undefined);
  }

  /**
   * The params of the first notification or request of the server, from `after` on (an index into `traffic`, 0 for all),
   * earlier or later, that satisfies `condition`. Rejects when the server ends first.
   */
  waitFor(method: string, condition: (params: Wire) => boolean = () => true, after = 0): Promise<Wire> {
    return this.#inbox.until((wire) => {
      if (wire.method !== method) return undefined;
      const params = (wire.params ?? {}) as Wire;
      return condition(params) ? params : undefined;
    }, after);
  }

  /** Params of what the server has sent under this method so far. */
  received(method: string): Wire[] {
    return this.#inbox.received(method).map((wire) => (wire.params ?? {}) as Wire);
  }

  /** Until rust-analyzer's last word is that it has nothing to do. */
  async untilQuiescent(): Promise<Wire> {
    const isQuiet = (status: Wire | undefined) => status?.quiescent === true;
    const last = this.received("experimental/serverStatus").at(-1);
    if (last !== undefined && isQuiet(last)) return last;
    return this.waitFor("experimental/serverStatus", isQuiet, this.traffic.length);
  }

  /** `shutdown`, `exit`, and the way in which the server ended. */
  async shutdown(): Promise<Exit> {
    await this.request("shutdown", undefined);
    await this.notify("exit");
    return this.exited;
  }

  /** Closes the server's input, as an editor that dies does. */
  hangUp(): void {
    this.#output.end();
  }

  /** Bytes as they are: what no editor would send. */
  sendBytes(bytes: string): void {
    this.#output.write(bytes);
  }

  /** Ends the server whatever it does. For clean-up. */
  async dispose(): Promise<void> {
    this.#output.destroy();
    if (this.#child === undefined) return;
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  #document(uri: string): OpenDocument {
    const document = this.#documents.get(uri);
    if (document === undefined) throw new Error(`${uri} is not open in the scripted editor`);
    return document;
  }

  async #change(uri: string, text: string, contentChanges: readonly Wire[]): Promise<void> {
    const version = this.version(uri) + 1;
    this.#documents.set(uri, { version, text });
    await this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
  }

  #receive(message: Wire): void {
    // Before whoever waits for the answer goes on and changes something.
    this.#watch?.received(message);
    this.#inbox.record("received", message);
    if (typeof message.method !== "string" || message.id === undefined) return;
    void this.sendRaw({
      jsonrpc: "2.0",
      id: message.id,
      ...usualAnswer(message.method, message.params, this.#options),
    });
  }
}

/** `file:` URI of an absolute path. */
export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
