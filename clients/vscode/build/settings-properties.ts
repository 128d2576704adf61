import { z } from "zod";
import { settingsSchema } from "../../../protocol/settings.ts";

/** A setting as VS Code's settings page wants it. */
export interface SettingsProperty {
  readonly type: string;
  readonly default: unknown;
  readonly markdownDescription: string;
  readonly scope: "machine" | "window";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: { readonly type: string };
}

const node = z.looseObject({
  type: z.string(),
  default: z.unknown(),
  description: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.looseObject({ type: z.string() }).optional(),
});

/** Every setting of the server, as `rust-analyzer.armature.…`: the extension sends that section on as it is. */
export function settingsProperties(): Readonly<Record<string, SettingsProperty>> {
  return Object.fromEntries(leaves(z.toJSONSchema(settingsSchema, { io: "input" }), []));
}

function leaves(schema: unknown, path: readonly string[]): [string, SettingsProperty][] {
  const inner = z.object({ properties: z.record(z.string(), z.unknown()) }).safeParse(schema);
  if (inner.success)
    return Object.entries(inner.data.properties).flatMap(([key, value]) => leaves(value, [...path, key]));
  const { type, description = "", minimum, maximum, items, ...rest } = node.parse(schema);
  const property: SettingsProperty = {
    type,
    default: rest.default,
    markdownDescription: description,
    scope: scopeOf(path),
    ...(minimum === undefined ? {} : { minimum }),
    // zod's own bound of whole numbers is nobody's policy.
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
    ...(items === undefined ? {} : { items: { type: items.type } }),
  };
  return [[["rust-analyzer", "armature", ...path].join("."), property]];
}

/**
 * What sends code to a place, spends a budget, starts a program or uses up the machine is for the person to say: a
 * repository's settings file has no part in it.
 */
function scopeOf([section = "", key = ""]: readonly string[]): SettingsProperty["scope"] {
  const ofTheMachine = ["cacheDirectory", "diskLimitMegabytes", "memoryMegabytes", "allowUnsafe"];
  return section === "model" || section === "rustAnalyzer" || ofTheMachine.includes(key)
    ? "machine"
    : "window";
}
