import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { throwIfAborted } from "../base/abort.ts";

const skippedDirectories = new Set(["target", "node_modules"]);

/** Absolute paths of the `.rs` files below `root`; hidden, VCS and build directories and links are not entered. */
export async function rustFilesBelow(root: string, signal: AbortSignal): Promise<string[]> {
  const files: string[] = [];
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    throwIfAborted(signal);
    for (const entry of await entriesOf(directory)) {
      if (entry.name.startsWith(".")) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory() && !skippedDirectories.has(entry.name)) pending.push(path);
      else if (entry.isFile() && entry.name.endsWith(".rs")) files.push(path);
    }
  }
  return files;
}

/** The same files, nearest to `path` first: itself, its directory, then by steps through the tree. */
export function nearestFirst(files: readonly string[], path: string): string[] {
  const distances = new Map(files.map((file) => [file, distance(file, path)]));
  const distanceOf = (file: string) => distances.get(file) ?? 0;
  return [...files].sort((a, b) => distanceOf(a) - distanceOf(b) || (a < b ? -1 : 1));
}

function distance(file: string, path: string): number {
  if (file === path) return 0;
  const between = relative(dirname(path), dirname(file));
  return between === "" ? 1 : 1 + between.split(sep).length;
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    // Unreadable or just removed: it has no examples for us.
    return [];
  }
}
