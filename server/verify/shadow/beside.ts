import { statSync } from "node:fs";
import { join } from "node:path";
import { runCommand, SpawnError } from "../../base/child.ts";
import { modulesOutside } from "./modules-outside.ts";
import { filesReadOutside } from "./read-outside.ts";
import { filesReadByScripts } from "./script-files.ts";
import { loadRustSyntax } from "../../syntax/parse.ts";
import { isInside } from "../../base/real-path.ts";
import type { Shadow } from "./shadow.ts";
import { fileEntryAt } from "./entry.ts";
import { gitEnvironment, type GitOptions, quietGit, repositoriesOf } from "./git.ts";
import type { Workspace } from "../cargo/workspace.ts";

/** More than this is left out: the copy is brought up to date before each verdict. */
const mostFiles = 1_000;
const mostBytes = 32_000_000;

/**
 * Files beside the workspace that belong to it all the same: its modules, what builds and build scripts read, and
 * what a larger repository tracks, which a library other than git's own misses if it is not there.
 */
export class FilesBeside {
  readonly #shadow: Shadow;
  readonly #tracked = new Map<string, { readonly stamp: string; readonly files: readonly string[] }>();
  #read: { readonly workspace: Workspace; readonly files: readonly string[] } | undefined;

  constructor(shadow: Shadow) {
    this.#shadow = shadow;
  }

  /**
   * `document` is the real path of what is checked, "" for nothing. Git is asked again when the index has changed,
   * and what was read is looked at when the workspace has.
   */
  async list(workspace: Workspace, document: string, options: GitOptions): Promise<readonly string[]> {
    const { roots } = workspace;
    if (this.#read?.workspace !== workspace) {
      const files = [...filesReadOutside(workspace), ...filesReadByScripts(workspace)];
      this.#read = { workspace, files: withinBounds(files) };
    }
    const found = [...this.#read.files, ...modulesOutside(await loadRustSyntax(), workspace, document)];
    for (const { root, own } of repositoriesOf(roots, [])) {
      if (roots.includes(root)) continue;
      const stamp = `${roots.join(" ")} ${fileEntryAt(join(own, "index"), 0)?.stamp ?? ""}`;
      const known = this.#tracked.get(root);
      const files = known?.stamp === stamp ? known.files : await this.#askGit(root, own, roots, options);
      this.#tracked.set(root, { stamp, files });
      found.push(...files);
    }
    return found;
  }

  async #askGit(
    root: string,
    own: string,
    roots: readonly string[],
    options: GitOptions,
  ): Promise<readonly string[]> {
    const names = await this.#namesIn(root, own, options);
    const files = names.map((name) => join(root, name));
    return withinBounds(files.filter((path) => !roots.some((inside) => isInside(path, inside))));
  }

  async #namesIn(root: string, own: string, options: GitOptions): Promise<readonly string[]> {
    try {
      const { stdout, exitCode } = await runCommand({
        file: "git",
        arguments: [...quietGit, "--git-dir", own, "--work-tree", root, "ls-files", "-z"],
        cwd: this.#shadow.directory,
        environment: { ...options.environment, ...gitEnvironment(this.#shadow), GIT_OPTIONAL_LOCKS: "0" },
        signal: options.signal,
      });
      return exitCode === 0 ? [...new Set(stdout.split("\0"))].filter((name) => name !== "") : [];
    } catch (error) {
      if (error instanceof SpawnError) return [];
      throw error;
    }
  }
}

function withinBounds(files: readonly string[]): readonly string[] {
  if (files.length > mostFiles) return [];
  const sizes = files.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0) > mostBytes ? [] : files;
}
