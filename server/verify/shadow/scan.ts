import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { NoVerdict } from "../no-verdict.ts";
import { isInside, realPathOf } from "../../base/real-path.ts";
import type { Workspace } from "../cargo/workspace.ts";
import { directoryEntry, fileEntry, fileEntryAt, type SourceEntry } from "./entry.ts";
import { ifReadable } from "./failure.ts";

export interface ScanOptions {
  readonly roots: readonly string[];
  readonly excluded: readonly string[];
  /** More than this is no workspace to copy. */
  readonly limitBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ScannedTree {
  /** By path in the user's tree. */
  readonly entries: Map<string, SourceEntry>;
  /** Directories with a `.git` in them. */
  readonly repositories: readonly string[];
}

const versionControl = new Set([".git", ".hg", ".svn", ".jj", ".pijul"]);
// About 5 ms of work, so that the relay is never held up for longer.
const entriesPerStep = 500;

/** Reads the roots, without version control and target directories. */
export async function scanTree(options: ScanOptions): Promise<ScannedTree> {
  const found = new Map<string, SourceEntry>();
  const repositories: string[] = [];
  const visited = new Set<string>();
  const waiting = [...options.roots];
  let bytes = 0;
  let steps = 0;
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    const real = realPathOf(directory);
    if (visited.has(`${directory}\0${real}`) || isCycle(directory, real)) continue;
    visited.add(`${directory}\0${real}`);
    found.set(directory, directoryEntry(directory));
    for (const name of ifReadable(() => readdirSync(directory)) ?? []) {
      const path = join(directory, name);
      if (name === ".git") repositories.push(directory);
      const entry = ifReadable(() => readEntry(path, name, options));
      if (entry === undefined) continue;
      if (entry.kind === "directory") waiting.push(path);
      else found.set(path, real === directory ? entry : { ...entry, real: join(real, name) });
      bytes += entry.size ?? 0;
      steps += 1;
      if (steps % entriesPerStep === 0) await new Promise((next) => setImmediate(next));
    }
    if (bytes > options.limitBytes) throw tooLarge(options);
  }
  return { entries: found, repositories };
}

function readEntry(path: string, name: string, options: ScanOptions): SourceEntry | undefined {
  if (versionControl.has(name) || options.excluded.includes(path)) return undefined;
  const own = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (own?.isSymbolicLink() === true) {
    const target = resolve(dirname(path), readlinkSync(path));
    if (!existsSync(target)) return undefined;
    if (options.roots.some((root) => isInside(realPathOf(target), root))) {
      const from = readlinkSync(path);
      return { kind: "link", stamp: `link ${from}`, isRacy: false, from };
    }
  }
  const state = own?.isSymbolicLink() === true ? statSync(path, { bigint: true }) : own;
  if (state === undefined) return undefined;
  if (state.isDirectory()) {
    if (name === "target" && existsSync(join(path, "CACHEDIR.TAG"))) return undefined;
    return directoryEntry(path);
  }
  if (!state.isFile()) return undefined;
  const entry = fileEntry(path, state, options.now);
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
 * Files above the roots that cargo and its companions read. Cargo's settings that stand above the shadow too are
 * found there anyway, and reading them twice would double their lists; of the others only the nearest counts.
 */
export function scanAbove(workspace: Workspace, shadow: string, now: number): Map<string, SourceEntry> {
  const found = new Map<string, SourceEntry>();
  const add = (path: string) => {
    const entry = fileEntryAt(path, now);
    if (entry !== undefined) found.set(path, entry);
  };
  for (const { file, directory } of workspace.settingsFiles) if (!isInside(shadow, directory)) add(file);
  for (const root of workspace.roots) {
    for (let directory = dirname(root); ; directory = dirname(directory)) {
      for (const name of nearestCounts) add(join(directory, name));
      if (directory === dirname(directory)) break;
    }
  }
  return found;
}

const nearestCounts = [
  ...["rust-toolchain", "rust-toolchain.toml"],
  ...["rustfmt.toml", ".rustfmt.toml", "clippy.toml", ".clippy.toml"],
];

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
