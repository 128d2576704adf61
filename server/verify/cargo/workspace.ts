import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { firstErrorOf, quietEnvironment, runCargo } from "./cargo.ts";
import { cargoHomeOf, pathsInSettingsFile, type SettingsFile, settingsFilesFor } from "./settings-files.ts";
import { type CargoMetadata, type CargoPackage, parseMetadata } from "./metadata.ts";
import { moduleFiles } from "./module-files.ts";
import { pathsInManifest } from "./named-paths.ts";
import { loadRustSyntax, type RustSyntax } from "../../syntax/parse.ts";
import { NoVerdict } from "../no-verdict.ts";
import { isInside, realPathOf } from "../../base/real-path.ts";

/** Where a file belongs, as read in the user's tree without writing to it. All paths are real paths. */
export interface Workspace {
  readonly root: string;
  /** The package whose directory holds the file. */
  readonly packageName: string;
  readonly packageDirectory: string;
  readonly members: readonly CargoPackage[];
  /** Where the user's own cargo builds. */
  readonly buildDirectory: string;
  /** Target and build directories of the roots: never copied. */
  readonly targetDirectories: readonly string[];
  /** What else is never copied: CARGO_HOME. */
  readonly cargoHome: string;
  /** The root, and what stands outside it: further members, and the workspaces of path dependencies and patches. */
  readonly roots: readonly string[];
  /** Links on the way to what stands outside, with their targets. */
  readonly links: ReadonlyMap<string, string>;
  /** Settings of cargo for the root. */
  readonly settingsFiles: readonly SettingsFile[];
  /** Every manifest and settings file this was read from. */
  readonly manifests: readonly string[];
}

/** A file, and where its package is looked for. */
export interface FileNames {
  /** Its real path. */
  readonly path: string;
  /** As the editor has it, perhaps by way of links. */
  readonly opened: string;
  /** Folders with packages, of which one may have the file where no manifest stands above it. */
  readonly projects: readonly string[];
}

/**
 * Finds workspaces with `cargo metadata --no-deps`, which resolves nothing and so writes nothing (plain
 * `cargo metadata` writes Cargo.lock). Answers are kept until a manifest they came from changes.
 */
export class Workspaces {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #known = new Map<string, { readonly stamp: string; readonly workspace: Workspace }>();
  /** Folders of packages by files of theirs that stand outside of any. */
  readonly #outsiders = new Map<string, string>();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** Throws NoVerdict where the file belongs to no package. */
  async locate(file: FileNames, signal: AbortSignal): Promise<Workspace> {
    assertNotFetched(file.path, cargoHomeOf(this.#environment));
    // A link may lead into another package: the compiler and rust-analyzer follow the name that was opened.
    const above = [file.opened, file.path].map((path) => manifestDirectory(dirname(path)));
    const directory = above.find((found) => found !== undefined) ?? (await this.#elsewhere(file, signal));
    if (directory === undefined) throw new NoVerdict("outside-workspace", whyOutside(file.path));
    return this.#workspaceAt(realPathOf(directory), signal);
  }

  /** The folder of a package that has the file though it stands outside: `[lib] path = "../code/lib.rs"`. */
  async #elsewhere({ path, projects }: FileNames, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#outsiders.get(path);
    if (known !== undefined && existsSync(join(known, "Cargo.toml"))) return known;
    const syntax = await loadRustSyntax();
    for (const project of projects) {
      const metadata = await this.#metadata(project, signal).catch(unlessNoVerdict);
      const holder = metadata?.packages.find(({ targets }) =>
        targets.some(({ src_path }) => leadsTo(syntax, src_path, path)),
      );
      if (holder === undefined) continue;
      const directory = realPathOf(dirname(holder.manifest_path));
      this.#outsiders.set(path, directory);
      return directory;
    }
    return undefined;
  }

  async #workspaceAt(directory: string, signal: AbortSignal): Promise<Workspace> {
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
    const root = realPathOf(metadata.workspace_root);
    const cargoHome = cargoHomeOf(this.#environment);
    const settingsFiles = settingsFilesFor(root, cargoHome);
    const outside: Outside = { roots: new Map([[root, metadata]]), links: new Map() };
    const patches = [...pathsInManifest(textOf(root), root), ...settingsFiles.flatMap(pathsInSettingsFile)];
    const packages = patches.filter(({ kind }) => kind === "package").map(({ path }) => path);
    await this.#addOutside(metadata, packages, outside, signal);
    const all = [...outside.roots.values()];
    return {
      root,
      packageName: found.name,
      packageDirectory: realPathOf(dirname(found.manifest_path)),
      members: metadata.packages,
      buildDirectory: metadata.build_directory ?? metadata.target_directory,
      targetDirectories: all.flatMap(targetDirectoriesOf).map(realPathOf),
      cargoHome: realPathOf(cargoHome),
      roots: [...outside.roots.keys()],
      links: outside.links,
      settingsFiles,
      manifests: [...manifestsOf(outside.roots), ...settingsFiles.map(({ file }) => file)],
    };
  }

  /** Members, path dependencies and patches that stand outside the roots known so far, and theirs. */
  async #addOutside(
    metadata: CargoMetadata,
    more: readonly string[],
    outside: Outside,
    signal: AbortSignal,
  ): Promise<void> {
    const { roots, links } = outside;
    const members = metadata.packages.map(({ manifest_path }) => dirname(manifest_path));
    const dependencies = metadata.packages.flatMap((member) =>
      member.dependencies.flatMap(({ path }) => path ?? []),
    );
    for (const path of new Set([...members, ...dependencies, ...more])) {
      addLinks(path, links);
      const real = realPathOf(path);
      const isKnown = [...roots.keys()].some((root) => isInside(real, root));
      if (isKnown || !existsSync(join(real, "Cargo.toml"))) continue;
      if (members.includes(path)) {
        roots.set(real, metadata);
        continue;
      }
      const found = await this.#metadata(real, signal);
      roots.set(realPathOf(found.workspace_root), found);
      await this.#addOutside(found, [], outside, signal);
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

function leadsTo(syntax: RustSyntax, root: string, path: string): boolean {
  return [...moduleFiles(syntax, root, new Map()).files].some((file) => realPathOf(file) === path);
}

function unlessNoVerdict(error: unknown): undefined {
  if (!(error instanceof NoVerdict)) throw error;
}

/** Throws for what cargo has unpacked: an edit there is undone or ignored. */
function assertNotFetched(path: string, cargoHome: string): void {
  const fetched = ["registry", "git"].map((name) => join(realPathOf(cargoHome), name));
  if (!fetched.some((directory) => isInside(path, directory))) return;
  throw new NoVerdict("outside-workspace", `${path} belongs to a package that cargo has fetched`);
}

interface Outside {
  /** Answers of cargo by root. */
  readonly roots: Map<string, CargoMetadata>;
  readonly links: Map<string, string>;
}

/** The links that a path leads through, each with what it leads to. */
function addLinks(path: string, links: Map<string, string>): void {
  const parent = dirname(path);
  if (parent === path || realPathOf(path) === path) return;
  const parentReal = realPathOf(parent);
  const place = join(parentReal, basename(path));
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    links.set(place, realPathOf(place));
  addLinks(parent, links);
}

function targetDirectoriesOf({ target_directory, build_directory }: CargoMetadata): readonly string[] {
  return [target_directory, build_directory ?? target_directory];
}

function textOf(root: string): string {
  const manifest = join(root, "Cargo.toml");
  return existsSync(manifest) ? readFileSync(manifest, "utf8") : "";
}

function packageOf(metadata: CargoMetadata, directory: string): CargoPackage | undefined {
  return metadata.packages.find(({ manifest_path }) => realPathOf(dirname(manifest_path)) === directory);
}

function whyOutside(path: string): string {
  const isMade = (directory: string): boolean =>
    existsSync(join(directory, "CACHEDIR.TAG")) ||
    (directory !== dirname(directory) && isMade(dirname(directory)));
  return isMade(dirname(path)) ? `${path} is made by a build` : `no Cargo.toml stands above ${path}`;
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
