import { z } from "zod";

export interface Reply {
  readonly answers: readonly Answer[];
  /** Prompt and answers together as the endpoint counted them; undefined where it did not. */
  readonly tokens: number | undefined;
}

export interface Answer {
  readonly text: string;
  /** It ended at the bound on its length. */
  readonly isCut: boolean;
}

/** Reads a chat completion, whatever else it holds; undefined where it is none. */
export function readReply(value: unknown): Reply | undefined {
  const parsed = replySchema.safeParse(typeof value === "string" ? parseJson(value) : value);
  if (!parsed.success) return undefined;
  const answers = parsed.data.choices.flatMap((choice): Answer[] => {
    const read = choiceSchema.safeParse(choice);
    if (!read.success) return [];
    const { message, finish_reason: finish } = read.data;
    return [{ text: contentText(message.content), isCut: finish === "length" }];
  });
  return { answers, tokens: parsed.data.usage?.total_tokens };
}

function contentText(content: z.infer<typeof contentSchema>): string {
  if (typeof content === "string") return content;
  return content?.map((part) => part.text ?? "").join("") ?? "";
}

/** Some endpoints send JSON under another content type. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Partial on purpose: endpoints differ in everything else.
const contentSchema = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
  .nullish();
const choiceSchema = z.looseObject({
  message: z.looseObject({ content: contentSchema }),
  finish_reason: z.unknown(),
});
const replySchema = z.looseObject({
  choices: z.array(z.unknown()),
  usage: z
    .looseObject({ total_tokens: z.number().int().min(0) })
    .optional()
    .catch(undefined),
});
