import * as vscode from "vscode";
import { fillMethod, type FillOffer, type FillResult } from "../../../protocol/methods.ts";
import { readEdit, readFillResult } from "./answers.ts";
import type { LanguageServer } from "./server.ts";

/** What `armature/fill` and `armature/why` take, for the cursor of this editor. */
export function placeOf(editor: vscode.TextEditor) {
  const { line, character } = editor.selection.active;
  return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}

/** Asks, with a progress that can be cancelled, and applies what is chosen. Answers undefined once that is done. */
export async function fillHere(
  editor: vscode.TextEditor,
  server: LanguageServer,
): Promise<Extract<FillResult, { kind: "none" }> | undefined> {
  const version = editor.document.version;
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Armature: checking bodies", cancellable: true },
    async (_progress, token) => readFillResult(await server.sendRequest(fillMethod, placeOf(editor), token)),
  );
  if (result.kind === "none") return result.reason === "cancelled" ? undefined : result;
  const offer = await choose(result.offers);
  if (offer === undefined) return undefined;
  if (editor.document.version === version && (await apply(offer))) return undefined;
  const message = "the document changed while it was checked; ask again";
  return { kind: "none", stage: "offer", reason: "stale", message, site: result.site };
}

async function choose(offers: readonly FillOffer[]): Promise<FillOffer | undefined> {
  if (offers.length === 1) return offers[0];
  const picks = offers.map((offer) => ({
    label: offer.label,
    detail: offer.evidence.holes.map(({ text }) => text.replaceAll(/\s+/g, " ")).join(" · "),
    offer,
  }));
  return (await vscode.window.showQuickPick(picks, { placeHolder: "Offers, best first" }))?.offer;
}

/** False, and nothing is changed, where a document is not the one that was checked any more. */
async function apply(offer: FillOffer): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { textDocument, edits } of readEdit(offer.edit)) {
    const uri = vscode.Uri.parse(textDocument.uri);
    const open = vscode.workspace.textDocuments.find(
      (document) => document.uri.toString() === uri.toString(),
    );
    if (typeof textDocument.version === "number" && open?.version !== textDocument.version) return false;
    for (const { range, newText } of edits) {
      const { start, end } = range;
      edit.replace(uri, new vscode.Range(start.line, start.character, end.line, end.character), newText);
    }
  }
  return vscode.workspace.applyEdit(edit);
}
