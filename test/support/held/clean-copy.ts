/** Copies of the user's files as they stand at one moment, without what cargo and the product have built. */
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";

export interface CleanCopy {
  /** The same files in the same state have the same copy. */
  readonly directory: string;
  /** Where a path of the user's stands in the copy; what is not in it stays as it is. */
  placeOf(path: string): string;
  /** A text of a setting or a variable, with the user's folder replaced by the copy's. */
  rewritten(text: string): string;
}

export interface CopyOptions {
  readonly root: string;
  readonly path: string;
  readonly before: string;
  readonly unsaved: ReadonlyMap<string, string>;
}

/** Beside the user's folder in a world that a test has made: the product's cache, and controls of the test's own. */
const notUsers = ["cache", "plain", "plain-target", "control", "oracle"];

let holder: string | undefined;
const copies = new Map<string, CleanCopy>();

/**
 * The folder around the user's, so that what lies beside it and is reached by `..` is there too, with the unsaved
 * texts laid over the files.
 */
export function copyOf({ root, path, before, unsaved }: CopyOptions): CleanCopy {
  const from = surroundingsOf(root);
  const overlays = new Map([...unsaved, [path, before] as const].map(([file, text]) => [realOf(file), text]));
  const entries = entriesBelow(from, overlays);
  const hash = createHash("sha256").update(from);
  for (const { name, link, content } of entries) hash.update(`\0${name}\0${link ?? ""}\0`).update(content);
  const key = hash.digest("hex").slice(0, 16);
  const existing = copies.get(key);
  if (existing !== undefined) return existing;
  holder ??= realpathSync(mkdtempSync(join(tmpdir(), "armature-held-")));
  const directory = join(holder, key);
  const copy: CleanCopy = {
    directory,
    placeOf: (file) => {
      const real = realOf(file);
      return real === from || real.startsWith(from + sep) ? join(directory, relative(from, real)) : real;
    },
    rewritten: (text) => text.replaceAll(from, directory),
  };
  lay(directory, entries, copy);
  copies.set(key, copy);
  return copy;
}

export function dropCopies(): void {
  if (holder !== undefined) rmSync(holder, { recursive: true, force: true });
  holder = undefined;
  copies.clear();
}

interface Entry {
  /** Relative to the surroundings. */
  readonly name: string;
  readonly content: Buffer;
  readonly link: string | undefined;
  readonly mode: number;
}

/** Tests make their worlds in folders of their own below the temporary one; elsewhere it is the root alone. */
function surroundingsOf(root: string): string {
  const temporary = realpathSync(tmpdir());
  const real = realOf(root);
  const [first = ""] = relative(temporary, real).split(sep);
  return first === ".." || first === "" ? real : join(temporary, first);
}

function entriesBelow(from: string, overlays: ReadonlyMap<string, string>): Entry[] {
  const entries: Entry[] = [];
  const walk = (directory: string): void => {
    for (const name of readdirSync(directory).sort()) {
      const path = join(directory, name);
      if (directory === from && notUsers.includes(name)) continue;
      const state = lstatSync(path, { throwIfNoEntry: false });
      // A name that is no text is read as another.
      if (state === undefined) continue;
      const base = { name: relative(from, path), mode: state.mode };
      if (state.isSymbolicLink())
        entries.push({ ...base, link: readlinkSync(path), content: Buffer.alloc(0) });
      else if (state.isDirectory() && !isBuilt(path)) walk(path);
      else if (state.isFile()) {
        const overlay = overlays.get(path);
        const content = overlay === undefined ? readFileSync(path) : Buffer.from(overlay);
        entries.push({ ...base, link: undefined, content });
      }
    }
  };
  walk(from);
  const missing = [...overlays].filter(([path]) => path.startsWith(from + sep) && !existsSync(path));
  for (const [path, text] of missing) {
    entries.push({ name: relative(from, path), mode: 0o644, link: undefined, content: Buffer.from(text) });
  }
  return entries;
}

/** cargo marks its target directories. */
function isBuilt(directory: string): boolean {
  return existsSync(join(directory, "CACHEDIR.TAG"));
}

/** Manifests and settings may name absolute paths: those within the copied folder lead into the copy. */
function lay(directory: string, entries: readonly Entry[], copy: CleanCopy): void {
  for (const { name, content, link, mode } of entries) {
    const place = join(directory, name);
    mkdirSync(dirname(place), { recursive: true });
    if (link !== undefined) symlinkSync(copy.rewritten(link), place);
    else if (/\.toml$|(^|\/)\.cargo\/config$/.test(name))
      writeFileSync(place, copy.rewritten(content.toString()), { mode });
    else writeFileSync(place, content, { mode });
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
