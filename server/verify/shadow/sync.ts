import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Shadow } from "./shadow.ts";
import { type BookEntry, loadBook, ownStamp, saveBook, unfinishedName } from "./book.ts";
import type { PlacedSource, SourceEntry } from "./entry.ts";
import type { Repository } from "./git.ts";
import { canBeRead } from "./failure.ts";
import { Rewriter } from "./rewrite.ts";
import { readSource, type Source } from "./source.ts";
import type { Workspace } from "../cargo/workspace.ts";

// About 5 ms of copying, so that the relay is never held up for longer.
const writesPerStep = 20;
/** Bytes. Copying more takes longer than a step may. */
const large = 4_000_000;

/** Keeps a shadow the same as the user's tree with every open document laid over it. */
export class ShadowSync {
  readonly #shadow: Shadow;
  readonly #limitBytes: number;
  readonly #entries: Map<string, BookEntry>;
  #isChanged = false;
  #shape = 0;
  readonly #rewriter: Rewriter;
  #source: Source = { entries: new Map(), repositories: [], rewritten: new Set() };
  readonly #unfitted = new Map<string, Repository>();
  /** Stamps of what could not be read. */
  readonly #leftOut = new Map<string, string>();

  constructor(shadow: Shadow, limitBytes: number) {
    this.#shadow = shadow;
    this.#limitBytes = limitBytes;
    this.#entries = loadBook(shadow);
    this.#rewriter = new Rewriter(shadow);
  }

  /** Changes whenever a file comes or goes: cargo finds targets by the names of files. */
  get shape(): number {
    return this.#shape;
  }

  /** Repositories whose index was copied and knows the user's files, not the shadow's; to be taken out when it does. */
  get unfitted(): Map<string, Repository> {
    return this.#unfitted;
  }

  /** Files whose text in the shadow is another than the user's. */
  get rewritten(): ReadonlySet<string> {
    return this.#source.rewritten;
  }

  /** Rust sources and links of the user's as they stand in the shadow. */
  *sources(): Iterable<PlacedSource> {
    for (const [path, { kind, stamp }] of this.#entries) {
      const isLink = kind === "link";
      if (!isLink && (kind !== "file" || !path.endsWith(".rs"))) continue;
      const link = isLink ? this.#source.entries.get(path)?.from : undefined;
      yield { place: this.#shadow.placeOf(path), stamp, link };
    }
  }

  /** Files outside the roots that are brought too. */
  beside: readonly string[] = [];

  /**
   * `documents` are the open documents' texts by real path. `placed` is left as it stands where it stands at
   * all: its text is placed by {@link place} before each check.
   */
  async sync(workspace: Workspace, documents: ReadonlyMap<string, string>, placed: string): Promise<void> {
    this.#source = await this.#read(workspace);
    this.#leftOut.clear();
    const { entries: source } = this.#source;
    this.#shadow.ownPlaces.setCopies(
      new Map([...source].flatMap(([path, { real }]) => (real === undefined ? [] : [[path, real] as const]))),
    );
    const overlays = withLinked(documents, source);
    const gone = [...this.#entries].filter(([path, { kind }]) => {
      const now = source.get(path);
      return now === undefined ? !overlays.has(path) && path !== placed : now.kind !== kind;
    });
    for (const [path] of gone.reverse()) this.#remove(path);
    let writes = 0;
    for (const [path, entry] of source) {
      if (overlays.has(path) || path === placed) continue;
      const known = this.#entries.get(path);
      if (known !== undefined && known.stamp === entry.stamp && !known.isRacy) continue;
      if (await this.#bring(path, entry)) writes += 1;
      if (writes % writesPerStep === writesPerStep - 1) await new Promise((next) => setImmediate(next));
    }
    for (const [path, text] of overlays) {
      const isPlacedLater = path === placed && existsSync(this.#shadow.placeOf(path));
      if (!isPlacedLater && isInRoots(path, source))
        this.place(path, this.#rewriter.text(path, text, workspace) ?? text);
    }
    this.#save();
  }

  /**
   * Whether sources or manifests that no text is laid over have changed, come or gone since they were brought. What
   * else lies in a workspace (a database, a log) may change all the time and is as a rule no part of what is compiled.
   */
  async isBehind(workspace: Workspace): Promise<boolean> {
    const { entries: source } = await this.#read(workspace);
    return [...new Set([...source.keys(), ...this.#entries.keys()])]
      .filter((path) => /\.(rs|toml|lock)$/.test(path))
      .some((path) => {
        const known = this.#entries.get(path)?.stamp ?? this.#leftOut.get(path);
        return known !== "" && known !== source.get(path)?.stamp;
      });
  }

  /** Lays a text over a file wherever links bring it in, whether or not the user has it on disk. */
  place(path: string, text: string): void {
    for (const name of [path, ...this.#shadow.ownPlaces.copiesOf(path)]) this.#placeOne(name, text);
  }

  /** Written only when it differs. */
  #placeOne(path: string, text: string): void {
    const bytes = Buffer.from(text, "utf8");
    if (!this.#isSame(path, bytes)) {
      if (!this.#entries.has(path)) this.#begin();
      this.#shadow.write(path, bytes);
    }
    this.#note(path, { kind: "file", stamp: "", isRacy: false, own: "" });
    this.#save();
  }

  #read(workspace: Workspace): Promise<Source> {
    const [shadow, rewriter, limitBytes] = [this.#shadow, this.#rewriter, this.#limitBytes];
    return readSource({ workspace, shadow, rewriter, beside: this.beside, limitBytes });
  }

  /** Whether anything had to be written. What cannot be read is left out. */
  async #bring(path: string, source: SourceEntry): Promise<boolean> {
    const known = this.#entries.get(path);
    try {
      const isLarge = (source.size ?? 0) > large && source.text === undefined;
      if (isLarge && !path.endsWith("/.git/index")) await this.#bringLarge(path, source);
      else if (source.kind === "file") return this.#bringFile(path, source, known);
      else this.#bringOther(path, source);
      return true;
    } catch (error) {
      if (source.kind !== "file" || source.text !== undefined || canBeRead(source.from)) throw error;
      if (known !== undefined) this.#remove(path);
      this.#leftOut.set(path, source.stamp);
      return false;
    }
  }

  #bringOther(path: string, { kind, stamp, from }: SourceEntry): void {
    this.#begin();
    if (kind === "directory") this.#shadow.makeDirectory(path);
    else this.#shadow.link(path, from);
    this.#note(path, { kind, stamp, isRacy: false, own: "" });
  }

  /** Off the event loop, and without a look at what is there. */
  async #bringLarge(path: string, { kind, stamp, isRacy, from }: SourceEntry): Promise<void> {
    this.#begin();
    await this.#shadow.copyLarge(path, from);
    this.#note(path, { kind, stamp, isRacy, own: ownStamp(this.#shadow.placeOf(path)) });
  }

  #bringFile(path: string, source: SourceEntry, known: BookEntry | undefined): boolean {
    const { kind, stamp, isRacy, from, text } = source;
    const bytes = () => (text === undefined ? readFileSync(from) : Buffer.from(text));
    const index = this.#source.repositories.find(({ root }) => path === join(root, ".git/index"));
    const digest = index === undefined ? undefined : createHash("sha256").update(bytes()).digest("hex");
    const isKnownSame =
      known !== undefined &&
      (digest === undefined ? this.#isSame(path, bytes()) : this.#isDerived(path, known, digest));
    if (!isKnownSame) {
      this.#begin();
      if (text === undefined) this.#shadow.copy(path, from);
      else this.#shadow.write(path, bytes());
      if (index !== undefined) this.#unfitted.set(index.root, index);
    }
    if (known?.stamp !== stamp) this.#isChanged = true;
    const own = ownStamp(this.#shadow.placeOf(path));
    this.#note(path, { kind, stamp, isRacy, own, ...(digest === undefined ? {} : { digest }) });
    return !isKnownSame;
  }

  #note(path: string, entry: BookEntry): void {
    if (!this.#entries.has(path)) this.#countShape(path);
    this.#entries.set(path, entry);
  }

  #isDerived(path: string, known: BookEntry, digest: string): boolean {
    return known.digest === digest && existsSync(this.#shadow.placeOf(path));
  }

  #isSame(path: string, bytes: Buffer): boolean {
    const place = this.#shadow.placeOf(path);
    const state = statSync(place, { throwIfNoEntry: false });
    return state?.size === bytes.length && readFileSync(place).equals(bytes);
  }

  #remove(path: string): void {
    this.#countShape(path);
    this.#begin();
    this.#shadow.remove(path);
    this.#entries.delete(path);
  }

  /** Cargo looks for targets, and not in a repository's own files. */
  #countShape(path: string): void {
    if (!path.includes("/.git/")) this.#shape += 1;
  }

  /** From here until the book is saved the tree may hold what no book knows of. */
  #begin(): void {
    if (!this.#isChanged) this.#shadow.saveBeside(unfinishedName, "");
    this.#isChanged = true;
  }

  #save(): void {
    if (!this.#isChanged) return;
    saveBook(this.#shadow, this.#entries);
    this.#isChanged = false;
  }
}

/** A document that links bring in from outside is laid over each place where it appears. */
function withLinked(
  documents: ReadonlyMap<string, string>,
  source: ReadonlyMap<string, SourceEntry>,
): ReadonlyMap<string, string> {
  const overlays = new Map(documents);
  for (const [path, { real }] of source) {
    const text = real === undefined ? undefined : documents.get(real);
    if (text !== undefined) overlays.set(path, text);
  }
  return overlays;
}

function isInRoots(path: string, source: ReadonlyMap<string, SourceEntry>): boolean {
  if (source.has(path)) return true;
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (source.get(path.slice(0, at))?.kind === "directory") return true;
  }
  return false;
}
