import type { PositionEncoding } from "../../server/base/positions.ts";
import type { Wire } from "./editor.ts";

/** What an editor says of itself, as far as rust-analyzer and Armature go by it. */
export interface TestProfile {
  readonly name: string;
  readonly encodings: readonly PositionEncoding[];
  readonly capabilities: Wire;
}

const everywhere: Wire = {
  window: { workDoneProgress: true },
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    applyEdit: true,
    workspaceEdit: { documentChanges: true },
    semanticTokens: { refreshSupport: true },
  },
};

const semanticTokens: Wire = {
  requests: { full: { delta: true }, range: true },
  tokenTypes: ["function", "method", "struct", "enum", "enumMember", "variable", "parameter", "macro"],
  tokenModifiers: ["declaration", "mutable"],
  formats: ["relative"],
};

/** utf-8, no status of the server, nothing of rust-analyzer's own, completion items that are not resolved. */
export const neovimLike: TestProfile = {
  name: "Neovim",
  encodings: ["utf-8", "utf-16", "utf-32"],
  capabilities: {
    ...everywhere,
    textDocument: {
      synchronization: { didSave: true },
      completion: { completionItem: { snippetSupport: true } },
      codeAction: {
        codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "refactor"] } },
        dataSupport: true,
        resolveSupport: { properties: ["edit"] },
      },
      hover: { contentFormat: ["markdown", "plaintext"] },
      rename: { prepareSupport: true },
      inlayHint: { resolveSupport: { properties: ["tooltip"] } },
      semanticTokens,
    },
    // Something that nobody goes by: Armature must leave it as it is.
    experimental: { ofNobody: true },
  },
};

/** utf-16 and every extension of rust-analyzer. */
export const codeLike: TestProfile = {
  name: "Visual Studio Code",
  encodings: ["utf-16"],
  capabilities: {
    ...everywhere,
    textDocument: {
      synchronization: { didSave: true },
      completion: {
        completionItem: {
          snippetSupport: true,
          labelDetailsSupport: true,
          insertReplaceSupport: true,
          resolveSupport: { properties: ["documentation", "detail", "additionalTextEdits"] },
        },
      },
      codeAction: {
        codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "refactor"] } },
        dataSupport: true,
        resolveSupport: { properties: ["edit"] },
      },
      hover: { contentFormat: ["markdown"] },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      definition: { linkSupport: true },
      rename: { prepareSupport: true },
      inlayHint: { resolveSupport: { properties: ["tooltip", "label.tooltip", "label.location"] } },
      semanticTokens,
    },
    experimental: {
      snippetTextEdit: true,
      codeActionGroup: true,
      hoverActions: true,
      serverStatusNotification: true,
      colorDiagnosticOutput: true,
      commands: { commands: ["rust-analyzer.runSingle", "rust-analyzer.showReferences"] },
    },
  },
};

/** utf-32, code actions as plain commands only. */
export const emacsLike: TestProfile = {
  name: "Eglot",
  encodings: ["utf-32", "utf-8", "utf-16"],
  capabilities: {
    ...everywhere,
    textDocument: {
      synchronization: { didSave: true },
      codeAction: {},
      hover: { contentFormat: ["plaintext"] },
    },
    experimental: {},
  },
};
