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
  dependentsOf,
  packagesThatRunAtCompileTime,
} from "../cargo/metadata.ts";
import { moduleFiles } from "../cargo/module-files.ts";
import { NoVerdict } from "../no-verdict.ts";
import { isInside, realPathOf } from "../../base/real-path.ts";
import { type CargoPlace, featureTree, mayUnify } from "./resolve-workspace.ts";
import { select } from "./selection.ts";
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

/** The check of a package; with its dependents where the site's bodies show outside it. */
export async function planCheck(options: PlanOptions, isSeenOutside: boolean): Promise<CheckPlan> {
  const { metadata, settings, workspace, shadow, toolchain, environment } = options;
  const own = packageIn(options);
  const packages = [own, ...(isSeenOutside ? dependentsOf(metadata, own.id) : [])] as const;
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
  const asked = (of: CargoPackage) => ({ flags: settings.targetFlags, features: featuresOf(compiled, of) });
  return { root: workspace.root, packages, selection, asked, metadata, settings, toolchain, isSeenOutside };
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
  overlays: ReadonlyMap<string, string>,
): void {
  const own = packageIn(options);
  if (packagesThatRunAtCompileTime(options.metadata).has(own.id)) {
    throw new NoVerdict(
      "runs-at-compile-time",
      `code of package ${own.name} runs while other code is compiled`,
    );
  }
  const place = options.shadow.placeOf(path);
  const placed = new Map([...overlays].map(([file, text]) => [options.shadow.placeOf(file), text]));
  for (const script of own.targets.filter(({ kind }) => kind.includes("custom-build"))) {
    const { files, isUnclear } = moduleFiles(syntax, script.src_path, placed);
    const isPart = [...files].some((file) => options.shadow.ownPlaces.of(file) === place);
    if (!isPart && !isUnclear) continue;
    throw new NoVerdict(
      "runs-at-compile-time",
      `the file is (or may be) part of the build script of ${own.name}`,
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
