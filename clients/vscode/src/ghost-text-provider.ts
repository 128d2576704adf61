import * as vscode from "vscode";
import { readInlineAnswer } from "./answers.ts";
import { ghostTexts, wireTriggerKind } from "./ghost-text.ts";
import { armatureBehind, type Connection } from "./server.ts";

/**
 * Ghost text over the official extension's connection, whose client has none. The server says when: a ready offer at
 * once, and while typing it never asks a model.
 */
export function ghostTextProvider(
  connection: () => Connection | undefined,
): vscode.InlineCompletionItemProvider {
  return {
    async provideInlineCompletionItems(document, position, context, token) {
      const current = connection();
      // A client of our own has ghost text of its own.
      const server = current?.kind === "official" ? armatureBehind(current) : undefined;
      if (server === undefined) return [];
      const isByHand = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
      const cursor = { line: position.line, character: position.character };
      const params = {
        textDocument: { uri: document.uri.toString() },
        position: cursor,
        context: { triggerKind: wireTriggerKind(isByHand) },
      };
      const answer: unknown = await server.sendRequest("textDocument/inlineCompletion", params, token);
      if (token.isCancellationRequested) return [];
      const items = ghostTexts(readInlineAnswer(answer), cursor, document.lineAt(position.line).text);
      return items.map(({ insertText, range: { start, end } }) => ({
        insertText,
        range: new vscode.Range(start.line, start.character, end.line, end.character),
      }));
    },
  };
}
