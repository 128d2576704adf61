import { realPathOf, isInside } from "../../base/real-path.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { moduleFiles } from "../cargo/module-files.ts";
import type { Workspace } from "../cargo/workspace.ts";

/**
 * Sources that stand outside the roots: the modules of a target whose own path leads out of its package, and, where
 * the document (its real path) is outside, all that its package leads to there by `#[path]` and `include!`.
 */
export function modulesOutside(
  syntax: RustSyntax,
  workspace: Workspace,
  document: string,
): readonly string[] {
  const { members, roots, packageName } = workspace;
  const isOutside = (path: string) => !roots.some((root) => isInside(path, root));
  const targets = members.flatMap((member) =>
    member.targets.filter(
      ({ src_path }) =>
        isOutside(src_path) || (member.name === packageName && document !== "" && isOutside(document)),
    ),
  );
  const files = targets.flatMap(({ src_path }) => [...moduleFiles(syntax, src_path, new Map()).files]);
  // What links of the roots bring in stands in the shadow under the name that the roots have for it.
  return [...new Set(files)].filter((file) => isOutside(file)).map(realPathOf);
}
