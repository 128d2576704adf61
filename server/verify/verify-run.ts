import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { type Log } from "../base/log.ts";
import { type RustSyntax } from "../syntax/parse.ts";
import type { Draft, FrameError, OpenDocuments, Report, Skeleton, Verdict } from "../stages.ts";
import { byteOffsets } from "./text/byte-offsets.ts";
import { commandForPeople } from "./check/cargo-arguments.ts";
import { type CheckPlan, runCheck } from "./check/cargo-check.ts";
import type { CheckRoom } from "./check-room.ts";
import type { CheckSettings } from "./settings/check-settings.ts";
import { coverageOf } from "./check/coverage.ts";
import { errorsOf, placeMessage } from "./check/diagnostics.ts";
import type { PlainBuild } from "./check/plain-build.ts";
import { frameErrors } from "./judge/frame-errors.ts";
import { judgeBatch } from "./judge/batch-judge.ts";
import type { Bench, Checked } from "./judge/bench.ts";
import { Judge, unknown } from "./judge/judge.ts";
import { judgeInTurn } from "./judge/judge-in-turn.ts";
import { layNothing, type LaidText } from "./text/laid-text.ts";
import { type KnownSources, knownSources } from "./refusals/known-sources.ts";
import { markersSeen } from "./text/live-marker.ts";
import type { PlanOptions } from "./check/plan.ts";
import { everyRefusal } from "./refusals/every-refusal.ts";
import { readDraft } from "./refusals/refusals.ts";
import { hiddenUsers } from "./check/hidden-users.ts";
import { formatTexts } from "./text/format-texts.ts";
import type { Formatter } from "./text/rustfmt.ts";
import { DraftTexts } from "./text/draft-texts.ts";
import { draftsWithNewNames } from "./judge/draft-order.ts";
import { readSite } from "./text/site-reading.ts";
import { differsInTests, type SourceWords } from "./judge/source-words.ts";
import { takesTests } from "./check/target-choice.ts";
import { missedIn } from "./judge/why-missed.ts";

export interface VerifyRequest {
  readonly skeleton: Skeleton;
  /** Best first; none asks what the compiler says of the skeleton as it stands. */
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
  /** Where no draft was given: what the compiler says of the skeleton's own text. */
  readonly asItStands?: { readonly isGreen: boolean; readonly errors: readonly FrameError[] };
}

export interface RunOptions {
  readonly room: CheckRoom;
  readonly plan: CheckPlan;
  readonly plainBuild: PlainBuild | undefined;
  readonly prepared: PlanOptions;
  readonly syntax: RustSyntax;
  readonly formatter: Formatter;
  /** Real path of the document. */
  readonly path: string;
  /** Texts of the open documents by real path. */
  readonly overlays: ReadonlyMap<string, string>;
  readonly request: VerifyRequest;
  readonly started: number;
  readonly options: { readonly environment: NodeJS.ProcessEnv; readonly log: Log };
}

/** One request, inside the room. */
export class VerifyRun {
  readonly #run: RunOptions;
  #checks = 0;

  constructor(run: RunOptions) {
    this.#run = run;
  }

  async all(): Promise<VerifyReport> {
    const { request, syntax, started, plan, plainBuild } = this.#run;
    const { skeleton, drafts, settings, report } = request;
    if (drafts.length === 0) return this.#asItStands();
    const reading = readSite(syntax, skeleton);
    const words = this.#words();
    const rules = { known: this.#sources(), allowUnsafe: settings.allowUnsafe };
    const refusals = new Map<Draft, Verdict | undefined>();
    const asked = new Map<Draft, ReadonlySet<string>>();
    for (const draft of drafts) {
      const refused = everyRefusal(draft, (left) => {
        const reading = readDraft(syntax, skeleton, left, rules);
        asked.set(draft, reading.asked);
        return reading.refused;
      });
      refusals.set(draft, refused);
      // Reading a large document takes some 50 ms; the relay comes first.
      await new Promise((next) => setImmediate(next));
    }
    const fit = drafts.filter((draft) => refusals.get(draft) === undefined);
    const tried = fit.slice(0, settings.drafts);
    const last = draftsWithNewNames(syntax, skeleton, tried, words);
    const base = {
      skeleton,
      texts: await this.#laid(tried),
      itemStart: reading.itemStart,
      newText: reading.newText,
      refusal: (draft: Draft) => readDraft(syntax, skeleton, draft, rules).refused,
      isSeenOutside: plan.isSeenOutside,
      isPlainCode: reading.copyable !== undefined,
      canSetOthersApart: this.#hasPlainTwin(words),
      nonce: () => randomBytes(4).toString("hex"),
      asked: (draft: Draft) => asked.get(draft) ?? readDraft(syntax, skeleton, draft, rules).asked,
      evidence: (targets: readonly string[]) => ({
        command: commandForPeople(plainBuild === undefined ? [plan] : [plan, plainBuild.plan]),
        targets,
        milliseconds: Math.round(performance.now() - started),
        checks: this.#checks,
        ...(settings.keptFromRunning.length === 0 ? {} : { against: settings.keptFromRunning }),
      }),
    };
    const benchFor = (of: CheckPlan, more: Pick<Bench, "plain" | "mayBeAbsent">): Bench => ({
      ...{ ...base, ...more },
      check: (laid) => this.#check(laid, of),
      hiddenUsers: ({ run, placed }) => hiddenUsers(run, placed, of),
    });
    const plain =
      plainBuild === undefined
        ? undefined
        : {
            bench: benchFor(plainBuild.plan, { plain: undefined, mayBeAbsent: true }),
            how: `in a plain build, without what only dev-dependencies turn on: ${plainBuild.features.join(", ")}`,
          };
    const bench = benchFor(plan, { plain, mayBeAbsent: false });
    // Paths of imports count from the crate's root there, and copies in an impl of a trait import it.
    const isOld = plan.containing.some(({ edition }) => edition === "2015");
    const copyable = isOld && (reading.copyable?.impl?.trait ?? "") !== "" ? undefined : reading.copyable;
    report(`checking ${tried.length} of ${drafts.length} drafts`);
    const judged =
      copyable === undefined
        ? await judgeInTurn(new Judge(bench), tried)
        : await judgeBatch(bench, copyable, { drafts: tried, last });
    const left = fit.slice(settings.drafts).map((draft) => unknown(draft, "not-handled", tooMany(settings)));
    const refused = [...refusals.values()].filter((verdict) => verdict !== undefined);
    const verdicts: readonly Verdict[] = [...judged, ...refused, ...left];
    return { kind: "report", verdicts, checks: this.#checks, milliseconds: performance.now() - started };
  }

  async #asItStands(): Promise<VerifyReport> {
    const { request, started } = this.#run;
    const { skeleton } = request;
    const laid = layNothing(skeleton);
    const { run, placed } = await this.#check(laid, this.#run.plan);
    const said = placed.filter(({ message }) => errorsOf([message]).length > 0);
    const errors = frameErrors(said, laid, skeleton);
    const milliseconds = performance.now() - started;
    const asItStands = { isGreen: run.isSuccess === true, errors };
    return { kind: "report", verdicts: [], checks: this.#checks, milliseconds, asItStands };
  }

  /** Of the package, of others that are no registry's, and of what the package depends on itself. */
  #sources(): KnownSources {
    const { room, plan, prepared, overlays } = this.#run;
    const [{ id: own }] = plan.packages;
    const ofOwn = plan.metadata.resolve?.nodes.find(({ id }) => id === own)?.deps ?? [];
    const others: string[] = [];
    const dependencies: string[] = [];
    for (const { id, source, manifest_path } of plan.metadata.packages) {
      const manifest = source === null ? room.shadow.userPathOf(manifest_path) : manifest_path;
      if (id === own || manifest === undefined) continue;
      if (source === null) others.push(dirname(manifest));
      else if (ofOwn.some(({ pkg }) => pkg === id)) dependencies.push(dirname(manifest));
    }
    const directories = { own: prepared.workspace.packageDirectory, others, dependencies };
    return knownSources(directories, overlays);
  }

  async #laid(drafts: readonly Draft[]): Promise<DraftTexts> {
    const { formatter, request, syntax } = this.#run;
    const { skeleton } = request;
    const format = (text: string) => formatter.format(text);
    const laid = new DraftTexts(skeleton, (texts) => formatTexts(syntax, skeleton, texts, format));
    await laid.add(drafts);
    return laid;
  }

  #words(): SourceWords {
    const { room, prepared, path } = this.#run;
    const directory = room.shadow.placeOf(prepared.workspace.packageDirectory);
    room.words.update(directory, room.shadow.placeOf(path));
    return room.words;
  }

  /** The code is built for tests and plainly, and is the same in both. */
  #hasPlainTwin(words: SourceWords): boolean {
    const { plan, prepared, path, request } = this.#run;
    const { targetFlags, targets } = request.settings;
    const [folder = ""] = relative(prepared.workspace.packageDirectory, path).split(sep);
    return (
      takesTests(targetFlags) &&
      targets.length <= 1 &&
      plan.containing.length === 1 &&
      !["tests", "examples", "benches"].includes(folder) &&
      !words.differsInTests &&
      !differsInTests(request.skeleton.site.document.text)
    );
  }

  async #check(laid: LaidText, plan: CheckPlan): Promise<Checked> {
    const { room, prepared, path, request, syntax, options } = this.#run;
    const { shadow, sync } = room;
    sync.place(path, laid.text);
    const place = shadow.placeOf(path);
    const isDocument = (file: string) => shadow.ownPlaces.of(file) === place;
    const since = statSync(place).mtimeMs;
    this.#checks += 1;
    const { environment } = options;
    const run = await runCheck(plan, shadow, { ...prepared, lowPriority: false });
    const directory = shadow.placeOf(plan.root);
    options.log.debug(`verify: check ${this.#checks}: ${Math.round(run.milliseconds)} ms`);
    const [own] = plan.packages;
    const coverage = coverageOf(run, {
      syntax,
      packages: plan.containing,
      asked: plan.asked,
      triples: plan.triples,
      outputs: [shadow.buildDirectory, shadow.targetDirectory],
      directory,
      place,
      isDocument,
      path,
      since,
    });
    const placement = { shadow, directory, path, laid, offsetAt: byteOffsets(laid.text) };
    const placed = run.messages.map((message) => placeMessage(message, placement));
    const site = request.skeleton.site.span;
    const missed = missedIn({
      ...{ run, laid, placed, site, path, syntax },
      ...{ shadow, plan, prepared, environment },
    });
    const markers = markersSeen(run.messages);
    return { run, placed, coverage, markers, packageId: own.id, ...missed };
  }
}

function tooMany({ drafts }: CheckSettings): string {
  return `only ${drafts} drafts are checked per site`;
}
