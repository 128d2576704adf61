/**
 * The settings: under the key `armature` inside rust-analyzer's own section. Each has a default and the reason
 * for it. Unknown keys and wrong types give a warning and the default, never a refusal to start.
 */
import { z } from "zod";

export const settingsSchema = z.object({
  enable: z.boolean().default(true).describe("Off: everything is passed through and nothing is added."),
  rustAnalyzer: z
    .object({
      path: z
        .string()
        .default("")
        .describe(
          "The real rust-analyzer. Empty: ARMATURE_RUST_ANALYZER, then PATH, then rustup; right for most machines.",
        ),
    })
    .prefault({}),
  model: z
    .object({
      name: z
        .string()
        .default("")
        .describe(
          "The model that writes bodies. Empty: none, and no request ever leaves the machine, whatever keys exist.",
        ),
      baseUrl: z
        .string()
        .default("")
        .describe(
          "Base URL of an OpenAI-compatible endpoint (ends in /v1 as a rule). Empty: ARMATURE_MODEL_BASE_URL.",
        ),
      apiKeyEnv: z
        .string()
        .default("OPENAI_API_KEY")
        .describe(
          "Name of the environment variable that holds the key, so that the key itself is in no settings file.",
        ),
      candidates: z
        .number()
        .int()
        .min(1)
        .max(16)
        .default(4)
        .describe(
          "Drafts asked for at once: they are checked together, so more cost tokens rather than time.",
        ),
      timeoutMilliseconds: z
        .number()
        .int()
        .min(100)
        .default(30_000)
        .describe("For all requests of one round together; local models on a CPU may need more."),
      repairRounds: z
        .number()
        .int()
        .min(0)
        .max(2)
        .default(2)
        .describe(
          "Rounds in which the compiler's answer goes back to the model. More than two was not worth it where measured.",
        ),
      requestsPerDay: z
        .number()
        .int()
        .min(0)
        .default(500)
        .describe("Hard budget, kept over restarts; 0 is none at all."),
      tokensPerDay: z
        .number()
        .int()
        .min(0)
        .default(2_000_000)
        .describe("Hard budget, prompt and answer together."),
      exclude: z
        .array(z.string())
        .default([])
        .describe(
          "Path fragments of files that must never be quoted in a prompt, beside the built-in list (.env, keys).",
        ),
      logPrompts: z
        .boolean()
        .default(false)
        .describe("Write each prompt to the log. Off, since logs get shared."),
    })
    .prefault({}),
  analogy: z
    .object({
      threshold: z
        .number()
        .min(0)
        .max(1)
        .default(0.4)
        .describe(
          "Estimated chance below which a body is not proposed. At 0.4 about half the proposals are exactly right and most of the rest do not compile.",
        ),
    })
    .prefault({}),
  verify: z
    .object({
      timeoutMilliseconds: z
        .number()
        .int()
        .min(1_000)
        .default(120_000)
        .describe("For all checks of one job. The first one in a workspace builds its dependencies."),
      memoryMegabytes: z
        .number()
        .int()
        .min(0)
        .default(0)
        .describe(
          "Memory of one check with all its processes; 0 is three quarters of the machine's, so that a constant without end never brings it down. Seen on Linux.",
        ),
      drafts: z
        .number()
        .int()
        .min(1)
        .max(16)
        .default(16)
        .describe(
          "Drafts checked per site and round. They stand side by side in one check, so more cost little.",
        ),
      allowUnsafe: z
        .boolean()
        .default(false)
        .describe(
          "Offer bodies with unsafe code where the function around or the bodies beside them are unsafe already. Off: no check tells whether unsafe code is sound.",
        ),
      warm: z
        .boolean()
        .default(true)
        .describe(
          "Build the dependencies in the shadow copy as soon as rust-analyzer is ready, at low priority.",
        ),
      cacheDirectory: z
        .string()
        .default("")
        .describe(
          "Where shadow copies live. Empty: ARMATURE_CACHE_DIR, then the platform's cache directory.",
        ),
      diskLimitMegabytes: z
        .number()
        .int()
        .min(256)
        .default(20_000)
        .describe("All shadow copies together; the least recently used go first."),
    })
    .prefault({}),
  completion: z
    .object({
      enable: z.boolean().default(true).describe("Offer completion items."),
      holdMilliseconds: z
        .number()
        .int()
        .min(0)
        .max(15_000)
        .default(2_500)
        .describe(
          "How long a completion that was asked for by hand may wait for a verdict, in milliseconds; rust-analyzer's items wait as long. The check goes on, and the next ask finds it done. Clients with a shorter limit get less.",
        ),
    })
    .prefault({}),
  codeAction: z.object({ enable: z.boolean().default(true).describe("Offer code actions.") }).prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;

export interface ParsedSettings {
  readonly settings: Settings;
  /** One per key that was not taken as it stood: the key, the type given, what is expected, the default used. */
  readonly warnings: readonly string[];
}

/**
 * Settings from whatever the editor sent. Never throws: a key that is unknown or of the wrong type costs a
 * warning and its default, all others hold. `null` and `undefined` mean "not set", as editors send them. No
 * value is repeated in a warning, since people paste keys into the wrong field.
 */
export function parseSettings(value: unknown): ParsedSettings {
  const warnings: string[] = [];
  const kept = keepValid(settingsSchema, value, "armature", warnings);
  return { settings: settingsSchema.parse(kept ?? {}), warnings };
}

/** What the schema takes of `value`, `undefined` where its default is to be used. */
function keepValid(schema: z.ZodType, value: unknown, key: string, warnings: string[]): unknown {
  if (value === undefined || value === null) return undefined;
  const shape = shapeOf(schema);
  if (shape === undefined) {
    if (schema.safeParse(value).success) return value;
    const fallback = JSON.stringify(schema.parse(undefined));
    warnings.push(`${key}: ${given(value)} was given, ${expected(schema)} is expected; ${fallback} is used`);
    return undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    warnings.push(`${key}: ${given(value)} was given, an object is expected; the defaults are used`);
    return undefined;
  }
  return keepKnown(shape, value, key, warnings);
}

function keepKnown(
  shape: Readonly<Record<string, z.ZodType>>,
  value: object,
  key: string,
  warnings: string[],
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema !== undefined) {
      kept[name] = keepValid(schema, inner, `${key}.${name}`, warnings);
      continue;
    }
    const known = Object.keys(shape).join(", ");
    warnings.push(
      `${key}.${name}: unknown (${given(inner)} was given) and ignored; expected is one of ${known}`,
    );
  }
  return kept;
}

/** The keys of a section; `undefined` for a single setting. */
function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

function given(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value === "number" && !Number.isInteger(value)) return "a fractional number";
  return `a ${typeof value}`;
}

/** In words, read from the schema itself so that the two cannot differ. */
function expected(schema: z.ZodType): string {
  const { type, minimum, maximum } = z.toJSONSchema(schema, { io: "input" });
  if (type === "array") return "an array of strings";
  if (type !== "integer" && type !== "number") return `a ${typeof type === "string" ? type : "value"}`;
  const name = type === "integer" ? "a whole number" : "a number";
  const hasMaximum = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  if (minimum === undefined) return name;
  return hasMaximum ? `${name} from ${minimum} to ${maximum}` : `${name} of at least ${minimum}`;
}
