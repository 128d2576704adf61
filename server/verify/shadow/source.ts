import type { Shadow } from "./shadow.ts";
import { fileEntryAt, type SourceEntry } from "./entry.ts";
import { type Repository, repositoriesOf, scanRepository } from "./git.ts";
import type { Rewriter } from "./rewrite.ts";
import { scanAbove, scanTree } from "./scan.ts";
import type { Workspace } from "../cargo/workspace.ts";

export interface SourceOptions {
  readonly workspace: Workspace;
  readonly shadow: Shadow;
  readonly rewriter: Rewriter;
  /** Files outside the roots that are brought too. */
  readonly beside: readonly string[];
  readonly limitBytes: number;
}

/** What the shadow must have, by path in the user's tree. */
export interface Source {
  readonly entries: ReadonlyMap<string, SourceEntry>;
  readonly repositories: readonly Repository[];
  /** Files whose text in the shadow is another than the user's. */
  readonly rewritten: ReadonlySet<string>;
}

export async function readSource(options: SourceOptions): Promise<Source> {
  const { workspace, shadow, rewriter, limitBytes } = options;
  const { roots, targetDirectories, cargoHome, links } = workspace;
  const excluded = [...targetDirectories, cargoHome];
  const now = Date.now();
  const tree = await scanTree({ roots, excluded, limitBytes, now });
  const repositories = repositoriesOf(roots, tree.repositories);
  const { entries } = tree;
  const add = (path: string, entry: SourceEntry | undefined) => {
    if (entry !== undefined && !entries.has(path)) entries.set(path, entry);
  };
  for (const repository of repositories)
    scanRepository(repository, now).forEach((entry, path) => add(path, entry));
  scanAbove(workspace, shadow.directory, now).forEach((entry, path) => add(path, entry));
  for (const path of options.beside) add(path, fileEntryAt(path, now));
  for (const [path, target] of links) add(path, linkEntry(target));
  const rewritten = new Set<string>();
  for (const [path, entry] of entries) {
    const own = rewriter.entry(path, entry, workspace);
    if (own === entry) continue;
    entries.set(path, own);
    rewritten.add(path);
  }
  return { entries, repositories, rewritten };
}

function linkEntry(target: string): SourceEntry {
  return { kind: "link", stamp: `link ${target}`, isRacy: false, from: target };
}
