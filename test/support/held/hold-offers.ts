/**
 * The property: an offer, applied to a clean copy of what the user had, brings no error and no warning under plain
 * `cargo check` nor under `cargo check --all-targets`, with the features, target and variables of the user's settings.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadRustSyntax } from "../../../server/syntax/parse.ts";
import type { CheckSettings } from "../../../server/verify/settings/check-settings.ts";
import { faultsOf, type HeldOffer, withOpenBodies, withOpenFunction } from "./offer-faults.ts";
import { packageAround } from "./package-around.ts";
import { plainCheck, type Said } from "./plain-cargo.ts";
import type { RecordedOffer } from "./recorder.ts";

/** What plain cargo said of each state of the user's files, so that it is asked once. */
const known = new Map<string, readonly Said[]>();

/** @param target A target directory that all share: each state stands at a path of its own. */
export async function holdOffers(
  offers: readonly RecordedOffer[],
  target: string,
): Promise<readonly HeldOffer<RecordedOffer>[]> {
  const held: HeldOffer<RecordedOffer>[] = [];
  for (const offer of offers) held.push({ offer, faults: await faultsIn(offer, target) });
  return held;
}

export function forgetHeld(): void {
  known.clear();
}

async function faultsIn(offer: RecordedOffer, target: string): Promise<readonly string[]> {
  const syntax = await loadRustSyntax();
  const { copy, settings } = offer;
  const path = copy.placeOf(offer.path);
  const directory = packageAround(path) ?? copy.placeOf(offer.root);
  const environment = environmentFor(offer, settings);
  const texts = {
    before: offer.before,
    after: offer.after,
    open: withOpenBodies(syntax, offer),
    empty: withOpenFunction(syntax, offer),
  };
  const faults = new Map<string, string>();
  for (const flags of flagSets(settings, copy.directory).map((set) =>
    set.map((flag) => copy.rewritten(flag)),
  )) {
    const run = (text: string) => {
      const key = JSON.stringify([copy.directory, path, text, flags, settings, settingsOf(environment)]);
      return remembered(key, async () => {
        writeFileSync(path, text);
        try {
          return await plainCheck({ directory, environment, command: settings.command, flags, target });
        } finally {
          writeFileSync(path, texts.before);
        }
      });
    };
    const runs = {
      before: () => run(texts.before),
      after: await run(texts.after),
      whole: [() => run(texts.open), () => run(texts.empty)],
    };
    const command = ["cargo", settings.command, ...flags].join(" ");
    for (const fault of await faultsOf(syntax, { ...offer, path }, runs))
      if (!faults.has(fault)) faults.set(fault, `${command}: ${fault}`);
  }
  return [...faults.values()];
}

async function remembered(key: string, ask: () => Promise<readonly Said[]>): Promise<readonly Said[]> {
  const answer = known.get(key) ?? (await ask());
  known.set(key, answer);
  return answer;
}

/**
 * Where no package of the workspace has dependencies of its tests alone, all targets hold the plain build word for
 * word, and one run says both.
 */
function flagSets(settings: CheckSettings, directory: string): readonly (readonly string[])[] {
  const common = [
    ...(settings.wholeWorkspace ? ["--workspace"] : []),
    ...(settings.features === "all" ? ["--all-features"] : []),
    ...(settings.features !== "all" && settings.features.length > 0
      ? ["--features", settings.features.join(",")]
      : []),
    ...(settings.noDefaultFeatures ? ["--no-default-features"] : []),
    ...settings.targets.flatMap((triple) => ["--target", triple]),
    ...settings.resolvingArguments,
    ...settings.extraArguments,
  ];
  const all = [...common, ...settings.targetFlags, ...settings.trailingArguments];
  const plain = [...common, ...settings.trailingArguments];
  if (settings.targetFlags.length === 0) return [plain];
  const isOneEnough = settings.targetFlags.includes("--all-targets") && !hasDevDependencies(directory);
  return isOneEnough ? [all] : [plain, all];
}

function hasDevDependencies(directory: string): boolean {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => basename(name) === "Cargo.toml")
    .some((name) => /dev-dependencies/.test(readFileSync(join(directory, name), "utf8")));
}

function environmentFor(
  { copy, environment }: RecordedOffer,
  { extraEnvironment, toolchain }: CheckSettings,
): NodeJS.ProcessEnv {
  const own = Object.entries({ ...environment, ...extraEnvironment }).map(
    ([name, value]) => [name, value === undefined ? undefined : copy.rewritten(value)] as const,
  );
  return {
    ...Object.fromEntries(own),
    ...(toolchain === undefined ? {} : { RUSTUP_TOOLCHAIN: toolchain }),
  };
}

/** What differs from the environment of the tests themselves. */
function settingsOf(environment: NodeJS.ProcessEnv): readonly unknown[] {
  return Object.entries(environment).filter(([name, value]) => process.env[name] !== value);
}
