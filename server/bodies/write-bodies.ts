import type { Draft, Facts, NoOffer, Report, Skeleton, Verdict } from "../stages.ts";
import { blockContents } from "../syntax/block-contents.ts";
import type { RustSyntax } from "../syntax/parse.ts";

export interface BodiesOptions {
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Whoever writes bodies: by analogy, or a model. */
export interface Bodies {
  /** The model behind it and the requests it has left today; undefined without a model. */
  model(): { readonly name: string; readonly requestsLeft: number } | undefined;
  /** Drafts for a site, best first; holes without an entry stay open. */
  write(facts: Facts, options: BodiesOptions): Promise<readonly Draft[] | NoOffer>;
  /** Drafts after the compiler's answer; by analogy there are none. */
  repair(
    facts: Facts,
    verdicts: readonly Verdict[],
    round: number,
    options: BodiesOptions,
  ): Promise<readonly Draft[] | NoOffer>;
}

/**
 * Drafts in the form the skeleton's holes want: a member's hole is the inside of its block, so a block loses its
 * braces there. Drafts that fill nothing, or leave a type or constant open (no text stands for those), are dropped.
 */
export function fitDrafts(
  syntax: RustSyntax,
  skeleton: Skeleton,
  drafts: readonly Draft[],
): readonly Draft[] | NoOffer {
  const mustFill = skeleton.holes.filter((hole) => hole.kind === "type" || hole.kind === "constant");
  const isMember = skeleton.site.kind === "impl";
  const bodies = new Set(skeleton.holes.filter((hole) => hole.kind === "body").map((hole) => hole.id));
  const usable = drafts
    .filter((draft) => draft.fillings.size > 0 && mustFill.every((hole) => draft.fillings.has(hole.id)))
    .map((draft) => ({
      ...draft,
      fillings: new Map(
        [...draft.fillings].map(([id, filling]) => {
          const text = isMember && bodies.has(id) ? blockContents(syntax, filling.text) : filling.text;
          return [id, { ...filling, text }] as const;
        }),
      ),
    }));
  if (usable.length > 0) return usable;
  const open = mustFill.find((hole) => !drafts.some((draft) => draft.fillings.has(hole.id)));
  const message =
    open === undefined
      ? "no body here has enough evidence in the code around it"
      : `nothing tells what \`${open.owner}\` should be, and it cannot stay open`;
  return { kind: "none", stage: "bodies", reason: "no-evidence", message, site: skeleton.site.label };
}

/** The drafts without what they say of holes that the skeleton does not have (any more). */
export function withHolesOf({ holes }: Skeleton, drafts: readonly Draft[]): readonly Draft[] {
  const ids = new Set(holes.map(({ id }) => id));
  const known = <T>(entries: ReadonlyMap<string, T>) => new Map([...entries].filter(([id]) => ids.has(id)));
  return drafts.map((draft) => {
    const fillings = [...known(draft.fillings)].map(([id, { binders, ...filling }]) => {
      const named = binders === undefined ? {} : { binders: known(binders) };
      return [id, { ...filling, ...named }] as const;
    });
    return { ...draft, fillings: new Map(fillings) };
  });
}

/** Each draft with what was written for the holes that came later, the best of it first. */
export function withNewHoles(
  syntax: RustSyntax,
  skeleton: Skeleton,
  drafts: readonly Draft[],
  written: readonly Draft[],
): readonly Draft[] {
  const fitted = fitDrafts(
    syntax,
    { ...skeleton, holes: skeleton.holes.filter(({ kind }) => kind === "body") },
    written,
  );
  const [best] = "stage" in fitted ? [] : fitted;
  if (best === undefined || "stage" in fitted) return drafts;
  return drafts.map((draft, index) => ({
    ...draft,
    fillings: new Map([...draft.fillings, ...(fitted[index] ?? best).fillings]),
  }));
}
