import { type BuiltUnit, packageOfUnit } from "./units.ts";

/**
 * The units of one build directory that a check of ours can use, each after those it was built from. A unit whose
 * origins are not all among them is none: it was built from something that must be compiled anew. The run of a
 * build script belongs to whom the script belongs.
 */
export function chooseUnits(units: readonly BuiltUnit[], rustc: string | undefined): readonly BuiltUnit[] {
  const current = units.filter((unit) => unit.rustc === rustc);
  const byFingerprint = new Map(current.map((unit) => [unit.fingerprint, unit]));
  const ordered = new Map<BuiltUnit, boolean>();
  const isWhole = (unit: BuiltUnit): boolean => {
    const known = ordered.get(unit);
    if (known !== undefined) return known;
    const origins = unit.dependencies.map((fingerprint) => byFingerprint.get(fingerprint));
    const isOwned = unit.kind !== "run-build-script" || origins.some((origin) => isScriptOf(unit, origin));
    const whole = isOwned && origins.every((origin) => origin !== undefined && isWhole(origin));
    // A map keeps the order of insertion: origins come first.
    ordered.set(unit, whole);
    return whole;
  };
  for (const unit of current) isWhole(unit);
  const needed = neededForCheck(current, byFingerprint);
  return [...ordered].flatMap(([unit, whole]) => (whole && needed.has(unit) ? [unit] : []));
}

function isScriptOf(run: BuiltUnit, origin: BuiltUnit | undefined): boolean {
  return origin?.kind === "build-script" && packageOfUnit(origin.name) === packageOfUnit(run.name);
}

/**
 * A check wants metadata of libraries, and machine code only of what runs while compiling and of its origins. The
 * libraries of the user's `cargo build` would be the larger part of the copy, and never read.
 */
function neededForCheck(
  units: readonly BuiltUnit[],
  byFingerprint: ReadonlyMap<string, BuiltUnit>,
): ReadonlySet<BuiltUnit> {
  const needed = new Set<BuiltUnit>();
  const need = (unit: BuiltUnit | undefined) => {
    if (unit === undefined || needed.has(unit)) return;
    needed.add(unit);
    for (const fingerprint of unit.dependencies) need(byFingerprint.get(fingerprint));
  };
  for (const unit of units) if (!isForBuildOnly(unit)) need(unit);
  return needed;
}

function isForBuildOnly({ kind, outputs }: BuiltUnit): boolean {
  if (kind !== "lib" || outputs.some((output) => /\.(so|dylib|dll)$/.test(output))) return false;
  return outputs.some((output) => output.endsWith(".rlib"));
}
