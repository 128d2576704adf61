import type { PositionEncoding } from "../../server/base/positions.ts";
import type { EditorOptions, Wire } from "./editor.ts";

export interface InitializeOptions {
  /** URI of the workspace folder. */
  readonly root: string;
  readonly capabilities?: Wire;
  readonly encodings?: readonly PositionEncoding[];
  readonly clientInfo?: { readonly name: string; readonly version?: string };
  readonly initializationOptions?: unknown;
}

/** What most editors announce, plus rust-analyzer's own status so that `untilQuiescent` can be asked. */
export const usualCapabilities: Wire = {
  window: { workDoneProgress: true },
  workspace: { configuration: true, applyEdit: true, workspaceEdit: { documentChanges: true } },
  textDocument: {
    synchronization: { didSave: true },
    completion: {
      completionItem: {
        snippetSupport: true,
        resolveSupport: { properties: ["documentation", "additionalTextEdits"] },
        labelDetailsSupport: true,
      },
    },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "refactor"] } },
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
    hover: { contentFormat: ["markdown"] },
  },
  experimental: { serverStatusNotification: true, hoverRange: true },
};

export function initializeParams(options: InitializeOptions, configuration: unknown): Wire {
  const capabilities = { ...usualCapabilities, ...options.capabilities };
  return {
    processId: process.pid,
    clientInfo: options.clientInfo ?? { name: "scripted editor" },
    rootUri: options.root,
    workspaceFolders: [{ uri: options.root, name: "workspace" }],
    initializationOptions: options.initializationOptions ?? configuration ?? null,
    capabilities: { general: { positionEncodings: options.encodings ?? ["utf-16"] }, ...capabilities },
  };
}

/** What most editors answer to a server's request: its result, or that they do not know it. */
export function usualAnswer(method: string, params: unknown, options: EditorOptions): Wire {
  const own = options.answers?.[method];
  if (own !== undefined) return { result: own(params) };
  switch (method) {
    case "workspace/configuration": {
      const { items } = params as { items: unknown[] };
      return { result: items.map(() => options.configuration ?? null) };
    }
    case "workspace/applyEdit":
      return { result: { applied: true } };
    case "client/registerCapability":
    case "client/unregisterCapability":
    case "window/workDoneProgress/create":
      return { result: null };
    default:
      if (/^workspace\/\w+\/refresh$/.test(method)) return { result: null };
      return { error: { code: -32601, message: `the scripted editor does not know ${method}` } };
  }
}
