import { z } from "zod";
import type { Report } from "../../stages.ts";
import { type CargoLimits, firstErrorOf, runCargo } from "../cargo/cargo.ts";
import { configArguments, metadataArguments, treeArguments, unifyingEnvironment } from "./cargo-arguments.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { type FeatureTree, parseFeatureTree } from "../cargo/feature-tree.ts";
import { type CargoMetadata, parseMetadata } from "../cargo/metadata.ts";
import { NoVerdict } from "../no-verdict.ts";
import type { Selection } from "./selection.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { rustcHost } from "../cargo/toolchain.ts";

/** Where and how cargo runs. */
export interface CargoPlace {
  readonly shadow: Shadow;
  /** The workspace's root in the shadow. */
  readonly cwd: string;
  /** Of the check. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly settings: CheckSettings;
  readonly signal: AbortSignal;
  readonly limits?: CargoLimits | undefined;
  readonly report?: Report | undefined;
}

/**
 * For commands without a `--target-dir`, which keep a file in that directory all the same: before cargo 1.91 the
 * build directory is no other. A variable will do, since they run no build script.
 */
function commandIn({ environment, shadow, cwd, signal, limits, report }: CargoPlace) {
  return {
    ...{ cwd, signal, limits, report },
    environment: { ...environment, CARGO_TARGET_DIR: shadow.targetDirectory },
  };
}

/** `cargo metadata` with everything resolved as the check resolves it. */
export async function resolveWorkspace(place: CargoPlace): Promise<CargoMetadata> {
  const { settings, shadow } = place;
  const config = await readConfig(place);
  if (settings.command === "clippy" && config.alias?.clippy !== undefined) {
    const message = "an alias named clippy in cargo's settings takes the place of `cargo clippy`: rename it";
    throw new NoVerdict("not-handled", message);
  }
  const platforms = await platformsOf(place, config);
  const result = await runCargo({
    ...commandIn(place),
    arguments: metadataArguments(settings, platforms, shadow),
  });
  if (result.exitCode !== 0) throw failure(shadow.inUserPaths(result.stderr));
  const metadata = parseMetadata(result.stdout);
  configs.set(metadata, config);
  return metadata;
}

/** Settings of cargo's that were in force when something was resolved. */
const configs = new WeakMap<CargoMetadata, CargoConfig>();

/** Flags for rustc in cargo's settings. */
export function configuredFlags(metadata: CargoMetadata): readonly string[] {
  return flagsIn(configs.get(metadata) ?? {});
}

/** Cargo's settings turn nothing on that only counts where unstable flags are allowed. */
export function mayUnify(metadata: CargoMetadata): boolean {
  return configs.get(metadata)?.unstable === undefined;
}

/** How many target triples a check compiles for. */
export function tripleCount(metadata: CargoMetadata, { targets }: CheckSettings): number {
  const configured = configs.get(metadata)?.build?.target ?? [];
  return Math.max(1, new Set(targets.length > 0 ? targets : configured).size);
}

/** Those of the environment. */
export function flagsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  const { RUSTFLAGS = "", CARGO_ENCODED_RUSTFLAGS = "", CARGO_BUILD_RUSTFLAGS = "" } = environment;
  return [...`${RUSTFLAGS} ${CARGO_BUILD_RUSTFLAGS}`.split(" "), ...CARGO_ENCODED_RUSTFLAGS.split("\u001f")];
}

function flagsIn({ build, target }: CargoConfig): readonly string[] {
  const lists = [build?.rustflags, ...Object.values(target ?? {}).map(({ rustflags }) => rustflags)];
  return lists.flatMap((list) => list ?? []);
}

const trees = new WeakMap<CargoMetadata, Map<string, FeatureTree | { readonly refused: string }>>();

/** What cargo resolves for a selection. Kept as long as the metadata is: both change with manifests and settings. */
export async function featureTree(
  place: CargoPlace,
  metadata: CargoMetadata,
  selection: Selection,
): Promise<FeatureTree | { readonly refused: string }> {
  const { settings, shadow } = place;
  const known = trees.get(metadata) ?? new Map<string, FeatureTree | { readonly refused: string }>();
  trees.set(metadata, known);
  const treeArgs = treeArguments(settings, selection, shadow);
  const key = treeArgs.join("\0");
  const old = known.get(key);
  if (old !== undefined) return old;
  const command = commandIn(place);
  const environment = { ...command.environment, ...unifyingEnvironment(selection) };
  const result = await runCargo({ ...command, environment, arguments: treeArgs });
  const tree =
    result.exitCode === 0
      ? parseFeatureTree(result.stdout)
      : { refused: firstErrorOf(shadow.inUserPaths(result.stderr)) };
  known.set(key, tree);
  return tree;
}

/** Of several platforms' dependencies only some need be on this machine, so it matters which are resolved. */
async function platformsOf(
  { settings, cwd, environment, signal }: CargoPlace,
  { build }: CargoConfig,
): Promise<readonly string[]> {
  const fromConfig = build?.target ?? [];
  const chosen = settings.targets.length > 0 ? settings.targets : fromConfig;
  const triples = chosen.length > 0 ? chosen : [await rustcHost(build?.rustc, { cwd, environment, signal })];
  // A target that a file describes has no name to filter by.
  return triples.some((triple) => triple === "" || triple.endsWith(".json")) ? [] : triples;
}

/** Cargo's own settings, those of the environment among them. */
async function readConfig(place: CargoPlace): Promise<CargoConfig> {
  const { settings, environment, shadow } = place;
  const result = await runCargo({
    ...commandIn(place),
    arguments: configArguments(settings),
    environment: { ...environment, RUSTC_BOOTSTRAP: "1" },
  });
  if (result.exitCode !== 0)
    throw new NoVerdict("cargo-failed", firstErrorOf(shadow.inUserPaths(result.stderr)));
  const { alias, build, unstable, target: targets } = configSchema.parse(parsed(result.stdout));
  const { CARGO_ALIAS_CLIPPY: clippy, CARGO_BUILD_TARGET: target } = environment;
  return {
    alias: clippy === undefined ? alias : { clippy },
    build: target === undefined ? build : { ...build, target: [target] },
    target: targets,
    unstable,
  };
}

function failure(stderr: string): NoVerdict {
  const isMissing =
    /--offline|offline mode|no matching package|failed to (download|get|load source)|unable to update/i.test(
      stderr,
    );
  const first = firstErrorOf(stderr);
  if (!isMissing) return new NoVerdict("cargo-failed", first);
  return new NoVerdict("dependencies-missing", `run \`cargo fetch\` in the workspace: ${first}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const words = z
  .union([z.string().transform((text) => text.split(" ")), z.array(z.string())])
  .optional()
  .catch(undefined);
const configSchema = z
  .object({
    unstable: z.unknown().optional(),
    alias: z.object({ clippy: z.unknown() }).partial().optional().catch(undefined),
    build: z
      .object({
        target: words,
        rustflags: words,
        rustc: z.string().optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
    target: z
      .record(z.string(), z.object({ rustflags: words }).catch({ rustflags: undefined }))
      .optional()
      .catch(undefined),
  })
  .catch({});
type CargoConfig = z.infer<typeof configSchema>;
