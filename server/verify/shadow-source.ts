import type { Shadow } from "./shadow.ts";
import { fileEntryAt, type SourceEntry } from "./shadow-entry.ts";
import { type Repository, repositoriesOf, scanRepository } from "./shadow-git.ts";
import type { Rewriter } from "./shadow-rewrite.ts";
import { scanAbove, scanTree } from "./shadow-scan.ts";
import type { Workspace } from "./workspace.ts";

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
}

export async function readSource(options: SourceOptions): Promise<Source> {
  const { workspace, shadow, rewriter, limitBytes } = options;
  const { roots, targetDirectories, cargoHome, links } = workspace;
  const excluded = [...targetDirectories, cargoHome];
  const now = Date.now();
  const tree = await scanTree({ roots, excluded, limitBytes, now });
  const repositories = repositoriesOf(roots, tree.repositories);
  const beside = options.beside.flatMap((path): [string, SourceEntry][] => {
    const entry = fileEntryAt(path, now);
    return entry === undefined ? [] : [[path, entry]];
  });
  const entries = new Map<string, SourceEntry>([
    ...[...links].map(([path, target]): [string, SourceEntry] => [path, linkEntry(target)]),
    ...beside,
    ...scanAbove(workspace, shadow.directory, now),
    ...tree.entries,
    ...repositories.flatMap((repository) => [...scanRepository(repository, now)]),
  ]);
  for (const [path, entry] of entries) entries.set(path, rewriter.entry(path, entry, workspace));
  return { entries, repositories };
}

function linkEntry(target: string): SourceEntry {
  return { kind: "link", stamp: `link ${target}`, isRacy: false, from: target };
}
