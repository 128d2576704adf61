/** Reads what goes between an editor and the server: each offer that the editor is given, applied to its document. */
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { fillCommand, fillMethod } from "../../../protocol/methods.ts";
import type { PositionEncoding } from "../../../server/base/positions.ts";
import { checkSettingsFrom } from "../../../server/verify/settings/check-settings.ts";
import { acceptedItem, applied, completionItem, type Landing, landingOf } from "./applied.ts";
import { recordOffer } from "./recorder.ts";

export interface WatchedDocument {
  readonly version: number;
  readonly text: string;
}

export interface WatchOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly documents: ReadonlyMap<string, WatchedDocument>;
  readonly encoding: () => PositionEncoding;
}

const message = z.looseObject({
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
});

const own = z.looseObject({ data: z.looseObject({ armature: z.looseObject({}) }) });
const fillResult = z.looseObject({
  offers: z.array(
    z.looseObject({ label: z.string(), edit: z.unknown().optional(), evidence: z.unknown().optional() }),
  ),
});
const action = z.looseObject({ title: z.string(), edit: z.unknown().optional() });
const applyEdit = z.looseObject({ label: z.string().optional(), edit: z.unknown().optional() });
const workspaceEdit = z.looseObject({
  documentChanges: z.array(
    z.looseObject({ textDocument: z.looseObject({ uri: z.string(), version: z.number().nullish() }) }),
  ),
});
/** rust-analyzer has none: all of them are the product's. */
const inlineItems = z.looseObject({
  items: z.array(z.looseObject({ insertText: z.string(), range: z.unknown().optional() })),
});
const textDocumentPosition = z.looseObject({ textDocument: z.looseObject({ uri: z.string() }) });
const command = z.looseObject({ command: z.string() });
const initialize = z.looseObject({
  rootUri: z.string().nullish(),
  initializationOptions: z.unknown().optional(),
  clientInfo: z.looseObject({ name: z.string() }).optional(),
  capabilities: z
    .looseObject({
      textDocument: z.looseObject({
        completion: z.looseObject({
          completionItem: z.looseObject({
            insertTextModeSupport: z.looseObject({ valueSet: z.array(z.number()) }).optional(),
          }),
        }),
      }),
    })
    .optional()
    .catch(undefined),
});

interface Asked {
  readonly method: string;
  readonly uri: string | undefined;
  readonly text: string | undefined;
}

export class EditorWatch {
  readonly #options: WatchOptions;
  readonly #asked = new Map<string, Asked>();
  /** Requests of the server for settings, until they are answered. */
  readonly #settingsAsked = new Set<string>();
  #root: string;
  #settings: unknown;
  #hasAskedByCommand = false;
  #landing: Landing = "indented after";

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#root = options.cwd;
  }

  sent(wire: unknown): void {
    const { id, method, params, result } = message.parse(wire);
    if (method === "initialize") this.#begin(params);
    if (method === "workspace/executeCommand" && command.safeParse(params).data?.command === fillCommand)
      this.#hasAskedByCommand = true;
    if (id === undefined) return;
    if (method === undefined) {
      if (this.#settingsAsked.delete(String(id)) && Array.isArray(result)) this.#hearSettings(result[0]);
      return;
    }
    const uri = textDocumentPosition.safeParse(params).data?.textDocument.uri;
    const text = uri === undefined ? undefined : this.#options.documents.get(uri)?.text;
    this.#asked.set(String(id), { method, uri, text });
  }

  received(wire: unknown): void {
    const { id, method, params, result } = message.parse(wire);
    if (method === "workspace/configuration") this.#settingsAsked.add(String(id));
    if (method === "workspace/applyEdit" && this.#hasAskedByCommand) {
      const { label = "", edit } = applyEdit.parse(params);
      this.#record("command", label, edit);
    }
    if (method !== undefined || id === undefined) return;
    const asked = this.#asked.get(String(id));
    this.#asked.delete(String(id));
    if (asked !== undefined) this.#read(asked, result);
  }

  /** rust-analyzer keeps what it has where an editor answers with nothing. */
  #hearSettings(answer: unknown): void {
    const isNothing = answer == null || (typeof answer === "object" && Object.keys(answer).length === 0);
    if (!isNothing) this.#settings = answer;
  }

  #begin(params: unknown): void {
    const { rootUri, initializationOptions, clientInfo, capabilities } = initialize.parse(params);
    const modes = capabilities?.textDocument.completion.completionItem.insertTextModeSupport?.valueSet ?? [];
    this.#landing = landingOf(clientInfo?.name ?? "", modes);
    if (rootUri != null) this.#root = fileURLToPath(rootUri);
    this.#settings = initializationOptions;
  }

  #read({ method, uri, text }: Asked, result: unknown): void {
    switch (method) {
      case fillMethod:
        for (const { label, edit, evidence } of fillResult.safeParse(result).data?.offers ?? [])
          this.#record("armature/fill", `${label}\n${JSON.stringify(evidence)}`, edit);
        return;
      case "textDocument/codeAction":
      case "codeAction/resolve":
        for (const one of ownIn(result)) {
          const { title, edit } = action.parse(one);
          this.#record("code action", `${title}\n${JSON.stringify(one)}`, edit);
        }
        return;
      case "textDocument/completion":
        for (const one of ownIn(result)) this.#recordItem(uri, text, one);
        return;
      case "textDocument/inlineCompletion":
        for (const { insertText, range } of inlineItems.safeParse(result).data?.items ?? [])
          this.#recordItem(uri, text, { label: "", textEdit: { range, newText: insertText } });
    }
  }

  /** An edit for another version of the document is one that no editor applies. */
  #record(route: string, says: string, edit: unknown): void {
    const changes = workspaceEdit.safeParse(edit).data?.documentChanges ?? [];
    const [first] = changes;
    if (first === undefined) return;
    const { uri, version } = first.textDocument;
    const document = this.#options.documents.get(uri);
    if (document === undefined || (version != null && version !== document.version)) return;
    this.#keep(route, says, uri, document.text, applied(document.text, edit, this.#options.encoding()));
  }

  #recordItem(uri: string | undefined, text: string | undefined, item: unknown): void {
    const parsed = completionItem.safeParse(item);
    if (!parsed.success || uri === undefined || text === undefined) return;
    if (this.#options.documents.get(uri)?.text !== text) return;
    const says = `${parsed.data.label}\n${JSON.stringify(item)}`;
    const after = acceptedItem(text, parsed.data, this.#options.encoding(), this.#landing);
    this.#keep("completion item", says, uri, text, after);
  }

  #keep(route: string, says: string, uri: string, before: string, after: string): void {
    const others = [...this.#options.documents].filter(([other]) => other !== uri);
    recordOffer({
      ...{ route, says, before, after, root: this.#root, path: fileURLToPath(uri) },
      unsaved: new Map(others.map(([other, { text }]) => [fileURLToPath(other), text])),
      settings: checkSettingsFrom(this.#settings, this.#root),
      environment: this.#options.environment,
    });
  }
}

function ownIn(result: unknown): readonly unknown[] {
  const items = z.looseObject({ items: z.array(z.unknown().optional()) }).safeParse(result).data?.items;
  const all = items ?? (Array.isArray(result) ? (result as unknown[]) : [result]);
  return all.filter((one) => own.safeParse(one).success);
}
