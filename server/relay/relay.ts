import type { Readable, Writable } from "node:stream";
import { describeError, type Log } from "../base/log.ts";
import type { AskAnalyzer } from "../stages.ts";
import { ConfigurationWatch } from "./configuration.ts";
import { FrameError } from "./frame.ts";
import { relayFromAnalyzer } from "./from-analyzer.ts";
import { cancelOurs, relayFromEditor } from "./from-editor.ts";
import { Port } from "./port.ts";
import { pump } from "./pump.ts";
import { Rewrites } from "./rewrites.ts";
import { assertRouted, type HandlerContext, type Routes } from "./route.ts";
import type { Sides } from "./sides.ts";
import { TakenRequests } from "./taken.ts";

export interface RelayOptions {
  readonly editorInput: Readable;
  readonly editorOutput: Writable;
  /** Its standard input. */
  readonly analyzerInput: Writable;
  readonly analyzerOutput: Readable;
  readonly routes: Routes;
  readonly log: Log;
}

export interface Relay {
  /** Rejects with AnswerError where rust-analyzer answers with an error. */
  readonly askAnalyzer: AskAnalyzer;
  /** As {@link askAnalyzer}, to the editor. */
  askEditor(method: string, params: unknown, context: HandlerContext): Promise<unknown>;
  notifyEditor(method: string, params: unknown): void;
  /** The editor's stream has ended or broken. rust-analyzer's input was ended with it, so it should go soon. */
  readonly editorGone: Promise<void>;
  /** Nothing passes any more, and the editor has been given all there was. Never rejects. */
  readonly closed: Promise<void>;
  /** One of the streams could not be cut into messages, which is what ended all. */
  readonly isBroken: boolean;
  /** Nothing of ours happens any more: every message passes as it came. */
  turnOff(): void;
  /** Closes both sides. */
  dispose(): void;
}

/**
 * Connects an editor with rust-analyzer: frames pass in order and byte for byte, except what `route.ts` names.
 * Either side's end ends the other. Throws where `routes` has a handler that the table does not know.
 */
export function connectRelay(options: RelayOptions): Relay {
  assertRouted(options.routes);
  return new Connection(options);
}

class Connection implements Relay {
  readonly askAnalyzer: AskAnalyzer;
  readonly editorGone: Promise<void>;
  readonly closed: Promise<void>;
  readonly #options: RelayOptions;
  readonly #sides: Sides;
  readonly #stopPumps: readonly (() => void)[];
  #resolveEditorGone = () => {};
  #resolveClosed = () => {};
  #isClosing = false;
  #isBroken = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#sides = createSides(options);
    const { analyzerPort } = this.#sides;
    this.askAnalyzer = (method, params, context) => analyzerPort.request(method, params, context);
    this.editorGone = new Promise((resolve) => (this.#resolveEditorGone = resolve));
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
    this.#stopPumps = this.#connect();
  }

  askEditor(method: string, params: unknown, context: HandlerContext): Promise<unknown> {
    return this.#sides.editorPort.request(method, params, context);
  }

  notifyEditor(method: string, params: unknown): void {
    this.#sides.editorPort.notify(method, params);
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  turnOff(): void {
    if (this.#sides.isOff) return;
    this.#sides.isOff = true;
    cancelOurs("shutdown", this.#sides);
  }

  dispose(): void {
    this.#close(new Error("the relay was closed"));
  }

  #connect(): (() => void)[] {
    const { editorInput, editorOutput, analyzerInput, analyzerOutput, log } = this.#options;
    const sides = this.#sides;
    editorOutput.on("error", (error) => {
      this.#endEditor(error);
      this.#close(error);
    });
    // Its output ends as well and tells the rest.
    analyzerInput.on("error", (error) => log.debug(`rust-analyzer's input: ${describeError(error)}`));
    return [
      pump({
        source: editorInput,
        sink: analyzerInput,
        onFrame: (frame) => relayFromEditor(frame, sides),
        onEnd: (error) => this.#endEditor(error),
      }),
      pump({
        source: analyzerOutput,
        sink: editorOutput,
        onFrame: (frame) => relayFromAnalyzer(frame, sides),
        onEnd: (error) => this.#endAnalyzer(error),
      }),
    ];
  }

  /** What rust-analyzer still has to say goes to the editor's output; it may be read to its end. */
  #endEditor(error: Error | undefined): void {
    if (error !== undefined) this.#options.log.warn(`the editor's stream broke: ${describeError(error)}`);
    this.#isBroken ||= error instanceof FrameError;
    cancelOurs("shutdown", this.#sides);
    this.#sides.editorPort.close(new Error("the editor has gone", { cause: error }));
    this.#options.analyzerInput.end();
    this.#resolveEditorGone();
  }

  #endAnalyzer(error: Error | undefined): void {
    if (error !== undefined) this.#options.log.error(`rust-analyzer's stream broke: ${describeError(error)}`);
    this.#isBroken ||= error instanceof FrameError;
    this.#close(new Error("rust-analyzer has ended", { cause: error }));
  }

  #close(cause: Error): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const { editorOutput, analyzerInput, analyzerOutput } = this.#options;
    cancelOurs("shutdown", this.#sides);
    for (const stop of this.#stopPumps) stop();
    this.#sides.editorPort.close(cause);
    this.#sides.analyzerPort.close(cause);
    analyzerInput.end();
    // Nobody reads it any more, and a process that cannot write cannot end.
    analyzerOutput.resume();
    editorOutput.end(() => this.#resolveClosed());
  }
}

function createSides({ editorOutput, analyzerInput, routes, log }: RelayOptions): Sides {
  const toEditor = writeTo(editorOutput);
  const toAnalyzer = writeTo(analyzerInput);
  return {
    toEditor,
    toAnalyzer,
    editorPort: new Port(toEditor),
    analyzerPort: new Port(toAnalyzer),
    taken: new TakenRequests(toEditor, log),
    rewrites: new Rewrites(toEditor, log),
    configuration: new ConfigurationWatch(routes.configurationReplies, log),
    routes,
    log,
    isOff: false,
  };
}

/** A side that has gone takes nothing more; that it has gone is told by its end. */
function writeTo(sink: Writable): (bytes: Buffer) => void {
  return (bytes) => {
    if (sink.writable) sink.write(bytes);
  };
}
