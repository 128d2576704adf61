/**
 * Every test here passes by itself, and what it was offered by each route is what plain cargo refuses (a binder moves
 * out of a borrow) or, for the control, accepts. The set-up alone makes the wrong ones fail.
 */
import { join } from "node:path";
import { beforeAll, describe, test } from "vitest";
import { fillCommand, fillMethod } from "../../../../protocol/methods.ts";
import { checkSettingsFrom } from "../../../../server/verify/settings/check-settings.ts";
import { ScriptedEditor } from "../../editor.ts";
import { findTools } from "../../tools.ts";
import { createWorkspace, type Workspace } from "../../workspace.ts";
import { recordOffer } from "../recorder.ts";
import { startFill } from "../run-armature.ts";

const source = `
//- /src/lib.rs
pub enum Place { Nowhere, Town(String) }
pub fn name(place: &Place) -> String {
    match *place {
        Place::Nowhere => String::new(),
$0    }
}
`;
const arms = {
  wrong: "        Place::Town(name) => name,\n",
  right: "        Place::Town(ref name) => name.clone(),\n",
};
const program = join(import.meta.dirname, "offering-server.mjs");
const { environment } = findTools();

const at = { line: 4, character: 0 };
const range = { start: at, end: at };

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace(source);
  return () => workspace.remove();
});

const routes: readonly { readonly method: string; readonly params: (uri: string) => object }[] = [
  { method: fillMethod, params: (uri) => ({ textDocument: { uri }, position: at }) },
  { method: "textDocument/completion", params: (uri) => ({ textDocument: { uri }, position: at }) },
  { method: "textDocument/inlineCompletion", params: (uri) => ({ textDocument: { uri }, position: at }) },
  { method: "textDocument/codeAction", params: (uri) => ({ textDocument: { uri }, range, context: {} }) },
  { method: "codeAction/resolve", params: () => ({ title: "", data: { armature: {} } }) },
  { method: "workspace/executeCommand", params: () => ({ command: fillCommand, arguments: [] }) },
];

describe.each(["wrong", "right"] as const)("%s", (kind) => {
  // The same offer is held once, so each says where it comes from.
  const editOf = (uri: string, label: string) =>
    JSON.stringify({ uri, range, newText: arms[kind], label: `verified by cargo check, ${label}` });

  test.each(routes)("$method", async ({ method, params }) => {
    const { uri } = workspace.cursor;
    const editor = ScriptedEditor.spawn({
      file: process.execPath,
      arguments: [program, editOf(uri, method)],
      cwd: workspace.root,
      environment,
    });
    await editor.initialize({ root: workspace.uri });
    await editor.open(uri);
    await editor.request(method, params(uri));
    await editor.shutdown();
  });

  test.each([[["--json"]], [[]]])("armature fill %j", async (options) => {
    await startFill({
      root: workspace.root,
      program: [program, editOf(workspace.cursor.uri, `fill ${options.join()}`)],
      arguments: ["src/lib.rs:5", ...options],
      settings: {},
      environment,
    }).ran;
  });

  describe("outside of a test", () => {
    beforeAll(() => {
      const path = workspace.path("src/lib.rs");
      const before = workspace.read("src/lib.rs");
      const after = before.replace("new(),\n", `new(),\n${arms[kind]}`);
      const settings = checkSettingsFrom({});
      const says = "verified by cargo check, in a hook";
      recordOffer({
        ...{ route: "a hook", says, root: workspace.root, path, before, after, settings, environment },
        unsaved: new Map(),
      });
    });
    test("in a hook", () => {});
  });
});
