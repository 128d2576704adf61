import type { SiteKind, Span } from "../stages.ts";
import { type Layout, relocate } from "../syntax/layout.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { allSites, type EntrySyntax } from "../syntax/site-syntax.ts";

/** An arm or member as part of a text that rust-analyzer wrote. */
export interface EntryText {
  readonly source: string;
  readonly span: Span;
}

/** Entries laid out for their new place: one text, each entry on lines of its own with this indentation. */
export function laidEntries(
  syntax: RustSyntax,
  kind: SiteKind,
  texts: readonly EntryText[],
  indentation: string,
  layout: Layout,
): { readonly source: string; readonly entries: readonly EntrySyntax[] } {
  const laid = texts.map(({ source, span }) => relocate(source, span, indentation, layout));
  const list = laid.join(layout.lineBreak);
  const source = kind === "match" ? `fn f() { match x {\n${list}\n} }` : `impl T for S {\n${list}\n}`;
  const entries = syntax.read(source, (root) => allSites(root, { start: 0, end: 20 })[0]?.entries ?? []);
  return { source, entries };
}
