import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { NoVerdict } from "./no-verdict.ts";
import { isInside, realPathOf } from "./real-path.ts";

/** One thing of the user's tree that the shadow must have. */
export interface SourceEntry {
  readonly kind: "file" | "directory" | "link";
  /** Changes whenever the thing may have changed. */
  readonly stamp: string;
  /** Changed so shortly ago that a second change could leave the same stamp: the content must be compared. */
  readonly isRacy: boolean;
  /** file: where the bytes are. link: the target as written, absolute ones by their place in the user's tree. */
  readonly from: string;
  /** Where it really stands, for what a link brings in from outside the roots: editors name it by this. */
  readonly real?: string;
}

export interface ScanOptions {
  readonly roots: readonly string[];
  readonly excluded: readonly string[];
  /** More than this is no workspace to copy. */
  readonly limitBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const versionControl = new Set([".git", ".hg", ".svn", ".jj", ".pijul"]);
// The coarsest file time in use (FAT: 2 s) bounds how long a stamp can hide a second change.
const racyMilliseconds = 2_000;
// About 5 ms of work, so that the relay is never held up for longer.
const entriesPerStep = 500;

/** Reads the roots, without version control and target directories, keyed by path in the user's tree. */
export async function scanTree(options: ScanOptions): Promise<Map<string, SourceEntry>> {
  const found = new Map<string, SourceEntry>();
  const visited = new Set<string>();
  const waiting = [...options.roots];
  let bytes = 0;
  let steps = 0;
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    const real = realPathOf(directory);
    if (visited.has(`${directory}\0${real}`) || isCycle(directory, real)) continue;
    visited.add(`${directory}\0${real}`);
    found.set(directory, { kind: "directory", stamp: "directory", isRacy: false, from: directory });
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const entry = readEntry(path, name, options);
      if (entry === undefined) continue;
      if (entry.kind === "directory") waiting.push(path);
      else found.set(path, real === directory ? entry : { ...entry, real: join(real, name) });
      bytes += entry.bytes;
      steps += 1;
      if (steps % entriesPerStep === 0) await new Promise((next) => setImmediate(next));
    }
    if (bytes > options.limitBytes) throw tooLarge(options);
  }
  return found;
}

function readEntry(
  path: string,
  name: string,
  options: ScanOptions,
): (SourceEntry & { readonly bytes: number }) | undefined {
  if (versionControl.has(name) || options.excluded.includes(path)) return undefined;
  const own = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (own?.isSymbolicLink() === true) {
    const target = resolve(dirname(path), readlinkSync(path));
    if (!existsSync(target)) return undefined;
    if (options.roots.some((root) => isInside(realPathOf(target), root))) {
      const from = readlinkSync(path);
      return { kind: "link", stamp: `link ${from}`, isRacy: false, from, bytes: 0 };
    }
  }
  const state = own?.isSymbolicLink() === true ? statSync(path, { bigint: true }) : own;
  if (state === undefined) return undefined;
  if (state.isDirectory()) {
    if (name === "target" && existsSync(join(path, "CACHEDIR.TAG"))) return undefined;
    return { kind: "directory", stamp: "directory", isRacy: false, from: path, bytes: 0 };
  }
  if (!state.isFile()) return undefined;
  const stamp = `file ${state.size} ${state.mtimeNs} ${state.ctimeNs} ${state.ino}`;
  const isRacy = options.now - Number(state.ctimeMs) < racyMilliseconds;
  const entry = { kind: "file", stamp, isRacy, from: path, bytes: Number(state.size) } as const;
  return own?.isSymbolicLink() === true ? { ...entry, real: realPathOf(path) } : entry;
}

/** A link out of the root that leads back above itself. */
function isCycle(directory: string, real: string): boolean {
  return directory !== real && isInside(directory, real);
}

function tooLarge({ roots, limitBytes }: ScanOptions): NoVerdict {
  const megabytes = Math.round(limitBytes / 1e6);
  return new NoVerdict(
    "not-handled",
    `${roots.join(", ")}: more than ${megabytes} MB to copy into the shadow`,
  );
}

/**
 * Files above the roots that cargo and rustup read: settings and toolchain files. Those that stand above the
 * shadow too are found there anyway, and reading them twice would double their lists.
 */
export function scanAbove(roots: readonly string[], shadow: string, now: number): Map<string, SourceEntry> {
  const found = new Map<string, SourceEntry>();
  for (const root of roots) {
    for (let directory = dirname(root); ; directory = dirname(directory)) {
      if (!isInside(shadow, directory)) {
        for (const name of [".cargo/config.toml", ".cargo/config", "rust-toolchain", "rust-toolchain.toml"]) {
          addFile(found, join(directory, name), now);
        }
      }
      if (directory === dirname(directory)) break;
    }
  }
  return found;
}

function addFile(found: Map<string, SourceEntry>, path: string, now: number): void {
  const state = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (state?.isFile() !== true) return;
  const stamp = `file ${state.size} ${state.mtimeNs} ${state.ctimeNs} ${state.ino}`;
  found.set(path, {
    kind: "file",
    stamp,
    isRacy: now - Number(state.ctimeMs) < racyMilliseconds,
    from: path,
  });
}

/** Manifests and cargo settings above the shadow that do not stand above the root: they would change the check. */
export function strayFilesAbove(shadow: string, root: string, cargoHome: string): readonly string[] {
  const stray: string[] = [];
  for (let directory = dirname(shadow); directory !== dirname(directory); directory = dirname(directory)) {
    if (isInside(root, directory)) continue;
    const settings = join(directory, ".cargo");
    const files = [join(directory, "Cargo.toml")];
    if (settings !== cargoHome) files.push(join(settings, "config.toml"), join(settings, "config"));
    stray.push(...files.filter((file) => existsSync(file)));
  }
  return stray;
}
