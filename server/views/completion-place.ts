import { lineAround } from "../trigger/heal.ts";
import type { Site } from "../stages.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { siteAt } from "../syntax/site-syntax.ts";
import { mayStandInList } from "./list-position.ts";

/**
 * Whether something of ours may go in at the cursor (UTF-16 offset). Never false where it may; the syntax tree decides
 * about the rest and is not loaded where this says no, which is at nearly every completion.
 */
export function mayTakeItem(text: string, offset: number, isAskedByHand: boolean): boolean {
  if (mayStandInList(text, offset)) return true;
  if (!isAskedByHand) return false;
  const line = lineAround(text, offset);
  const ahead = text.slice(line.start, offset);
  // A list just opened, an arm without its body, the end of an arm, the header of an impl.
  return /(?:[{,}]|=>)\s*$/.test(ahead) || /^\s*(?:unsafe\s+)?impl\b.*\bfor\b/.test(ahead);
}

/** Whether the cursor (UTF-16 offset into the editor's text) stands in the site's list and in none of its filled entries. */
export function takesItem(syntax: RustSyntax, site: Site, offset: number): boolean {
  if (site.insertAt !== undefined) return true;
  // What was healed is what has been begun at the cursor: an arm without its body, a header without its list.
  if (site.healedText !== "") return true;
  const { document } = site;
  const here = syntax.read(document.text, (root) => siteAt(root, site.kind, site.keyword));
  if (here === undefined) return false;
  const isInside = offset > here.braces.start && offset <= here.braces.end;
  return isInside && !here.entries.some(({ span }) => span.start < offset && offset < span.end);
}
