import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder to look for similar code below: the nearest one above the file with a Cargo.lock, else with a
 * Cargo.toml, else the file's own. What cargo itself takes for the workspace is settled when it checks.
 */
export function workspaceRoot(path: string): string {
  return nearestWith(path, "Cargo.lock") ?? nearestWith(path, "Cargo.toml") ?? dirname(path);
}

function nearestWith(path: string, name: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
