import type { Outcome, Site } from "../stages.ts";
import type { Asked } from "./asked.ts";

/**
 * An outcome as the one who asks now has to see it. A job is shared by all whose healed text is the same, but
 * the word half-typed there and the document's version are each asker's own, and edits are made against both.
 */
export function rebased(outcome: Outcome, asked: Asked): Outcome {
  if (outcome.kind === "none") return outcome;
  const site = asked.sites.find(({ keyword, kind }) => {
    return keyword === outcome.site.keyword && kind === outcome.site.kind;
  });
  if (site === undefined || looksTheSame(site, outcome.site)) return outcome;
  const offers = outcome.offers.map((offer) => ({ ...offer, skeleton: { ...offer.skeleton, site } }));
  return { ...outcome, site, offers };
}

function looksTheSame(a: Site, b: Site): boolean {
  return (
    a.document.version === b.document.version &&
    a.unhealed === b.unhealed &&
    a.healedText === b.healedText &&
    a.healed.start === b.healed.start
  );
}
