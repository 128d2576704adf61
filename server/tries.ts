/** What is tried at one site: drafts on a frame that is mended on the way, until the compiler takes one. */
import { AbortedError, throwIfAborted, withDeadline } from "./base/abort.ts";
import type { Log } from "./base/log.ts";
import { recombine } from "./bodies/recombine.ts";
import { type Bodies, withHolesOf, withNewHoles } from "./bodies/write-bodies.ts";
import type { FactSources } from "./facts/gather-facts.ts";
import { mendFrame } from "./facts/mend/mend-frame.ts";
import type {
  DocumentSnapshot,
  Draft,
  Facts,
  NoOffer,
  OpenDocuments,
  Report,
  Site,
  Skeleton,
  Verdict,
} from "./stages.ts";
import type { RustSyntax } from "./syntax/parse.ts";
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

/** Times that a frame is mended in one run; a compiler that stops early tells one kind of error after another. */
const mendsAtMost = 5;
/** Times that drafts behind one whose frame cannot be mended are tried for themselves. */
const restartsAtMost = 2;
/** Times that the best bodies are put together anew after each answer. */
const combinationsAtMost = 3;

export class Tries {
  readonly verdicts: Verdict[] = [];
  /** Runs of cargo. */
  checks = 0;
  /** Why nothing could be checked any more. */
  failure: NoOffer | undefined;
  /** With the frame as it is now. */
  facts: Facts;
  readonly #context: PipelineContext;
  #milliseconds = 0;
  #mends = 0;
  #restarts = 0;

  constructor(facts: Facts, context: PipelineContext) {
    this.facts = facts;
    this.#context = context;
  }

  get hasAccepted(): boolean {
    return this.verdicts.some((verdict) => verdict.kind === "accepted");
  }

  /** A draft failed that would have filled more than what was accepted. */
  get isWorthRepair(): boolean {
    if (this.failure !== undefined) return false;
    const filled = (claim: (verdict: Verdict) => boolean) =>
      this.verdicts.flatMap((verdict) => (claim(verdict) ? [verdict.draft.fillings.size] : []));
    const failed = filled((verdict) => verdict.kind === "refused" || isOfBodies(verdict));
    return Math.max(-1, ...failed) > Math.max(-1, ...filled(({ kind }) => kind === "accepted"));
  }

  async check(drafts: readonly Draft[]): Promise<void> {
    let waiting = drafts;
    while (waiting.length > 0) {
      const verdicts = await this.#checkOnce(waiting);
      const mended = this.#mended(verdicts);
      if (mended === undefined) {
        this.verdicts.push(...verdicts);
        waiting = this.#unheard(waiting, verdicts);
      } else {
        waiting = await this.#onto(mended, waiting);
      }
    }
  }

  /** The best body of each hole together, those that are to blame left open: tries that ask nobody. */
  async checkCombined(): Promise<void> {
    for (let round = 0; round < combinationsAtMost && this.isWorthRepair; round += 1) {
      const combined = recombine(this.verdicts);
      if (combined === undefined) return;
      await this.check([combined]);
    }
  }

  /** Drafts that nobody looked at, since another one's frame was wrong: their own names may bind otherwise. */
  #unheard(drafts: readonly Draft[], verdicts: readonly Verdict[]): readonly Draft[] {
    if (this.#restarts >= restartsAtMost || verdicts.some(({ kind }) => kind === "accepted")) return [];
    if (!verdicts.some((verdict) => verdict.kind === "rejected" && verdict.frame !== undefined)) return [];
    this.#restarts += 1;
    const left = drafts.filter((draft) => !verdicts.some((verdict) => verdict.draft === draft));
    return left.length < drafts.length ? left : [];
  }

  /** The frame without what the compiler says against it; undefined where that is nothing, or cannot be mended. */
  #mended(verdicts: readonly Verdict[]): Skeleton | undefined {
    if (this.#mends >= mendsAtMost || verdicts.some(({ kind }) => kind === "accepted")) return undefined;
    const errors = verdicts.flatMap((verdict) => (verdict.kind === "rejected" ? (verdict.frame ?? []) : []));
    if (errors.length === 0) return undefined;
    const { syntax, log } = this.#context;
    const mended = mendFrame(syntax, this.facts, errors);
    const [first] = errors;
    const what = mended === undefined ? "cannot be mended" : "is mended";
    log.info(`the frame ${what}: ${first?.code ?? ""} ${first?.message ?? ""}`);
    return mended;
  }

  /** The drafts on the mended frame; for holes that it has more of, whoever writes bodies is asked once more. */
  async #onto(mended: Skeleton, drafts: readonly Draft[]): Promise<readonly Draft[]> {
    this.#mends += 1;
    const known = new Set(this.facts.skeleton.holes.map(({ id }) => id));
    const isNew = ({ id }: { readonly id: string }) => !known.has(id);
    this.facts = { ...this.facts, skeleton: mended };
    const kept = withHolesOf(mended, drafts);
    const holes = mended.holes.filter(isNew);
    if (holes.length === 0) return kept;
    const { bodies, syntax } = this.#context;
    const written = await bodies.write({ ...this.facts, skeleton: { ...mended, holes } }, this.#context);
    return "stage" in written ? kept : withNewHoles(syntax, mended, kept, written);
  }

  async #checkOnce(drafts: readonly Draft[]): Promise<readonly Verdict[]> {
    const { signal, report, verifyMilliseconds, verifier, documents, checkSettings } = this.#context;
    const { skeleton } = this.facts;
    throwIfAborted(signal);
    report(`checking ${drafts.length} draft${drafts.length === 1 ? "" : "s"} for ${skeleton.site.label}`);
    const deadline = withDeadline(signal, Math.max(0, verifyMilliseconds - this.#milliseconds));
    const request = { skeleton, drafts, documents, settings: checkSettings, signal: deadline.signal, report };
    try {
      const checked = await verifier.verify(request);
      if (checked.kind === "none") {
        this.failure = checked;
        return [];
      }
      this.checks += checked.checks;
      this.#milliseconds += checked.milliseconds;
      return checked.verdicts;
    } catch (error) {
      if (!(error instanceof AbortedError) || error.abortCause !== "deadline") throw error;
      this.failure = tooLong(skeleton.site, verifyMilliseconds);
      return [];
    } finally {
      deadline.clear();
    }
  }
}

/** The compiler rejected it, and not for its frame alone. */
function isOfBodies(verdict: Verdict): boolean {
  if (verdict.kind !== "rejected") return false;
  return verdict.frame === undefined || verdict.diagnostics.some(({ hole }) => hole !== undefined);
}

function tooLong(site: Site, milliseconds: number): NoOffer {
  const message = `the checks took longer than ${milliseconds} ms (verify.timeoutMilliseconds)`;
  return { kind: "none", stage: "verify", reason: "check-timeout", message, site: site.label };
}
