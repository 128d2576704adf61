import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { firstErrorOf, quietEnvironment, runCargo } from "./cargo.ts";
import { type CargoMetadata, type CargoPackage, parseMetadata } from "./metadata.ts";
import { NoVerdict } from "./no-verdict.ts";
import { isInside, realPathOf } from "./real-path.ts";

/** Where a file belongs, as read in the user's tree without writing to it. All paths are real paths. */
export interface Workspace {
  readonly root: string;
  /** The package whose directory holds the file. */
  readonly packageName: string;
  readonly packageDirectory: string;
  /** Where the user's own cargo builds. */
  readonly buildDirectory: string;
  /** Target directories of the roots: never copied. */
  readonly targetDirectories: readonly string[];
  /** The root and, for path dependencies outside it, the workspaces those belong to. */
  readonly roots: readonly string[];
  /** Every manifest this was read from. */
  readonly manifests: readonly string[];
}

/**
 * Finds workspaces with `cargo metadata --no-deps`, which resolves nothing and so writes nothing (plain
 * `cargo metadata` writes Cargo.lock). Answers are kept until a manifest they came from changes.
 */
export class Workspaces {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #known = new Map<string, { readonly stamp: string; readonly workspace: Workspace }>();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** `path` is a real path. Throws NoVerdict where the file belongs to no package. */
  async locate(path: string, signal: AbortSignal): Promise<Workspace> {
    const directory = manifestDirectory(dirname(path));
    if (directory === undefined) {
      throw new NoVerdict("outside-workspace", `no Cargo.toml stands above ${path}`);
    }
    const known = this.#known.get(directory);
    if (known !== undefined && known.stamp === stampOf(known.workspace)) return known.workspace;
    const workspace = await this.#read(directory, signal);
    this.#known.set(directory, { stamp: stampOf(workspace), workspace });
    return workspace;
  }

  async #read(directory: string, signal: AbortSignal): Promise<Workspace> {
    const metadata = await this.#metadata(directory, signal);
    const found = packageOf(metadata, directory);
    if (found === undefined) {
      throw new NoVerdict("outside-workspace", `${join(directory, "Cargo.toml")} belongs to no package`);
    }
    const roots = new Map([[realPathOf(metadata.workspace_root), metadata]]);
    await this.#addOutside(metadata, roots, signal);
    return {
      root: realPathOf(metadata.workspace_root),
      packageName: found.name,
      packageDirectory: realPathOf(dirname(found.manifest_path)),
      buildDirectory: metadata.build_directory ?? metadata.target_directory,
      targetDirectories: [...roots.values()].flatMap(({ target_directory, build_directory }) =>
        [target_directory, build_directory ?? target_directory].map(realPathOf),
      ),
      roots: [...roots.keys()],
      manifests: manifestsOf(roots),
    };
  }

  /** Path dependencies that stand outside the roots known so far, and theirs. */
  async #addOutside(
    metadata: CargoMetadata,
    roots: Map<string, CargoMetadata>,
    signal: AbortSignal,
  ): Promise<void> {
    const paths = metadata.packages.flatMap(({ dependencies }) =>
      dependencies.flatMap(({ path }) => path ?? []),
    );
    for (const path of new Set(paths.map(realPathOf))) {
      if ([...roots.keys()].some((root) => isInside(path, root)) || !existsSync(join(path, "Cargo.toml")))
        continue;
      const outside = await this.#metadata(path, signal);
      roots.set(realPathOf(outside.workspace_root), outside);
      await this.#addOutside(outside, roots, signal);
    }
  }

  async #metadata(directory: string, signal: AbortSignal): Promise<CargoMetadata> {
    const result = await runCargo({
      arguments: ["metadata", "--no-deps", "--format-version", "1", "--offline"],
      cwd: directory,
      environment: quietEnvironment(this.#environment),
      signal,
    });
    if (result.exitCode !== 0) throw new NoVerdict("cargo-failed", firstErrorOf(result.stderr));
    return parseMetadata(result.stdout);
  }
}

function packageOf(metadata: CargoMetadata, directory: string): CargoPackage | undefined {
  return metadata.packages.find(({ manifest_path }) => realPathOf(dirname(manifest_path)) === directory);
}

function manifestDirectory(directory: string): string | undefined {
  if (existsSync(join(directory, "Cargo.toml"))) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : manifestDirectory(parent);
}

function manifestsOf(roots: ReadonlyMap<string, CargoMetadata>): readonly string[] {
  const ofRoots = [...roots.keys()].map((root) => join(root, "Cargo.toml"));
  const ofPackages = [...roots.values()].flatMap(({ packages }) =>
    packages.map(({ manifest_path }) => manifest_path),
  );
  return [...new Set([...ofRoots, ...ofPackages])];
}

function stampOf({ manifests }: Workspace): string {
  return manifests
    .map((manifest) => String(statSync(manifest, { throwIfNoEntry: false })?.mtimeMs))
    .join(" ");
}
