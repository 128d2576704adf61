import { z } from "zod";
import type { FillResult, StatusParams, WhyResult } from "../../../protocol/methods.ts";

const position = z.object({ line: z.number(), character: z.number() });
const range = z.object({ start: position, end: position });
const textEdit = z.looseObject({ range, newText: z.string() });
const documentEdit = z.looseObject({
  textDocument: z.looseObject({ uri: z.string(), version: z.number().nullish() }),
  edits: z.array(textEdit),
});

export type WireRange = z.infer<typeof range>;

const inlineAnswer = z.looseObject({
  items: z.array(z.looseObject({ insertText: z.string(), range: range.optional() })),
});

/** The answer of `textDocument/inlineCompletion`; null, and what cannot be read, is nothing. */
export function readInlineAnswer(answer: unknown): z.infer<typeof inlineAnswer>["items"] {
  const parsed = inlineAnswer.safeParse(answer);
  return parsed.success ? parsed.data.items : [];
}

const edit = z.looseObject({ documentChanges: z.array(documentEdit) });
export type DocumentEdit = z.infer<typeof documentEdit>;

/** The edits of an offer by document. Throws where it is none that may be applied here: then nothing is. */
export function readEdit(workspaceEdit: unknown): readonly DocumentEdit[] {
  return edit.parse(workspaceEdit).documentChanges;
}

const none = z.looseObject({ kind: z.literal("none"), reason: z.string(), message: z.string() });
const hole = z.looseObject({ owner: z.string(), text: z.string(), by: z.string() });
const evidence = z.looseObject({
  command: z.string(),
  targets: z.array(z.string()),
  milliseconds: z.number(),
  drafts: z.object({ tried: z.number(), accepted: z.number() }),
  rounds: z.number(),
  holes: z.array(hole),
  elsewhere: z.object({ errors: z.number(), warnings: z.number() }),
  notChecked: z.array(z.string()),
});
const offers = z.looseObject({
  kind: z.literal("offers"),
  site: z.string(),
  offers: z.array(z.looseObject({ label: z.string(), edit: z.unknown(), evidence })).min(1),
});
const outcome = z.discriminatedUnion("kind", [offers, none]);

/** Answers of a server of another version may have more, and are refused where they have less. */
export function readFillResult(result: unknown): FillResult {
  return outcome.parse(result) as unknown as FillResult;
}

const whyOutcome = z.looseObject({
  outcome,
  dropped: z.array(z.looseObject({ verdict: z.string(), reason: z.string(), text: z.string() })),
  milliseconds: z.number(),
});

export function readWhyResult(result: unknown): WhyResult {
  return whyOutcome.nullable().parse(result) as unknown as WhyResult;
}

const status = z.looseObject({
  state: z.enum(["starting", "ready", "working", "off"]),
  model: z.string().optional(),
  requestsLeft: z.number().optional(),
  message: z.string().optional(),
});

export function readStatus(result: unknown): StatusParams | undefined {
  const parsed = status.safeParse(result);
  return parsed.success ? (parsed.data as StatusParams) : undefined;
}
