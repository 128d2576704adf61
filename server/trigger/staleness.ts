import type { DocumentSnapshot, Site } from "../stages.ts";

/**
 * Whether a document still is what a site was found in: the same text, or one that differs only in the word
 * being typed where the site was healed. Typing along with an open pop-up must not drop its answer.
 */
export function stillSameSite(site: Site, asked: DocumentSnapshot, current: string): boolean {
  if (current === asked.text) return true;
  if (site.healedText !== "") return false;
  const healed = site.document.text;
  const at = site.healed.start;
  const typed = current.length - healed.length;
  if (typed < 0 || !current.startsWith(healed.slice(0, at)) || !current.endsWith(healed.slice(at)))
    return false;
  return /^[\p{XID_Continue}: \t]*$/u.test(current.slice(at, at + typed));
}
