import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export interface ProjectSettings {
  /** Absolute paths of manifests, or of folders with one; empty means whatever is found. */
  readonly linkedProjects: readonly string[];
  readonly openedFolder: string;
}

/** Folders with a manifest that rust-analyzer loads: those named, else the opened one and the ones in it. */
export function projectsOf({ linkedProjects, openedFolder }: ProjectSettings): readonly string[] {
  const named = linkedProjects.map((path) => (basename(path) === "Cargo.toml" ? dirname(path) : path));
  const folders = named.length > 0 ? named : [openedFolder, ...foldersIn(openedFolder)];
  return folders.filter((folder) => existsSync(join(folder, "Cargo.toml")));
}

function foldersIn(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  } catch {
    return [];
  }
}
