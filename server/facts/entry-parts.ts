import type { EntrySyntax } from "../syntax/site-syntax.ts";
import { fixed, type Part } from "./skeleton-text.ts";

/** Whose text an entry is: a name that rust-analyzer suggested may be changed, one that stands there may not. */
export type Origin = "analyzer" | "document";

/** An entry as fixed text and holes. */
export function entryParts(source: string, entry: EntrySyntax, origin: Origin): Part[] {
  if (entry.value === undefined && (entry.kind === "type" || entry.kind === "constant")) {
    return newValueParts(source, entry, entry.kind);
  }
  if (entry.open === undefined) return writtenParts(source, entry);
  const { owner, name } = entry;
  const parts: Part[] = [];
  let at = entry.span.start;
  for (const binder of entry.binders) {
    const part = binderPart(source, entry, binder, origin);
    if (part === undefined) continue;
    parts.push(fixed(source.slice(at, binder.span.start)), part);
    at = binder.span.end;
  }
  const kind = entry.kind === "constant" ? "constant" : "body";
  parts.push(fixed(source.slice(at, entry.open.start)), { kind, placeholder: "todo!()", owner, name });
  parts.push(fixed(source.slice(entry.open.end, entry.span.end)));
  return parts;
}

function newValueParts(
  source: string,
  { span, valueAt, owner, name }: EntrySyntax,
  kind: "type" | "constant",
): Part[] {
  return [
    fixed(`${source.slice(span.start, valueAt)} = `),
    { kind, placeholder: kind === "type" ? "()" : "todo!()", owner, name },
    fixed(source.slice(valueAt, span.end)),
  ];
}

function binderPart(
  source: string,
  { owner, name }: EntrySyntax,
  { span, field }: EntrySyntax["binders"][number],
  origin: Origin,
): Part | undefined {
  const placeholder = source.slice(span.start, span.end);
  const base = { kind: "binder", placeholder, owner, name } as const;
  if (field !== undefined) return { ...base, field };
  if (placeholder === "_") return base;
  return origin === "analyzer" ? { ...base, suggestion: placeholder } : undefined;
}

function writtenParts(source: string, { span, value, kind, owner, name }: EntrySyntax): Part[] {
  if (value === undefined || (kind !== "function" && kind !== "arm"))
    return [fixed(source.slice(span.start, span.end))];
  return [
    fixed(source.slice(span.start, value.start)),
    { kind: "written", placeholder: source.slice(value.start, value.end), owner, name },
    fixed(source.slice(value.end, span.end)),
  ];
}
