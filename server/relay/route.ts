import type { Choice } from "./rewrites.ts";

/**
 * What may happen to a message instead of being passed on as it came.
 *
 * - tap: our handler sees the parsed params, the bytes are forwarded untouched.
 * - filter: as tap, and the handler may hold the message back.
 * - take: our handler may answer instead of rust-analyzer; what it declines is forwarded untouched.
 * - rewriteAnswer: forwarded untouched; our handler may replace the result that comes back.
 * - rewriteRequest: forwarded with params of ours.
 * - tapAnswer: our handler sees the result that the other side answers, both messages are forwarded untouched.
 * - settle: forwarded untouched after everything of ours in flight has been answered.
 * - cancel: ends a taken request (and then goes no further) or the rewriting of an answer (and travels on).
 */
export type Disposition =
  "tap" | "filter" | "take" | "rewriteAnswer" | "rewriteRequest" | "tapAnswer" | "settle" | "cancel";

export interface Route {
  readonly from: "editor" | "analyzer";
  readonly method: string;
  readonly how: readonly Disposition[];
}

/** Everything that is not simply passed. What is not here is forwarded byte for byte, unknown methods included. */
export const routeTable: readonly Route[] = [
  { from: "editor", method: "initialize", how: ["rewriteRequest", "rewriteAnswer"] },
  { from: "editor", method: "initialized", how: ["tap"] },
  { from: "editor", method: "shutdown", how: ["settle"] },
  { from: "editor", method: "exit", how: ["tap"] },
  { from: "editor", method: "$/cancelRequest", how: ["cancel"] },
  { from: "editor", method: "window/workDoneProgress/cancel", how: ["tap"] },

  { from: "editor", method: "textDocument/didOpen", how: ["tap"] },
  { from: "editor", method: "textDocument/didChange", how: ["tap"] },
  { from: "editor", method: "textDocument/didClose", how: ["tap"] },
  { from: "editor", method: "textDocument/didSave", how: ["tap"] },
  { from: "editor", method: "workspace/didChangeConfiguration", how: ["tap"] },
  { from: "editor", method: "workspace/didChangeWatchedFiles", how: ["tap"] },
  { from: "editor", method: "workspace/didChangeWorkspaceFolders", how: ["tap"] },
  { from: "editor", method: "workspace/didCreateFiles", how: ["tap"] },
  { from: "editor", method: "workspace/didRenameFiles", how: ["tap"] },
  { from: "editor", method: "workspace/didDeleteFiles", how: ["tap"] },

  { from: "editor", method: "textDocument/completion", how: ["rewriteAnswer"] },
  { from: "editor", method: "completionItem/resolve", how: ["take"] },
  { from: "editor", method: "textDocument/codeAction", how: ["rewriteAnswer"] },
  { from: "editor", method: "codeAction/resolve", how: ["take"] },
  { from: "editor", method: "workspace/executeCommand", how: ["take"] },
  { from: "editor", method: "textDocument/inlineCompletion", how: ["take"] },
  { from: "editor", method: "rust-analyzer/analyzerStatus", how: ["rewriteAnswer"] },
  { from: "editor", method: "armature/fill", how: ["take"] },
  { from: "editor", method: "armature/why", how: ["take"] },
  { from: "editor", method: "armature/status", how: ["take"] },

  { from: "analyzer", method: "experimental/serverStatus", how: ["filter"] },
  { from: "analyzer", method: "workspace/configuration", how: ["tapAnswer"] },
];

export interface HandlerContext {
  /** Aborts when the editor cancels the request or goes. */
  readonly signal: AbortSignal;
}

/** Handlers by method, for what the table lists. A handler that throws costs the user nothing but a log line. */
export interface Routes {
  /** tap: the editor's notifications, after they were forwarded. */
  readonly notifications: Readonly<Record<string, (params: unknown) => void>>;
  /** filter: rust-analyzer's notifications, before they are forwarded. */
  readonly analyzerNotifications: Readonly<Record<string, (params: unknown) => "pass" | "drop">>;
  /** take: undefined declines. A rejection with AnswerError is sent as such, any other is answered with null. */
  readonly requests: Readonly<
    Record<string, (params: unknown, context: HandlerContext) => Promise<unknown> | undefined>
  >;
  /** rewriteAnswer: called once the request was forwarded; undefined leaves its answer alone. */
  readonly answers: Readonly<Record<string, (params: unknown, context: HandlerContext) => Choice>>;
  /** rewriteRequest: the params for rust-analyzer. */
  readonly initialize: (params: unknown) => unknown;
  /** tapAnswer: the items of rust-analyzer's workspace/configuration request, and the editor's result. */
  readonly configurationReplies: (items: unknown, result: unknown) => void;
}

/** The methods of one side that are not simply passed. */
export function routedMethods(from: Route["from"]): ReadonlySet<string> {
  return new Set(routeTable.filter((route) => route.from === from).map((route) => route.method));
}

/** Throws where a handler is given for what the table does not route so: a mistake of the composition. */
export function assertRouted(routes: Routes): void {
  assertAll("editor", "tap", routes.notifications);
  assertAll("editor", "take", routes.requests);
  assertAll("editor", "rewriteAnswer", routes.answers);
  assertAll("analyzer", "filter", routes.analyzerNotifications);
}

function assertAll(from: Route["from"], how: Disposition, handlers: Readonly<Record<string, unknown>>): void {
  for (const method of Object.keys(handlers)) {
    const isRouted = routeTable.some(
      (route) => route.from === from && route.method === method && route.how.includes(how),
    );
    if (!isRouted) throw new Error(`the route table has no "${how}" for ${method} from the ${from}`);
  }
}
