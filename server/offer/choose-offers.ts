import type { NoOffer, Offer, Outcome, Skeleton, Verdict } from "../stages.ts";

export interface Effort {
  /** Runs of cargo, all rounds together. */
  readonly checks: number;
  readonly rounds: number;
}

/** Accepted drafts as offers: the most bodies first, then the better rank; the same text once. */
export function chooseOffers(skeleton: Skeleton, verdicts: readonly Verdict[], effort: Effort): Outcome {
  const accepted = verdicts.filter((verdict) => verdict.kind === "accepted");
  const rejected = verdicts.filter((verdict) => verdict.kind !== "accepted");
  if (accepted.length === 0) return { ...noneAccepted(skeleton, verdicts), rejected };
  const offers = accepted
    .map((verdict): Offer => {
      const fillable = skeleton.holes.filter((hole) => hole.kind !== "binder");
      return {
        skeleton,
        draft: verdict.draft,
        text: verdict.text,
        open: fillable.filter((hole) => !verdict.draft.fillings.has(hole.id)).map((hole) => hole.id),
        check: { ...verdict.check, checks: effort.checks },
        rounds: effort.rounds,
        drafts: { tried: verdicts.length, accepted: accepted.length },
      };
    })
    .sort((a, b) => a.open.length - b.open.length || a.draft.rank - b.draft.rank);
  const distinct = offers.filter(
    (offer, index) => offers.findIndex(({ text }) => text === offer.text) === index,
  );
  return { kind: "offers", site: skeleton.site, offers: distinct, rejected };
}

function noneAccepted(skeleton: Skeleton, verdicts: readonly Verdict[]): NoOffer {
  const base = { kind: "none", stage: "verify", site: skeleton.site.label } as const;
  const unknown = verdicts.find((verdict) => verdict.kind === "unknown");
  const rejected = verdicts.find((verdict) => verdict.kind === "rejected");
  const refused = verdicts.find((verdict) => verdict.kind === "refused");
  const frameError =
    rejected?.diagnostics.every(({ hole }) => hole === undefined) === true ? rejected.frame?.[0] : undefined;
  if (frameError !== undefined) {
    const code = frameError.code === undefined ? "" : `${frameError.code}: `;
    const message = `rust-analyzer's frame does not compile: ${code}${frameError.message}`;
    return { ...base, reason: "frame-does-not-compile", message };
  }
  if (rejected !== undefined) {
    const first = rejected.diagnostics[0];
    const code = first?.code === undefined ? "" : `${first.code}: `;
    const count = `${verdicts.length} draft${verdicts.length === 1 ? "" : "s"}`;
    const what = first?.level === "warning" ? "compiles without a new warning" : "compiles";
    const message = `none of ${count} ${what}; the best one: ${code}${first?.message ?? ""}`;
    return { ...base, reason: "all-rejected", message };
  }
  if (unknown !== undefined) return { ...base, reason: unknown.reason, message: unknown.message };
  return { ...base, reason: "all-refused", message: refused?.message ?? "no draft was fit to be checked" };
}
