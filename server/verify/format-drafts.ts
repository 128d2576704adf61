import type { Draft, Skeleton, Span } from "../stages.ts";
import { indentationAt, layoutOf } from "../syntax/layout.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { allSites } from "../syntax/site-syntax.ts";
import { entriesIn, sourceOf } from "./entry-format.ts";
import { withFormatted } from "./formatted-text.ts";
import { layDraft, type LaidText } from "./laid-text.ts";
import { inWindow, readSite } from "./site-reading.ts";

/**
 * Each draft as the workspace's rustfmt would write it: the arms and members that hold something new, and nothing
 * else of the document. A draft that cannot be formatted keeps the layout it was written in.
 */
export async function layFormatted(
  syntax: RustSyntax,
  skeleton: Skeleton,
  drafts: readonly Draft[],
  format: (text: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<Draft, LaidText>> {
  const { document, keyword, kind } = skeleton.site;
  const reading = readSite(syntax, skeleton);
  const unformatted = drafts.map((draft) => {
    const laid = layDraft(skeleton, draft);
    return { draft, laid, entries: newEntries(syntax, skeleton, laid) };
  });
  const isExempt = reading.isFormattedByHand || unformatted.some(({ entries }) => entries === undefined);
  const request = {
    kind,
    level: levelOf(indentationAt(document.text, keyword), layoutOf(document.text).unit),
    drafts: unformatted.map(({ laid, entries }) =>
      (entries ?? []).map(({ start, end }) => laid.text.slice(start, end).replaceAll("\r\n", "\n")),
    ),
  };
  const formatted = isExempt ? undefined : await format(sourceOf(request));
  if (formatted === undefined) return new Map();
  const made = entriesIn(syntax, formatted, request);
  const texts = new Map<Draft, LaidText>();
  for (const [index, { draft, laid, entries }] of unformatted.entries()) {
    const written = made[index];
    const text =
      written === undefined || entries === undefined
        ? undefined
        : withFormatted(laid, entries, written, (offset) => indentationAt(laid.text, offset));
    if (text !== undefined) texts.set(draft, text);
  }
  return texts;
}

/** Arms or members that hold a hole, or that rust-analyzer added, as offsets into the laid document. */
function newEntries(syntax: RustSyntax, skeleton: Skeleton, laid: LaidText): readonly Span[] | undefined {
  const { window } = readSite(syntax, skeleton);
  const inside = inWindow(laid, skeleton, window);
  const start = skeleton.site.keyword - window.start;
  return syntax.read(inside.text, (root) => {
    const site = allSites(root, { start, end: start }).find(({ keyword }) => keyword === start);
    return site?.entries
      .filter(({ span }) =>
        inside.pieces.some((piece) => piece.span.start >= span.start && piece.span.end <= span.end),
      )
      .map(({ span }) => ({ start: span.start + window.start, end: span.end + window.start }));
  });
}

function levelOf(indentation: string, unit: string): number {
  const columns = indentation.replaceAll("\t", unit === "\t" ? "\t" : unit).length;
  return Math.round(columns / unit.length);
}
