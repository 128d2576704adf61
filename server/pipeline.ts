/**
 * THE line: one cursor in, verified offers or the reason why there are none out. Read this file first.
 *
 *   trigger -> facts -> bodies -> verify -> offer, with a way back from verify to bodies.
 *
 * Every arrow may end in a NoOffer. Nothing here knows an editor, a file format or a process.
 */
import { AbortedError, throwIfAborted, withDeadline } from "./base/abort.ts";
import { describeError, type Log } from "./base/log.ts";
import { type Bodies, fitDrafts } from "./bodies/write-bodies.ts";
import { recombine } from "./bodies/recombine.ts";
import { type FactSources, gatherFacts } from "./facts/gather-facts.ts";
import type {
  DocumentSnapshot,
  Draft,
  Facts,
  NoOffer,
  OpenDocuments,
  Outcome,
  Report,
  Site,
  Verdict,
} from "./stages.ts";
import type { RustSyntax } from "./syntax/parse.ts";
import { chooseOffers } from "./offer/choose-offers.ts";
import type { CheckSettings } from "./verify/check-settings.ts";
import type { Verifier } from "./verify/verifier.ts";

/** What a run borrows from the session, as it is at the moment the run starts. */
export interface PipelineContext {
  readonly syntax: RustSyntax;
  readonly sources: FactSources;
  readonly bodies: Bodies;
  readonly verifier: Verifier;
  readonly checkSettings: CheckSettings;
  /** For all checks of one run. */
  readonly verifyMilliseconds: number;
  /** Rounds after the first in which verdicts go back to whoever wrote the bodies. */
  readonly repairRounds: number;
  /** The document as the editor and rust-analyzer have it. */
  readonly document: DocumentSnapshot;
  readonly documents: OpenDocuments;
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly log: Log;
}

/** Tries the sites in their order; the first with something missing decides. */
export async function fillSites(sites: readonly Site[], context: PipelineContext): Promise<Outcome> {
  let nothing: Outcome | undefined;
  for (const site of sites) {
    const outcome = await settled(() => fillSite(site, context), site, context);
    if (outcome.kind === "offers" || outcome.reason !== "nothing-missing") return outcome;
    nothing ??= outcome;
  }
  return (
    nothing ?? {
      kind: "none",
      stage: "trigger",
      reason: "not-a-site",
      message: "no match and no impl stands here",
    }
  );
}

async function fillSite(site: Site, context: PipelineContext): Promise<Outcome> {
  context.report(`asking rust-analyzer about ${site.label}`);
  const facts = await gatherFacts(site, context.sources, context);
  if ("stage" in facts) return facts;

  const verdicts: Verdict[] = [];
  let checks = 0;
  let rounds = 0;
  let drafts = await firstDrafts(facts, context);
  if ("stage" in drafts) return drafts;
  for (;;) {
    throwIfAborted(context.signal);
    context.report(`checking ${drafts.length} draft${drafts.length === 1 ? "" : "s"} for ${site.label}`);
    const report = await verified(facts, drafts, context);
    if (report.kind === "none") return { ...report, site: site.label, rejected: verdicts };
    verdicts.push(...report.verdicts);
    checks += report.checks;
    const accepted = report.verdicts.some((verdict) => verdict.kind === "accepted");
    if (accepted || rounds >= context.repairRounds) break;
    const next = await nextDrafts(facts, verdicts, rounds + 1, context);
    if (next.length === 0) break;
    drafts = next;
    rounds += 1;
  }
  return chooseOffers(facts.skeleton, verdicts, { checks, rounds });
}

async function verified(facts: Facts, drafts: readonly Draft[], context: PipelineContext) {
  const deadline = withDeadline(context.signal, context.verifyMilliseconds);
  try {
    return await context.verifier.verify({
      skeleton: facts.skeleton,
      drafts,
      documents: context.documents,
      settings: context.checkSettings,
      signal: deadline.signal,
      report: context.report,
    });
  } finally {
    deadline.clear();
  }
}

/** A skeleton without holes is its own only draft: rust-analyzer wrote real bodies, and they are checked too. */
async function firstDrafts(facts: Facts, context: PipelineContext): Promise<readonly Draft[] | NoOffer> {
  if (facts.skeleton.holes.length === 0) return [{ rank: 0, fillings: new Map() }];
  const written = await context.bodies.write(facts, context);
  if ("stage" in written) return written;
  return fitDrafts(context.syntax, facts.skeleton, written);
}

/** The second try: the best body of each hole together, else what the model makes of the compiler's answer. */
async function nextDrafts(
  facts: Facts,
  verdicts: readonly Verdict[],
  round: number,
  context: PipelineContext,
): Promise<readonly Draft[]> {
  const combined = recombine(verdicts);
  if (combined !== undefined) return [combined];
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
    if (error instanceof AbortedError) {
      const reasons = {
        deadline: "check-timeout",
        stale: "stale",
        superseded: "cancelled",
        cancelled: "cancelled",
        shutdown: "cancelled",
      } as const;
      return { ...base, reason: reasons[error.abortCause], message: `the run ended: ${error.abortCause}` };
    }
    context.log.error(`${site.label}: ${describeError(error)}`);
    return { ...base, reason: "internal-error", message: describeError(error) };
  }
}
