import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AbortedError, throwIfAborted } from "../../base/abort.ts";
import { describeError, type Log } from "../../base/log.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import type { CargoMetadata } from "../cargo/metadata.ts";
import { isInside, realPathOf } from "../../base/real-path.ts";
import type { Shadow } from "./shadow.ts";
import { seedUnit } from "./seed-unit.ts";
import { chooseUnits } from "./unit-choice.ts";
import { inShadow } from "./unit-files.ts";
import {
  type BuiltUnit,
  fingerprintsIn,
  lastBuilt,
  packageOfUnit,
  profileDirectories,
  readUnits,
  type Wanted,
} from "./units.ts";

export interface SeederOptions {
  readonly shadow: Shadow;
  readonly cargoHome: string;
  readonly limitBytes: number;
  readonly log: Log;
}

export interface SeedRequest {
  /** Where the user's own cargo builds. */
  readonly buildDirectory: string;
  /** Resolved in the shadow. */
  readonly metadata: CargoMetadata;
  readonly settings: CheckSettings;
  readonly signal: AbortSignal;
}

/**
 * Takes over what the user has built already: units of registries and git, whose sources cannot change. What has a
 * path for a source is always compiled anew: a shadow's files are brought up to date by content, so that cargo
 * would take a unit made of other contents for a fresh one.
 */
export class Seeder {
  readonly #shadow: Shadow;
  readonly #sources: readonly string[];
  readonly #limitBytes: number;
  readonly #log: Log;
  /** Directories and names of units that were there the last time. */
  #seen = "";

  constructor({ shadow, cargoHome, limitBytes, log }: SeederOptions) {
    this.#shadow = shadow;
    // What lies here, and nothing else, cargo itself takes for what never changes.
    this.#sources = [cargoHome, realPathOf(cargoHome)].flatMap((home) => [
      join(home, "registry"),
      join(home, "git"),
    ]);
    // The shadow's own units want room too.
    this.#limitBytes = limitBytes / 2;
    this.#log = log;
  }

  /** Cheap where nothing was built since the last time. What goes wrong costs time and nothing else. */
  async seed(request: SeedRequest): Promise<void> {
    const { metadata, buildDirectory, settings } = request;
    try {
      const directories = profileDirectories(buildDirectory, profileDirectory(settings));
      const wanted = wantedOf(metadata, this.#sources);
      const seen = directories.flatMap((directory) => [directory, ...namesIn(directory, wanted)]).join("\n");
      if (seen === this.#seen && existsSync(placeToBuild(metadata))) return;
      await this.#seed(directories, wanted, request);
      this.#seen = seen;
    } catch (error) {
      if (error instanceof AbortedError) throw error;
      this.#log.info(`nothing taken over from ${buildDirectory}: ${describeError(error)}`);
    }
  }

  async #seed(directories: readonly string[], wanted: Wanted, request: SeedRequest): Promise<void> {
    const units: BuiltUnit[] = [];
    for (const directory of directories) {
      if (existsSync(fingerprintsIn(directory))) units.push(...(await readUnits(directory, wanted)));
      else if (existsSync(join(directory, "build")))
        this.#log.info(`nothing taken over from ${directory}: its layout is not known`);
    }
    // Units of two build directories never mix: each was built from its own.
    for (const root of new Set(units.map(rootOf))) {
      const own = units.filter((unit) => rootOf(unit) === root);
      await this.#seedFrom(root, own, wanted, request);
    }
  }

  async #seedFrom(root: string, units: readonly BuiltUnit[], wanted: Wanted, request: SeedRequest) {
    const started = performance.now();
    const into = placeToBuild(request.metadata);
    if (!this.#shadow.outputs.includes(into)) return;
    const spellings = [...new Set([root, realPathOf(root), request.buildDirectory])];
    const here = new Set<string>();
    let [count, bytes] = [0, 0];
    for (const unit of chooseUnits(units, this.#rustc(units, wanted, into))) {
      throwIfAborted(request.signal);
      if (!unit.dependencies.every((fingerprint) => here.has(fingerprint))) continue;
      const state = inShadow(unit, into);
      const taken =
        state === "none" && bytes < this.#limitBytes
          ? await seedUnit(unit, this.#shadow, { into, spellings })
          : undefined;
      if (taken !== undefined || state === "same") here.add(unit.fingerprint);
      if (taken === undefined) continue;
      bytes += taken;
      count += 1;
    }
    if (count === 0) return;
    const milliseconds = Math.round(performance.now() - started);
    this.#log.info(
      `took over ${count} units (${Math.round(bytes / 1e6)} MB) from ${root}: ${milliseconds} ms`,
    );
  }

  /** The compiler in use: of what was built last, by the user or in the shadow. */
  #rustc(units: readonly BuiltUnit[], { packages }: Wanted, into: string): string | undefined {
    const theirs = lastBuilt([...new Set(units.map(({ directory }) => directory))], () => true);
    const places = [...new Set(units.map(({ place }) => join(into, place)))];
    // What was taken over says nothing of the compiler that runs here.
    const ours = lastBuilt(places, (name) => !packages.has(name));
    return (theirs?.time ?? 0) > (ours?.time ?? 0) ? theirs?.rustc : ours?.rustc;
  }
}

/** Before cargo 1.91 the build directory is no other than the target directory. */
function placeToBuild({ build_directory, target_directory }: CargoMetadata): string {
  return build_directory ?? target_directory;
}

/** A name that a package with a path has too is left out, whoever else has it. */
function wantedOf({ packages }: CargoMetadata, sources: readonly string[]): Wanted {
  const isFetched = (path: string) => sources.some((directory) => isInside(path, directory));
  const fetched = packages.filter(({ source, manifest_path }) => source !== null && isFetched(manifest_path));
  const local = new Set(packages.filter((one) => !fetched.includes(one)).map(({ name }) => name));
  return {
    packages: new Set(fetched.map(({ name }) => name).filter((name) => !local.has(name))),
    crateRoots: new Set(fetched.flatMap(({ targets }) => targets.map(({ src_path }) => src_path))),
  };
}

/** The directory's name of the profile that these settings choose. */
function profileDirectory({ extraArguments }: CheckSettings): string {
  const at = extraArguments.findIndex((argument) => /^--profile(=|$)/.test(argument));
  const named = extraArguments[at]?.split("=")[1] ?? extraArguments[at + 1];
  const isRelease = extraArguments.some((argument) => argument === "--release" || argument === "-r");
  const profile = at >= 0 ? named : isRelease ? "release" : "dev";
  return { dev: "debug", test: "debug", bench: "release" }[profile ?? "dev"] ?? profile ?? "debug";
}

function rootOf({ directory, place }: BuiltUnit): string {
  return directory.slice(0, -place.length - 1);
}

function namesIn(directory: string, { packages }: Wanted): readonly string[] {
  const fingerprints = fingerprintsIn(directory);
  if (!existsSync(fingerprints)) return [];
  return readdirSync(fingerprints).filter((name) => packages.has(packageOfUnit(name)));
}
