import type { NoOffer, Site, Skeleton } from "../stages.ts";
import { coveredVariants } from "../syntax/covered-variants.ts";
import { readOpened } from "../syntax/macro-arguments.ts";
import { plainName } from "../syntax/names.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { type EntrySyntax, siteAt, type SiteSyntax } from "../syntax/site-syntax.ts";
import type { Splice } from "../syntax/splice.ts";
import { addedEntries } from "./added-entries.ts";
import { entryParts } from "./entry-parts.ts";
import { insertion } from "./insertion.ts";
import { inOwnTerms } from "./own-terms.ts";
import { type Edit, SkeletonText } from "./skeleton-text.ts";

/**
 * The skeleton of a site: what stands there, what rust-analyzer adds, and a hole for every open body among both.
 * @param edit What rust-analyzer would do to the editor's text; undefined where it sees nothing missing.
 */
export function buildSkeleton(
  syntax: RustSyntax,
  site: Site,
  edit: readonly Splice[] | undefined,
): Skeleton | NoOffer {
  const at = { start: site.keyword, end: site.keyword };
  const here = readOpened(syntax, site.document.text, at, (root) => siteAt(root, site.kind, site.keyword));
  if (here === undefined) return none(site, "skeleton-unclear", "the site could not be read again");
  const added = edit === undefined || catchesAll(here) ? [] : addedEntries(syntax, site, here, edit);
  if (added === undefined) return none(site, "skeleton-unclear", "rust-analyzer's edit could not be read");
  const isThere = isThereIn(syntax, site, here);
  const fresh = inOwnTerms(
    syntax,
    site,
    here,
    added.filter(({ entry }) => !isThere(entry)),
  );
  const openHere = here.entries.filter((entry) => entry.open !== undefined);
  if (fresh.length === 0 && openHere.length === 0) {
    return none(site, "nothing-missing", `rust-analyzer sees nothing missing in this ${site.kind}`);
  }
  const edits: Edit[] = openHere.map((entry) => ({
    span: entry.span,
    parts: entryParts(site.document.text, entry, "document"),
  }));
  if (fresh.length > 0) edits.push(...insertion(syntax, site, here, fresh));
  return new SkeletonText(site.document.text, edits).skeleton(site, fresh.length);
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
  if (site.kind === "impl") return () => false;
  const covered = coveredVariants(
    syntax,
    here.entries.map(({ owner }) => owner),
  );
  return ({ name }) => covered.has(plainName(name));
}

function none(site: Site, reason: NoOffer["reason"], message: string): NoOffer {
  return { kind: "none", stage: "facts", reason, message, site: site.label };
}
