import * as vscode from "vscode";
import { whyMethod } from "../../../protocol/methods.ts";
import { readWhyResult } from "./answers.ts";
import type { EvidenceDocument } from "./evidence-document.ts";
import { evidenceText } from "./evidence-text.ts";
import { fillHere, placeOf } from "./fill-here.ts";
import { armatureBehind, type Connection, type LanguageServer } from "./server.ts";

export interface CommandOptions {
  readonly connection: () => Connection | undefined;
  readonly evidence: EvidenceDocument;
  readonly serverEntry: string;
  /** After whatever may have changed the budget or the state. */
  readonly happened: () => void;
}

/** The commands by id. */
export function commandHandlers(options: CommandOptions): Readonly<Record<string, () => Promise<void>>> {
  const atCursor =
    (ask: (editor: vscode.TextEditor, server: LanguageServer) => Promise<void>) => async () => {
      const editor = vscode.window.activeTextEditor;
      const connection = options.connection();
      const server = connection && armatureBehind(connection);
      try {
        if (editor?.document.languageId !== "rust") await say("this is no Rust file");
        else if (server === undefined)
          await say("rust-analyzer is not running, or runs without Armature in between");
        else await ask(editor, server);
      } catch (error) {
        await say(error instanceof Error ? error.message : String(error));
      } finally {
        options.happened();
      }
    };
  const showEvidence = async (editor: vscode.TextEditor, server: LanguageServer) => {
    const result = readWhyResult(await server.sendRequest(whyMethod, placeOf(editor)));
    await options.evidence.show(evidenceText(placeInWords(editor), result));
  };
  return {
    "armature.fillHere": atCursor(async (editor, server) => {
      const none = await fillHere(editor, server);
      if (none !== undefined && (await say(none.message, "Details"))) await showEvidence(editor, server);
    }),
    "armature.whyNothing": atCursor(async (editor, server) => {
      const result = readWhyResult(await server.sendRequest(whyMethod, placeOf(editor)));
      if (await say(reasonIn(result), "Details")) await showEvidence(editor, server);
    }),
    "armature.showEvidence": atCursor(showEvidence),
    "armature.runDoctor": () => runDoctor(options.serverEntry),
    // VS Code's own palette, with what a person can do here.
    "armature.showCommands": async () => {
      await vscode.commands.executeCommand("workbench.action.quickOpen", ">Armature: ");
    },
    "armature.openSettings": async () => {
      await vscode.commands.executeCommand("workbench.action.openSettings", "rust-analyzer.armature");
    },
    "armature.restart": async () => {
      await options.connection()?.restart();
      options.happened();
    },
  };
}

function reasonIn(result: ReturnType<typeof readWhyResult>): string {
  if (result === null) return 'nothing has been asked for here yet; "Armature: Fill here" asks';
  if (result.outcome.kind === "none") return result.outcome.message;
  return `an offer is ready for ${result.outcome.site}`;
}

function placeInWords({ document, selection }: vscode.TextEditor): string {
  return `${vscode.workspace.asRelativePath(document.uri)}:${selection.active.line + 1}`;
}

/** Quietly, as information: that there is no offer is no error. Resolves with whether the button was pressed. */
async function say(message: string, ...button: readonly string[]): Promise<boolean> {
  return (await vscode.window.showInformationMessage(`Armature: ${message}`, ...button)) !== undefined;
}

/** As a task: its terminal stays to be read, and no shell has to be spoken to. */
async function runDoctor(serverEntry: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const doctor = new vscode.ProcessExecution(process.execPath, [serverEntry, "doctor"], {
    env: { ELECTRON_RUN_AS_NODE: "1" },
    ...(folder === undefined ? {} : { cwd: folder.uri.fsPath }),
  });
  const scope = folder ?? vscode.TaskScope.Global;
  await vscode.tasks.executeTask(new vscode.Task({ type: "armature" }, scope, "doctor", "Armature", doctor));
}
