import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { NoOfferReason } from "../../protocol/methods.ts";
import { Abort, abortCauseOf, untilAborted } from "../base/abort.ts";
import type { DocumentSnapshot, Outcome, Report, Site } from "../stages.ts";
import type { Asked } from "./asked.ts";
import { rebased } from "./rebase.ts";
import { stillSameSite } from "./staleness.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly report: Report;
}

export interface JobsOptions {
  /** The line. Never rejects. */
  readonly run: (asked: Asked, options: RunOptions) => Promise<Outcome>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export interface LastOutcome {
  readonly outcome: Outcome;
  readonly milliseconds: number;
}

export interface JoinOptions {
  /** Ends this caller's wait; the job itself ends when nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** The job goes on when this caller stops waiting, so that the next ask finds it done. */
  readonly keepsRunning: boolean;
  readonly report: Report;
}

interface Job {
  readonly asked: Asked;
  readonly abort: Abort;
  readonly outcome: Promise<Outcome>;
  readonly reports: Set<Report>;
  waiting: number;
  isKept: boolean;
}

/**
 * One job per site, shared by all who ask, and its outcome while the documents stay what they were. The owner of
 * what runs and of the last outcome per site.
 */
export class Jobs {
  readonly #options: JobsOptions;
  /** By key, the newest of each. */
  readonly #running = new Map<string, Job>();
  /** All that have not ended, those that were told to end included. */
  readonly #alive = new Set<Job>();
  readonly #done = new LRUCache<string, Outcome>({ max: 64 });
  /** Keys of jobs that ended without an offer. */
  readonly #fruitless = new LRUCache<string, true>({ max: 256 });
  readonly #last = new LRUCache<string, LastOutcome>({ max: 256 });
  readonly #hashes = new WeakMap<DocumentSnapshot, string>();
  /** Rises with everything that may change a verdict and is not in the open documents. */
  #world = 0;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** The outcome, if a job for exactly these texts has ended with offers. */
  ready(asked: Asked): Outcome | undefined {
    const done = this.#done.get(this.#keyOf(asked));
    return done === undefined ? undefined : rebased(done, asked);
  }

  /** Whether a job for exactly these texts has ended without an offer: a person may ask again, typing need not. */
  isFruitless(asked: Asked): boolean {
    return this.#fruitless.has(this.#keyOf(asked));
  }

  /** The last outcome at any of these sites, offers or not. */
  last(asked: Asked): LastOutcome | undefined {
    return asked.sites.map((site) => this.#last.get(placeOf(site))).find((outcome) => outcome !== undefined);
  }

  /** Joins the job for these texts, starting it where none runs. */
  async join(asked: Asked, { signal, keepsRunning, report }: JoinOptions): Promise<Outcome> {
    const key = this.#keyOf(asked);
    const done = this.#done.get(key);
    if (done !== undefined) return rebased(done, asked);
    const running = this.#running.get(key);
    // One that is being ended has nothing to give any more.
    const job = running === undefined || running.abort.signal.aborted ? this.#start(key, asked) : running;
    job.waiting += 1;
    job.isKept ||= keepsRunning;
    job.reports.add(report);
    try {
      return rebased(await untilAborted(job.outcome, signal), asked);
    } finally {
      job.waiting -= 1;
      job.reports.delete(report);
      if (signal.aborted && job.waiting === 0 && !job.isKept) job.abort.abort(abortCauseOf(signal));
    }
  }

  /** Ends the job for these texts, whoever waits for it. */
  cancel(asked: Asked): void {
    this.#running.get(this.#keyOf(asked))?.abort.abort("cancelled");
  }

  /** To be told of every change of an open document, after it. Ends jobs whose texts it overtook. */
  documentChanged(uri: string, current: DocumentSnapshot | undefined): void {
    for (const job of this.#alive) {
      const { document, sites } = job.asked;
      const isOwn = document.uri === uri;
      const holds =
        isOwn && current !== undefined && sites.every((site) => stillSameSite(site, document, current.text));
      if (!holds) job.abort.abort("stale");
    }
  }

  /** To be told of saved or changed files and settings: no outcome from before counts any more. */
  worldChanged(): void {
    this.#world += 1;
    this.#done.clear();
    this.#fruitless.clear();
  }

  /** To be told of other settings: what runs has begun under the old ones. */
  settingsChanged(): void {
    this.worldChanged();
    for (const job of this.#alive) job.abort.abort("stale");
  }

  /** Ends everything and resolves when it has ended. */
  async stop(): Promise<void> {
    for (const job of this.#alive) job.abort.abort("shutdown");
    await Promise.allSettled([...this.#alive].map((job) => job.outcome));
  }

  #start(key: string, asked: Asked): Job {
    const abort = new Abort();
    const reports = new Set<Report>();
    const started = this.#options.now();
    const report: Report = (message) => reports.forEach((listener) => listener(message));
    const outcome = this.#options.run(asked, { signal: abort.signal, report }).then((result) => {
      this.#alive.delete(job);
      if (this.#running.get(key) === job) this.#running.delete(key);
      this.#remember(key, asked, {
        outcome: result,
        milliseconds: Math.round(this.#options.now() - started),
      });
      return result;
    });
    const job: Job = { asked, abort, outcome, reports, waiting: 0, isKept: false };
    this.#running.set(key, job);
    this.#alive.add(job);
    return job;
  }

  #remember(key: string, asked: Asked, last: LastOutcome): void {
    const { outcome } = last;
    if (outcome.kind === "offers") this.#done.set(key, outcome);
    else if (!passing.has(outcome.reason)) this.#fruitless.set(key, true);
    const label = outcome.kind === "offers" ? outcome.site.label : outcome.site;
    const site = asked.sites.find((candidate) => candidate.label === label) ?? asked.sites[0];
    if (site !== undefined) this.#last.set(placeOf(site), last);
  }

  #keyOf({ sites, document, documents }: Asked): string {
    const hash = createHash("sha256");
    hash.update(
      JSON.stringify([
        this.#world,
        document.uri,
        sites.map((site) => [site.kind, site.keyword, site.insertAt]),
      ]),
    );
    hash.update(sites[0]?.document.text ?? document.text);
    for (const other of documents) {
      if (other.uri !== document.uri) hash.update(JSON.stringify([other.uri, this.#hashOf(other)]));
    }
    return hash.digest("hex");
  }

  /** Of the text: a version says nothing of it once a document was closed and opened again. */
  #hashOf(document: DocumentSnapshot): string {
    const known = this.#hashes.get(document);
    if (known !== undefined) return known;
    const hash = createHash("sha256").update(document.text).digest("hex");
    this.#hashes.set(document, hash);
    return hash;
  }
}

/** Reasons that say nothing of the texts: the next ask may well bring an offer. */
const passing = new Set<NoOfferReason>([
  "cancelled",
  "stale",
  "check-timeout",
  "check-locked",
  "analyzer-failed",
  "analyzer-not-ready",
  "model-unreachable",
  "model-limited",
  "model-timeout",
]);

/**
 * A site keeps its place in the books while its head stays the same, wherever edits move it. Heads repeat
 * (`match self`), so it counts which of them it is.
 */
function placeOf({ document: { uri, text }, keyword, label }: Site): string {
  const brace = text.indexOf("{", keyword);
  const head = text.slice(keyword, brace === -1 ? keyword + 1 : brace);
  return `${uri} ${label} ${text.slice(0, keyword).split(head).length}`;
}
