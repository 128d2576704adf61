import type { RustSyntax } from "../../syntax/parse.ts";
import type { CheckRun } from "./cargo-check.ts";
import { unitsCompiledSince } from "../cargo/dep-info.ts";
import { type CargoPackage, targetLabel } from "../cargo/metadata.ts";
import { moduleFiles } from "../cargo/module-files.ts";
import { type AskedTargets, isAsked } from "./target-choice.ts";

export interface CoverageOptions {
  readonly syntax: RustSyntax;
  readonly package: CargoPackage;
  readonly asked: AskedTargets;
  /** Build and target directory. */
  readonly outputs: readonly string[];
  /** The directory cargo ran in. */
  readonly directory: string;
  /** The document's place in the shadow. */
  readonly place: string;
  /** The place that a file of the shadow has by its real path. */
  readonly ownPlaceOf: (place: string) => string;
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
  const units = unitsCompiledSince({ ...options, package: { ...options.package, targets } });
  const compiled = new Set(units.map(({ target }) => target));
  const containing = new Set(
    units
      .filter(({ sources }) =>
        sources.some((file) => options.ownPlaceOf(file) === options.place || file === options.path),
      )
      .map(({ target }) => target),
  );
  // A unit that cargo left alone does not contain a file that has just changed.
  const own = run.artifacts.filter(({ packageId }) => packageId === options.package.id);
  const fresh = new Set(own.map(({ target }) => target));
  for (const target of targets) {
    const label = targetLabel(target);
    if (compiled.has(label) || fresh.has(label) || !isAsked(target, options.asked)) continue;
    const { files, isUnclear } = moduleFiles(options.syntax, target.src_path, new Map());
    const isHolder = [...files].some((file) => options.ownPlaceOf(file) === options.place);
    if (isHolder || isUnclear) containing.add(label);
  }
  return [...containing].sort();
}
