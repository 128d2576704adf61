import { relative } from "node:path";
import type { Settings } from "../../../protocol/settings.ts";
import type { Draft, Facts, NoOffer } from "../../stages.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import type { Bodies } from "../write-bodies.ts";
import { assembleDrafts } from "./assemble-drafts.ts";
import { proposeByAnalogy } from "./propose.ts";

/** The default: nothing to set up, and nothing leaves the machine. */
export function bodiesByAnalogy(syntax: RustSyntax, settings: Settings): Bodies {
  const options = { limit: settings.verify.drafts, threshold: settings.analogy.threshold };
  return {
    model: () => undefined,
    write(facts) {
      const drafts = assembleDrafts(proposeByAnalogy(facts, syntax), options);
      return Promise.resolve(drafts.map((draft) => withRelativePlaces(draft, facts.root)));
    },
    repair: (facts) => Promise.resolve(nothingNew(facts)),
  };
}

/** `path:line` as a person reads it. */
function withRelativePlaces(draft: Draft, root: string): Draft {
  const fillings = [...draft.fillings].map(([hole, filling]) => {
    if (filling.author.by !== "analogy") return [hole, filling] as const;
    const place = filling.author.place.startsWith(root)
      ? relative(root, filling.author.place)
      : filling.author.place;
    return [hole, { ...filling, author: { ...filling.author, place } }] as const;
  });
  return { ...draft, fillings: new Map(fillings) };
}

function nothingNew(facts: Facts): NoOffer {
  return {
    kind: "none",
    stage: "bodies",
    reason: "no-evidence",
    message: "the code around says nothing more",
    site: facts.skeleton.site.label,
  };
}
