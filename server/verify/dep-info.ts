import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type CargoTarget, targetLabel } from "./metadata.ts";

export interface CompiledUnit {
  /** "lib shapes" */
  readonly target: string;
  /** Absolute paths, normalised. */
  readonly sources: readonly string[];
}

/**
 * What rustc's dep-info (`*.d`) says of the units of these targets that were compiled since `since` (file time,
 * milliseconds). `directory` is where rustc ran: relative names count from there.
 */
export function unitsCompiledSince(
  buildDirectory: string,
  directory: string,
  targets: readonly CargoTarget[],
  since: number,
): readonly CompiledUnit[] {
  const files = depsDirectories(buildDirectory).flatMap((deps) =>
    readdirSync(deps)
      .filter((name) => name.endsWith(".d"))
      .map((name) => join(deps, name)),
  );
  return files.flatMap((file) => {
    const crate = basename(file).replace(/-[0-9a-f]+\.d$/, "");
    const named = targets.filter(({ name }) => name.replaceAll("-", "_") === crate);
    if (named.length === 0 || statSync(file).mtimeMs < since) return [];
    const sources = readDepInfo(readFileSync(file, "utf8")).map((source) => resolve(directory, source));
    // The crate's root is read first; a library and a binary of one name differ in it.
    const target = named.find(({ src_path }) => src_path === sources[0]);
    const other = target ?? named.find(({ src_path }) => sources.includes(src_path));
    return other === undefined ? [] : [{ target: targetLabel(other), sources }];
  });
}

/** Sources of a makefile rule as rustc writes it: names apart by spaces, spaces in names by a backslash. */
export function readDepInfo(text: string): readonly string[] {
  const rule = text.split("\n").find((line) => /\.(d|rmeta|rlib|o): /.test(line)) ?? "";
  const names = rule.slice(rule.indexOf(": ") + 2).match(/(?:\\ |[^ ])+/g) ?? [];
  return names.map((name) => name.replaceAll("\\ ", " "));
}

/** `debug/deps`, `<triple>/debug/deps`, and the same below any profile's directory. */
function depsDirectories(buildDirectory: string): readonly string[] {
  const below = (directory: string) =>
    existsSync(directory)
      ? readdirSync(directory, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => join(directory, name))
      : [];
  const first = below(buildDirectory);
  const second = first.flatMap((directory) => (directory.endsWith("deps") ? [] : below(directory)));
  return [...first, ...second]
    .flatMap((directory) => [directory, join(directory, "deps")])
    .filter((directory) => basename(directory) === "deps" && existsSync(directory))
    .filter((directory, index, all) => all.indexOf(directory) === index);
}
