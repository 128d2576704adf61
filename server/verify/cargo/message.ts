import { z } from "zod";
import { targetLabel } from "./metadata.ts";

/** A place in a file, as rustc tells it. */
export interface MessageSpan {
  /** As rustc writes it: relative to the directory cargo ran in, or absolute, or `<… macros>`. */
  readonly file: string;
  /** UTF-8 bytes, end exclusive. */
  readonly byteStart: number;
  readonly byteEnd: number;
  /** 1-based. */
  readonly line: number;
  readonly isPrimary: boolean;
  /** What it covers, where that is in one line and rustc quotes it. */
  readonly text: string | undefined;
  /** Where the macro call stands that this code came from. */
  readonly callSite: MessageSpan | undefined;
}

export interface CompilerMessage {
  /** "lib shapes": the cargo target it was said of. */
  readonly target: string;
  readonly packageId: string;
  readonly level: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly rendered: string;
  readonly spans: readonly MessageSpan[];
  /** Places that its notes and helps point at. */
  readonly noteSpans: readonly MessageSpan[];
  readonly suggestions: readonly Suggestion[];
}

/** A change that rustc proposes, all its parts together. */
export interface Suggestion {
  /** rustc is sure that the code means the same afterwards. */
  readonly isMachineApplicable: boolean;
  readonly parts: readonly { readonly span: MessageSpan; readonly text: string }[];
}

export type CargoMessage =
  | { readonly kind: "message"; readonly message: CompilerMessage }
  | {
      readonly kind: "artifact";
      readonly target: string;
      readonly packageId: string;
      readonly isFresh: boolean;
      /** Built with its tests, or for them; where cargo does not say, this is assumed. */
      readonly isTest: boolean;
      /** Features of the package it was compiled under. */
      readonly features: readonly string[];
      readonly files: readonly string[];
    }
  | { readonly kind: "finished"; readonly isSuccess: boolean }
  | { readonly kind: "other" }
  | { readonly kind: "text"; readonly text: string };

/** One line of `cargo check --message-format=json`. What cannot be read is kept as text. */
export function parseCargoLine(line: string): CargoMessage {
  const parsed = line.startsWith("{") ? lineSchema.safeParse(parsedJson(line)).data : undefined;
  if (parsed === undefined) return { kind: "text", text: line };
  switch (parsed.reason) {
    case "compiler-message":
      return { kind: "message", message: messageOf(parsed) };
    case "compiler-artifact":
      return {
        kind: "artifact",
        target: targetLabel(parsed.target),
        packageId: parsed.package_id,
        isFresh: parsed.fresh,
        isTest: parsed.profile?.test ?? true,
        features: parsed.features,
        files: parsed.filenames,
      };
    case "build-finished":
      return { kind: "finished", isSuccess: parsed.success };
    case "build-script-executed":
      return { kind: "other" };
  }
}

function messageOf({ target, package_id, message }: z.infer<typeof compilerMessageSchema>): CompilerMessage {
  return {
    target: targetLabel(target),
    packageId: package_id,
    level: message.level,
    code: message.code?.code,
    message: message.message,
    rendered: message.rendered ?? message.message,
    spans: message.spans.map(spanOf),
    noteSpans: message.children.flatMap(({ spans }) =>
      spans.filter(({ suggested_replacement: replacement }) => replacement == null).map(spanOf),
    ),
    suggestions: message.children.flatMap(suggestionOf),
  };
}

function suggestionOf({ spans }: { readonly spans: readonly RustcSpan[] }): readonly Suggestion[] {
  const parts = spans.flatMap((span) =>
    span.suggested_replacement == null ? [] : [{ span: spanOf(span), text: span.suggested_replacement }],
  );
  const isMachineApplicable = spans.every(
    ({ suggestion_applicability: applicability }) => applicability === "MachineApplicable",
  );
  return parts.length === 0 ? [] : [{ isMachineApplicable, parts }];
}

function spanOf(span: RustcSpan): MessageSpan {
  return {
    file: span.file_name,
    byteStart: span.byte_start,
    byteEnd: span.byte_end,
    line: span.line_start,
    isPrimary: span.is_primary,
    text: coveredText(span.text),
    callSite: span.expansion == null ? undefined : spanOf(span.expansion.span),
  };
}

/** Columns are characters, 1-based. */
function coveredText(lines: RustcSpan["text"]): string | undefined {
  const [line, ...more] = lines ?? [];
  if (line === undefined || more.length > 0) return undefined;
  return [...line.text].slice(line.highlight_start - 1, line.highlight_end - 1).join("");
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

interface RustcSpan {
  readonly file_name: string;
  readonly byte_start: number;
  readonly byte_end: number;
  readonly line_start: number;
  readonly is_primary: boolean;
  readonly text?:
    | readonly { readonly text: string; readonly highlight_start: number; readonly highlight_end: number }[]
    | null
    | undefined;
  readonly expansion?: { readonly span: RustcSpan } | null | undefined;
  readonly suggested_replacement?: string | null | undefined;
  readonly suggestion_applicability?: string | null | undefined;
}

const spanSchema: z.ZodType<RustcSpan> = z.object({
  file_name: z.string(),
  byte_start: z.number(),
  byte_end: z.number(),
  line_start: z.number(),
  is_primary: z.boolean(),
  text: z
    .array(z.object({ text: z.string(), highlight_start: z.number(), highlight_end: z.number() }))
    .nullish(),
  expansion: z.lazy(() => z.object({ span: spanSchema }).nullish()),
  suggested_replacement: z.string().nullish(),
  suggestion_applicability: z.string().nullish(),
});
const targetSchema = z.object({ name: z.string(), kind: z.array(z.string()) });
const compilerMessageSchema = z.object({
  reason: z.literal("compiler-message"),
  package_id: z.string(),
  target: targetSchema,
  message: z.object({
    level: z.string(),
    code: z.object({ code: z.string() }).nullish(),
    message: z.string(),
    rendered: z.string().nullish(),
    spans: z.array(spanSchema),
    children: z.array(z.object({ spans: z.array(spanSchema) })).default([]),
  }),
});
const lineSchema = z.discriminatedUnion("reason", [
  compilerMessageSchema,
  z.object({
    reason: z.literal("compiler-artifact"),
    package_id: z.string(),
    target: targetSchema,
    fresh: z.boolean(),
    profile: z.object({ test: z.boolean() }).optional(),
    features: z.array(z.string()).default([]),
    filenames: z.array(z.string()),
  }),
  z.object({ reason: z.literal("build-finished"), success: z.boolean() }),
  z.object({ reason: z.literal("build-script-executed") }),
]);
