import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import type { Connection } from "./server.ts";

export interface OwnClient extends Connection {
  stop(): Promise<void>;
}

/** A client of our own, for editors without the official extension. Speaks inline completion by itself. */
export async function startOwnClient(serverEntry: string): Promise<OwnClient> {
  const client = new LanguageClient(
    "armature.rust-analyzer",
    "rust-analyzer (Armature)",
    {
      command: process.execPath,
      args: [serverEntry],
      options: { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } },
    },
    {
      documentSelector: [{ scheme: "file", language: "rust" }],
      initializationOptions: vscode.workspace.getConfiguration("rust-analyzer"),
      synchronize: { configurationSection: "rust-analyzer" },
    },
  );
  await client.start();
  return {
    kind: "own",
    server: () => client,
    restart: () => client.restart(),
    stop: () => client.dispose(),
  };
}
