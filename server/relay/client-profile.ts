import { URI } from "vscode-uri";
import { z } from "zod";

/** What the editor said of itself in `initialize`, as far as we go by it. */
export interface ClientProfile {
  /** "" where it gave none. */
  readonly name: string;
  readonly version: string;
  readonly snippetSupport: boolean;
  /** The InsertTextMode values it takes; undefined where it named none. */
  readonly insertTextModeSupport: readonly number[] | undefined;
  readonly labelDetails: boolean;
  /** Without it rust-analyzer's answer to its own code action requests is `[]`, and ours must be too. */
  readonly codeActionLiterals: boolean;
  readonly codeActionResolvesEdit: boolean;
  readonly codeActionGroup: boolean;
  readonly snippetTextEdit: boolean;
  readonly workDoneProgress: boolean;
  readonly applyEdit: boolean;
  readonly documentChanges: boolean;
  /** It announced the key `textDocument.inlineCompletion`, if only as null (as lsp-mode does). */
  readonly inlineCompletion: boolean;
  /** It asked for `experimental/serverStatus` itself. */
  readonly serverStatus: boolean;
  readonly armatureStatus: boolean;
  /** Its `initializationOptions`: rust-analyzer's section. */
  readonly settings: unknown;
  /** Absolute paths, the workspace folders or else the root. */
  readonly rootPaths: readonly string[];
  readonly processId: number | undefined;
}

/** Reads the params of `initialize`. Whatever is missing or malformed counts as not announced. */
export function readClientProfile(params: unknown): ClientProfile {
  const completionItem = at(params, "capabilities", "textDocument", "completion", "completionItem");
  const codeAction = at(params, "capabilities", "textDocument", "codeAction");
  const workspace = at(params, "capabilities", "workspace");
  const experimental = at(params, "capabilities", "experimental");
  return {
    name: text.parse(at(params, "clientInfo", "name")),
    version: text.parse(at(params, "clientInfo", "version")),
    snippetSupport: isTrue(at(completionItem, "snippetSupport")),
    insertTextModeSupport: numbers.parse(at(completionItem, "insertTextModeSupport", "valueSet")),
    labelDetails: isTrue(at(completionItem, "labelDetailsSupport")),
    codeActionLiterals: isObject(at(codeAction, "codeActionLiteralSupport")),
    codeActionResolvesEdit: texts.parse(at(codeAction, "resolveSupport", "properties")).includes("edit"),
    codeActionGroup: isTrue(at(experimental, "codeActionGroup")),
    snippetTextEdit: isTrue(at(experimental, "snippetTextEdit")),
    workDoneProgress: isTrue(at(params, "capabilities", "window", "workDoneProgress")),
    applyEdit: isTrue(at(workspace, "applyEdit")),
    documentChanges: isTrue(at(workspace, "workspaceEdit", "documentChanges")),
    inlineCompletion: at(params, "capabilities", "textDocument", "inlineCompletion") !== undefined,
    serverStatus: isTrue(at(experimental, "serverStatusNotification")),
    armatureStatus: isTrue(at(experimental, "armatureStatus")),
    settings: at(params, "initializationOptions"),
    rootPaths: rootPaths(params),
    processId: processId.parse(at(params, "processId")),
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, undefined where there is none. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys)
    current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return current;
}

function rootPaths(params: unknown): string[] {
  const folders = folderList.parse(at(params, "workspaceFolders")).map(({ uri }) => uri);
  const rootUri = text.parse(at(params, "rootUri"));
  const uris = folders.length > 0 || rootUri === "" ? folders : [rootUri];
  const paths = uris.map((uri) => URI.parse(uri)).filter(({ scheme }) => scheme === "file");
  if (paths.length > 0) return paths.map(({ fsPath }) => fsPath);
  const rootPath = text.parse(at(params, "rootPath"));
  return rootPath === "" ? [] : [rootPath];
}

function isTrue(value: unknown): boolean {
  return value === true;
}

const text = z.string().catch("");
const texts = z.array(z.string()).catch([]);
const numbers = z.array(z.number()).optional().catch(undefined);
const processId = z.int().optional().catch(undefined);
const folderList = z.array(z.looseObject({ uri: z.string() })).catch([]);
