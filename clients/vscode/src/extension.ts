/** Where the extension begins: builds its parts and binds them to VS Code. */
import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { commandHandlers } from "./commands.ts";
import { EvidenceDocument, evidenceScheme } from "./evidence-document.ts";
import { ghostTextProvider } from "./ghost-text-provider.ts";
import { launcherPlace, launcherText } from "./launcher.ts";
import { officialExtension } from "./official.ts";
import { holdConnection } from "./hold-connection.ts";
import { armatureBehind } from "./server.ts";
import { StatusItem } from "./status-item.ts";
import { writeLauncher } from "./write-launcher.ts";

export async function activate({ extensionPath, subscriptions }: vscode.ExtensionContext): Promise<void> {
  const serverEntry = join(extensionPath, "server", "main.mjs");
  // Before anything else: rust-analyzer's extension may be about to start it.
  const { isFirst } = launch(serverEntry);
  const held = holdConnection(serverEntry);
  const evidence = new EvidenceDocument();
  const status = new StatusItem(held.connection);
  const handlers = commandHandlers({
    connection: held.connection,
    evidence,
    serverEntry,
    happened: () => status.look(),
  });
  subscriptions.push(
    held,
    status,
    vscode.workspace.registerTextDocumentContentProvider(evidenceScheme, evidence),
    ...Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler)),
    vscode.extensions.onDidChange(() => {
      launch(serverEntry);
      void held.renew();
    }),
    vscode.languages.registerInlineCompletionItemProvider(
      { language: "rust", scheme: "file" },
      ghostTextProvider(held.connection),
    ),
  );
  await held.renew();
  // Where there was no launcher yet, rust-analyzer's extension may have looked for it in vain.
  const connection = held.connection();
  if (isFirst && connection?.kind === "official" && armatureBehind(connection) === undefined)
    await connection.restart();
  status.look();
}

function launch(serverEntry: string): { readonly isFirst: boolean } {
  // Windows cannot start a script as a program; there the packages do not name it as the server either.
  if (process.platform === "win32") return { isFirst: false };
  const official = vscode.extensions.getExtension(officialExtension);
  const analyzer = official && join(official.extensionPath, "server", "rust-analyzer");
  const text = launcherText({ node: process.execPath, server: serverEntry, analyzer });
  return writeLauncher(join(homedir(), launcherPlace), text);
}
