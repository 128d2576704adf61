import { showsOutside } from "../../syntax/function-items.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import type { Report, Skeleton } from "../../stages.ts";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CargoLimits } from "../cargo/cargo.ts";
import { type CheckPlan, shadowEnvironment } from "./cargo-check.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { compiledWith, featuresOf } from "../cargo/feature-tree.ts";
import {
  type CargoMetadata,
  type CargoPackage,
  type CargoTarget,
  dependentsOf,
  packagesThatRunAtCompileTime,
} from "../cargo/metadata.ts";
import { mayLeadTo, moduleFiles } from "../cargo/module-files.ts";
import { NoVerdict } from "../no-verdict.ts";
import { isInside, realPathOf } from "../../base/real-path.ts";
import { type CargoPlace, featureTree, mayUnify, tripleCount } from "./resolve-workspace.ts";
import { select } from "./selection.ts";
import type { Sharer } from "./sharers.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { readSite } from "../text/site-reading.ts";
import type { Workspace } from "../cargo/workspace.ts";

export interface PlanOptions {
  readonly workspace: Workspace;
  readonly shadow: Shadow;
  readonly metadata: CargoMetadata;
  readonly settings: CheckSettings;
  readonly toolchain: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly limits?: CargoLimits | undefined;
  readonly report?: Report | undefined;
}

/** The package of the file, as cargo sees it in the shadow. */
export function packageIn({ workspace, shadow, metadata }: PlanOptions): CargoPackage {
  const manifest = shadow.placeOf(join(workspace.packageDirectory, "Cargo.toml"));
  const found = metadata.packages.find(({ manifest_path }) => manifest_path === manifest);
  if (found !== undefined) return found;
  throw new NoVerdict(
    "outside-workspace",
    `${workspace.packageName} is not part of the workspace ${workspace.root}`,
  );
}

/** What a site says of the packages to check. */
export interface Reach {
  /** Other packages that are made of the document too. */
  readonly sharers: readonly CargoPackage[];
  /** Its bodies show outside: dependents are checked as well. */
  readonly isSeenOutside: boolean;
}

/** Of no site in particular. */
export const ownPackage: Reach = { sharers: [], isSeenOutside: false };

/** The check of every package that contains the document; with their dependents where the site's bodies show outside. */
export async function planCheck(options: PlanOptions, { sharers, isSeenOutside }: Reach): Promise<CheckPlan> {
  const { metadata, settings, workspace, shadow, toolchain, environment } = options;
  const own = packageIn(options);
  const containing = [own, ...sharers] as const;
  const users = isSeenOutside ? containing.flatMap(({ id }) => dependentsOf(metadata, id)) : [];
  // What is no member is compiled for its dependents only, without its tests.
  const members = sharers.filter(({ id }) => metadata.workspace_members.includes(id));
  const packages = [own, ...new Set([...members, ...users.filter((user) => user !== own)])] as const;
  const place: CargoPlace = {
    ...options,
    cwd: shadow.placeOf(workspace.root),
    environment: shadowEnvironment({ settings, toolchain }, environment),
  };
  const { selection, tree } = await select({
    ...{ packages, metadata, settings, mayUnify: mayUnify(metadata) },
    treeOf: (candidate) => featureTree(place, metadata, candidate),
  });
  const compiled = compiledWith(tree, packages);
  const asked = (of: CargoPackage) => ({
    flags: packages.includes(of) ? settings.targetFlags : [],
    features: featuresOf(compiled, of),
  });
  const triples = tripleCount(metadata, settings);
  return {
    ...{ root: workspace.root, packages, containing, selection, asked, compiled, triples },
    ...{ metadata, settings, toolchain, isSeenOutside },
  };
}

/** Whether another package can be wrong because of a body here: it sees the body's type or its value. */
export function isSeenOutside(syntax: RustSyntax, skeleton: Skeleton): boolean {
  if (skeleton.holes.some(({ kind }) => kind === "type" || kind === "constant")) return true;
  const { site, replaced, text } = skeleton;
  // A type that is `impl …` by name is what some body makes it, and the name may stand far from that body.
  if (/\btype\b[^;{}]*=\s*impl\b|\bdefine_opaque\b/.test(site.document.text)) return true;
  const { window, nothing } = readSite(syntax, skeleton);
  const grown = text.length - (replaced.end - replaced.start);
  const span = { start: site.span.start - window.start, end: site.span.end + grown - window.start };
  return syntax.read(nothing.text, (root) => showsOutside(root, span));
}

/** Throws where rust-analyzer was told which projects there are, and this is none of them: it would not check it. */
export function assertLinked(workspace: Workspace, { linkedProjects }: CheckSettings): void {
  if (linkedProjects.length === 0) return;
  const own = new Set(workspace.manifests.filter((manifest) => isInside(manifest, workspace.root)));
  if (linkedProjects.some((project) => own.has(realPathOf(project)))) return;
  const message = `rust-analyzer's linkedProjects name no manifest of the workspace ${workspace.root}`;
  throw new NoVerdict("outside-workspace", message);
}

/** Throws where code of this file runs while something is compiled: a check would execute a draft. */
export function assertRunsNowhere(
  options: PlanOptions,
  syntax: RustSyntax,
  path: string,
  sharers: readonly Sharer[],
): void {
  const own = packageIn(options);
  const running = packagesThatRunAtCompileTime(options.metadata);
  const runs = [own, ...sharers.map((sharer) => sharer.package)].find(({ id }) => running.has(id));
  if (runs !== undefined) {
    throw new NoVerdict(
      "runs-at-compile-time",
      `code of package ${runs.name} runs while other code is compiled`,
    );
  }
  const { shadow } = options;
  const isDocument = (file: string) => shadow.ownPlaces.of(file) === shadow.placeOf(path);
  const isScript = ({ kind }: CargoTarget) => kind.includes("custom-build");
  const scripts = own.targets
    .filter(isScript)
    .filter(({ src_path }) => mayLeadTo(moduleFiles(syntax, src_path, new Map()), isDocument));
  for (const { package: of, targets } of [{ package: own, targets: scripts }, ...sharers]) {
    if (!targets.some(isScript)) continue;
    throw new NoVerdict(
      "runs-at-compile-time",
      `the file is (or may be) part of the build script of ${of.name}`,
    );
  }
}

/** Absolute path dependencies are read from the user's own files, where an unsaved text does not count. */
export function assertSavedOutside(
  { shadow, metadata }: PlanOptions,
  overlays: ReadonlyMap<string, string>,
): void {
  const outside = metadata.packages.filter(
    ({ source, manifest_path }) => source === null && shadow.userPathOf(manifest_path) === undefined,
  );
  for (const { name, manifest_path } of outside) {
    for (const [path, text] of overlays) {
      if (!isInside(path, dirname(manifest_path)) || isOnDisk(path, text)) continue;
      const message = `${path} is not saved, and ${name} is depended on by its absolute path`;
      throw new NoVerdict("not-handled", message);
    }
  }
}

function isOnDisk(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8") === text;
}
