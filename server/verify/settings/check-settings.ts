import { resolve } from "node:path";
import { z } from "zod";
import { parseSettings } from "../../../protocol/settings.ts";
import { type ExtraArguments, readExtraArguments } from "./extra-arguments.ts";
import { type FormatSettings, formatSettingsFrom } from "./format-settings.ts";

/**
 * What is followed of the user's rust-analyzer settings, so that a verdict is what their own check would say.
 * Source of the rules: rust-analyzer's flycheck and the settings it reads for it.
 */
export interface CheckSettings {
  /** "check" or "clippy" */
  readonly command: string;
  /** rust-analyzer checks the whole workspace and not the file's package alone: features add up over all members. */
  readonly wholeWorkspace: boolean;
  /** Cargo's flags that choose targets; none means the library and the binaries. */
  readonly targetFlags: readonly string[];
  readonly features: "all" | readonly string[];
  readonly noDefaultFeatures: boolean;
  /** Target triples; empty means the default one. */
  readonly targets: readonly string[];
  /** `--config`, `-Z` and the like: whatever cargo resolves, it resolves under them. */
  readonly resolvingArguments: readonly string[];
  /** For `cargo metadata` only. */
  readonly metadataArguments: readonly string[];
  readonly extraArguments: readonly string[];
  /** `--` and what follows: arguments of clippy. */
  readonly trailingArguments: readonly string[];
  /** undefined takes a variable away. */
  readonly extraEnvironment: Readonly<Record<string, string | undefined>>;
  /** The toolchain that `cargo.sysroot` names by its path. */
  readonly toolchain: string | undefined;
  /** Absolute paths of manifests; empty means whatever is found. */
  readonly linkedProjects: readonly string[];
  /** The folder that the editor has opened. */
  readonly openedFolder: string;
  /** Drafts checked per site and round at most. */
  readonly drafts: number;
  /** Unsafe code may stand in bodies where the code around is unsafe already. */
  readonly allowUnsafe: boolean;
  readonly format: FormatSettings;
  /**
   * The settings, if any, by which rust-analyzer runs no code of the workspace (build scripts, procedural macros): a check
   * does, so nothing is checked then unless a person asks for it.
   */
  readonly keptFromRunning: readonly string[];
  /** Name of a setting that is not followed; there is no verdict then. */
  readonly notHandled: string | undefined;
  /** One for each setting of the wrong type: rust-analyzer takes its default then, and so do we. */
  readonly warnings: readonly string[];
}

/**
 * Reads rust-analyzer's settings (its section, or an object that holds it). `root` is the folder the editor has
 * opened: relative paths count from there.
 */
export function checkSettingsFrom(rustAnalyzerSettings: unknown, root = "/"): CheckSettings {
  const section = sectionOf(rustAnalyzerSettings);
  const read = new SettingsReader(section);
  const extra = readExtraArguments([
    ...(read.one(strings, "cargo.extraArgs") ?? []),
    ...(read.check(strings, "extraArgs") ?? []),
  ]);
  // Our own section is read, and warned of, in one way only.
  const own = parseSettings(read.raw("armature")).settings.verify;
  const configPath = read.one(text, "cargo.configPath");
  const sysroot = read.one(text, "cargo.sysroot");
  const projects = read.one(z.array(z.union([text, anyObject])), "linkedProjects") ?? [];
  const linkedProjects = projects.filter((project) => typeof project === "string");
  return {
    command: read.check(text, "command") ?? "check",
    wholeWorkspace: read.one(flag, "check.workspace") ?? true,
    targetFlags: targetFlags(read, extra),
    ...features(read, extra),
    targets: [...triples(read), ...extra.triples],
    resolvingArguments: [
      ...(configPath === undefined ? [] : ["--config", resolve(root, configPath)]),
      ...extra.resolving,
    ],
    metadataArguments: read.one(strings, "cargo.metadataExtraArgs") ?? [],
    extraArguments: extra.others,
    trailingArguments: extra.trailing,
    extraEnvironment: {
      ...environmentOf(read.one(environment, "cargo.extraEnv")),
      ...environmentOf(read.check(environment, "extraEnv")),
    },
    toolchain: sysroot === undefined || sysroot === "discover" ? undefined : resolve(root, sysroot),
    linkedProjects: linkedProjects.map((project) => resolve(root, project)),
    openedFolder: root,
    drafts: own.drafts,
    allowUnsafe: own.allowUnsafe,
    format: formatSettingsFrom(section),
    keptFromRunning: keptFromRunning(read),
    notHandled: notHandled(read, extra, projects),
    warnings: read.warnings,
  };
}

function sectionOf(settings: unknown): unknown {
  return wrapped.safeParse(settings).data?.["rust-analyzer"] ?? settings;
}

function targetFlags(read: SettingsReader, extra: ExtraArguments): readonly string[] {
  const isAll = read.check(flag, "allTargets") ?? read.one(flag, "cargo.allTargets") ?? true;
  // rust-analyzer's own stand-in for --all-targets where tests are not wanted.
  const withoutTests = ["--lib", "--bins", "--examples"];
  const withTests = read.one(flag, "cfg.setTest") ?? true;
  const own = isAll ? (withTests ? ["--all-targets"] : withoutTests) : [];
  return [...own, ...extra.targetFlags.filter((argument) => !own.includes(argument))];
}

function features(read: SettingsReader, extra: ExtraArguments) {
  const everywhere = read.one(flag, "checkOnSave.allFeatures") === true ? "all" : undefined;
  const old = read.one(flag, "cargo.allFeatures") === true ? "all" : undefined;
  const named =
    everywhere ?? read.check(featureList, "features") ?? old ?? read.one(featureList, "cargo.features") ?? [];
  const isOff = read.check(flag, "noDefaultFeatures") ?? read.one(flag, "cargo.noDefaultFeatures") ?? false;
  return {
    features: named === "all" || extra.allFeatures ? ("all" as const) : [...named, ...extra.features],
    noDefaultFeatures: isOff || extra.noDefaultFeatures,
  };
}

function triples(read: SettingsReader): readonly string[] {
  const targets = read.check(tripleList, "targets") ?? [];
  const list = typeof targets === "string" ? [targets] : targets;
  if (list.length > 0) return list;
  const target = read.one(text, "cargo.target");
  return target === undefined ? [] : [target];
}

function notHandled(
  read: SettingsReader,
  extra: ExtraArguments,
  projects: readonly unknown[],
): string | undefined {
  if ((read.check(strings, "overrideCommand") ?? []).length > 0) return "check.overrideCommand";
  if (!["check", "clippy"].includes(read.check(text, "command") ?? "check")) return "check.command";
  if (read.one(anyObject, "workspace.discoverConfig") !== undefined) return "workspace.discoverConfig";
  const isManifest = (project: unknown) => typeof project === "string" && project.endsWith("Cargo.toml");
  if (!projects.every(isManifest)) return "linkedProjects";
  if (triples(read).some((triple) => triple.endsWith(".json"))) return "cargo.target";
  return extra.refused === undefined ? undefined : `extraArgs ${extra.refused}`;
}

/** Without a check on save, rust-analyzer runs code only to load what build scripts and macros make. */
function keptFromRunning(read: SettingsReader): readonly string[] {
  const isOff = (name: string) => read.raw(name) === false;
  const onSave = ["checkOnSave", "checkOnSave.enable"].filter(isOff);
  const loading = ["cargo.buildScripts.enable", "procMacro.enable"].filter(isOff);
  return onSave.length > 0 && loading.length > 0 ? [...onSave, ...loading] : [];
}

/** `null` takes the variable away. */
function environmentOf(values: z.infer<typeof environment> | undefined): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, value ?? undefined]));
}

/** Reads one setting after the other, as rust-analyzer does: what has the wrong type is as good as not set. */
class SettingsReader {
  readonly #section: unknown;
  readonly #warnings = new Map<string, string>();

  constructor(section: unknown) {
    this.#section = section;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings.values()];
  }

  raw(name: string): unknown {
    return name
      .split(".")
      .reduce<unknown>((value, key) => anyObject.safeParse(value).data?.[key], this.#section);
  }

  one<T>(schema: z.ZodType<T>, name: string): T | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    const { data, error } = schema.safeParse(value);
    if (error !== undefined)
      this.#warnings.set(name, `rust-analyzer's ${name} has the wrong type; its default is used`);
    return data;
  }

  /** A setting of `check`, or of `checkOnSave` as it was called before: the old name wins where both are set. */
  check<T>(schema: z.ZodType<T>, name: string): T | undefined {
    return this.one(schema, `checkOnSave.${name}`) ?? this.one(schema, `check.${name}`);
  }
}

const text = z.string().min(1);
const strings = z.array(z.string());
const flag = z.boolean();
const featureList = z.union([z.literal("all"), strings]);
const tripleList = z.union([text, strings]);
const environment = z.record(z.string(), z.string().nullable());
const anyObject = z.record(z.string(), z.unknown());
const wrapped = z.object({ "rust-analyzer": z.unknown().optional() });
