/** The arguments of every cargo that runs in a shadow. The same question gives the same ones, or cargo builds anew. */
import type { CheckSettings } from "../settings/check-settings.ts";
import { treeFormat } from "../cargo/feature-tree.ts";
import type { CargoMetadata, CargoPackage } from "../cargo/metadata.ts";
import type { Selection } from "./selection.ts";
import { takesDevDependencies } from "./target-choice.ts";

export interface OutputPlaces {
  readonly targetDirectory: string;
  readonly buildDirectory: string;
}
type BuildPlace = Pick<OutputPlaces, "buildDirectory">;

export function checkArguments(
  settings: CheckSettings,
  selection: Selection,
  places: OutputPlaces,
): readonly string[] {
  return [
    settings.command,
    ...selectionArguments(selection, specOf),
    "--keep-going",
    ...offline(settings),
    "--message-format=json",
    ...settings.targetFlags,
    ...tripleArguments(settings),
    ...resolvingArguments(settings, places),
    ...unifyingArguments(selection),
    ...settings.extraArguments,
    "--target-dir",
    places.targetDirectory,
    ...settings.trailingArguments,
  ];
}

/** @param platforms Triples that dependencies are resolved for; none means all there are. */
export function metadataArguments(
  settings: CheckSettings,
  platforms: readonly string[],
  places: BuildPlace,
): readonly string[] {
  return [
    "metadata",
    "--format-version",
    "1",
    ...offline(settings),
    ...platforms.flatMap((triple) => ["--filter-platform", triple]),
    ...featureArguments(settings),
    ...resolvingArguments(settings, places),
    ...settings.metadataArguments,
  ];
}

export function treeArguments(
  settings: CheckSettings,
  selection: Selection,
  places: BuildPlace,
): readonly string[] {
  return [
    "tree",
    ...selectionArguments(selection, specOf),
    ...offline(settings),
    ...treeFormat,
    "--edges",
    takesDevDependencies(settings.targetFlags) ? "normal,build,dev" : "normal,build",
    ...tripleArguments(settings),
    ...resolvingArguments(settings, places),
    ...unifyingArguments(selection),
  ];
}

/** `cargo config` is not stable, but its answer is what cargo goes by; the variable reaches this one command only. */
export function configArguments(settings: CheckSettings): readonly string[] {
  const withValues = settings.resolvingArguments.filter(
    (argument, index, all) => argument === "--config" || all[index - 1] === "--config",
  );
  return ["-Zunstable-options", ...withValues, "config", "get", "--format", "json"];
}

export interface Command {
  readonly settings: CheckSettings;
  readonly selection: Selection;
  readonly metadata: CargoMetadata;
}

/** The checks as a person would type them in the workspace. */
export function commandForPeople(commands: readonly Command[]): string {
  const isUnified = commands.some(({ selection }) => selection.isUnified);
  return `${commands.map(oneForPeople).join(" && ")}${isUnified ? " # with the features of --workspace" : ""}`;
}

function oneForPeople({ settings, selection, metadata: { packages } }: Command): string {
  const nameOf = (wanted: CargoPackage) =>
    packages.filter(({ name }) => name === wanted.name).length === 1
      ? wanted.name
      : `${wanted.name}@${wanted.version}`;
  return [
    "cargo",
    settings.command,
    ...selectionArguments(selection, nameOf),
    ...settings.targetFlags,
    ...tripleArguments(settings),
    ...settings.resolvingArguments,
    ...settings.extraArguments,
    ...settings.trailingArguments,
  ].join(" ");
}

function selectionArguments(
  selection: Selection,
  nameOf: (candidate: CargoPackage) => string,
): readonly string[] {
  const packages = selection.packages?.flatMap((candidate) => ["-p", nameOf(candidate)]) ?? ["--workspace"];
  return [...packages, ...featureArguments(selection)];
}

function featureArguments({
  features,
  noDefaultFeatures,
}: Pick<Selection, "features" | "noDefaultFeatures">): readonly string[] {
  if (features === "all") return ["--all-features"];
  const named = features.length === 0 ? [] : ["--features", features.join(",")];
  return noDefaultFeatures ? ["--no-default-features", ...named] : named;
}

/** Ids are unique where a name and version are not; before cargo 1.77 they were no specs. */
function specOf({ id, name, version }: CargoPackage): string {
  return id.includes("+") && id.includes("#") && !id.includes(" ") ? id : `${name}@${version}`;
}

/**
 * The user's, then where to build: whatever cargo does, it keeps a file there. An argument outranks every other
 * place where this can be set; a variable would not, and would reach the cargo of a build script, which would then
 * wait for the lock that ours holds.
 */
function resolvingArguments(settings: CheckSettings, { buildDirectory }: BuildPlace): readonly string[] {
  return [...settings.resolvingArguments, "--config", `build.build-dir=${JSON.stringify(buildDirectory)}`];
}

/**
 * Where cargo is new enough, it adds features up over all members whatever is checked, and builds the very units that
 * `--workspace` builds (seen with 1.95: a check of the workspace finds them fresh). Not stable yet, so it takes
 * {@link unifyingEnvironment} beside the flag.
 */
function unifyingArguments({ isUnified }: Selection): readonly string[] {
  return isUnified ? ["-Zfeature-unification", "--config", 'resolver.feature-unification="workspace"'] : [];
}

/**
 * Lets cargo, and nothing else, take unstable flags: rustc and what is compiled do not know this variable.
 * rust-analyzer goes by it too, for scripts.
 */
export function unifyingEnvironment({ isUnified }: Selection): Readonly<Record<string, string>> {
  return isUnified ? { __CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS: "nightly" } : {};
}

function tripleArguments({ targets }: CheckSettings): readonly string[] {
  return targets.flatMap((triple) => ["--target", triple]);
}

/** `--frozen` says it already, and cargo takes no flag twice. */
function offline({ resolvingArguments }: CheckSettings): readonly string[] {
  return resolvingArguments.includes("--frozen") ? [] : ["--offline"];
}
