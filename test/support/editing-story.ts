import { uriOf, type Wire } from "./editor.ts";
import type { Story } from "./story.ts";

/** An hour of somebody's work in two minutes: everything an editor asks rust-analyzer, and its own extensions. */
export async function editingStory(story: Story, uri: string): Promise<void> {
  await untilLoaded(story, uri);
  await typing(story, uri);
  await reading(story, uri);
  await extensions(story, uri);
  await oddities(story, uri);
  await savingAndSettings(story, uri);
}

/** Until types of dependencies are known: also for editors that are not told of the server's state. */
export async function untilLoaded(story: Story, uri: string): Promise<void> {
  const { editor } = story;
  await editor.open(uri);
  const name = editor.text(uri).indexOf("Weekday::Monday");
  await story.askUntil("textDocument/hover", editor.at(uri, name), (hover) =>
    JSON.stringify(hover).includes("enum Weekday"),
  );
}

/** With signs that have another length in each encoding before the places asked about. */
async function typing(story: Story, uri: string): Promise<void> {
  const { editor } = story;
  const start = editor.text(uri).indexOf("        Step::Scanned(hub) =>");
  await editor.edit(uri, start, start, "        /* é漢🦀 */ ");
  const call = editor.text(uri).indexOf("hub.to_string()") + "hub.".length;
  for (const letter of "clo") {
    const at = editor.text(uri).indexOf("hub.") + "hub.".length + "clo".indexOf(letter);
    await editor.edit(uri, at, at, letter);
  }
  await completion(story, "completion while typing", editor.at(uri, call + 3));
  await editor.edit(uri, call, call + 3, "");
  await completion(story, "completion at a dot", editor.at(uri, call), ".");
  await story.ask("signature help", "textDocument/signatureHelp", at(story, uri, "write_str(self", 10));
  await atASite(story, uri);
}

/** Where Armature has something of its own to add, once its job is done. */
async function atASite(story: Story, uri: string): Promise<void> {
  const { editor } = story;
  const arm =
    editor.text(uri).indexOf('Stage::Loaded => "loaded",\n') + 'Stage::Loaded => "loaded",\n'.length;
  await editor.edit(uri, arm, arm, "            \n");
  // Not recorded, since rust-analyzer does not know it: the verdict is there before the completion is asked for.
  await editor.request("armature/fill", editor.at(uri, arm + 12)).catch(() => undefined);
  await completion(story, "completion at a site", editor.at(uri, arm + 12));
  await editor.edit(uri, arm, arm + 13, "");
  await codeActions(story, "actions at a site", uri, "match self {\n            Stage", 0);
}

async function completion(story: Story, step: string, place: Wire, triggerCharacter?: string): Promise<void> {
  const context = triggerCharacter === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter };
  const list = await story.ask(step, "textDocument/completion", { ...place, context });
  const { items } = list as { items: Wire[] };
  // By their text: their order is not the same in each run.
  const foreign = items
    .filter((item) => !JSON.stringify(item.data ?? null).includes("armature"))
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  for (const index of [0, foreign.length - 1]) {
    await story.ask(`${step}, resolve ${index}`, "completionItem/resolve", foreign[index]);
  }
}

async function codeActions(
  story: Story,
  step: string,
  uri: string,
  text: string,
  offset: number,
): Promise<void> {
  const { position } = at(story, uri, text, offset) as { position: unknown };
  const actions = await story.ask(step, "textDocument/codeAction", {
    textDocument: { uri },
    range: { start: position, end: position },
    context: { diagnostics: [] },
  });
  const foreign = (actions as Wire[]).filter(
    (action) => !JSON.stringify(action.data ?? null).includes("armature"),
  );
  for (const [index, action] of foreign.entries()) {
    await story.ask(`${step}, resolve ${index}`, "codeAction/resolve", action);
  }
}

async function reading(story: Story, uri: string): Promise<void> {
  const document = { textDocument: { uri } };
  const { editor } = story;
  const range = { start: editor.positionAt(uri, 0), end: editor.positionAt(uri, 2_000) };
  const stage = at(story, uri, "enum Stage", 6);
  const ask = (method: string, params: unknown) => story.ask(method, `textDocument/${method}`, params);
  await ask("hover", at(story, uri, "recipient.to_string", 3));
  await codeActions(story, "actions elsewhere", uri, "self.place", 6);
  await ask("prepareRename", stage);
  await ask("rename", { ...stage, newName: "Phase" });
  const tokens = await ask("semanticTokens/full", document);
  const { resultId } = tokens as { resultId: string };
  await ask("semanticTokens/full/delta", { ...document, previousResultId: resultId });
  await ask("semanticTokens/range", { ...document, range });
  const hints = (await ask("inlayHint", {
    ...document,
    range: { ...range, end: editor.positionAt(uri, editor.text(uri).length) },
  })) as Wire[];
  await story.ask("inlay hint, resolve", "inlayHint/resolve", hints[0]);
  await story.ask("workspace symbols", "workspace/symbol", { query: "Hub" });
  await ask("documentSymbol", document);
  await ask("references", { ...stage, context: { includeDeclaration: true } });
  for (const method of ["definition", "declaration", "typeDefinition", "implementation", "documentHighlight"])
    await ask(method, at(story, uri, "recipient.to_string", 3));
  await ask("foldingRange", document);
  await ask("selectionRange", { ...document, positions: [stage.position] });
  await ask("codeLens", document);
  const calls = (await ask("prepareCallHierarchy", at(story, uri, "fn describe", 4))) as Wire[];
  await story.ask("outgoing calls", "callHierarchy/outgoingCalls", { item: calls[0] });
  await ask("diagnostic", document);
}

async function extensions(story: Story, uri: string): Promise<void> {
  const document = { textDocument: { uri } };
  const name = at(story, uri, "fn describe", 4);
  const { position } = name as { position: unknown };
  const ask = (method: string, params: unknown) => story.ask(method, method, params);
  for (const method of ["viewHir", "viewMir", "relatedTests"]) await ask(`rust-analyzer/${method}`, name);
  await ask("rust-analyzer/viewSyntaxTree", document);
  await ask("rust-analyzer/viewItemTree", document);
  await ask("rust-analyzer/viewFileText", { uri });
  await ask("rust-analyzer/expandMacro", at(story, uri, "Serialize, Deserialize)]", 2));
  await ask("experimental/parentModule", name);
  await ask("experimental/runnables", { ...document, position });
  await ask("experimental/openCargoToml", document);
  await ask("experimental/externalDocs", at(story, uri, "Weekday::Monday", 2));
  const end = story.editor.positionAt(uri, story.editor.text(uri).indexOf("fn describe") + 60);
  await ask("experimental/joinLines", { ...document, ranges: [{ start: position, end }] });
  await ask("experimental/onEnter", at(story, uri, "/// For the customer", 10));
  await ask("experimental/matchingBrace", { ...document, positions: [position] });
  await ask("experimental/moveItem", {
    ...document,
    range: { start: position, end: position },
    direction: "Up",
  });
  await ask("experimental/ssr", {
    ...name,
    query: "foo($a) ==>> bar($a)",
    parseOnly: false,
    selections: [],
  });
  await story.ask("analyzerStatus", "rust-analyzer/analyzerStatus", document);
}

async function oddities(story: Story, uri: string): Promise<void> {
  await story.ask("unknown method", "experimental/nobodyKnowsThis", { uri });
  await story.ask("no params", "textDocument/hover", undefined);
  await story.ask("outside the document", "textDocument/hover", {
    textDocument: { uri },
    position: { line: 9_999, character: 0 },
  });
  await story.ask("unknown file", "textDocument/hover", {
    textDocument: { uri: uriOf("/nowhere/at/all.rs") },
    position: { line: 0, character: 0 },
  });
  await story.ask("command of nobody", "workspace/executeCommand", { command: "nobody", arguments: [] });
  await story.askAndCancel("cancelled", "workspace/symbol", { query: "e#" });
  await story.editor.notify("experimental/nobodyListens", { uri });
  await story.editor.notify("$/setTrace", { value: "off" });
}

/** rust-analyzer asks for its settings after didChangeConfiguration; what was asked before is answered as before. */
async function savingAndSettings(story: Story, uri: string): Promise<void> {
  const { editor } = story;
  await editor.save(uri);
  const before = editor.traffic.length;
  await editor.notify("workspace/didChangeConfiguration", { settings: null });
  await editor.waitFor("workspace/configuration", () => true, before);
  await story.ask("hover with settings", "textDocument/hover", at(story, uri, "recipient.to_string", 3));
  await editor.close(uri);
}

function at(story: Story, uri: string, text: string, offset: number): Wire {
  const found = story.editor.text(uri).indexOf(text);
  if (found < 0) throw new Error(`${text} does not stand in the document`);
  return story.editor.at(uri, found + offset);
}
