/**
 * The settings: under the key `armature` inside rust-analyzer's own section. Each has a default and the reason
 * for it. Unknown keys and wrong types give a warning and the default, never a refusal to start.
 */
import { z } from "zod";

export const settingsSchema = z.object({
  enable: z.boolean().default(true).describe("Off: everything is passed through and nothing is added."),
  rustAnalyzer: z.object({
    path: z
      .string()
      .default("")
      .describe(
        "The real rust-analyzer. Empty: ARMATURE_RUST_ANALYZER, then PATH, then rustup; right for most machines.",
      ),
  }),
  model: z.object({
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
      .describe("Drafts asked for at once: they are checked together, so more cost tokens rather than time."),
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
  }),
  analogy: z.object({
    threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.4)
      .describe(
        "Estimated chance below which a body is not proposed. At 0.4 about half the proposals are exactly right and most of the rest do not compile.",
      ),
  }),
  verify: z.object({
    timeoutMilliseconds: z
      .number()
      .int()
      .min(1_000)
      .default(120_000)
      .describe("For all checks of one job. The first one in a workspace builds its dependencies."),
    drafts: z.number().int().min(1).max(16).default(8).describe("Drafts checked per site and round."),
    warm: z
      .boolean()
      .default(true)
      .describe(
        "Build the dependencies in the shadow copy as soon as rust-analyzer is ready, at low priority.",
      ),
    cacheDirectory: z
      .string()
      .default("")
      .describe("Where shadow copies live. Empty: ARMATURE_CACHE_DIR, then the platform's cache directory."),
    diskLimitMegabytes: z
      .number()
      .int()
      .min(256)
      .default(20_000)
      .describe("All shadow copies together; the least recently used go first."),
  }),
  completion: z.object({
    enable: z.boolean().default(true).describe("Offer completion items."),
    holdMilliseconds: z
      .number()
      .int()
      .min(0)
      .max(15_000)
      .default(10_000)
      .describe(
        "How long a completion that was asked for by hand may wait for a verdict. Clients with a shorter limit get less.",
      ),
  }),
  codeAction: z.object({ enable: z.boolean().default(true).describe("Offer code actions.") }),
});

export type Settings = z.infer<typeof settingsSchema>;
