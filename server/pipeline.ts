/**
 * THE line: one cursor in, verified offers or the reason why there are none out. Read this file first.
 *
 *   trigger -> facts -> bodies -> verify -> offer, with a way back from verify to bodies.
 *
 * Every arrow may end in a NoOffer. Nothing here knows an editor, a file format or a process.
 */
import { AbortedError, throwIfAborted } from "./base/abort.ts";
import { describeError, type Log } from "./base/log.ts";
import type { NoOfferReason } from "../protocol/methods.ts";
import { fitDrafts } from "./bodies/write-bodies.ts";
import { gatherFacts } from "./facts/gather-facts.ts";
import { chooseOffers } from "./offer/choose-offers.ts";
import type { Draft, Facts, NoOffer, Outcome, Site, Verdict } from "./stages.ts";
import { gapOf, hasRestInSomeBuilds, mayHaveNoValue, mayHideAGap } from "./own-gap.ts";
import { type PipelineContext, Tries } from "./tries.ts";

export type { PipelineContext };

/** Tries the sites in their order; the first with something missing decides. */
export async function fillSites(sites: readonly Site[], context: PipelineContext): Promise<Outcome> {
  const nothing: Extract<Outcome, NoOffer>[] = [];
  for (const site of sites) {
    const outcome = await settled(() => fillSite(site, context), site, context);
    if (outcome.kind === "offers" || !nothingListed.has(outcome.reason)) return outcome;
    nothing.push(outcome);
  }
  return nothing.find(({ reason }) => reason !== "nothing-missing") ?? nothing[0] ?? noSite;
}

const noSite: NoOffer = {
  kind: "none",
  stage: "trigger",
  reason: "not-a-site",
  message: "no match and no impl stands here",
};

/** rust-analyzer lists nothing to add: a site further out may still be the one that is meant. */
const nothingListed: ReadonlySet<NoOfferReason> = new Set([
  ...(["nothing-missing", "action-not-found", "configured-out", "in-macro", "error-at-site"] as const),
  "analyzer-sees-less",
]);

async function fillSite(site: Site, context: PipelineContext): Promise<Outcome> {
  context.report(`asking rust-analyzer about ${site.label}`);
  const facts = await factsOf(site, context);
  if ("stage" in facts) return facts;

  const first = await firstDrafts(facts, context);
  if ("stage" in first) return first;

  const tries = new Tries(facts, context);
  await tries.check(first);
  await tries.checkCombined();
  let rounds = 0;
  while (tries.isWorthRepair && rounds < context.repairRounds) {
    const repaired = await repairedDrafts(tries.facts, tries.verdicts, rounds + 1, context);
    if (repaired.length === 0) break;
    rounds += 1;
    await tries.check(repaired);
    await tries.checkCombined();
  }
  if (tries.failure !== undefined && !tries.hasAccepted) {
    return { ...tries.failure, site: site.label, rejected: tries.verdicts };
  }
  // What was accepted of a text that has moved on meanwhile is no verdict on the one that stands there now.
  throwIfAborted(context.signal);
  return chooseOffers(tries.facts.skeleton, tries.verdicts, { checks: tries.checks, rounds });
}

/** Where rust-analyzer may see less or more of a match than rustc, rustc is asked. */
async function factsOf(site: Site, context: PipelineContext): Promise<Facts | NoOffer> {
  const facts = await gatherFacts(site, context.sources, context);
  const none = (reason: NoOfferReason, message: string): NoOffer => {
    return { kind: "none", stage: "facts", reason, message, site: site.label };
  };
  if ("stage" in facts) {
    const isAsked = mayHideAGap(context.syntax, site) || isMatchOfUnlisted(facts, site);
    if (!nothingListed.has(facts.reason) || !isAsked) return facts;
    const gap = await gapOf(site, context);
    switch (gap?.kind) {
      case undefined:
        return facts;
      case "none":
        return none("nothing-missing", "rustc takes this match as it is");
      case "unlisted": {
        const how = "write the arm with todo!() as its body and ask again";
        return none("analyzer-sees-less", `rustc says of this match: ${gap.message}; ${how}`);
      }
      case "patterns":
        return gatherFacts(site, context.sources, { ...context, patterns: gap.patterns });
    }
  }
  const hasRest = hasRestInSomeBuilds(context.syntax, site);
  if (!hasRest && !mayHaveNoValue(facts)) return facts;
  const gap = await gapOf(site, context);
  if (hasRest && gap?.kind === "patterns")
    return gatherFacts(site, context.sources, { ...context, patterns: gap.patterns });
  if (gap?.kind !== "none") return facts;
  return none(
    "nothing-missing",
    "rustc takes this match as it is: what rust-analyzer would add has no value",
  );
}

function isMatchOfUnlisted({ reason }: NoOffer, { kind }: Site): boolean {
  return kind === "match" && (reason === "analyzer-sees-less" || reason === "action-not-found");
}

/** A skeleton without holes is its own only draft: rust-analyzer wrote real bodies, and they are checked too. */
async function firstDrafts(facts: Facts, context: PipelineContext): Promise<readonly Draft[] | NoOffer> {
  if (facts.skeleton.holes.length === 0) return [{ rank: 0, fillings: new Map() }];
  const written = await context.bodies.write(facts, context);
  if ("stage" in written) return written;
  return fitDrafts(context.syntax, facts.skeleton, written);
}

/** What the model makes of the compiler's answer. */
async function repairedDrafts(
  facts: Facts,
  verdicts: readonly Verdict[],
  round: number,
  context: PipelineContext,
): Promise<readonly Draft[]> {
  const repaired = await context.bodies.repair(facts, verdicts, round, context);
  if ("stage" in repaired) {
    context.log.info(`no repair: ${repaired.reason}: ${repaired.message}`);
    return [];
  }
  const fitted = fitDrafts(context.syntax, facts.skeleton, repaired);
  return "stage" in fitted ? [] : fitted;
}

/** Whatever is thrown becomes a reason: our failure never costs the user rust-analyzer. */
async function settled(work: () => Promise<Outcome>, site: Site, context: PipelineContext): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    const base = { kind: "none", stage: "offer", site: site.label } as const;
    if (error instanceof AbortedError) return { ...base, ...endedBy[error.abortCause] };
    return { ...internalError(error, context.log), site: site.label };
  }
}

/** For what nobody foresaw; the log has it too. */
export function internalError(error: unknown, log: Log): NoOffer {
  const message = describeError(error);
  log.error(`no offer: ${message}`);
  return { kind: "none", stage: "offer", reason: "internal-error", message };
}

const endedBy = {
  deadline: { reason: "check-timeout", message: "it took too long" },
  stale: { reason: "stale", message: "the document changed while it was checked; ask again" },
  superseded: { reason: "cancelled", message: "a newer request took its place" },
  cancelled: { reason: "cancelled", message: "the request was cancelled" },
  shutdown: { reason: "cancelled", message: "the server was shut down" },
} as const;
