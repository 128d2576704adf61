import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CargoPackage, type CargoTarget, targetLabel } from "./metadata.ts";

export interface CompiledUnit {
  /** "lib shapes" */
  readonly target: string;
  /** "shapes-0123456789abcdef", as cargo names all that comes of it. */
  readonly unit: string;
  /** Absolute paths, normalised. */
  readonly sources: readonly string[];
}

export interface UnitsQuestion {
  /** Build and target directory: before cargo 1.91 the first is not used, later the second holds no units. */
  readonly outputs: readonly string[];
  /** Where rustc ran: relative names count from there. */
  readonly directory: string;
  readonly package: Pick<CargoPackage, "name" | "targets">;
  /** File time, milliseconds. */
  readonly since: number;
}

/** What rustc's dep-info (`*.d`) says of the units of the package that were compiled since then. */
export function unitsCompiledSince(question: UnitsQuestion): readonly CompiledUnit[] {
  const { outputs, directory, since } = question;
  const { name, targets } = question.package;
  const files = outputs.flatMap((output) => unitDirectories(output, name)).flatMap(depInfoFiles);
  return files.flatMap(({ file, crate, unit }) => {
    const named = targets.filter((target) => target.name.replaceAll("-", "_") === crate);
    if (named.length === 0 || (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < since) return [];
    const sources = readDepInfo(readFileSync(file, "utf8")).map((source) => resolve(directory, source));
    return targetsOf(sources, named).map((target) => ({ target: targetLabel(target), unit, sources }));
  });
}

/** The crate's root is read first; a library and a binary of one name differ in it, as a rule. */
function targetsOf(sources: readonly string[], named: readonly CargoTarget[]): readonly CargoTarget[] {
  const rooted = named.filter(({ src_path }) => src_path === sources[0]);
  return rooted.length > 0 ? rooted : named.filter(({ src_path }) => sources.includes(src_path));
}

/** Sources of a makefile rule as rustc writes it: names apart by spaces, spaces in names by a backslash. */
export function readDepInfo(text: string): readonly string[] {
  const rule = text.split("\n").find((line) => /\.(d|rmeta|rlib|o): /.test(line)) ?? "";
  const names = rule.slice(rule.indexOf(": ") + 2).match(/(?:\\ |[^ ])+/g) ?? [];
  return names.map((name) => name.replaceAll("\\ ", " "));
}

interface DepInfoFile {
  readonly file: string;
  readonly crate: string;
  readonly unit: string;
}

function depInfoFiles(directory: string): readonly DepInfoFile[] {
  return readdirSync(directory).flatMap((name) => {
    const [, unit, crate] = /^((.*)-[0-9a-f]{16})\.d$/.exec(name) ?? [];
    return unit === undefined || crate === undefined ? [] : [{ file: join(directory, name), crate, unit }];
  });
}

/**
 * Where cargo lets rustc write: `deps` and `examples` below each profile, or, in the layout of later versions,
 * `build/<package>/<hash>/out`; below the output directory itself or below one for each target triple.
 */
function unitDirectories(output: string, packageName: string): readonly string[] {
  const first = directoriesIn(output);
  const profiles = [...first, ...first.flatMap(directoriesIn)];
  const units = profiles.flatMap((profile) => directoriesIn(join(profile, "build", packageName)));
  const candidates = [
    ...profiles.flatMap((profile) => [join(profile, "deps"), join(profile, "examples")]),
    ...units.flatMap(directoriesIn),
  ];
  return candidates.filter((directory) => existsSync(directory));
}

function directoriesIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(directory, name));
}
