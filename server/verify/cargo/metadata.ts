import { normalize } from "node:path";
import { z } from "zod";
import { NoVerdict } from "../no-verdict.ts";

const targetSchema = z.object({
  name: z.string(),
  kind: z.array(z.string()),
  /** `path = "../code/lib.rs"` is only appended to the package's folder. */
  src_path: z.string().transform((path) => normalize(path)),
  "required-features": z.array(z.string()).default([]),
  /** Built a second time with its tests where tests are asked for. */
  test: z.boolean().default(true),
});

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  id: z.string(),
  source: z.string().nullable(),
  manifest_path: z.string(),
  edition: z.string().default("2015"),
  dependencies: z.array(
    z.object({ name: z.string(), path: z.string().optional(), rename: z.string().nullish() }),
  ),
  targets: z.array(targetSchema),
});

const metadataSchema = z.object({
  packages: z.array(packageSchema),
  workspace_members: z.array(z.string()),
  workspace_root: z.string(),
  target_directory: z.string(),
  /** Older cargos have no such directory. */
  build_directory: z.string().optional(),
  resolve: z
    .object({
      nodes: z.array(
        z.object({
          id: z.string(),
          deps: z.array(
            z.object({ pkg: z.string(), dep_kinds: z.array(z.object({ kind: z.string().nullable() })) }),
          ),
        }),
      ),
    })
    .nullable(),
});

export type CargoTarget = z.infer<typeof targetSchema>;
export type CargoPackage = z.infer<typeof packageSchema>;
/** The parts of `cargo metadata --format-version 1` that are used here. */
export type CargoMetadata = z.infer<typeof metadataSchema>;

export function parseMetadata(stdout: string): CargoMetadata {
  try {
    // Warnings of a wrapper may stand before the one line of JSON.
    return metadataSchema.parse(JSON.parse(stdout.slice(Math.max(0, stdout.indexOf("{")))));
  } catch (error) {
    throw new NoVerdict("cargo-failed", "the output of cargo metadata could not be read", { cause: error });
  }
}

/** "lib shapes", "bin demo": how a target is named to people, and the key it is compared by. */
export function targetLabel(target: { readonly name: string; readonly kind: readonly string[] }): string {
  const kind = target.kind[0] ?? "";
  const isLibrary = ["lib", "rlib", "dylib", "cdylib", "staticlib"].includes(kind);
  return `${isLibrary ? "lib" : kind} ${target.name}`;
}

/** Ids of the packages whose code runs while something is compiled: build scripts, proc macros and all they depend on. */
export function packagesThatRunAtCompileTime(metadata: CargoMetadata): ReadonlySet<string> {
  const nodes = new Map(metadata.resolve?.nodes.map((node) => [node.id, node.deps]));
  const found = new Set<string>();
  const visit = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    for (const dependency of nodes.get(id) ?? []) {
      if (dependency.dep_kinds.some(({ kind }) => kind !== "dev")) visit(dependency.pkg);
    }
  };
  for (const { id, targets } of metadata.packages) {
    if (targets.some(({ kind }) => kind.includes("proc-macro"))) visit(id);
    for (const dependency of nodes.get(id) ?? []) {
      if (dependency.dep_kinds.some(({ kind }) => kind === "build")) visit(dependency.pkg);
    }
  }
  return found;
}

/** Workspace packages that depend on the package, directly or not, for whatever purpose. */
export function dependentsOf(metadata: CargoMetadata, id: string): readonly CargoPackage[] {
  const found = new Set([id]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const node of metadata.resolve?.nodes ?? []) {
      if (node.deps.some((dependency) => found.has(dependency.pkg))) found.add(node.id);
    }
  }
  const members = new Set(metadata.workspace_members);
  return metadata.packages.filter(
    (candidate) => candidate.id !== id && found.has(candidate.id) && members.has(candidate.id),
  );
}
