/**
 * The composition root: builds the owners of state, binds handlers to messages, shuts everything down. There are
 * no decisions here.
 */
import type { Readable, Writable } from "node:stream";
import { parseSettings, type Settings } from "../protocol/settings.ts";
import { killAllCommands } from "./base/child.ts";
import type { Log } from "./base/log.ts";
import type { PositionEncoding } from "./base/positions.ts";
import type { Outcome } from "./stages.ts";
import { resolveModel } from "./bodies/by-model/choice.ts";
import { createBodies } from "./bodies/create-bodies.ts";
import { SourceIndex } from "./facts/source-index.ts";
import type { Bodies } from "./bodies/write-bodies.ts";
import { fillSites } from "./pipeline.ts";
import { type AnalyzerProcess, exitCodeOf } from "./relay/analyzer.ts";
import type { ClientProfile } from "./relay/client-profile.ts";
import { Documents } from "./relay/documents.ts";
import { extendInitialize, extendInitializeAnswer } from "./relay/handshake.ts";
import { filterServerStatus, Readiness } from "./relay/readiness.ts";
import { connectRelay, type Relay } from "./relay/relay.ts";
import type { Routes } from "./relay/route.ts";
import { loadRustSyntax } from "./syntax/parse.ts";
import { type Asked, Jobs, type RunOptions } from "./trigger/jobs.ts";
import { checkSettingsFrom } from "./verify/check-settings.ts";
import { createVerifier } from "./verify/verifier.ts";
import { codeActionTransform, resolveCodeAction } from "./views/code-actions.ts";
import { completionTransform, resolveCompletion } from "./views/completion.ts";
import { executeCommand } from "./views/execute-command.ts";
import { fill, why } from "./views/fill.ts";
import { progressReporter } from "./views/progress.ts";
import { analyzerStatusTransform } from "./views/analyzer-status.ts";
import type { ViewContext } from "./views/view-context.ts";

export interface SessionOptions {
  readonly editorInput: Readable;
  readonly editorOutput: Writable;
  readonly analyzer: AnalyzerProcess;
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute; shadow copies and budgets live below it. */
  readonly cacheDirectory: string;
  readonly log: Log;
}

/** Runs until rust-analyzer or the editor is gone; resolves with the exit code that the editor would have seen. */
export async function runSession(options: SessionOptions): Promise<number> {
  const session = new Session(options);
  const { analyzer } = options;
  await Promise.race([session.relay.closed, session.relay.editorGone, analyzer.exited]);
  // rust-analyzer ends by itself when its input does; a hanging one must not outlive the editor.
  const patience = setTimeout(() => void analyzer.stop(), 500);
  await session.stop();
  const exit = await analyzer.exited;
  clearTimeout(patience);
  await session.relay.closed;
  return exitCodeOf(exit);
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
  /** Made at the first ask: a session that never asks loads none of it. */
  #bodies: Promise<Bodies> | undefined;
  #client: ClientProfile = extendInitialize(undefined).client;
  #encoding: PositionEncoding = "utf-16";
  #analyzerSettings: unknown = undefined;
  #settings: Settings = parseSettings(undefined).settings;

  constructor(options: SessionOptions) {
    const { log, environment, cacheDirectory } = options;
    this.#options = options;
    this.#documents = new Documents(log);
    this.#index = new SourceIndex({ syntax: loadRustSyntax, log });
    this.#verifier = createVerifier({
      cacheDirectory,
      log,
      environment,
      diskLimitMegabytes: () => this.#settings.verify.diskLimitMegabytes,
    });
    this.#jobs = new Jobs({ now: () => performance.now(), run: (asked, run) => this.#run(asked, run) });
    this.#view = this.#viewContext();
    this.relay = connectRelay({
      editorInput: options.editorInput,
      editorOutput: options.editorOutput,
      analyzerInput: options.analyzer.input,
      analyzerOutput: options.analyzer.output,
      routes: this.#routes(),
      log,
    });
    this.#documents.onChange((uri) => this.#jobs.documentChanged(uri, this.#documents.get(uri)));
  }

  async stop(): Promise<void> {
    await this.#jobs.stop();
    await this.#verifier.dispose();
    killAllCommands();
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
      settings: () => this.#settings,
      isModelNamed: () => resolveModel(this.#settings.model, this.#options.environment) !== undefined,
      syntax: loadRustSyntax,
      askEditor,
      notifyEditor,
      withProgress: progressReporter({
        isSupported: () => this.#client.workDoneProgress,
        askEditor,
        notifyEditor,
      }),
    };
  }

  #routes(): Routes {
    const view = this.#view;
    const changed = () => this.#jobs.worldChanged();
    return {
      initialize: (params) => this.#initialize(params),
      notifications: {
        "textDocument/didOpen": (params) => this.#documents.didOpen(params),
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
        "experimental/serverStatus": filterServerStatus({
          readiness: this.#readiness,
          isAskedFor: () => this.#client.serverStatus,
          notifyEditor: view.notifyEditor,
        }),
      },
      requests: {
        "armature/fill": (params, { signal }) => fill(view, params, signal),
        "armature/why": (params) => why(view, params),
        "completionItem/resolve": resolveCompletion,
        "codeAction/resolve": (item, { signal }) => resolveCodeAction(view, item, signal),
        "workspace/executeCommand": (params) => executeCommand(view, params),
      },
      answers: {
        initialize: () => (result) => this.#initialized(result),
        "textDocument/completion": (params, { signal }) => completionTransform(view, params, signal),
        "textDocument/codeAction": (params) => codeActionTransform(view, params),
        "rust-analyzer/analyzerStatus": () => analyzerStatusTransform,
      },
      configurationReplies: (_params, result) =>
        this.#readSettings(Array.isArray(result) ? result[0] : undefined),
    };
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
    this.#analyzerSettings = section;
    const own =
      typeof section === "object" && section !== null && "armature" in section ? section.armature : undefined;
    const { settings, warnings } = parseSettings(own);
    this.#settings = settings;
    this.#bodies = undefined;
    for (const warning of warnings) this.#options.log.warn(`settings: ${warning}`);
    this.#jobs.worldChanged();
  }

  async #run(asked: Asked, { signal, report }: RunOptions): Promise<Outcome> {
    const { log, environment, cacheDirectory } = this.#options;
    const settings = this.#settings;
    this.#bodies ??= createBodies({ settings, environment, stateDirectory: cacheDirectory, log });
    return fillSites(asked.sites, {
      syntax: await loadRustSyntax(),
      sources: { ask: this.relay.askAnalyzer, encoding: this.#encoding, index: this.#index },
      bodies: await this.#bodies,
      verifier: this.#verifier,
      checkSettings: checkSettingsFrom(this.#analyzerSettings),
      verifyMilliseconds: settings.verify.timeoutMilliseconds,
      repairRounds: settings.model.repairRounds,
      document: asked.document,
      documents: asked.documents,
      signal,
      report,
      log,
    });
  }
}
