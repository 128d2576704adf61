import { featuresNamed, type KnownCfg } from "../cargo/cfg-predicate.ts";
import { type AskedTargets, takesTests } from "../check/target-choice.ts";

/** What is known of the configuration of a target ("lib shapes") under a check, in one of its builds or in any. */
export function knownCfg(
  { flags, features }: AskedTargets,
  { target, isTest }: { readonly target: string; readonly isTest?: boolean },
): KnownCfg {
  const isOfTests = isTest ?? /^(test|bench) /.test(target);
  return (name, value) => {
    if (name === "feature" && value !== undefined) return features.has(value);
    // Built both with and without its tests, code may be live in either.
    if (name === "test" && value === undefined)
      return isTest === undefined && takesTests(flags) ? undefined : isOfTests;
    return undefined;
  };
}

/** In words: which attribute on what leaves code out, and what would bring it back. */
export function configuredOut(attribute: string, on: string, { flags, features }: AskedTargets): string {
  const off = featuresNamed(attribute).filter((feature) => !features.has(feature));
  const isOfTests = /\btest\b/.test(attribute.replaceAll(/"[^"]*"/g, "")) && !takesTests(flags);
  const why = [
    ...(off.length > 0 ? [featuresOff(off)] : []),
    ...(isOfTests ? ["tests are not checked (cargo.allTargets, cfg.setTest)"] : []),
  ];
  return `#[${attribute}] on ${on} leaves it out${why.length === 0 ? "" : `, since ${why.join(" and ")}`}`;
}

/** With the setting that turns them on. */
export function featuresOff(features: readonly string[]): string {
  const names = features.join(", ");
  return `the feature${features.length === 1 ? "" : "s"} ${names} ${features.length === 1 ? "is" : "are"} off (cargo.features turns features on)`;
}
