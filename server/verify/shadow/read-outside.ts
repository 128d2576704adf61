import { statSync } from "node:fs";
import { unitsCompiledSince } from "../cargo/dep-info.ts";
import { isInside } from "../../base/real-path.ts";
import type { Workspace } from "../cargo/workspace.ts";

/**
 * Files outside the roots that the user's own builds of the workspace's packages have read: a file that is compiled
 * in by way of `../`, tracked by git or not. What nobody has built yet is not known.
 */
export function filesReadOutside(workspace: Workspace): readonly string[] {
  const { members, roots, root, buildDirectory, targetDirectories, cargoHome } = workspace;
  const known = [...roots, ...targetDirectories, cargoHome];
  const units = members.flatMap((member) =>
    unitsCompiledSince({ outputs: [buildDirectory], directory: root, package: member, since: 0 }),
  );
  const files = new Set(units.flatMap(({ sources }) => sources));
  return [...files].filter(
    (path) =>
      !known.some((directory) => isInside(path, directory)) &&
      statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  );
}
