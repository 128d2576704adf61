/** A project as its authors published it, laid out so that cargo and rust-analyzer take it for anybody's own. */
export interface RealProject {
  readonly name: string;
  /** Why it is among them. */
  readonly shape: string;
  /** Published crates at fixed versions. One stands at the project's root; several are members of a workspace. */
  readonly crates: Readonly<Record<string, string>>;
  /** Members that the others find by `[patch.crates-io]`; the rest are path dependencies. */
  readonly patched?: readonly string[];
  /** How many of its sites get drafts that are judged both ways: fewer where a check takes long, 0 where none do. */
  readonly sites: number;
  readonly features?: readonly string[];
  readonly noDefaultFeatures?: boolean;
  /** rust-analyzer's own setting; off where the tests that were published cannot even be read. */
  readonly allTargets?: boolean;
}

export const realProjects: readonly RealProject[];

export interface LaidProject {
  /** Absolute, links resolved. */
  readonly root: string;
  /** What was downloaded for it, one line each; empty where everything was there already. */
  readonly downloaded: readonly string[];
}

/** Lays the project below `directory` and fetches all that it depends on. Throws with cargo's words where it cannot. */
export function layRealProject(project: RealProject, directory: string): LaidProject;

/** Arguments by which cargo chooses the project's features. */
export function featureOptions(project: RealProject): readonly string[];

/** Folders of the members, relative to the root. */
export function memberFolders(project: RealProject): readonly string[];
