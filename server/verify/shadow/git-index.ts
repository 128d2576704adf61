import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { runCommand, SpawnError } from "../../base/child.ts";
import type { Shadow } from "./shadow.ts";
import { gitEnvironment, type GitOptions, quietGit, type Repository } from "./git.ts";

/**
 * Makes a copied index know the shadow's files, so that `git describe --dirty` says of the shadow what it would say
 * of the user's tree: what the shadow leaves out (files beside the workspace, say) or rewrites counts as unchanged
 * where it is unchanged there. Without git on PATH nothing happens: no build script runs it either.
 */
export async function fitIndex(
  { root }: Repository,
  shadow: Shadow,
  options: GitOptions & { readonly rewritten: ReadonlySet<string> },
): Promise<void> {
  const place = shadow.placeOf(root);
  const git = async (workTree: string, command: readonly string[], input?: string) => {
    const { stdout } = await runCommand({
      file: "git",
      arguments: [...quietGit, "--git-dir", join(place, ".git"), "--work-tree", workTree, ...command],
      cwd: place,
      environment: { ...options.environment, ...gitEnvironment(shadow), GIT_OPTIONAL_LOCKS: "0" },
      signal: options.signal,
      ...(input === undefined ? {} : { input }),
    });
    return stdout.split("\0").filter((name) => name !== "");
  };
  try {
    const changed = new Set(await git(root, ["diff-files", "--name-only", "-z", "--ignore-submodules=all"]));
    const left = [...new Set(await git(place, ["ls-files", "-z"]))].filter(
      (name) =>
        !changed.has(name) &&
        (options.rewritten.has(join(root, name)) || !isAsInTree(join(root, name), join(place, name))),
    );
    // What is no text cannot be named to git in this way.
    const named = left.filter((name) => !name.includes("\uFFFD"));
    await git(
      place,
      ["update-index", "-z", "--skip-worktree", "--stdin"],
      named.map((name) => `${name}\0`).join(""),
    );
    await git(place, ["update-index", "-q", "--refresh"]);
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
  }
}

/** Whether the shadow's file is of the same kind as the user's; its content is git's to compare. */
function isAsInTree(path: string, place: string): boolean {
  const theirs = lstatSync(path, { throwIfNoEntry: false });
  const ours = lstatSync(place, { throwIfNoEntry: false });
  if (theirs === undefined || ours === undefined) return theirs === ours;
  if (theirs.isSymbolicLink() !== ours.isSymbolicLink()) return false;
  return !theirs.isSymbolicLink() || readlinkSync(path) === readlinkSync(place);
}
