import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { realPathOf } from "../../base/real-path.ts";
import { directoryEntry, fileEntryAt, type SourceEntry } from "./entry.ts";

/** A git repository of the user's. All paths are absolute. */
export interface Repository {
  /** The directory with `.git` in it. */
  readonly root: string;
  /** HEAD and index of this working tree. */
  readonly own: string;
  /** Refs, settings and objects: the same for all working trees of a repository. */
  readonly common: string;
}

export interface GitOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** For git of our own: whatever the user's settings say, it runs no program of theirs. */
export const quietGit = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"] as const;

/** The repositories that git finds from the roots upwards, and those in `inside`, which have a `.git`. */
export function repositoriesOf(roots: readonly string[], inside: readonly string[]): readonly Repository[] {
  const found = new Map<string, Repository>();
  for (const repository of [...roots.map(repositoryAbove), ...inside.map(repositoryAt)]) {
    if (repository !== undefined) found.set(repository.root, repository);
  }
  return [...found.values()];
}

function repositoryAbove(directory: string): Repository | undefined {
  const parent = dirname(directory);
  return repositoryAt(directory) ?? (parent === directory ? undefined : repositoryAbove(parent));
}

/** `.git` is a directory, or a file that names one, as in submodules and in further working trees. */
function repositoryAt(root: string): Repository | undefined {
  const place = join(root, ".git");
  const state = statSync(place, { throwIfNoEntry: false });
  if (state === undefined) return undefined;
  const named = state.isFile() ? /^gitdir: (.*)$/m.exec(readFileSync(place, "utf8"))?.[1] : ".git";
  if (named === undefined) return undefined;
  const own = realPathOf(resolve(root, named));
  const pointer = join(own, "commondir");
  const common = existsSync(pointer) ? realPathOf(resolve(own, readFileSync(pointer, "utf8").trim())) : own;
  const isRepository = existsSync(join(own, "HEAD")) && existsSync(join(common, "objects"));
  return isRepository ? { root, own, common } : undefined;
}

/**
 * A git directory for the shadow, by where its files would stand below the user's `.git`: what tells of commits and
 * of the index is copied, objects are read from the user's, and whatever git writes stays in the shadow.
 */
export function scanRepository({ root, own, common }: Repository, now: number): Map<string, SourceEntry> {
  const found = new Map<string, SourceEntry>();
  const git = join(root, ".git");
  const add = (path: string, from: string) => {
    const entry = fileEntryAt(from, now);
    if (entry !== undefined) found.set(join(git, path), entry);
  };
  const addText = (path: string, text: string) => {
    const stamp = `text ${createHash("sha256").update(text).digest("hex")}`;
    found.set(join(git, path), { kind: "file", stamp, isRacy: false, from: "", text });
  };
  for (const path of ["", "objects", "refs"]) found.set(join(git, path), directoryEntry(git));
  const split = readdirSync(own).filter((name) => name.startsWith("sharedindex."));
  for (const path of [...ownFiles, ...split]) add(path, join(own, path));
  for (const path of commonFiles) add(path, join(common, path));
  for (const base of new Set([common, own])) {
    for (const path of filesBelow(base, ["refs", "reftable"])) add(path, join(base, path));
  }
  addText("objects/info/alternates", `${join(common, "objects")}\n`);
  addText("config", settingsOf(own, common));
  return found;
}

const ownFiles = ["HEAD", "index", "logs/HEAD", "info/sparse-checkout"];
const commonFiles = ["packed-refs", "shallow", "info/exclude", "info/attributes", "info/grafts"];

function filesBelow(base: string, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const directory = join(base, path);
    if (!existsSync(directory)) return [];
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.flatMap((entry) => {
      const below = join(path, entry.name);
      // A ref that is just being written has a lock beside it.
      if (entry.isDirectory()) return filesBelow(base, [below]);
      return entry.name.endsWith(".lock") ? [] : [below];
    });
  });
}

/** The user's settings, then ours: for git the last one counts. */
function settingsOf(own: string, common: string): string {
  const texts = [join(common, "config"), join(own, "config.worktree")].map((file) =>
    existsSync(file) ? readFileSync(file, "utf8") : "",
  );
  const text = texts.join("\n");
  // Relative to the git directory.
  return `${text}\n${ownSettings}${/\bworktree\b/i.test(text) ? "\tworktree = ..\n" : ""}${noUpkeep}`;
}

/** Nothing may lead back into the user's working tree, run their programs, or stay behind as a process. */
const ownSettings = `[core]
\tbare = false
\thooksPath = /dev/null
\tfsmonitor = false
\tuntrackedCache = false
\tsplitIndex = false
`;
const noUpkeep = "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n";

/**
 * What commands in the shadow get, so that git finds the shadow's repository or none. An editor that git started
 * (for a commit's message) has variables that name the user's.
 */
export function gitEnvironment({
  directory,
}: {
  readonly directory: string;
}): Record<string, string | undefined> {
  const local = localVariables.map((name): [string, undefined] => [name, undefined]);
  return { ...Object.fromEntries(local), GIT_CEILING_DIRECTORIES: directory };
}

/** `git rev-parse --local-env-vars`, without the variables of single settings. */
const localVariables = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_CONFIG",
  "GIT_CONFIG_PARAMETERS",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_NAMESPACE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
];
