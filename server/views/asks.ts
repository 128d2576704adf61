import type { TextDocumentPositionParams } from "vscode-languageserver";
import type { Log } from "../base/log.ts";
import type { NoOffer } from "../stages.ts";

export interface AsksOptions {
  readonly log: Log;
  readonly notifyEditor: (method: string, params: unknown) => void;
  /** Of an open document; undefined where it is not open. */
  readonly textOf: (uri: string) => string | undefined;
}

/** What people asked for by hand and did not get: a log line for each, and the last one to be explained where it was. */
export class Asks {
  readonly #options: AsksOptions;
  #last: { uri: string; line: number; text: string | undefined; none: NoOffer } | undefined;
  #hasSaidNotReady = false;

  constructor(options: AsksOptions) {
    this.#options = options;
  }

  /** To be told of each ask by hand that ended without an offer. */
  fruitless({ textDocument: { uri }, position: { line } }: TextDocumentPositionParams, none: NoOffer): void {
    this.#options.log.info(`no offer: ${none.stage}/${none.reason}: ${none.message}`);
    this.#last = { uri, line, text: this.#options.textOf(uri), none };
    if (none.reason !== "analyzer-not-ready" || this.#hasSaidNotReady) return;
    this.#hasSaidNotReady = true;
    this.tell(none.message);
  }

  /**
   * The last fruitless ask, if it was on this line and the text is what it was: Neovim writes items into the document
   * while its menu is open, and takes them out again.
   */
  at({ textDocument: { uri }, position: { line } }: TextDocumentPositionParams): NoOffer | undefined {
    const last = this.#last;
    if (last?.uri !== uri || last.line !== line) return undefined;
    return last.text === this.#options.textOf(uri) ? last.none : undefined;
  }

  /** A message to the person, by the only channel that all editors have. Only where they wait for one. */
  tell(message: string): void {
    const info = 3;
    this.#options.notifyEditor("window/showMessage", { type: info, message: `Armature: ${message}` });
  }
}
