import type { RustSyntax } from "../syntax/parse.ts";
import { readOpened } from "../syntax/macro-arguments.ts";
import { allSites, sitesAround, type SiteSyntax } from "../syntax/site-syntax.ts";
import type { DocumentSnapshot, NoOffer, Site } from "../stages.ts";
import { surroundingCode } from "../syntax/surrounding-code.ts";
import { emptyList, type HealedText, healings, lineAround } from "./heal.ts";

/**
 * The sites that a cursor (UTF-16 offset into the document) can mean, the likeliest first: those around it from
 * the inside out, then those whose keyword stands on its line (`let area = |match shape {`).
 */
export function findSites(syntax: RustSyntax, document: DocumentSnapshot, offset: number): readonly Site[] {
  for (const healed of healings(document.text, offset)) {
    const line = lineAround(healed.text, healed.offset);
    const sites = readOpened(syntax, healed.text, line, (root) => {
      const around = sitesAround(root, healed.offset);
      const onLine = allSites(root, line).filter(
        (site) => !around.some((other) => other.keyword === site.keyword),
      );
      return [...around, ...onLine];
    });
    const usable = usableSites(sites, healed, document.text);
    if (usable.length > 0) return usable.map((site) => toSite(site, document, healed));
  }
  return [];
}

/** Why nothing can be filled at an offset where {@link findSites} finds nothing. */
export function notASite(syntax: RustSyntax, text: string, offset: number): NoOffer {
  const message = syntax.read(text, (root) => {
    const { macro, isUnreadable } = surroundingCode(root, { start: offset, end: offset });
    if (macro?.isDefinition === true)
      return `the definition of the macro ${macro.name}! cannot be filled: its code has no types until it is called`;
    if (macro !== undefined)
      return `no match stands here in the call of ${macro.name}!, and other code in a macro's call cannot be filled`;
    if (isUnreadable)
      return "the code around this place cannot be read, perhaps for a bracket that is missing: close it and ask again";
    return "no match and no impl of a trait stands at this place";
  });
  return { kind: "none", stage: "trigger", reason: "not-a-site", message };
}

function usableSites(sites: readonly SiteSyntax[], healed: HealedText, text: string): readonly SiteSyntax[] {
  const { start, end } = healed.healed;
  if (healed.healedText === "" && end === start) return sites;
  if (healed.healedText === emptyList)
    return sites.filter((site) => site.braces.end === start + emptyList.length - 1);
  const innermost = sites[0];
  if (healed.healedText === "" && text.slice(start, end).trim() === "") {
    return innermost !== undefined && standsInList(innermost, healed) ? sites : [];
  }
  return sites.filter((site) => standsInList(site, healed));
}

/** What was healed must have stood in the list itself: a lone word inside an arm is that arm's own expression. */
function standsInList(site: SiteSyntax, healed: HealedText): boolean {
  const at = healed.healed.start;
  const inBraces = at > site.braces.start && at <= site.braces.end;
  if (!inBraces) return false;
  if (healed.healedText !== "")
    return site.entries.some((entry) => entry.open !== undefined && entry.open.start >= at);
  return !site.entries.some((entry) => entry.span.start < at && at < entry.span.end);
}

function toSite(site: SiteSyntax, document: DocumentSnapshot, healed: HealedText): Site {
  return {
    kind: site.kind,
    document: { ...document, text: healed.text },
    healed: healed.healed,
    unhealed: document.text.slice(healed.healed.start, healed.healed.end),
    healedText: healed.healedText,
    span: site.span,
    keyword: site.keyword,
    insertAt: blankLineInList(site, healed),
    label: site.label,
  };
}

/** Start of the cursor's line where that line is blank and stands between the entries. */
function blankLineInList(site: SiteSyntax, healed: HealedText): number | undefined {
  const line = lineAround(healed.text, healed.offset);
  if (healed.text.slice(line.start, line.end).trim() !== "") return undefined;
  if (line.start <= site.braces.start || line.end >= site.braces.end) return undefined;
  const inside = site.entries.some((entry) => entry.span.start < line.start && line.start < entry.span.end);
  return inside ? undefined : line.start;
}
