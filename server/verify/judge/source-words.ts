import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

interface FileWords {
  readonly stamp: string;
  readonly words: ReadonlySet<number>;
  readonly differsInTests: boolean;
  readonly passesOnForeignNames: boolean;
}

/**
 * The words of a package's sources, to tell a name that nobody ever wrote. It only decides which drafts are checked
 * first: what a name means is rustc's to say. Words are kept as hashes, some hundred kB for 80,000 lines.
 */
export class SourceWords {
  readonly #files = new Map<string, FileWords>();

  /** Reads what has changed below the directory; `except` is not read (its text is the caller's). */
  update(directory: string, except: string): void {
    const found = new Set<string>();
    for (const path of rustFiles(directory)) {
      const state = statSync(path, { throwIfNoEntry: false });
      if (state === undefined || path === except) continue;
      found.add(path);
      const stamp = `${state.size} ${state.mtimeMs}`;
      if (this.#files.get(path)?.stamp === stamp) continue;
      this.#files.set(path, { stamp, ...readWords(readFileSync(path)) });
    }
    for (const path of this.#files.keys()) if (!found.has(path)) this.#files.delete(path);
  }

  has(word: string): boolean {
    const hash = hashOfWord(word);
    return [...this.#files.values()].some(({ words }) => words.has(hash));
  }

  /** Some code is another one when it is built for tests, beyond code that is there for tests only. */
  get differsInTests(): boolean {
    return [...this.#files.values()].some((file) => file.differsInTests);
  }

  /** Some module hands on all names of another crate's module: `pub use other::*`. */
  get passesOnForeignNames(): boolean {
    return [...this.#files.values()].some((file) => file.passesOnForeignNames);
  }
}

function readWords(bytes: Buffer): Omit<FileWords, "stamp"> {
  const text = bytes.toString();
  return {
    words: wordsIn(bytes),
    differsInTests: differsInTests(text),
    passesOnForeignNames: globImports(text).some(({ isForeign, isPublic }) => isForeign && isPublic),
  };
}

/** `use a::b::*`: `isForeign` unless the path starts in this crate. */
export function globImports(
  text: string,
): readonly { readonly isForeign: boolean; readonly isPublic: boolean }[] {
  return [...text.matchAll(/\b(pub(?:\([^)]*\))?\s+)?use\s+([^;]*)\*/g)].map((match) => ({
    isForeign: !/^(?:crate|self|super|Self|[A-Z]\w*)\b/.test(match[2] ?? ""),
    isPublic: match[1] !== undefined,
  }));
}

export function differsInTests(text: string): boolean {
  for (const match of text.matchAll(/\bcfg(_attr)?\s*\(/g)) {
    const start = match.index + match[0].length;
    const condition = balanced(text, start);
    const isPlain = match[1] === undefined && condition.trim() === "test";
    if (!isPlain && /\btest\b/.test(condition)) return true;
  }
  return false;
}

function balanced(text: string, start: number): string {
  let depth = 1;
  for (let at = start; at < text.length; at += 1) {
    const unit = text.charAt(at);
    if (unit === "(") depth += 1;
    if (unit === ")") depth -= 1;
    if (depth === 0) return text.slice(start, at);
  }
  return text.slice(start);
}

/** The words of one text. */
export function wordsOf(text: string): { has(word: string): boolean } {
  const words = wordsIn(Buffer.from(text));
  return { has: (word) => words.has(hashOfWord(word)) };
}

function wordsIn(bytes: Buffer): ReadonlySet<number> {
  const words = new Set<number>();
  for (let at = 0; at < bytes.length; at += 1) {
    if (!isWordByte(bytes[at])) continue;
    const start = at;
    while (isWordByte(bytes[at])) at += 1;
    words.add(hashOf(bytes, start, at));
  }
  return words;
}

/** ASCII letters, digits, `_`, and every byte of a longer character. */
function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return byte >= 0x61
    ? byte <= 0x7a || byte >= 0x80
    : byte >= 0x41
      ? byte <= 0x5a || byte === 0x5f
      : byte >= 0x30 && byte <= 0x39;
}

function hashOfWord(word: string): number {
  const bytes = Buffer.from(word);
  return hashOf(bytes, 0, bytes.length);
}

/** FNV-1a, 32 bits. Two words of one hash make a name look known, which costs time and nothing else. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}

function rustFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith(".") ? [] : rustFiles(path);
    return entry.isFile() && entry.name.endsWith(".rs") ? [path] : [];
  });
}
