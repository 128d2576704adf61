import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isInside } from "../../base/real-path.ts";
import type { Workspace } from "../cargo/workspace.ts";

/** Files of one folder. A script that reads more is left to fail. */
const mostInFolder = 300;

/**
 * Files outside the roots that build scripts of the members read: what they have told cargo to watch when the user
 * last built, and the paths that begin with `../` in them.
 */
export function filesReadByScripts({ members, roots, buildDirectory }: Workspace): readonly string[] {
  const named = members.flatMap(({ name, manifest_path, targets }) => {
    const directory = dirname(manifest_path);
    const script = targets.find(({ kind }) => kind.includes("custom-build"));
    if (script === undefined) return [];
    return [...pathsIn(script.src_path), ...watchedBy(name, buildDirectory)].map((path) =>
      resolve(directory, path),
    );
  });
  const isOutside = (path: string) =>
    !roots.some((root) => isInside(path, root) || isInside(root, path)) && existsSync(path);
  return [...new Set(named)].filter(isOutside).flatMap(filesAt);
}

function pathsIn(script: string): readonly string[] {
  const text = existsSync(script) ? readFileSync(script, "utf8") : "";
  return [...text.matchAll(/"\/?(\.\.\/[^"\n]*)"/g)].map(([, path = ""]) => path);
}

/** As cargo has kept it (`build/<package>-<hash>/output` below each profile). */
function watchedBy(name: string, buildDirectory: string): readonly string[] {
  const profiles = entriesIn(buildDirectory).map((profile) => join(buildDirectory, profile.name, "build"));
  const outputs = profiles.flatMap((directory) =>
    entriesIn(directory)
      .filter((entry) => entry.name.startsWith(`${name}-`))
      .map((entry) => join(directory, entry.name, "output")),
  );
  return outputs
    .filter((file) => existsSync(file))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^cargo::?rerun-if-changed=(.+)$/gm)])
    .map(([, path = ""]) => path);
}

/** Links are not followed: they may lead round in a circle, or to a whole disk. */
function filesAt(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const files: string[] = [];
  const waiting = [path];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of entriesIn(at)) {
      const below = join(at, entry.name);
      if (entry.isFile()) files.push(below);
      else if (entry.isDirectory() && entry.name !== ".git") waiting.push(below);
    }
    if (files.length + waiting.length > mostInFolder) return [];
  }
  return files;
}

function entriesIn(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // Not there, or closed to us: a script that reads it says so itself.
    return [];
  }
}
