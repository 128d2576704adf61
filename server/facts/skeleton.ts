import { coveredVariants } from "../syntax/covered-variants.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { allSites, type EntrySyntax, type SiteSyntax } from "../syntax/site-syntax.ts";
import type { NoOffer, Site, Skeleton, Span } from "../stages.ts";
import { indentationAt, layoutOf, relocate } from "../syntax/layout.ts";
import { type Edit, fixed, type Part, SkeletonText } from "./skeleton-text.ts";

/**
 * The skeleton of a site: what stands there, what rust-analyzer inserts (`inserted`, its text; undefined where
 * it sees nothing missing), and a hole for every open body among both.
 */
export function buildSkeleton(
  syntax: RustSyntax,
  site: Site,
  inserted: string | undefined,
): Skeleton | NoOffer {
  const here = syntax.read(site.document.text, (root) =>
    allSites(root, { start: site.keyword, end: site.keyword }).find((found) => found.kind === site.kind),
  );
  if (here === undefined) return none(site, "skeleton-unclear", "the site could not be read again");
  const added = inserted === undefined || catchesAll(here) ? [] : readInserted(syntax, site, here, inserted);
  const isThere = isThereIn(syntax, site, here);
  const fresh = added.filter(({ entry }) => !isThere(entry));
  const openHere = here.entries.filter((entry) => entry.open !== undefined);
  if (fresh.length === 0 && openHere.length === 0) {
    return none(site, "nothing-missing", `rust-analyzer sees nothing missing in this ${site.kind}`);
  }
  const edits: Edit[] = openHere.map((entry) => ({
    span: entry.span,
    parts: entryParts(site.document.text, entry, "document"),
  }));
  if (fresh.length > 0) edits.push(...insertion(site, here, fresh));
  return new SkeletonText(site.document.text, edits).skeleton(site, fresh.length);
}

interface InsertedEntry {
  readonly entry: EntrySyntax;
  /** The text that the entry's spans point into. */
  readonly source: string;
}

/** rust-analyzer's text as entries, laid out for their new place. */
function readInserted(
  syntax: RustSyntax,
  site: Site,
  here: SiteSyntax,
  inserted: string,
): readonly InsertedEntry[] {
  const text = site.document.text;
  const layout = layoutOf(text);
  const first = here.entries[0];
  const base = indentationAt(text, site.keyword);
  const ownLine =
    first !== undefined && text.slice(lineStart(text, first.span.start), first.span.start).trim() === "";
  const indentation = ownLine ? indentationAt(text, first.span.start) : base + layout.unit;
  const body = relocate(inserted.replace(/^[\s,]*?\n/, "").replace(/^\s*,\s*/, ""), indentation, layout);
  const source = site.kind === "match" ? `fn f() { match x {\n${body}\n} }` : `impl T for S {\n${body}\n}`;
  const entries = syntax.read(source, (root) => allSites(root, { start: 0, end: 20 })[0]?.entries ?? []);
  return entries.map((entry) => ({ entry, source }));
}

/** An unguarded arm that matches everything left: rust-analyzer would put new arms behind it, where they never run. */
function catchesAll(here: SiteSyntax): boolean {
  return here.kind === "match" && here.entries.some((entry) => entry.catchesAll);
}

/**
 * rust-analyzer's list of what is missing compares patterns by their text (its `does_pat_match_variant`): arms
 * written `Self::Red`, or `Red` by an import, are all "missing" as `Light::Red`.
 */
function isThereIn(syntax: RustSyntax, site: Site, here: SiteSyntax): (added: EntrySyntax) => boolean {
  if (site.kind === "impl") {
    return ({ kind, name }) => here.entries.some((entry) => entry.kind === kind && entry.name === name);
  }
  const owners = here.entries.map(({ owner }) => owner);
  const texts = new Set(owners.map(withoutSpace));
  const covered = coveredVariants(syntax, owners);
  return ({ owner, name }) => texts.has(withoutSpace(owner)) || covered.has(name);
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, "");
}

function insertion(site: Site, here: SiteSyntax, fresh: readonly InsertedEntry[]): readonly Edit[] {
  const text = site.document.text;
  const { lineBreak } = layoutOf(text);
  const separator = site.kind === "impl" && fresh.some(({ entry }) => entry.kind === "function") ? 2 : 1;
  const parts = fresh.flatMap(({ entry, source }, index): Part[] => {
    const gap = index === 0 ? "" : lineBreak.repeat(gapBetween(fresh[index - 1]?.entry, entry, separator));
    return [
      fixed(gap + indentationAt(source, entry.span.start)),
      ...entryParts(source, entry, "analyzer"),
      ...comma(site, entry, source),
    ];
  });
  if (site.insertAt !== undefined) return atBlankLine(text, site.insertAt, here, parts, separator, lineBreak);
  const last = here.entries.at(-1);
  if (last === undefined) {
    const inner: Span = { start: here.braces.start + 1, end: here.braces.end };
    if (text.slice(inner.start, inner.end).trim() === "") {
      return [
        {
          span: inner,
          parts: [fixed(lineBreak), ...parts, fixed(lineBreak + indentationAt(text, site.keyword))],
        },
      ];
    }
    // Only comments stand there: they stay, and the new entries come behind them.
    const end = here.braces.start + 1 + text.slice(inner.start, inner.end).trimEnd().length;
    return [
      {
        span: { start: end, end: inner.end },
        parts: [fixed(lineBreak), ...parts, fixed(lineBreak + indentationAt(text, site.keyword))],
      },
    ];
  }
  const edits: Edit[] = [];
  if (site.kind === "match" && needsComma(text, last)) {
    edits.push({ span: { start: last.span.end, end: last.span.end }, parts: [fixed(",")] });
  }
  const start = last.span.end + commentsAfter(text.slice(last.span.end, here.braces.end));
  const sameLine = !text.slice(start, here.braces.end).includes("\n");
  const tail = sameLine ? fixed(lineBreak + indentationAt(text, site.keyword)) : fixed("");
  const end = sameLine ? here.braces.end : start;
  edits.push({ span: { start, end }, parts: [fixed(lineBreak.repeat(separator)), ...parts, tail] });
  return edits;
}

/** Length of the comments that stand on the last entry's line and belong to it. */
function commentsAfter(text: string): number {
  return /^(?:[ \t]*\/\*(?:(?!\*\/)[\s\S])*\*\/)*(?:[ \t]*\/\/[^\r\n]*)?/.exec(text)?.[0].length ?? 0;
}

/** At the cursor's blank line, which the new entries replace. */
function atBlankLine(
  text: string,
  insertAt: number,
  here: SiteSyntax,
  parts: readonly Part[],
  separator: number,
  lineBreak: string,
): readonly Edit[] {
  const lineEnd = insertAt + (/^[ \t]*/.exec(text.slice(insertAt))?.[0].length ?? 0);
  const before = here.entries.filter((entry) => entry.span.end <= insertAt).at(-1);
  const edits: Edit[] = [];
  if (before !== undefined && here.kind === "match" && needsComma(text, before)) {
    edits.push({ span: { start: before.span.end, end: before.span.end }, parts: [fixed(",")] });
  }
  const touching = before !== undefined && text.slice(before.span.end, insertAt).split("\n").length <= 2;
  const space = separator === 2 && touching ? lineBreak : "";
  edits.push({ span: { start: insertAt, end: lineEnd }, parts: [fixed(space), ...parts] });
  return edits;
}

function gapBetween(before: EntrySyntax | undefined, entry: EntrySyntax, separator: number): number {
  return separator === 2 && before?.kind !== "function" && entry.kind !== "function" ? 1 : separator;
}

function comma(site: Site, entry: EntrySyntax, source: string): Part[] {
  return site.kind === "match" && needsComma(source, entry) ? [fixed(",")] : [];
}

function needsComma(text: string, arm: EntrySyntax): boolean {
  return !/[,}]$/.test(text.slice(arm.span.start, arm.span.end));
}

/** Whose text an entry is: a name that rust-analyzer suggested may be changed, one that stands there may not. */
type Origin = "analyzer" | "document";

/** An entry as fixed text and holes. */
function entryParts(source: string, entry: EntrySyntax, origin: Origin): Part[] {
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

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function none(site: Site, reason: NoOffer["reason"], message: string): NoOffer {
  return { kind: "none", stage: "facts", reason, message, site: site.label };
}
