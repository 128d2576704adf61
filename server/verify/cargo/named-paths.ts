import { isDeepStrictEqual } from "node:util";
import { resolve } from "node:path";
import { parse, type TomlTable } from "smol-toml";

/** A path that a manifest or cargo's settings name. */
export interface NamedPath {
  /** package: something there is compiled. fixed: it is only read or run (a vendored registry, a linker). */
  readonly kind: "package" | "fixed";
  /** Where it stands in the file. */
  readonly keys: readonly string[];
  readonly written: string;
  /** Absolute. */
  readonly path: string;
}

const dependencyTables = [
  "dependencies",
  "dev-dependencies",
  "dev_dependencies",
  "build-dependencies",
  "build_dependencies",
];
const inManifests = [
  ...dependencyTables.flatMap((table) => [`${table}.*.path`, `target.*.${table}.*.path`]),
  "workspace.dependencies.*.path",
  "workspace.members.*",
  "package.workspace",
  "patch.*.*.path",
  "replace.*.path",
];
const inSettings = ["patch.*.*.path", "paths.*"];
const fixedInSettings = [
  "source.*.directory",
  "source.*.local-registry",
  "build.rustc",
  "build.rustc-wrapper",
  "build.rustc-workspace-wrapper",
  "target.*.linker",
];

/** @param directory The manifest's own. */
export function pathsInManifest(text: string, directory: string): readonly NamedPath[] {
  return pathsAt(text, directory, inManifests, "package");
}

/** @param directory The one with `.cargo` in it. */
export function pathsInSettings(text: string, directory: string): readonly NamedPath[] {
  const fixed = pathsAt(text, directory, fixedInSettings, "fixed");
  // A name without a slash is looked for on PATH.
  const named = fixed.filter(({ written, keys }) => keys[0] === "source" || written.includes("/"));
  return [...pathsAt(text, directory, inSettings, "package"), ...named];
}

/** Files that cargo's settings include, absolute. */
export function includedSettings(text: string, directory: string): readonly string[] {
  const table = readToml(text);
  return [...valuesAt(table, ["include", "*"]), ...valuesAt(table, ["include", "*", "path"])].map(
    ({ value }) => resolve(directory, value),
  );
}

/**
 * The text with other paths in these places and nothing else changed; undefined where that cannot be done by
 * replacing what stands in quotes.
 */
export function withPaths(
  text: string,
  paths: readonly { readonly named: NamedPath; readonly to: string }[],
): string | undefined {
  const wanted = readToml(text);
  let replaced = text;
  for (const { named, to } of paths) {
    put(wanted, named.keys, to);
    replaced = replaced
      .replaceAll(JSON.stringify(named.written), JSON.stringify(to))
      .replaceAll(`'${named.written}'`, `'${to}'`);
  }
  return isDeepStrictEqual(readToml(replaced), wanted) ? replaced : undefined;
}

function pathsAt(
  text: string,
  directory: string,
  patterns: readonly string[],
  kind: NamedPath["kind"],
): readonly NamedPath[] {
  const table = readToml(text);
  return patterns
    .flatMap((pattern) => valuesAt(table, pattern.split(".")))
    .map(({ keys, value }) => ({ kind, keys, written: value, path: resolve(directory, value) }));
}

/** What is no TOML names nothing; cargo says what is wrong with it. */
function readToml(text: string): TomlTable {
  try {
    return parse(text);
  } catch {
    return {};
  }
}

/** Strings at these keys; `*` stands for each. */
function valuesAt(
  value: unknown,
  pattern: readonly string[],
  keys: readonly string[] = [],
): readonly { readonly keys: readonly string[]; readonly value: string }[] {
  const [first, ...rest] = pattern;
  if (first === undefined) return typeof value === "string" ? [{ keys, value }] : [];
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value).filter(([key]) => first === "*" || key === first);
  return entries.flatMap(([key, inner]) => valuesAt(inner, rest, [...keys, key]));
}

function put(table: unknown, keys: readonly string[], value: string): void {
  const [first = "", ...rest] = keys;
  const record = table as Record<string, unknown>;
  if (rest.length === 0) record[first] = value;
  else put(record[first], rest, value);
}
