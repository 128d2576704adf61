import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest folder above the file with a Cargo.toml. */
export function packageAround(path: string): string | undefined {
  for (let directory = dirname(path); directory !== dirname(directory); directory = dirname(directory))
    if (existsSync(join(directory, "Cargo.toml"))) return directory;
  return undefined;
}
