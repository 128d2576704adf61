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
import type { CheckSettings } from "./verify/settings/check-settings.ts";
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

  const first = await firstDrafts(facts, context);
  if ("stage" in first) return first;

  const tries = new Tries(facts, context);
  await tries.check(first);
  await tries.checkCombined();
  let rounds = 0;
  while (tries.isWorthRepair && rounds < context.repairRounds) {
    const repaired = await repairedDrafts(facts, tries.verdicts, rounds + 1, context);
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
  return chooseOffers(facts.skeleton, tries.verdicts, { checks: tries.checks, rounds });
}

/** What was tried at one site so far. */
class Tries {
  readonly verdicts: Verdict[] = [];
  /** Runs of cargo. */
  checks = 0;
  /** Why nothing could be checked any more. */
  failure: NoOffer | undefined;
  readonly #facts: Facts;
  readonly #context: PipelineContext;
  #milliseconds = 0;

  constructor(facts: Facts, context: PipelineContext) {
    this.#facts = facts;
    this.#context = context;
  }

  get hasAccepted(): boolean {
    return this.verdicts.some((verdict) => verdict.kind === "accepted");
  }

  /** A draft failed that would have filled more than what was accepted. */
  get isWorthRepair(): boolean {
    if (this.failure !== undefined) return false;
    const filled = (kinds: readonly Verdict["kind"][]) =>
      this.verdicts.flatMap(({ kind, draft }) => (kinds.includes(kind) ? [draft.fillings.size] : []));
    return Math.max(-1, ...filled(["rejected", "refused"])) > Math.max(-1, ...filled(["accepted"]));
  }

  async check(drafts: readonly Draft[]): Promise<void> {
    if (drafts.length === 0) return;
    const { signal, report, verifyMilliseconds, verifier, documents, checkSettings } = this.#context;
    const { skeleton } = this.#facts;
    throwIfAborted(signal);
    report(`checking ${drafts.length} draft${drafts.length === 1 ? "" : "s"} for ${skeleton.site.label}`);
    const deadline = withDeadline(signal, Math.max(0, verifyMilliseconds - this.#milliseconds));
    const request = { skeleton, drafts, documents, settings: checkSettings, signal: deadline.signal, report };
    try {
      const checked = await verifier.verify(request);
      if (checked.kind === "none") {
        this.failure = checked;
        return;
      }
      this.verdicts.push(...checked.verdicts);
      this.checks += checked.checks;
      this.#milliseconds += checked.milliseconds;
    } catch (error) {
      if (!(error instanceof AbortedError) || error.abortCause !== "deadline") throw error;
      this.failure = tooLong(skeleton.site, verifyMilliseconds);
    } finally {
      deadline.clear();
    }
  }

  /** The best body of each hole together: one more try that asks nobody. */
  async checkCombined(): Promise<void> {
    const combined = this.isWorthRepair ? recombine(this.verdicts) : undefined;
    if (combined !== undefined) await this.check([combined]);
  }
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

function tooLong(site: Site, milliseconds: number): NoOffer {
  const message = `the checks took longer than ${milliseconds} ms (verify.timeoutMilliseconds)`;
  return { kind: "none", stage: "verify", reason: "check-timeout", message, site: site.label };
}
