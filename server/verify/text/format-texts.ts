import type { Skeleton, Span } from "../../stages.ts";
import { indentationAt, layoutOf } from "../../syntax/layout.ts";
import { readOpened } from "../../syntax/macro-arguments.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { allSites } from "../../syntax/site-syntax.ts";
import { entriesIn, sourceOf } from "./entry-format.ts";
import { withFormatted } from "./formatted-text.ts";
import type { LaidText } from "./laid-text.ts";
import type { Formatted } from "./rustfmt.ts";
import { inWindow, readSite } from "./site-reading.ts";

/**
 * Laid documents as the workspace's rustfmt would write them: the arms and members that hold something new, and
 * nothing else. A text that cannot be formatted keeps the layout it was written in.
 */
export async function formatTexts(
  syntax: RustSyntax,
  skeleton: Skeleton,
  texts: readonly LaidText[],
  format: (text: string) => Promise<Formatted>,
): Promise<readonly LaidText[]> {
  const { document, keyword, kind } = skeleton.site;
  const entries = texts.map((laid) => newEntries(syntax, skeleton, laid) ?? []);
  if (readSite(syntax, skeleton).isFormattedByHand || entries.some(({ length }) => length === 0))
    return texts;
  const request = {
    kind,
    level: levelOf(indentationAt(document.text, keyword), layoutOf(document.text).unit),
    drafts: texts.map(({ text }, index) =>
      (entries[index] ?? []).map(({ start, end }) => text.slice(start, end).replaceAll("\r\n", "\n")),
    ),
  };
  const formatted = await format(sourceOf(request));
  if (formatted === "unreadable" && texts.length > 1) {
    // Some draft cannot be parsed: the others still can.
    const half = Math.ceil(texts.length / 2);
    const halves = [texts.slice(0, half), texts.slice(half)];
    return (await Promise.all(halves.map((some) => formatTexts(syntax, skeleton, some, format)))).flat();
  }
  if (formatted === undefined || formatted === "unreadable") return texts;
  const made = entriesIn(syntax, formatted.text, request);
  return texts.map((laid, index) => {
    const written = made[index];
    if (written === undefined) return laid;
    return withFormatted(laid, entries[index] ?? [], written, (at) => indentationAt(laid.text, at)) ?? laid;
  });
}

/** Arms or members that hold a hole, or that rust-analyzer added, as offsets into the laid document. */
function newEntries(syntax: RustSyntax, skeleton: Skeleton, laid: LaidText): readonly Span[] | undefined {
  const { window } = readSite(syntax, skeleton);
  const inside = inWindow(laid, skeleton, window);
  const start = skeleton.site.keyword - window.start;
  const at = { start, end: start };
  return readOpened(syntax, inside.text, at, (root) => {
    const site = allSites(root, at).find(({ keyword }) => keyword === start);
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
