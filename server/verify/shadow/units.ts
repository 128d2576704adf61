import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { readDepInfo } from "../cargo/dep-info.ts";

/**
 * One thing cargo has built: a directory below `.fingerprint`, and the outputs that carry the same hash. So it is
 * in the first layout of a build directory, cargo's default at least up to 1.97 (its `src/compiler/layout.rs`).
 */
export interface BuiltUnit {
  /** `<package>-<hash>`: the same in every build directory. */
  readonly name: string;
  readonly kind: "lib" | "build-script" | "run-build-script";
  /** The profile's directory, absolute. */
  readonly directory: string;
  /** `debug` or `<triple>/debug`: where that is in its build directory, and in any other. */
  readonly place: string;
  /** By what the units that were built from it know it. */
  readonly fingerprint: string;
  /** Fingerprints of the units it was built from. */
  readonly dependencies: readonly string[];
  /** The compiler's version as a number of cargo's. */
  readonly rustc: string;
  /** Files and directories relative to `directory`, without the fingerprint. */
  readonly outputs: readonly string[];
  /** Sources that a build script made, absolute. */
  readonly made: readonly string[];
}

/** Whose units may be read: names of packages, and the crate roots of their targets. */
export interface Wanted {
  readonly packages: ReadonlySet<string>;
  readonly crateRoots: ReadonlySet<string>;
}

const fingerprintSchema = z.object({
  rustc: z.string(),
  deps: z.array(z.tuple([z.string(), z.string(), z.boolean(), z.string().regex(/^\d+$/)])),
  local: z.array(z.object({ CheckDepInfo: z.object({ dep_info: z.string() }).optional() })),
});

// About 5 ms of work, so that the relay is never held up for longer.
const unitsPerStep = 30;

/** Directories of this profile below a build directory: `debug`, and one level deeper for each triple. */
export function profileDirectories(buildDirectory: string, profile: string): readonly string[] {
  if (!existsSync(buildDirectory)) return [];
  const below = readdirSync(buildDirectory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [".", ...below.map(({ name }) => name)]
    .map((name) => join(buildDirectory, name, profile))
    .filter((directory) => statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true);
}

export function fingerprintsIn(profileDirectory: string): string {
  return join(profileDirectory, ".fingerprint");
}

/** Package of `<package>-<hash>`. */
export function packageOfUnit(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("-")));
}

/**
 * The units of wanted packages in one profile's directory. Whose a library or a build script is, says rustc: its
 * dep-info begins with the crate root. A run of a build script says nothing of the kind.
 */
export async function readUnits(directory: string, wanted: Wanted): Promise<readonly BuiltUnit[]> {
  const outputs = outputsByHash(join(directory, "deps"));
  const units: Omit<BuiltUnit, "place">[] = [];
  let place: string | undefined;
  let steps = 0;
  for (const name of readdirSync(fingerprintsIn(directory))) {
    if (!wanted.packages.has(packageOfUnit(name))) continue;
    const read = orNothing(() => readUnit(directory, name, outputs));
    place ??= read?.place;
    const sources = read === undefined ? [] : (orNothing(() => sourcesOf(read.unit)) ?? []);
    if (read?.unit.kind === "run-build-script" || wanted.crateRoots.has(sources[0] ?? "")) {
      const made = sources.filter((source) => source.startsWith(`${directory}/`));
      if (read !== undefined) units.push({ ...read.unit, made });
    }
    steps += 1;
    if (steps % unitsPerStep === 0) await new Promise((next) => setImmediate(next));
  }
  const found = place;
  if (found === undefined || !directory.endsWith(`/${found}`)) return [];
  return units.map((unit) => ({ ...unit, place: found }));
}

/** What was built last in these profile's directories, of packages for which `isCounted` is true. */
export function lastBuilt(
  directories: readonly string[],
  isCounted: (packageName: string) => boolean,
): { readonly time: number; readonly rustc: string } | undefined {
  const units = directories
    .map(fingerprintsIn)
    .flatMap((fingerprints) =>
      existsSync(fingerprints) ? readdirSync(fingerprints).map((name) => join(fingerprints, name)) : [],
    );
  const timed = units
    .filter((own) => isCounted(packageOfUnit(basename(own))))
    .map((own) => ({
      own,
      time: statSync(join(own, "invoked.timestamp"), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.time - a.time);
  // What ended in an error says no compiler.
  for (const { own, time } of timed) {
    const rustc = orNothing(() => rustcOf(own));
    if (rustc !== undefined) return { time, rustc };
  }
  return undefined;
}

function rustcOf(own: string): string | undefined {
  const file = readdirSync(own).find((name) => name.endsWith(".json"));
  return file === undefined ? undefined : readFingerprint(join(own, file))?.rustc;
}

function readUnit(directory: string, name: string, outputs: ReadonlyMap<string, readonly string[]>) {
  const own = join(fingerprintsIn(directory), name);
  const files = readdirSync(own);
  const [file, ...others] = files.filter((candidate) => files.includes(`${candidate}.json`));
  const kind = kinds.find((candidate) => file?.startsWith(`${candidate}-`) === true);
  if (file === undefined || kind === undefined || others.length > 0) return undefined;
  const details = readFingerprint(join(own, `${file}.json`));
  const fingerprint = readFileSync(join(own, file), "utf8");
  // Cargo empties it when it begins to build.
  if (details === undefined || fingerprint.length !== 16) return undefined;
  const unit = {
    ...{ name, kind, directory, rustc: details.rustc, fingerprint },
    dependencies: details.deps.map(([, , , number]) => hexOf(number)),
    outputs: kind === "lib" ? (outputs.get(hashOf(name)) ?? []) : [`build/${name}`],
  };
  const depInfo = details.local.map(({ CheckDepInfo }) => CheckDepInfo?.dep_info).find(Boolean);
  return { unit, place: depInfo?.split("/.fingerprint/")[0] };
}

const kinds = ["lib", "build-script", "run-build-script"] as const;

function readFingerprint(file: string) {
  // Cargo's numbers have 64 bits, which JSON.parse would round.
  const json = readFileSync(file, "utf8").replaceAll(/(?<=[[,:])\d+(?=[,}\]])/g, '"$&"');
  return fingerprintSchema.safeParse(JSON.parse(json)).data;
}

/** As cargo writes a hash into a file: the bytes of the number, lowest first. */
function hexOf(number: string): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(number)));
  return bytes.toString("hex");
}

function hashOf(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}

/** The user's cargo may be at work: what vanishes under our eyes was not there. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function outputsByHash(deps: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of existsSync(deps) ? readdirSync(deps) : []) {
    const hash = /-([0-9a-f]{16})(?:\.|$)/.exec(file)?.[1];
    if (hash !== undefined) found.set(hash, [...(found.get(hash) ?? []), `deps/${file}`]);
  }
  return found;
}

/** What rustc read for a library or a build script, the crate's root first. */
function sourcesOf({ kind, name, directory, outputs }: Omit<BuiltUnit, "place" | "made">): readonly string[] {
  if (kind === "run-build-script") return [];
  const files =
    kind === "lib"
      ? outputs
      : outputs.flatMap((output) => readdirSync(join(directory, output)).map((file) => `${output}/${file}`));
  const depInfo = files.find((file) => file.endsWith(`-${hashOf(name)}.d`));
  return depInfo === undefined ? [] : readDepInfo(readFileSync(join(directory, depInfo), "utf8"));
}
