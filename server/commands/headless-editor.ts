import { readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { URI } from "vscode-uri";
import { z } from "zod";
import { untilAborted } from "../base/abort.ts";
import type { Log } from "../base/log.ts";
import { startAnalyzer } from "../relay/analyzer.ts";
import { runSession } from "../session.ts";

export interface HeadlessOptions {
  readonly analyzerPath: string;
  /** The folder that rust-analyzer opens, absolute. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly cacheDirectory: string;
  /** rust-analyzer's section, `armature` in it. */
  readonly settings: unknown;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What goes on, for a person: short, lower case. */
  readonly report: (message: string) => void;
}

export interface HeadlessEditor {
  /** Opens a file, or gives an open one new text. Resolves with its URI. */
  open(path: string, text?: string): Promise<string>;
  request(method: string, params: unknown): Promise<unknown>;
  /** rust-analyzer has loaded the workspace; rejects where it says that it cannot. */
  untilReady(): Promise<void>;
  close(): Promise<void>;
}

const serverStatus = z.looseObject({
  quiescent: z.boolean(),
  health: z.string().optional(),
  message: z.string().nullish(),
});
const progress = z.looseObject({
  value: z.looseObject({
    kind: z.string(),
    title: z.string().optional(),
    message: z.string().nullish(),
    percentage: z.number().nullish(),
  }),
});

/**
 * An editor without a screen, in front of the same session that real editors get: the command line takes the way
 * that everybody takes.
 */
export async function startHeadlessEditor(options: HeadlessOptions): Promise<HeadlessEditor> {
  const { log, environment, cacheDirectory, root } = options;
  const analyzer = await startAnalyzer({
    path: options.analyzerPath,
    args: [],
    environment,
    cwd: root,
    standardError: environment.ARMATURE_LOG === undefined ? "ignore" : "inherit",
    log,
  });
  const toServer = new PassThrough();
  const fromServer = new PassThrough();
  const ended = runSession({
    editorInput: toServer,
    editorOutput: fromServer,
    analyzer,
    environment,
    cacheDirectory,
    log,
  });
  const connection = createMessageConnection(
    new StreamMessageReader(fromServer),
    new StreamMessageWriter(toServer),
  );
  const ready = readiness(connection, options);
  answerServerRequests(connection, options);
  connection.listen();
  await connection.sendRequest("initialize", initializeParams(options));
  await connection.sendNotification("initialized", {});

  const versions = new Map<string, number>();
  return {
    async open(path, text) {
      const uri = URI.file(path).toString();
      const contents = text ?? (await readFile(path, "utf8"));
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      if (version === 1) {
        const textDocument = { uri, languageId: "rust", version, text: contents };
        await connection.sendNotification("textDocument/didOpen", { textDocument });
      } else {
        const params = { textDocument: { uri, version }, contentChanges: [{ text: contents }] };
        await connection.sendNotification("textDocument/didChange", params);
      }
      return uri;
    },
    request: (method, params) => untilAborted(connection.sendRequest(method, params), options.signal),
    untilReady: () => untilAborted(Promise.race([ready, ended.then(analyzerGone)]), options.signal),
    async close() {
      // An aborted run still says goodbye, but waits for no answer.
      await Promise.race([connection.sendRequest("shutdown"), ended]);
      await connection.sendNotification("exit").catch(() => undefined);
      toServer.end();
      await ended;
      connection.dispose();
    },
  };
}

function analyzerGone(code: number): never {
  throw new Error(`rust-analyzer ended with exit code ${code} while it loaded the workspace`);
}

function readiness(connection: MessageConnection, { report }: HeadlessOptions): Promise<void> {
  connection.onNotification("$/progress", (params: unknown) => {
    const parsed = progress.safeParse(params);
    if (!parsed.success || parsed.data.value.kind === "end") return;
    const { title, message } = parsed.data.value;
    report([title, message].filter((part) => part !== undefined && part !== null && part !== "").join(": "));
  });
  return new Promise((resolve) => {
    connection.onNotification("experimental/serverStatus", (params: unknown) => {
      const parsed = serverStatus.safeParse(params);
      if (!parsed.success) return;
      const { health, message, quiescent } = parsed.data;
      if (health !== undefined && health !== "ok" && message)
        report(`rust-analyzer: ${message.split("\n")[0] ?? ""}`);
      if (quiescent) resolve();
    });
  });
}

function answerServerRequests(connection: MessageConnection, { settings }: HeadlessOptions): void {
  connection.onRequest("workspace/configuration", (params: { items?: unknown[] }) =>
    (params.items ?? []).map(() => settings),
  );
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("window/workDoneProgress/create", () => null);
  connection.onRequest(() => null);
  connection.onNotification(() => undefined);
}

function initializeParams({ root, settings }: HeadlessOptions): unknown {
  const uri = URI.file(root).toString();
  return {
    processId: process.pid,
    clientInfo: { name: "armature command line" },
    rootUri: uri,
    workspaceFolders: [{ uri, name: "workspace" }],
    initializationOptions: settings,
    capabilities: {
      general: { positionEncodings: ["utf-8"] },
      window: { workDoneProgress: true },
      workspace: { configuration: true, workspaceEdit: { documentChanges: true } },
      textDocument: {
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "refactor"] } },
          resolveSupport: { properties: ["edit"] },
          dataSupport: true,
        },
        hover: { contentFormat: ["markdown"] },
      },
      experimental: { serverStatusNotification: true, hoverRange: true },
    },
  };
}
