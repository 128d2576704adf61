import type { Site, Span } from "../stages.ts";
import { mayOverlap } from "../syntax/disjoint-patterns.ts";
import { indentationAt, layoutOf, startsItsLine } from "../syntax/layout.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import type { EntrySyntax, SiteSyntax } from "../syntax/site-syntax.ts";
import { entryParts } from "./entry-parts.ts";
import { type EntryText, laidEntries } from "./laid-entries.ts";
import { type Edit, fixed, type Part } from "./skeleton-text.ts";

/** A list of arms or members, and what goes into it. */
interface Insertion {
  readonly site: Site;
  readonly here: SiteSyntax;
  readonly text: string;
  readonly lineBreak: string;
  /** Of the line with the keyword, where `}` goes. */
  readonly outer: string;
  /** Of each entry. */
  readonly inner: string;
  readonly first: EntrySyntax;
  readonly last: EntrySyntax;
  /** The new entries, from the first one's indentation to the last one's end. */
  readonly parts: readonly Part[];
}

/**
 * Edits that lay new entries into the site: on the cursor's blank line, behind an arm below it that they would take
 * values from, or else behind the last entry. No line that stands there changes, unless it holds the whole list.
 */
export function insertion(
  syntax: RustSyntax,
  site: Site,
  here: SiteSyntax,
  added: readonly EntryText[],
): readonly Edit[] {
  const { text } = site.document;
  const layout = layoutOf(text);
  const outer = indentationAt(text, site.keyword);
  const leading = here.entries.find((entry) => startsItsLine(text, entry.span.start));
  const inner = leading === undefined ? outer + layout.unit : indentationAt(text, leading.span.start);
  const { source, entries } = laidEntries(syntax, site.kind, added, inner, layout);
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { lineBreak } = layout;
  const parts = entries.flatMap((entry, index): Part[] => [
    fixed(index === 0 ? "" : lineBreak.repeat(linesBetween(site, entries[index - 1], entry))),
    fixed(inner),
    ...entryParts(source, entry, "analyzer"),
    fixed(entry.needsComma ? "," : ""),
  ]);
  const all: Insertion = { site, here, text, lineBreak, outer, inner, first, last, parts };
  const isEmpty = text.slice(here.braces.start + 1, here.braces.end).trim() === "";
  if (isEmpty) return fillList(all);
  if (!text.slice(here.braces.start, here.braces.end).includes("\n")) return breakList(all);
  const before = entryBefore(syntax, site, here, entries);
  if (before !== undefined) return behind(all, before);
  return site.insertAt === undefined ? behindComments(all) : atBlankLine(all, site.insertAt);
}

/** The entry that new ones go behind; undefined: on the cursor's blank line, or behind the comments of an empty list. */
function entryBefore(
  syntax: RustSyntax,
  { kind, insertAt }: Site,
  here: SiteSyntax,
  added: readonly EntrySyntax[],
): EntrySyntax | undefined {
  if (insertAt === undefined) return here.entries.at(-1);
  if (kind === "impl") return undefined;
  const owners = added.map(({ owner }) => owner);
  const below = here.entries.filter(({ span }) => span.start > insertAt);
  return below.filter(({ owner }) => mayOverlap(syntax, owners, owner)).at(-1);
}

function fillList({ here, lineBreak, outer, parts }: Insertion): readonly Edit[] {
  const span = { start: here.braces.start + 1, end: here.braces.end };
  return [{ span, parts: [fixed(lineBreak), ...parts, fixed(lineBreak + outer)] }];
}

/** Only comments stand there: they stay. */
function behindComments({ here, text, lineBreak, outer, parts }: Insertion): readonly Edit[] {
  const { start, end } = here.braces;
  const span = { start: start + text.slice(start, end).trimEnd().length, end };
  return [{ span, parts: [fixed(lineBreak), ...parts, fixed(lineBreak + outer)] }];
}

/** A list on one line gets one line for each entry: rustfmt knows no other form for it. */
function breakList({ here, text, lineBreak, outer, inner, parts }: Insertion): readonly Edit[] {
  const edits: Edit[] = [];
  let at = here.braces.start + 1;
  for (const entry of here.entries) {
    const space = /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    edits.push(
      { span: { start: at, end: at + space }, parts: [fixed(lineBreak + inner)] },
      ...commaOf(entry),
    );
    at = entry.span.end + commentsAfter(text.slice(entry.span.end, here.braces.end));
  }
  const end = here.braces.start + text.slice(here.braces.start, here.braces.end).trimEnd().length;
  const tail: Span = { start: Math.max(at, end), end: here.braces.end };
  return [...edits, { span: tail, parts: [fixed(lineBreak), ...parts, fixed(lineBreak + outer)] }];
}

function behind(all: Insertion, entry: EntrySyntax): readonly Edit[] {
  const { here, text, lineBreak, outer, inner, parts, site, first } = all;
  const start = entry.span.end + commentsAfter(text.slice(entry.span.end, here.braces.end));
  const rest = /^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0;
  const isLineOver = /^\r?\n/.test(text.slice(start + rest));
  const tail = isLineOver ? "" : lineBreak + (start + rest === here.braces.end ? outer : inner);
  const gap = lineBreak.repeat(linesBetween(site, entry, first));
  return [
    ...commaOf(entry),
    {
      span: { start, end: isLineOver ? start : start + rest },
      parts: [fixed(gap), ...parts, fixed(tail)],
    },
  ];
}

/** At the cursor's blank line, which the new entries replace. */
function atBlankLine(
  { site, here, text, lineBreak, first, last, parts }: Insertion,
  at: number,
): readonly Edit[] {
  const end = at + (/^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0);
  const before = here.entries.filter(({ span }) => span.end <= at).at(-1);
  const after = here.entries.find(({ span }) => span.start > at);
  const touchesBefore = before !== undefined && text.slice(before.span.end, at).split("\n").length <= 2;
  const touchesAfter = after !== undefined && /^\r?\n[ \t]*\S/.test(text.slice(end));
  const spaceAbove = touchesBefore && linesBetween(site, before, first) > 1 ? lineBreak : "";
  const spaceBelow = touchesAfter && linesBetween(site, last, after) > 1 ? lineBreak : "";
  return [
    ...(before === undefined ? [] : commaOf(before)),
    { span: { start: at, end }, parts: [fixed(spaceAbove), ...parts, fixed(spaceBelow)] },
  ];
}

function commaOf({ needsComma, span: { end } }: EntrySyntax): readonly Edit[] {
  return needsComma ? [{ span: { start: end, end }, parts: [fixed(",")] }] : [];
}

/** Length of the comments that stand on the last entry's line and belong to it. */
function commentsAfter(text: string): number {
  return /^(?:[ \t]*\/\*(?:(?!\*\/)[\s\S])*\*\/)*(?:[ \t]*\/\/[^\r\n]*)?/.exec(text)?.[0].length ?? 0;
}

/** Line breaks between two entries: a blank line around each function. */
function linesBetween({ kind }: Site, before: EntrySyntax | undefined, after: EntrySyntax): number {
  if (kind === "match") return 1;
  return before?.kind === "function" || after.kind === "function" ? 2 : 1;
}
