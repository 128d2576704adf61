import * as vscode from "vscode";
import { statusMethod } from "../../../protocol/methods.ts";
import { readStatus } from "./answers.ts";
import { armatureBehind, armatureVersion, type Connection } from "./server.ts";
import { statusText, type ServerState } from "./status-text.ts";

/** Milliseconds between two looks while it is seen: the official client cannot be told of a change. */
const interval = 3_000;

/** State, model and budget, beside Rust files only. Asks only while it is seen. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("armature.status", vscode.StatusBarAlignment.Right, 100);
  readonly #connection: () => Connection | undefined;
  readonly #subscriptions: vscode.Disposable[];
  readonly #timer: NodeJS.Timeout;

  constructor(connection: () => Connection | undefined) {
    this.#connection = connection;
    this.#item.name = "Armature";
    this.#item.command = "armature.showCommands";
    this.#subscriptions = [
      this.#item,
      vscode.window.onDidChangeActiveTextEditor(() => this.look()),
      vscode.window.onDidChangeWindowState(() => this.look()),
    ];
    this.#timer = setInterval(() => this.look(), interval);
    this.look();
  }

  look(): void {
    void this.#look();
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #look(): Promise<void> {
    if (vscode.window.activeTextEditor?.document.languageId !== "rust") return this.#item.hide();
    this.#item.show();
    if (!vscode.window.state.focused) return;
    const { text, tooltip, isWarning } = statusText(await this.#state());
    this.#item.text = text;
    this.#item.tooltip = new vscode.MarkdownString(tooltip);
    this.#item.backgroundColor = isWarning
      ? new vscode.ThemeColor("statusBarItem.warningBackground")
      : undefined;
  }

  async #state(): Promise<ServerState> {
    const connection = this.#connection();
    const server = connection?.server();
    if (connection === undefined || server?.initializeResult === undefined) return { kind: "none" };
    const version = armatureVersion(server);
    const ours = armatureBehind(connection);
    if (version === undefined || ours === undefined) return { kind: "plain", serverPath: serverPath() };
    const answer = await ours.sendRequest(statusMethod).catch(() => undefined);
    return { kind: "armature", version, status: readStatus(answer) };
  }
}

function serverPath(): string {
  return (
    vscode.workspace.getConfiguration("rust-analyzer").get<string | null>("server.path") ?? "rust-analyzer"
  );
}
