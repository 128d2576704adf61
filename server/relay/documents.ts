import { URI } from "vscode-uri";
import { z } from "zod";
import { describeError, type Log } from "../base/log.ts";
import { offsetAt, type PositionEncoding } from "../base/positions.ts";
import type { DocumentSnapshot, OpenDocuments } from "../stages.ts";

/** The editor's open documents, mirrored from its notifications. What cannot be read is logged and ignored. */
export class Documents {
  readonly #log: Log;
  readonly #open = new Map<string, DocumentSnapshot>();
  readonly #listeners = new Set<(uri: string) => void>();
  #encoding: PositionEncoding = "utf-16";
  #generation = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Rises with each change of any document. */
  get generation(): number {
    return this.#generation;
  }

  /** As negotiated: the unit of the ranges in didChange. */
  setEncoding(encoding: PositionEncoding): void {
    this.#encoding = encoding;
  }

  get(uri: string): DocumentSnapshot | undefined {
    return this.#open.get(uri);
  }

  all(): OpenDocuments {
    return [...this.#open.values()];
  }

  /** Called after each open, change and close with the document's URI. Returns a function that ends it. */
  onChange(listener: (uri: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  didOpen(params: unknown): void {
    this.#read("didOpen", openSchema, params, ({ textDocument: { uri, version, text } }) => {
      this.#set({ uri, path: pathOf(uri), version, text });
    });
  }

  didChange(params: unknown): void {
    this.#read("didChange", changeSchema, params, ({ textDocument: { uri, version }, contentChanges }) => {
      const before = this.#open.get(uri);
      if (before === undefined) throw new Error("the document is not open");
      let { text } = before;
      // Each change is relative to the text that the one before it left (LSP 3.17, DidChangeTextDocumentParams).
      for (const change of contentChanges) text = applyChange(text, change, this.#encoding);
      this.#set({ ...before, version: version ?? before.version, text });
    });
  }

  didClose(params: unknown): void {
    this.#read("didClose", closeSchema, params, ({ textDocument: { uri } }) => {
      if (this.#open.delete(uri)) this.#changed(uri);
    });
  }

  #read<T>(what: string, schema: z.ZodType<T>, params: unknown, apply: (parsed: T) => void): void {
    try {
      apply(schema.parse(params));
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : describeError(error);
      this.#log.warn(`textDocument/${what} was ignored: ${reason}`);
    }
  }

  #set(document: DocumentSnapshot): void {
    this.#open.set(document.uri, document);
    this.#changed(document.uri);
  }

  #changed(uri: string): void {
    this.#generation += 1;
    for (const listener of this.#listeners) listener(uri);
  }
}

/** "" for a document that is no file (an untitled buffer). */
function pathOf(uri: string): string {
  const parsed = URI.parse(uri);
  return parsed.scheme === "file" ? parsed.fsPath : "";
}

function applyChange(text: string, change: ContentChange, encoding: PositionEncoding): string {
  if (change.range === undefined) return change.text;
  const start = offsetAt(text, change.range.start, encoding);
  const end = Math.max(start, offsetAt(text, change.range.end, encoding));
  return text.slice(0, start) + change.text + text.slice(end);
}

const positionSchema = z.looseObject({ line: z.int().min(0), character: z.int().min(0) });
const contentChangeSchema = z.looseObject({
  range: z.looseObject({ start: positionSchema, end: positionSchema }).optional(),
  text: z.string(),
});
type ContentChange = z.infer<typeof contentChangeSchema>;

const openSchema = z.looseObject({
  textDocument: z.looseObject({ uri: z.string().min(1), version: z.int(), text: z.string() }),
});
const changeSchema = z.looseObject({
  textDocument: z.looseObject({ uri: z.string().min(1), version: z.int().nullish() }),
  contentChanges: z.array(contentChangeSchema),
});
const closeSchema = z.looseObject({ textDocument: z.looseObject({ uri: z.string().min(1) }) });
