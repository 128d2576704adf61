import type { CargoTarget } from "../cargo/metadata.ts";

/** Which targets of a package a check comes to. */
export interface AskedTargets {
  /** Cargo's target flags: `--all-targets`, `--lib`, `--test name`, …; none means the library and the binaries. */
  readonly flags: readonly string[];
  /** Features of the package under this check. */
  readonly features: ReadonlySet<string>;
}

const libraryKinds = ["lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"];

/** Whether `cargo check` compiles the target, as far as flags and features decide; in doubt it does. */
export function isAsked(target: CargoTarget, { flags, features }: AskedTargets): boolean {
  if (target.kind.includes("custom-build") || missingFeatures(target, features).length > 0) return false;
  const is = (...kinds: readonly string[]) => target.kind.some((kind) => kinds.includes(kind));
  if (flags.includes("--all-targets")) return true;
  if (flags.length === 0) return is("bin", ...libraryKinds);
  return flags.some((flag, index) => {
    const name = flags[index + 1] ?? "";
    switch (flag) {
      case "--lib":
        return is(...libraryKinds);
      case "--bins":
      case "--examples":
        return is(flag.slice(2, -1));
      // Both take the library and the binaries too, built for tests.
      case "--tests":
        return is("test") || target.test;
      case "--benches":
        return is("bench", "bin", ...libraryKinds);
      case "--bin":
      case "--example":
      case "--test":
      case "--bench":
        return is(flag.slice(2)) && isNamed(target, name);
      default:
        return false;
    }
  });
}

/** How a target that is asked for is built, as far as its flags and kind tell: plainly, with its tests, or both. */
export function buildsOf(
  { kind, test }: CargoTarget,
  { flags }: Pick<AskedTargets, "flags">,
): { readonly plain: boolean; readonly test: boolean } {
  if (kind.some((name) => name === "test" || name === "bench")) return { plain: false, test: true };
  const isPlainOnly = !takesTests(flags);
  return { plain: isPlainOnly || flags.includes("--all-targets"), test: !isPlainOnly && test };
}

/** Features that the target requires and that are off. Cargo leaves such a target out without a word. */
export function missingFeatures(target: CargoTarget, features: ReadonlySet<string>): readonly string[] {
  // `dependency/feature` is a fact of the dependency's, which is not known here.
  return target["required-features"].filter((feature) => !feature.includes("/") && !features.has(feature));
}

/** Whether the library and the binaries are checked twice, plain and with their tests. */
export function takesTests(flags: readonly string[]): boolean {
  return flags.some((flag) => flag === "--all-targets" || flag === "--tests");
}

/** Whether dev-dependencies, and the features that they turn on, take part. */
export function takesDevDependencies(flags: readonly string[]): boolean {
  return flags.some((flag) => /^--(all-targets|tests?|examples?|bench(es)?)$/.test(flag));
}

/** Cargo takes globs as names of targets. */
function isNamed({ name }: CargoTarget, wanted: string): boolean {
  return name === wanted || /[*?[]/.test(wanted);
}
