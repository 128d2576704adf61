import type { RustSyntax } from "../syntax/parse.ts";
import type { CheckRun } from "./cargo-check.ts";
import { unitsCompiledSince } from "./dep-info.ts";
import { type CargoPackage, targetLabel } from "./metadata.ts";
import { moduleFiles } from "./module-files.ts";

export interface CoverageOptions {
  readonly syntax: RustSyntax;
  readonly package: CargoPackage;
  readonly allTargets: boolean;
  readonly buildDirectory: string;
  /** The directory cargo ran in. */
  readonly directory: string;
  /** The document's place in the shadow. */
  readonly place: string;
  /** Its real path: a target that reads it from there does not see the text that is checked. */
  readonly path: string;
  /** File time of the document in the shadow when the check began. */
  readonly since: number;
}

/**
 * Cargo targets ("lib shapes") that contain the document. rustc's dep-info says it of what was compiled; for a
 * target that was not (its dependency is red) the module tree is followed instead, and doubt counts as yes.
 */
export function targetsWith(run: CheckRun, options: CoverageOptions): readonly string[] {
  const targets = options.package.targets.filter((target) => !target.kind.includes("custom-build"));
  const units = unitsCompiledSince(options.buildDirectory, options.directory, targets, options.since);
  const compiled = new Set(units.map(({ target }) => target));
  const containing = new Set(
    units
      .filter(({ sources }) => [options.place, options.path].some((file) => sources.includes(file)))
      .map(({ target }) => target),
  );
  // A unit that cargo left alone does not contain a file that has just changed.
  const own = run.artifacts.filter(({ packageId }) => packageId === options.package.id);
  const fresh = new Set(own.map(({ target }) => target));
  for (const target of targets) {
    const label = targetLabel(target);
    if (compiled.has(label) || fresh.has(label) || !isAsked(target, options.allTargets)) continue;
    const { files, isUnclear } = moduleFiles(options.syntax, target.src_path, new Map());
    if (files.has(options.place) || isUnclear) containing.add(label);
  }
  return [...containing].sort();
}

/** Whether a check with these targets comes to this one. */
export function isAsked(target: CargoPackage["targets"][number], allTargets: boolean): boolean {
  // Cargo leaves such targets out silently where their features are not chosen, and so does the user's own check.
  if (target["required-features"].length > 0) return false;
  return allTargets || !target.kind.some((kind) => ["test", "example", "bench"].includes(kind));
}
