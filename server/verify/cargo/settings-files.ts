import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { includedSettings, type NamedPath, pathsInSettings } from "./named-paths.ts";
import { realPathOf } from "../../base/real-path.ts";

/** A file of cargo's settings, and the directory that its paths count from. */
export interface SettingsFile {
  readonly file: string;
  readonly directory: string;
}

/**
 * The settings that cargo reads in a directory, with what they include, but for those of CARGO_HOME: cargo finds
 * these wherever it runs, and would read a copy as a second file.
 */
export function settingsFilesFor(root: string, cargoHome: string): readonly SettingsFile[] {
  const found: SettingsFile[] = [];
  for (let directory = root; ; directory = dirname(directory)) {
    const settings = join(directory, ".cargo");
    if (existsSync(settings) && realPathOf(settings) !== realPathOf(cargoHome)) {
      for (const name of ["config", "config.toml"]) add(join(settings, name), directory, found);
    }
    if (directory === dirname(directory)) return found;
  }
}

function add(file: string, directory: string, found: SettingsFile[]): void {
  if (!existsSync(file) || found.some((known) => known.file === file)) return;
  found.push({ file, directory });
  for (const included of includedSettings(readFileSync(file, "utf8"), dirname(file))) {
    add(included, dirname(dirname(included)), found);
  }
}

export function pathsInSettingsFile({ file, directory }: SettingsFile): readonly NamedPath[] {
  return pathsInSettings(readFileSync(file, "utf8"), directory);
}

/** Where cargo keeps what it fetched. */
export function cargoHomeOf(environment: NodeJS.ProcessEnv): string {
  return environment.CARGO_HOME ?? join(environment.HOME ?? "", ".cargo");
}
