import { statSync } from "node:fs";
import { join } from "node:path";
import { runCommand, SpawnError } from "../base/child.ts";
import { isInside } from "./real-path.ts";
import type { Shadow } from "./shadow.ts";
import { fileEntryAt } from "./shadow-entry.ts";
import { gitEnvironment, type GitOptions, quietGit, repositoriesOf } from "./shadow-git.ts";

/** More than this is left out: the copy is brought up to date before each verdict. */
const mostFiles = 1_000;
const mostBytes = 32_000_000;

/**
 * Files that a repository tracks beside the workspace, when it is larger: a README.md that is compiled in, and all
 * that a library other than git's own misses if it is not there.
 */
export class FilesBeside {
  readonly #shadow: Shadow;
  readonly #known = new Map<string, { readonly stamp: string; readonly files: readonly string[] }>();

  constructor(shadow: Shadow) {
    this.#shadow = shadow;
  }

  /** Asked of git when the index has changed. */
  async list(roots: readonly string[], options: GitOptions): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { root, own } of repositoriesOf(roots, [])) {
      if (roots.includes(root)) continue;
      const stamp = `${roots.join(" ")} ${fileEntryAt(join(own, "index"), 0)?.stamp ?? ""}`;
      const known = this.#known.get(root);
      const files = known?.stamp === stamp ? known.files : await this.#ask(root, own, roots, options);
      this.#known.set(root, { stamp, files });
      found.push(...files);
    }
    return found;
  }

  async #ask(
    root: string,
    own: string,
    roots: readonly string[],
    options: GitOptions,
  ): Promise<readonly string[]> {
    const names = await this.#tracked(root, own, options);
    const files = names
      .map((name) => join(root, name))
      .filter((path) => !roots.some((inside) => isInside(path, inside)));
    if (files.length > mostFiles) return [];
    const sizes = files.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0) > mostBytes ? [] : files;
  }

  async #tracked(root: string, own: string, options: GitOptions): Promise<readonly string[]> {
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
