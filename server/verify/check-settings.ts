import { z } from "zod";
import { type FormatSettings, formatSettingsFrom } from "./format-settings.ts";

/** What is followed of the user's rust-analyzer settings, so that a verdict is what their own check would say. */
export interface CheckSettings {
  readonly command: string;
  readonly allTargets: boolean;
  readonly features: "all" | readonly string[];
  readonly noDefaultFeatures: boolean;
  /** Target triples; empty means the default one. */
  readonly targets: readonly string[];
  readonly extraArguments: readonly string[];
  readonly extraEnvironment: Readonly<Record<string, string>>;
  /** Drafts checked one by one at most. */
  readonly drafts: number;
  readonly format: FormatSettings;
  /** Name of a setting that is not followed yet; there is no verdict then. */
  readonly notHandled: string | undefined;
}

/** Reads rust-analyzer's settings (its section, or an object that holds it). Wrong types count as not set. */
export function checkSettingsFrom(rustAnalyzerSettings: unknown): CheckSettings {
  const outer = wrappedSchema.safeParse(rustAnalyzerSettings).data?.["rust-analyzer"];
  const { cargo, check, linkedProjects, armature } = sectionOf(outer ?? rustAnalyzerSettings);
  const features = check.features ?? cargo.features ?? [];
  return {
    command: check.command ?? "check",
    allTargets: check.allTargets ?? cargo.allTargets ?? true,
    features,
    noDefaultFeatures: check.noDefaultFeatures ?? cargo.noDefaultFeatures ?? false,
    targets: listOf(check.targets ?? cargo.target),
    extraArguments: [...(cargo.extraArgs ?? []), ...(check.extraArgs ?? [])],
    extraEnvironment: { ...environmentOf(cargo.extraEnv), ...environmentOf(check.extraEnv) },
    drafts: armature.verify.drafts ?? 8,
    format: formatSettingsFrom(outer ?? rustAnalyzerSettings),
    notHandled: notHandled(cargo, check, linkedProjects),
  };
}

function sectionOf(settings: unknown): z.infer<typeof sectionSchema> {
  return sectionSchema.safeParse(settings).data ?? sectionSchema.parse({});
}

const ownArguments = [
  "--target-dir",
  "--manifest-path",
  "--message-format",
  "-p",
  "--package",
  "--workspace",
];
// rust-analyzer's own default; it changes what the editor shows and not what cargo checks.
const defaultCfgs = ["debug_assertions", "miri"];

function notHandled(cargo: CargoSection, check: CheckSection, linkedProjects: unknown): string | undefined {
  if (check.overrideCommand !== undefined && check.overrideCommand !== null) return "check.overrideCommand";
  if (check.command !== undefined && !["check", "clippy"].includes(check.command)) return "check.command";
  if (cargo.cfgs.some((cfg) => !defaultCfgs.includes(cfg))) return "cargo.cfgs";
  const projects = Array.isArray(linkedProjects) ? (linkedProjects as readonly unknown[]) : [];
  const isCargoManifest = (project: unknown) => typeof project === "string" && project.endsWith("Cargo.toml");
  if (!projects.every(isCargoManifest)) return "linkedProjects";
  const extra = [...(cargo.extraArgs ?? []), ...(check.extraArgs ?? [])];
  const ours = extra.find((argument) => ownArguments.includes(argument.split("=")[0] ?? ""));
  return ours === undefined ? undefined : `extraArgs ${ours}`;
}

function environmentOf(values: CargoSection["extraEnv"]): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]));
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

const strings = z.array(z.string()).optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const features = z
  .union([z.literal("all"), z.array(z.string())])
  .optional()
  .catch(undefined);
const environment = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .optional()
  .catch(undefined);
const triples = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .catch(undefined);

const cargoSchema = z.object({
  features,
  noDefaultFeatures: flag,
  allTargets: flag,
  target: triples,
  extraEnv: environment,
  extraArgs: strings,
  cfgs: z
    .union([z.array(z.string()), z.record(z.string(), z.unknown()).transform((named) => Object.keys(named))])
    .catch([])
    .default([]),
});
const checkSchema = z.object({
  command: z.string().optional().catch(undefined),
  features: features.nullish(),
  noDefaultFeatures: flag.nullish(),
  allTargets: flag.nullish(),
  targets: triples,
  extraEnv: environment,
  extraArgs: strings,
  overrideCommand: z.unknown().optional(),
});
type CargoSection = z.infer<typeof cargoSchema>;
type CheckSection = z.infer<typeof checkSchema>;

const sectionSchema = z.object({
  cargo: cargoSchema.catch(() => cargoSchema.parse({})).default(() => cargoSchema.parse({})),
  check: checkSchema.catch(() => checkSchema.parse({})).default(() => checkSchema.parse({})),
  linkedProjects: z.unknown().optional(),
  armature: z
    .object({ verify: z.object({ drafts: z.number().int().min(1).optional().catch(undefined) }) })
    .catch({ verify: { drafts: undefined } })
    .default({ verify: { drafts: undefined } }),
});
const wrappedSchema = z.object({ "rust-analyzer": z.unknown().optional() });
