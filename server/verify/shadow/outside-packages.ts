import { dirname } from "node:path";
import type { CargoMetadata } from "../cargo/metadata.ts";
import { NoVerdict } from "../no-verdict.ts";
import type { Shadow } from "./shadow.ts";

/**
 * Throws where a package that could not be laid out in the shadow has a build script: it would run, and write, where
 * the user's files are.
 */
export function assertScriptsInside({ packages }: CargoMetadata, shadow: Shadow): void {
  for (const { name, source, manifest_path, targets } of packages) {
    const isOutside = source === null && shadow.userPathOf(manifest_path) === undefined;
    if (!isOutside || !targets.some(({ kind }) => kind.includes("custom-build"))) continue;
    const message = `the build script of ${name} would run in ${dirname(manifest_path)}; depend on it by a relative path`;
    throw new NoVerdict("not-handled", message);
  }
}
