import { vi } from "vitest";
import { parseSettings } from "../../protocol/settings.ts";
import { positionAt } from "../../server/base/positions.ts";
import { silentLog } from "../../server/base/log.ts";
import { readClientProfile } from "../../server/relay/client-profile.ts";
import { Documents } from "../../server/relay/documents.ts";
import { Readiness } from "../../server/relay/readiness.ts";
import type { Outcome } from "../../server/stages.ts";
import { loadRustSyntax } from "../../server/syntax/parse.ts";
import { Jobs } from "../../server/trigger/jobs.ts";
import { Asks } from "../../server/views/asks.ts";
import type { ViewContext } from "../../server/views/view-context.ts";
import { snapshotAt } from "../support/cursor.ts";

export interface ViewOptions {
  /** Params of `initialize`. */
  readonly client?: unknown;
  readonly settings?: unknown;
  readonly outcome?: Outcome;
  readonly askEditor?: ViewContext["askEditor"];
  readonly isReady?: boolean;
}

const nothing: Outcome = { kind: "none", stage: "bodies", reason: "no-evidence", message: "nothing here" };

/** The views over a document with `$0` at the cursor, and jobs that end with the outcome given. */
export function startView(marked: string, options: ViewOptions = {}) {
  const { document, offset } = snapshotAt(marked);
  const documents = new Documents(silentLog);
  documents.didOpen({ textDocument: document });
  const readiness = new Readiness();
  readiness.update({ health: "ok", quiescent: options.isReady ?? true });
  const run = vi.fn(() => Promise.resolve(options.outcome ?? nothing));
  const notified: { method: string; params: unknown }[] = [];
  const notifyEditor = (method: string, params: unknown) => void notified.push({ method, params });
  const context: ViewContext = {
    documents,
    readiness,
    jobs: new Jobs({ now: () => 0, run }),
    log: silentLog,
    client: () => readClientProfile(options.client),
    encoding: () => "utf-16",
    settings: () => parseSettings(options.settings).settings,
    startsOnlyByHand: () => false,
    syntax: loadRustSyntax,
    askEditor: options.askEditor ?? (() => Promise.reject(new Error("not expected"))),
    notifyEditor,
    progress: { show: ({ work }) => work(() => {}), cancelled() {} },
    asks: new Asks({ log: silentLog, notifyEditor, textOf: (uri) => documents.get(uri)?.text }),
    status: () => ({ state: "ready" }),
  };
  const position = positionAt(document.text, offset, "utf-16");
  const place = { textDocument: { uri: document.uri }, position };
  const codeActionParams = (only?: readonly string[]) => ({
    textDocument: { uri: document.uri },
    range: { start: position, end: position },
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
  return { context, document, documents, place, codeActionParams, run, notified };
}
