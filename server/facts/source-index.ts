import { readFile, stat } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { throwIfAborted } from "../base/abort.ts";
import type { Log } from "../base/log.ts";
import type { DocumentSnapshot, OpenDocuments } from "../stages.ts";
import { type FileExamples, readExamples } from "../syntax/examples.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { chunksOf } from "./source-chunks.ts";
import { nearestFirst, rustFilesBelow } from "./source-files.ts";

export interface NearbyRequest {
  /** The site's file, absolute. */
  readonly path: string;
  /** Absolute path of the workspace root. */
  readonly root: string;
  readonly overlays: OpenDocuments;
  /** A file that has none of these words (enum, variant or trait names) is not parsed. */
  readonly mentioning: readonly string[];
  readonly signal: AbortSignal;
}

export interface NearbyExamples {
  /** Nearest to the site's file first. */
  readonly files: readonly FileExamples[];
  /** What a bound kept out, as phrases for the evidence; empty as a rule. */
  readonly leftOut: readonly string[];
}

export interface SourceIndexOptions {
  readonly syntax: () => Promise<RustSyntax>;
  readonly log: Log;
}

/** Bounds of one question: beyond them the nearest files win. Larger workspaces would cost seconds when cold. */
const maximumFiles = 2_000;
const maximumBytes = 20_000_000;
/** Generated tables rather than code to learn from. */
const maximumFileBytes = 1_000_000;
/** UTF-16 units parsed at a stretch: about 4 ms, so that the relay is not held up. */
const chunkSize = 12_000;

interface Entry {
  /** Changes when the contents do. */
  readonly stamp: string;
  readonly mentions: Map<string, boolean>;
  examples: FileExamples | undefined;
}

/** Examples of the workspace's files, read when first asked for and kept until the file changes. */
export class SourceIndex {
  readonly #options: SourceIndexOptions;
  readonly #entries = new LRUCache<string, Entry>({ max: maximumFiles });

  constructor(options: SourceIndexOptions) {
    this.#options = options;
  }

  /** Rejects with AbortedError as soon as the signal aborts; files that cannot be read are passed over. */
  async examplesNear(request: NearbyRequest): Promise<NearbyExamples> {
    const started = performance.now();
    const { path, root, overlays, signal } = request;
    const open = new Map(overlays.map((document) => [document.path, document]));
    const unsaved = [...open.keys()].filter((candidate) => candidate.endsWith(".rs"));
    const onDisk = await rustFilesBelow(root, signal);
    const all = nearestFirst([...new Set([...onDisk, ...unsaved])], path);
    const files: FileExamples[] = [];
    const leftOut: string[] = [];
    let bytes = 0;
    for (const file of all.slice(0, maximumFiles)) {
      throwIfAborted(signal);
      const source = await sourceOf(file, open.get(file));
      if (source === undefined) continue;
      if (source.size > maximumFileBytes) {
        leftOut.push(`${file} (${Math.round(source.size / 1000)} kB)`);
        continue;
      }
      bytes += source.size;
      if (bytes > maximumBytes) break;
      const examples = await this.#examplesOf(file, source, request);
      if (examples !== undefined) files.push(examples);
    }
    if (bytes > maximumBytes) leftOut.push(`files beyond the nearest ${maximumBytes / 1e6} MB`);
    if (all.length > maximumFiles) leftOut.push(`${all.length - maximumFiles} of ${all.length} files`);
    this.#logSummary(all.length, files.length, leftOut, performance.now() - started);
    return { files, leftOut };
  }

  async #examplesOf(file: string, source: Source, request: NearbyRequest): Promise<FileExamples | undefined> {
    const known = this.#entries.get(file);
    const entry =
      known?.stamp === source.stamp
        ? known
        : { stamp: source.stamp, mentions: new Map<string, boolean>(), examples: undefined };
    this.#entries.set(file, entry);
    const unasked = request.mentioning.filter((word) => !entry.mentions.has(word));
    const needsText = unasked.length > 0 || entry.examples === undefined;
    const mentioned = () => request.mentioning.some((word) => entry.mentions.get(word) === true);
    if (needsText && (unasked.length > 0 || mentioned())) {
      const text = await source.text();
      if (text === undefined) return undefined;
      for (const word of unasked) entry.mentions.set(word, text.includes(word));
      if (mentioned()) entry.examples ??= await this.#parse(file, text, request.signal);
    }
    return mentioned() ? entry.examples : undefined;
  }

  async #parse(file: string, text: string, signal: AbortSignal): Promise<FileExamples> {
    const syntax = await this.#options.syntax();
    const parts: FileExamples[] = [];
    for (const chunk of chunksOf(text, chunkSize)) {
      await setImmediate();
      throwIfAborted(signal);
      parts.push(readExamples(syntax, chunk.text, file, chunk.firstLine));
    }
    return {
      path: file,
      matches: parts.flatMap((part) => part.matches),
      impls: parts.flatMap((part) => part.impls),
      types: parts.flatMap((part) => part.types),
    };
  }

  #logSummary(all: number, read: number, leftOut: readonly string[], milliseconds: number): void {
    this.#options.log.debug(`facts: examples from ${read} of ${all} files, ${Math.round(milliseconds)} ms`);
    if (leftOut.length > 0) this.#options.log.info(`facts: left out of similar code: ${leftOut.join("; ")}`);
  }
}

interface Source {
  readonly stamp: string;
  readonly size: number;
  text(): Promise<string | undefined>;
}

async function sourceOf(file: string, document: DocumentSnapshot | undefined): Promise<Source | undefined> {
  if (document !== undefined) {
    return {
      stamp: `open ${document.uri} ${document.version}`,
      size: document.text.length,
      text: () => Promise.resolve(document.text),
    };
  }
  try {
    const { mtimeMs, size } = await stat(file);
    return { stamp: `${mtimeMs} ${size}`, size, text: () => textOf(file) };
  } catch {
    return undefined;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}
