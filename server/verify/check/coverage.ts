import type { RustSyntax } from "../../syntax/parse.ts";
import type { CheckRun } from "./cargo-check.ts";
import { countBuilds, type PerBuild } from "../cargo/compilation.ts";
import { type CompiledUnit, unitsCompiledSince } from "../cargo/dep-info.ts";
import { type CargoPackage, type CargoTarget, targetLabel } from "../cargo/metadata.ts";
import { mayLeadTo, moduleFiles } from "../cargo/module-files.ts";
import { type AskedTargets, buildsOf, isAsked } from "./target-choice.ts";

/** A target that contains the document, and which of its compilations do. */
export interface CoveredTarget {
  readonly packageId: string;
  /** "lib shapes" */
  readonly target: string;
  /** Units with the document in them that this check compiled, wholly or up to an error. */
  readonly units: number;
  /** Of these, the ones without an error. */
  readonly green: PerBuild;
  /** Units that were asked for, may contain the document and were not compiled: what they are built on is red. */
  readonly waiting: number;
  /** Units that were asked for and are not known to be without an error. */
  readonly unsettled: PerBuild;
}

export interface CoverageOptions {
  readonly syntax: RustSyntax;
  /** The document's own, and others that may contain it. */
  readonly packages: readonly CargoPackage[];
  readonly asked: (of: CargoPackage) => AskedTargets;
  /** How often each compilation is made: once for each target triple. */
  readonly triples: number;
  /** Build and target directory. */
  readonly outputs: readonly string[];
  /** The directory cargo ran in. */
  readonly directory: string;
  /** The document's place in the shadow. */
  readonly place: string;
  /** Whether a path in the shadow is that place, by whatever name. */
  readonly isDocument: (file: string) => boolean;
  /** Its real path: a target that reads it from there does not see the text that is checked. */
  readonly path: string;
  /** File time of the document in the shadow when the check began. */
  readonly since: number;
}

/**
 * The targets that contain the document. rustc's dep-info says it of what was compiled; for what was not (its
 * dependency is red) the module tree is followed instead, and doubt counts as yes.
 */
export function coverageOf(run: CheckRun, options: CoverageOptions): readonly CoveredTarget[] {
  return options.packages.flatMap((of) => coveredIn(of, run, options));
}

function coveredIn(of: CargoPackage, run: CheckRun, options: CoverageOptions): readonly CoveredTarget[] {
  const { asked, triples } = options;
  const targets = of.targets.filter((target) => !target.kind.includes("custom-build"));
  const artifacts = run.artifacts.filter(({ packageId }) => packageId === of.id);
  const builtAs = new Map(artifacts.flatMap((built) => unitsIn(built.files).map((unit) => [unit, built])));
  const compiled = unitsCompiledSince({ ...options, package: { name: of.name, targets } })
    // A file that is the root of two targets of one name: cargo says which of them was built.
    .filter(({ unit, target }) => (builtAs.get(unit)?.target ?? target) === target);
  const containing = new Set(unitsWith(compiled, options).map(({ unit }) => unit));
  return targets.flatMap((target): readonly CoveredTarget[] => {
    const label = targetLabel(target);
    const isOwn = (said: { readonly target: string }) => said.target === label;
    const own = compiled.filter(isOwn);
    const built = artifacts.filter(isOwn);
    const units = own.filter(({ unit }) => containing.has(unit));
    const builds = buildsOf(target, asked(of));
    const expected = triples * (Number(builds.plain) + Number(builds.test));
    // What cargo left alone does not contain a file that has just changed.
    const leftAlone = built.filter(({ isFresh }) => isFresh).length;
    const missed = Math.max(0, expected - Math.max(own.length, built.length - leftAlone) - leftAlone);
    const mayWait = missed > 0 && isAsked(target, asked(of)) && leadsTo(target, options);
    if (units.length === 0 && !mayWait) return [];
    const settled = countBuilds(built);
    return [
      {
        packageId: of.id,
        target: label,
        units: units.length,
        green: countBuilds(units.flatMap(({ unit }) => builtAs.get(unit) ?? [])),
        waiting: mayWait ? missed : 0,
        unsettled: {
          plain: builds.plain ? Math.max(0, triples - settled.plain) : 0,
          test: builds.test ? Math.max(0, triples - settled.test) : 0,
        },
      },
    ];
  });
}

/** "shapes-0123456789abcdef" of "…/libshapes-0123456789abcdef.rmeta". */
function unitsIn(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => /(?:^|[\\/])(?:lib)?([^\\/]*-[0-9a-f]{16})\.\w+$/.exec(file)?.[1] ?? []);
}

function unitsWith(
  units: readonly CompiledUnit[],
  { isDocument, path }: CoverageOptions,
): readonly CompiledUnit[] {
  return units.filter(({ sources }) => sources.some((source) => source === path || isDocument(source)));
}

function leadsTo(target: CargoTarget, { syntax, isDocument }: CoverageOptions): boolean {
  return mayLeadTo(moduleFiles(syntax, target.src_path, new Map()), isDocument);
}
