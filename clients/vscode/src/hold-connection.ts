import * as vscode from "vscode";
import { officialConnection, officialExtension } from "./official.ts";
import type { OwnClient } from "./own-client.ts";
import type { Connection } from "./server.ts";

export interface HeldConnection extends vscode.Disposable {
  readonly connection: () => Connection | undefined;
  /** Looks again who serves Rust here. */
  renew(): Promise<void>;
}

/**
 * The one connection of this window: the official extension's where that is installed, else one of our own, never both.
 * Own ones end before the official extension is used.
 */
export function holdConnection(serverEntry: string): HeldConnection {
  let own: OwnClient | undefined;
  let current: Connection | undefined;
  let last: Promise<void> = Promise.resolve();
  const renew = async () => {
    const extension = vscode.extensions.getExtension(officialExtension);
    if (extension === undefined) {
      if (own !== undefined) return;
      // Loaded only where it is needed: most people have the official extension.
      const { startOwnClient } = await import("./own-client.ts");
      own = await startOwnClient(serverEntry);
      current = own;
      return;
    }
    await own?.stop();
    own = undefined;
    current = officialConnection({
      extension,
      runCommand: (command) => vscode.commands.executeCommand(command),
    });
    await extension.activate();
  };
  return {
    connection: () => current,
    // One after the other, or two changes in a row would start two.
    renew: () => (last = last.then(renew, renew)),
    dispose: () => void own?.stop(),
  };
}
