import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { AbortedError, throwIfAborted } from "../base/abort.ts";
import { describeError, type Log } from "../base/log.ts";
import { loadRustSyntax, type RustSyntax } from "../syntax/parse.ts";
import { sitesAround } from "../syntax/site-syntax.ts";
import type { NoOffer, OpenDocuments, Report, Skeleton, Span, Verdict } from "../stages.ts";
import type { Draft } from "../stages.ts";
import { commandForPeople, type CheckPlan, runCheck } from "./cargo-check.ts";
import { CheckRoom } from "./check-room.ts";
import type { CheckSettings } from "./check-settings.ts";
import { targetsWith } from "./coverage.ts";
import { placeMessage } from "./diagnostics.ts";
import { functionToCopy } from "./batch-text.ts";
import { judgeBatch } from "./batch-judge.ts";
import { type Bench, type Checked, Judge, unknown } from "./judge.ts";
import type { LaidText } from "./laid-text.ts";
import { macroLookup } from "./known-macros.ts";
import { NoVerdict } from "./no-verdict.ts";
import { assertRunsNowhere, isSeenOutside, packageIn, planCheck, type PlanOptions } from "./plan.ts";
import { realPathOf } from "./real-path.ts";
import { refusalOf } from "./refusals.ts";
import { pruneShadows } from "./shadow.ts";
import { type Workspace, Workspaces } from "./workspace.ts";

export interface VerifyRequest {
  readonly skeleton: Skeleton;
  /** Best first. */
  readonly drafts: readonly Draft[];
  readonly documents: OpenDocuments;
  readonly settings: CheckSettings;
  readonly signal: AbortSignal;
  readonly report: Report;
}

export interface VerifyReport {
  readonly kind: "report";
  /** Tried drafts first, best first; trying ends with the first that is accepted. Then those that were refused. */
  readonly verdicts: readonly Verdict[];
  /** Runs of cargo. */
  readonly checks: number;
  readonly milliseconds: number;
}

export interface Verifier {
  /** Rejects with AbortedError only; whatever else goes wrong is a NoOffer. */
  verify(request: VerifyRequest): Promise<VerifyReport | NoOffer>;
  /** Builds the shadow and the dependencies for the package of that file, at low priority. Never rejects otherwise. */
  warm(path: string, settings: CheckSettings, signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

export interface VerifierOptions {
  readonly cacheDirectory: string;
  readonly log: Log;
  readonly environment: NodeJS.ProcessEnv;
  /** All shadows together. Read when it is needed, since settings change. */
  readonly diskLimitMegabytes: number | (() => number);
}

export function createVerifier(options: VerifierOptions): Verifier {
  return new ShadowVerifier(options);
}

class ShadowVerifier implements Verifier {
  readonly #options: VerifierOptions;
  readonly #workspaces: Workspaces;
  readonly #rooms = new Map<string, CheckRoom>();
  #isPruned = false;

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#workspaces = new Workspaces(options.environment);
  }

  async verify(request: VerifyRequest): Promise<VerifyReport | NoOffer> {
    const { site } = request.skeleton;
    try {
      throwIfAborted(request.signal);
      return await this.#verify(request);
    } catch (error) {
      if (error instanceof AbortedError) throw error;
      const base = { kind: "none", stage: "verify", site: site.label } as const;
      this.#options.log.warn(`verify: ${describeError(error)}`);
      if (error instanceof NoVerdict) return { ...base, reason: error.reason, message: error.message };
      return { ...base, reason: "internal-error", message: describeError(error) };
    }
  }

  async warm(path: string, settings: CheckSettings, signal: AbortSignal): Promise<void> {
    try {
      const real = realPathOf(path);
      const { room, workspace } = await this.#enter(real, settings, signal);
      await room.alone(signal, async () => {
        await room.sync.sync(workspace, new Map(), "");
        const prepared = await this.#prepare(room, workspace, settings, signal);
        const plan = planCheck(prepared, false);
        const { environment } = this.#options;
        await runCheck(plan, room.shadow, { environment, signal, lowPriority: true });
      });
    } catch (error) {
      this.#options.log.info(`warm: ${describeError(error)}`);
    }
  }

  dispose(): Promise<void> {
    for (const room of this.#rooms.values()) room.shadow.release();
    this.#rooms.clear();
    return Promise.resolve();
  }

  async #verify(request: VerifyRequest): Promise<VerifyReport> {
    const { skeleton, settings, signal, documents } = request;
    const started = performance.now();
    const syntax = await loadRustSyntax();
    const path = realPathOf(skeleton.site.document.path);
    const { room, workspace } = await this.#enter(path, settings, signal);
    const overlays = new Map(documents.map((document) => [realPathOf(document.path), document.text]));
    return room.alone(signal, async () => {
      request.report("bringing the shadow copy up to date");
      overlays.set(path, skeleton.site.document.text);
      await room.sync.sync(workspace, overlays, path);
      const prepared = await this.#prepare(room, workspace, settings, signal);
      assertRunsNowhere(prepared, syntax, path, overlays);
      const plan = planCheck(prepared, isSeenOutside(syntax, skeleton));
      const options = this.#options;
      const run = new VerifyRun({ room, plan, prepared, syntax, path, overlays, request, started, options });
      return run.all();
    });
  }

  async #enter(
    path: string,
    settings: CheckSettings,
    signal: AbortSignal,
  ): Promise<{ room: CheckRoom; workspace: Workspace }> {
    if (settings.notHandled !== undefined) {
      throw new NoVerdict(
        "not-handled",
        `rust-analyzer's setting ${settings.notHandled} is not followed yet`,
      );
    }
    const workspace = await this.#workspaces.locate(path, signal);
    const known = this.#rooms.get(workspace.root);
    if (known !== undefined) return { room: known, workspace };
    const { cacheDirectory, environment } = this.#options;
    const room = new CheckRoom(workspace, { cacheDirectory, environment, limitBytes: this.#limitBytes() });
    this.#rooms.set(workspace.root, room);
    this.#pruneOnce();
    return { room, workspace };
  }

  async #prepare(
    room: CheckRoom,
    workspace: Workspace,
    settings: CheckSettings,
    signal: AbortSignal,
  ): Promise<PlanOptions> {
    const metadata = await room.metadata(workspace, settings, signal);
    const toolchain = await room.toolchain(workspace, signal);
    return { workspace, shadow: room.shadow, metadata, settings, toolchain };
  }

  /** In the background, after the first shadow of this process is claimed, so that it is not removed itself. */
  #pruneOnce(): void {
    if (this.#isPruned) return;
    this.#isPruned = true;
    const { cacheDirectory, log } = this.#options;
    pruneShadows(cacheDirectory, this.#limitBytes()).then(
      (removed) => removed.forEach((directory) => log.info(`removed the old shadow ${directory}`)),
      (error: unknown) => log.warn(`old shadows could not be removed: ${describeError(error)}`),
    );
  }

  #limitBytes(): number {
    const { diskLimitMegabytes: limit } = this.#options;
    return (typeof limit === "number" ? limit : limit()) * 1_000_000;
  }
}

interface RunOptions {
  readonly room: CheckRoom;
  readonly plan: CheckPlan;
  readonly prepared: PlanOptions;
  readonly syntax: RustSyntax;
  /** Real path of the document. */
  readonly path: string;
  /** Texts of the open documents by real path. */
  readonly overlays: ReadonlyMap<string, string>;
  readonly request: VerifyRequest;
  readonly started: number;
  readonly options: VerifierOptions;
}

/** One request, inside the room. */
class VerifyRun {
  readonly #run: RunOptions;
  #checks = 0;

  constructor(run: RunOptions) {
    this.#run = run;
  }

  async all(): Promise<VerifyReport> {
    const { request, syntax, started, prepared } = this.#run;
    const { skeleton, drafts, settings, report } = request;
    const bench: Bench = {
      skeleton,
      frame: frameOf(syntax, skeleton),
      check: (laid) => this.#check(laid),
      nonce: () => randomBytes(4).toString("hex"),
      evidence: (targets) => ({
        command: commandForPeople(this.#run.plan),
        targets,
        milliseconds: Math.round(performance.now() - started),
        checks: this.#checks,
      }),
    };
    const isKnownMacro = macroLookup(prepared.workspace.packageDirectory, this.#run.overlays);
    const refusals = new Map(
      drafts.map((draft) => [draft, refusalOf(syntax, skeleton, draft, isKnownMacro)]),
    );
    const fit = drafts.filter((draft) => refusals.get(draft) === undefined);
    const tried = fit.slice(0, settings.drafts);
    report(`checking ${tried.length} of ${drafts.length} drafts`);
    const original = functionToCopy(syntax, skeleton);
    const judged =
      original === undefined || tried.some(hasNoBody)
        ? await judgeInTurn(new Judge(bench), tried)
        : await judgeBatch(bench, original, tried);
    const left = fit.slice(settings.drafts).map((draft) => unknown(draft, "not-handled", tooMany(settings)));
    const refused = [...refusals.values()].filter((verdict) => verdict !== undefined);
    const verdicts: readonly Verdict[] = [...judged, ...refused, ...left];
    return { kind: "report", verdicts, checks: this.#checks, milliseconds: performance.now() - started };
  }

  async #check(laid: LaidText): Promise<Checked> {
    const { room, plan, path, request, prepared, syntax, options } = this.#run;
    const { shadow, sync } = room;
    sync.place(path, laid.text);
    const place = shadow.placeOf(path);
    const since = statSync(place).mtimeMs;
    this.#checks += 1;
    const { environment } = options;
    const run = await runCheck(plan, shadow, { environment, signal: request.signal, lowPriority: false });
    const directory = shadow.placeOf(plan.root);
    options.log.debug(`verify: check ${this.#checks}: ${Math.round(run.milliseconds)} ms`);
    const own = packageIn(prepared);
    const targets = targetsWith(run, {
      syntax,
      package: own,
      allTargets: request.settings.allTargets,
      buildDirectory: shadow.buildDirectory,
      directory,
      place,
      since,
    });
    const placed = run.messages.map((message) => placeMessage(message, { shadow, directory, path, laid }));
    return { run, placed, targets, packageId: own.id };
  }
}

/** One by one, until one is accepted. */
async function judgeInTurn(judge: Judge, drafts: readonly Draft[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const draft of drafts) {
    const verdict = await judge.judge(draft);
    verdicts.push(verdict);
    if (verdict.kind === "accepted") break;
  }
  return verdicts;
}

function hasNoBody(draft: Draft): boolean {
  return draft.fillings.size === 0;
}

function tooMany({ drafts }: CheckSettings): string {
  return `only ${drafts} drafts are checked per site`;
}

/** From the keyword to the end of the scrutinee or type; this part is before every hole, so it never moves. */
function frameOf(syntax: RustSyntax, { site }: Skeleton): Span {
  const subject = syntax.read(
    site.document.text,
    (root) => sitesAround(root, site.keyword).find(({ keyword }) => keyword === site.keyword)?.subject,
  );
  return { start: site.span.start, end: subject?.end ?? site.keyword + 5 };
}
