/** The composition root: builds the owners of state, binds handlers to messages, shuts down. No decisions here. */
import type { Readable, Writable } from "node:stream";
import { killAllCommands } from "./base/child.ts";
import { describeError, type Log } from "./base/log.ts";
import type { PositionEncoding } from "./base/positions.ts";
import type { Outcome } from "./stages.ts";
import { createBodies } from "./bodies/create-bodies.ts";
import { workspaceRoot } from "./facts/workspace-root.ts";
import { SourceIndex } from "./facts/source-index.ts";
import type { Bodies } from "./bodies/write-bodies.ts";
import { fillSites, internalError } from "./pipeline.ts";
import type { AnalyzerProcess } from "./relay/analyzer.ts";
import type { ClientProfile } from "./relay/client-profile.ts";
import { Documents } from "./relay/documents.ts";
import { extendInitialize, extendInitializeAnswer } from "./relay/handshake.ts";
import { filterServerStatus, Readiness } from "./relay/readiness.ts";
import { connectRelay, type Relay } from "./relay/relay.ts";
import { untilEnded } from "./relay/until-ended.ts";
import type { Routes } from "./relay/route.ts";
import { loadRustSyntax } from "./syntax/parse.ts";
import type { Asked } from "./trigger/asked.ts";
import { Jobs, type RunOptions } from "./trigger/jobs.ts";
import { defaultLimits } from "./verify/cargo/cargo.ts";
import { UserSettings } from "./user-settings.ts";
import { createVerifier } from "./verify/verifier.ts";
import { WarmUp } from "./verify/warm-up.ts";
import { bindViews } from "./views/bind-views.ts";
import { Asks } from "./views/asks.ts";
import { Progress } from "./views/progress.ts";
import { StatusReporter } from "./views/status.ts";
import type { ViewContext } from "./views/view-context.ts";

export interface SessionOptions {
  readonly editorInput: Readable;
  readonly editorOutput: Writable;
  readonly analyzer: AnalyzerProcess;
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute; shadow copies and budgets live below it. */
  readonly cacheDirectory: string;
  readonly log: Log;
  /** Aborts when nothing of ours is to happen any more; rust-analyzer's messages go on passing. */
  readonly turnedOff?: AbortSignal;
}

/** Runs until rust-analyzer or the editor is gone; resolves with the exit code that the editor would have seen. */
export function runSession(options: SessionOptions): Promise<number> {
  const session = new Session(options);
  return untilEnded(session, options.analyzer);
}

class Session {
  readonly relay: Relay;
  readonly #options: SessionOptions;
  readonly #documents: Documents;
  readonly #readiness = new Readiness();
  readonly #jobs: Jobs;
  readonly #verifier;
  readonly #index;
  readonly #view: ViewContext;
  readonly #filterStatus: ReturnType<typeof filterServerStatus>;
  readonly #warmUp: WarmUp;
  readonly #status: StatusReporter;
  #model: ReturnType<Bodies["model"]>;
  /** Made at the first ask: a session that never asks loads none of it. */
  #bodies: Promise<Bodies> | undefined;
  #client: ClientProfile = extendInitialize(undefined).client;
  #encoding: PositionEncoding = "utf-16";
  readonly #settings: UserSettings;
  #isOff = false;

  constructor(options: SessionOptions) {
    const { log, environment, cacheDirectory } = options;
    this.#options = options;
    const notifyEditor = (method: string, params: unknown) => this.relay.notifyEditor(method, params);
    this.#settings = new UserSettings({ log, notifyEditor });
    this.#documents = new Documents(log);
    this.#index = new SourceIndex({ syntax: loadRustSyntax, log });
    this.#verifier = createVerifier({
      cacheDirectory,
      log,
      environment,
      diskLimitMegabytes: () => this.#settings.own.verify.diskLimitMegabytes,
      limits: () => ({ ...defaultLimits, memoryMegabytes: this.#settings.own.verify.memoryMegabytes }),
    });
    this.#jobs = new Jobs({ now: () => performance.now(), run: (asked, run) => this.#run(asked, run) });
    this.#warmUp = new WarmUp(this.#verifier);
    this.#view = this.#viewContext();
    this.#status = new StatusReporter({
      isAskedFor: () => this.#client.armatureStatus,
      notifyEditor: this.#view.notifyEditor,
      isEnabled: () => this.#settings.own.enable,
      isReady: () => this.#readiness.quiescent,
      model: () => this.#model,
    });
    this.#filterStatus = filterServerStatus({
      readiness: this.#readiness,
      isAskedFor: () => this.#client.serverStatus,
      notifyEditor: this.#view.notifyEditor,
    });
    this.relay = connectRelay({
      editorInput: options.editorInput,
      editorOutput: options.editorOutput,
      analyzerInput: options.analyzer.input,
      analyzerOutput: options.analyzer.output,
      routes: this.#routes(),
      log,
    });
    options.turnedOff?.addEventListener("abort", () => this.#turnOff());
    if (options.turnedOff?.aborted === true) this.#turnOff();
    this.#documents.onChange((uri) => this.#jobs.documentChanged(uri, this.#documents.get(uri)));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#jobs.stop(), this.#warmUp.giveWay()]);
    await this.#verifier.dispose();
    killAllCommands();
  }

  #turnOff(): void {
    this.#isOff = true;
    this.relay.turnOff();
    this.stop().catch((error: unknown) => this.#options.log.debug(describeError(error)));
  }

  #viewContext(): ViewContext {
    const askEditor: ViewContext["askEditor"] = (method, params, context) =>
      this.relay.askEditor(method, params, context);
    const notifyEditor: ViewContext["notifyEditor"] = (method, params) =>
      this.relay.notifyEditor(method, params);
    return {
      documents: this.#documents,
      readiness: this.#readiness,
      jobs: this.#jobs,
      log: this.#options.log,
      client: () => this.#client,
      encoding: () => this.#encoding,
      settings: () => this.#settings.own,
      startsOnlyByHand: () => this.#settings.startsOnlyByHand(this.#options.environment),
      syntax: loadRustSyntax,
      askEditor,
      notifyEditor,
      asks: new Asks({
        log: this.#options.log,
        notifyEditor,
        textOf: (uri) => this.#documents.get(uri)?.text,
      }),
      status: () => this.#status.now(),
      progress: new Progress({
        isSupported: () => this.#client.workDoneProgress,
        askEditor,
        notifyEditor,
      }),
    };
  }

  #routes(): Routes {
    const { notifications, requests, answers } = bindViews(this.#view);
    const changed = () => this.#jobs.worldChanged();
    return {
      initialize: (params) => this.#initialize(params),
      notifications: {
        ...notifications,
        "textDocument/didOpen": (params) => {
          this.#documents.didOpen(params);
          this.#warm();
        },
        "textDocument/didChange": (params) => this.#documents.didChange(params),
        "textDocument/didClose": (params) => this.#documents.didClose(params),
        "textDocument/didSave": changed,
        "workspace/didChangeWatchedFiles": changed,
        "workspace/didChangeConfiguration": changed,
        "workspace/didChangeWorkspaceFolders": changed,
        "workspace/didCreateFiles": changed,
        "workspace/didRenameFiles": changed,
        "workspace/didDeleteFiles": changed,
      },
      analyzerNotifications: {
        "experimental/serverStatus": (params) => this.#analyzerStatus(params),
      },
      requests,
      answers: { ...answers, initialize: () => (result) => this.#initialized(result) },
      configurationReplies: (_params, result) =>
        this.#readSettings(Array.isArray(result) ? result[0] : undefined),
    };
  }

  #analyzerStatus(params: unknown): "pass" | "drop" {
    const isPassed = this.#filterStatus(params);
    this.#status.changed();
    this.#warm();
    return isPassed;
  }

  /** As soon as rust-analyzer no longer wants the processor, for the workspaces of open files. */
  #warm(): void {
    const { enable, verify } = this.#settings.own;
    if (this.#settings.check.keptFromRunning.length > 0) return;
    if (this.#isOff || !enable || !verify.warm || !this.#readiness.quiescent) return;
    const document = this.#documents.all().find(({ path }) => path.endsWith(".rs"));
    if (document === undefined) return;
    this.#warmUp.start(workspaceRoot(document.path), document.path, this.#settings.check);
  }

  #initialize(params: unknown): unknown {
    const extended = extendInitialize(params);
    this.#client = extended.client;
    this.#readSettings(extended.client.settings);
    return extended.params;
  }

  #initialized(result: unknown): unknown {
    const extended = extendInitializeAnswer(result, this.#client);
    this.#encoding = extended.encoding;
    this.#documents.setEncoding(extended.encoding);
    return extended.result;
  }

  #readSettings(section: unknown): void {
    if (!this.#settings.read(section, this.#client.rootPaths[0] ?? process.cwd())) return;
    this.#bodies = undefined;
    this.#jobs.settingsChanged();
  }

  #run(asked: Asked, options: RunOptions): Promise<Outcome> {
    const work = () => this.#warmUp.giveWay().then(() => this.#fill(asked, options));
    const failed = (error: unknown) => internalError(error, this.#options.log);
    return this.#status.whileWorking(() => work().catch(failed));
  }

  async #fill({ sites, ...texts }: Asked, run: RunOptions): Promise<Outcome> {
    const { log, environment, cacheDirectory } = this.#options;
    const settings = this.#settings.own;
    this.#settings.sayWhatRuns();
    this.#bodies ??= createBodies({ settings, environment, stateDirectory: cacheDirectory, log });
    const bodies = await this.#bodies;
    this.#model = bodies.model();
    return fillSites(sites, {
      syntax: await loadRustSyntax(),
      sources: { ask: this.relay.askAnalyzer, encoding: this.#encoding, index: this.#index },
      bodies,
      verifier: this.#verifier,
      checkSettings: this.#settings.check,
      verifyMilliseconds: settings.verify.timeoutMilliseconds,
      repairRounds: settings.model.repairRounds,
      ...texts,
      ...run,
      log,
    });
  }
}
