import type { Site, Span } from "../stages.ts";
import { lexRust } from "../syntax/lex.ts";
import { readOpened } from "../syntax/macro-arguments.ts";
import { plainName } from "../syntax/names.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { type EntrySyntax, siteAt, type SiteSyntax } from "../syntax/site-syntax.ts";
import { editorText, type Splice, spliceText } from "../syntax/splice.ts";

export interface AddedEntry {
  readonly entry: EntrySyntax;
  /** The text that the entry's spans point into. */
  readonly source: string;
}

/**
 * The arms or members that the site has with rust-analyzer's edit applied, and not without it.
 * @param here The site as it stands.
 * @param edit Of the editor's own text. Some versions send the smallest difference (`Up`, `todo!()`), so only the
 * edited text as a whole says anything. undefined: it cannot be read.
 */
export function addedEntries(
  syntax: RustSyntax,
  site: Site,
  here: SiteSyntax,
  edit: readonly Splice[],
): readonly AddedEntry[] | undefined {
  const there = new Map<string, number>();
  for (const entry of here.entries) there.set(keyOf(entry), (there.get(keyOf(entry)) ?? 0) + 1);
  const edited = editedSite(syntax, site, edit);
  if (edited === undefined) return undefined;
  const { source, entries } = edited;
  return entries.flatMap((entry) => {
    const key = keyOf(entry);
    const count = there.get(key) ?? 0;
    there.set(key, count - 1);
    return count > 0 ? [] : [{ entry, source }];
  });
}

/** What an entry is, however it is laid out: expanded attribute macros come back with other spaces. */
function keyOf({ kind, owner, name }: EntrySyntax): string {
  if (kind !== "arm") return `${kind} ${plainName(name)}`;
  const tokens = lexRust(owner)?.filter((token) => !token.kind.endsWith("comment"));
  return tokens?.map(({ text }) => text).join(" ") ?? owner;
}

interface EditedSite {
  readonly source: string;
  readonly entries: readonly EntrySyntax[];
}

/** In the editor's text, or in the healed one where half-typed code would leave the edited text unreadable. */
function editedSite(syntax: RustSyntax, site: Site, edit: readonly Splice[]): EditedSite | undefined {
  const texts = [
    () => spliceText(editorText(site), edit),
    () => spliceText(site.document.text, healedEdit(site, edit)),
  ];
  let found: EditedSite | undefined;
  for (const edited of texts) {
    const { text: source, moved } = edited();
    const keyword = moved(site.keyword);
    const at = { start: keyword, end: keyword };
    const there = readOpened(syntax, source, at, (root) => siteAt(root, site.kind, keyword));
    if (there !== undefined) found = { source, entries: there.entries };
    if (there?.hasError === false) break;
  }
  return found;
}

/** The edit of the editor's text as one of the healed text. */
function healedEdit({ document, healed, healedText }: Site, edit: readonly Splice[]): readonly Splice[] {
  const growth = healedText.length - (healed.end - healed.start);
  const inHealed = ({ start, end }: Span): Span => {
    const from = start >= healed.end ? start + growth : Math.min(start, healed.start);
    const to = end >= healed.end ? end + growth : Math.min(end, healed.start);
    return { start: from, end: Math.max(from, to) };
  };
  return edit.map(({ span, text }) => {
    const place = inHealed(span);
    // The comma was meant for the half-typed arm.
    const isAfterComma = /[,{]\s*$/.test(document.text.slice(0, place.start));
    return { span: place, text: isAfterComma ? text.replace(/^\s*,/, "") : text };
  });
}
