import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fillCommand } from "../../protocol/methods.ts";
import { AnswerError } from "../support/inbox.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import {
  accepted,
  applied,
  bestOf,
  type CodeAction,
  ownActions,
  ownItems,
  type Session,
  shortly,
  startSession,
  until,
} from "./session-world.ts";

const source = `
//- /src/lib.rs
pub enum Light { Red, Amber, Blue, Green, White }

pub fn name(light: &Light) -> &'static str {
    match light {
        Light::Red => "Red",
        Light::Amber => "Amber",
        Light::Blue => "Blue",
$0
    }
}
`;

const arms = `        Light::Green => "Green",\n        Light::White => "White",\n`;

/** A source that takes cargo long: a constant that is computed while it is checked. */
let workspace: Workspace;
let uri = "";
let offset = 0;
let before = "";
let after = "";
const open: Session[] = [];

beforeAll(() => {
  workspace = createWorkspace(source);
  ({ uri, offset } = workspace.cursor);
  before = workspace.read("src/lib.rs");
  after = before.replace(`"Blue",\n\n`, `"Blue",\n${arms}`);
  expect(after).toContain("White =>");
});
afterAll(() => workspace.remove());

async function sessionOf(options: Omit<Parameters<typeof startSession>[0], "workspace">): Promise<Session> {
  const session = await startSession({ workspace, ...options });
  open.push(session);
  await session.editor.open(uri);
  return session;
}

const invoked = { triggerKind: 1 };
async function complete({ editor }: Session, at = offset, context: object = invoked) {
  const list = await editor.request("textDocument/completion", { ...editor.at(uri, at), context });
  return ownItems(list);
}

/** Begun and ended `$/progress` tokens of ours. */
function progressOf({ editor }: Session): { begun: unknown[]; ended: unknown[] } {
  const ours = editor.received("$/progress").filter(({ token }) => String(token).startsWith("armature/"));
  const kinds = (wanted: string) =>
    ours.filter(({ value }) => (value as { kind: string }).kind === wanted).map(({ token }) => token);
  return { begun: kinds("begin"), ended: kinds("end") };
}

describe("one job", () => {
  let session: Session;
  beforeAll(async () => {
    session = await sessionOf({ clientInfo: { name: "Helix" } });
  });
  afterAll(() => session.close());

  it("is never started by a listing of code actions, which shows the lazy form", async () => {
    const actions = await ownActions(session, uri, offset);
    expect(actions).toMatchObject([{ command: { command: fillCommand } }]);
    expect(await session.why(uri, offset)).toBeNull();
    expect(progressOf(session).begun).toEqual([]);
  });

  it("is started by the lazy command, whose edit comes as workspace/applyEdit with the document's version", async () => {
    const [action] = await ownActions(session, uri, offset);
    const { editor } = session;
    const edits = editor.received("workspace/applyEdit").length;
    const answer = await editor.request("workspace/executeCommand", action!.command);
    expect(answer).toBeNull();
    await until(() => editor.received("workspace/applyEdit").length > edits);
    const [params] = editor.received("workspace/applyEdit");
    const edit = params!.edit as { documentChanges: { textDocument: unknown }[] };
    expect(edit.documentChanges[0]?.textDocument).toEqual({ uri, version: editor.version(uri) });
    expect(applied(before, edit)).toBe(after);
  });

  it("shows its progress from begin to end", async () => {
    await until(() => progressOf(session).ended.length > 0);
    const { begun, ended } = progressOf(session);
    expect(ended).toEqual(begun);
  });

  it("is the same for a code action once it is ready, which carries its edit", async () => {
    const [action] = await ownActions(session, uri, offset);
    expect(action).toMatchObject({ isPreferred: true });
    expect(applied(before, action!.edit)).toBe(after);
    expect(action!.command).toBeUndefined();
  });

  it("is the same for armature/fill, and armature/why", async () => {
    const result = await session.fill(uri, offset);
    expect(applied(before, bestOf(result).edit)).toBe(after);
    const why = await session.why(uri, offset);
    expect(why?.outcome).toEqual(result);
    expect(why?.milliseconds).toBeGreaterThan(0);
  });

  it("is the same for a completion item, and while letters are typed", async () => {
    const [item] = await complete(session);
    expect(accepted(before, item!)).toBe(after);
    const { editor } = session;
    // The indentation that editors put there by themselves.
    await editor.edit(uri, offset, offset, "        ");
    expect(accepted(editor.text(uri), (await complete(session, offset + 8))[0]!)).toBe(after);
    let at = offset + 8;
    for (const letter of "Light::G") {
      await editor.edit(uri, at, at, letter);
      at += 1;
      const [again] = await complete(session, at, { triggerKind: letter === ":" ? 2 : 3 });
      expect(accepted(editor.text(uri), again!)).toBe(after);
      // What stands between the item's start and the cursor is what clients filter by.
      const typed = editor.text(uri).slice(at - wordLengthAt(editor.text(uri), at), at);
      expect(again!.textEdit?.range.start.character).toBe(again!.textEdit.range.end.character - typed.length);
      if (typed !== "") expect(again!.filterText).toBe(typed);
    }
  });

  it("gives the edit for the half-typed word that stands there now", async () => {
    const { editor } = session;
    const at = offset + 16;
    expect(editor.text(uri)).not.toBe(before);
    expect(applied(editor.text(uri), bestOf(await session.fill(uri, at)).edit)).toBe(after);
    const [action] = await ownActions(session, uri, at);
    expect(applied(editor.text(uri), action!.edit)).toBe(after);
  });

  it("gives its edit the version the document has by then", async () => {
    const { editor } = session;
    await editor.replace(uri, before);
    const result = await session.fill(uri, offset);
    const version = editor.version(uri);
    expect(bestOf(result).edit.documentChanges).toMatchObject([{ textDocument: { version } }]);
  });

  it("has items and actions that resolve to themselves at once", async () => {
    const [item] = await complete(session);
    expect(await session.editor.request("completionItem/resolve", item)).toEqual(item);
    const [action] = await ownActions(session, uri, offset);
    expect(await session.editor.request("codeAction/resolve", action)).toEqual(action);
  });

  it("tells on the lazy command what kept it from an edit", async () => {
    const { editor } = session;
    const traffic = editor.traffic.length;
    const nowhere = { textDocument: { uri }, position: { line: 0, character: 0 } };
    await editor.request("workspace/executeCommand", { command: fillCommand, arguments: [nowhere] });
    const told = await editor.waitFor("window/showMessage", () => true, traffic);
    expect(told.message).toContain("Armature: no match");
    const nonsense = editor.request("workspace/executeCommand", { command: fillCommand, arguments: ["?"] });
    await expect(nonsense).rejects.toMatchObject({ code: -32602 });
  });

  it("drops the edit of the lazy command when somebody has typed meanwhile", async () => {
    const { editor } = session;
    await session.configure({});
    const edits = editor.received("workspace/applyEdit").length;
    const traffic = editor.traffic.length;
    const place = editor.at(uri, offset);
    await editor.request("workspace/executeCommand", { command: fillCommand, arguments: [place] });
    await editor.edit(uri, 0, 0, "// typed\n");
    await editor.waitFor("window/showMessage", ({ message }) => String(message).includes("changed"), traffic);
    expect(editor.received("workspace/applyEdit")).toHaveLength(edits);
    await editor.replace(uri, before);
  });

  it("goes on when the bound for a completion is met: that has rust-analyzer's items alone, the next has ours", async () => {
    await session.configure({ completion: { holdMilliseconds: 0 } });
    const { editor } = session;
    const params = { ...editor.at(uri, offset), context: invoked };
    const first = (await editor.request("textDocument/completion", params)) as { items: unknown[] };
    expect(ownItems(first)).toEqual([]);
    expect(first.items.length).toBeGreaterThan(0);
    await expect.poll(() => complete(session), { timeout: 60_000 }).toHaveLength(1);
    const { begun, ended } = progressOf(session);
    expect(ended).toEqual(begun);
  });

  it("that the document overtook is stale", async () => {
    await session.configure({});
    const asked = session.fill(uri, offset);
    await session.editor.edit(uri, 0, 0, "// typed\n");
    expect(shortly(await asked)).toMatch(/\/stale$/);
    await session.editor.replace(uri, before);
    expect(shortly(await session.fill(uri, offset))).toBe("offers");
  });

  it("is off with `enable: false`, and back without", async () => {
    await session.configure({ enable: false });
    expect(shortly(await session.fill(uri, offset))).toBe("trigger/turned-off");
    expect(await ownActions(session, uri, offset)).toEqual([]);
    expect(await complete(session)).toEqual([]);
    await session.configure({});
    expect(shortly(await session.fill(uri, offset))).toBe("offers");
  });
});

describe("a client of its own kind", () => {
  afterEach(async () => {
    for (const session of open.splice(0)) await session.close();
  });

  const literal = { codeActionKind: { valueSet: ["", "quickfix", "refactor"] } };
  const withCapabilities = (textDocument: object, workspaceEdit: object = {}) => ({
    capabilities: {
      window: { workDoneProgress: false },
      workspace: { configuration: true, applyEdit: true, ...workspaceEdit },
      textDocument,
      experimental: { serverStatusNotification: true },
    },
  });
  const lazyEdit = { codeActionLiteralSupport: literal, resolveSupport: { properties: ["edit"] } };

  it("Neovim resolves the lazy action, and gets no progress that it did not announce", async () => {
    const session = await sessionOf({
      clientInfo: { name: "Neovim" },
      ...withCapabilities({ codeAction: { ...lazyEdit, dataSupport: true } }),
    });
    const [action] = await ownActions(session, uri, offset);
    expect(action!.command).toBeUndefined();
    expect(action!.edit).toBeUndefined();
    const resolved = (await session.editor.request("codeAction/resolve", action)) as CodeAction;
    expect(applied(before, resolved.edit)).toBe(after);
    expect(session.editor.received("window/workDoneProgress/create")).toEqual([]);
    // Without snippets nobody inserts several lines safely: no item, though the offer is ready.
    expect(await complete(session)).toEqual([]);
  });

  it("that keeps no data gets an action whose command holds all there is", async () => {
    const session = await sessionOf(withCapabilities({ codeAction: lazyEdit }));
    const [action] = await ownActions(session, uri, offset);
    await session.editor.request("workspace/executeCommand", action!.command);
    const { edit } = await session.editor.waitFor("workspace/applyEdit");
    expect(applied(before, edit)).toBe(after);
  });

  it("that can take no lazy action gets the ready one", async () => {
    const session = await sessionOf(withCapabilities({ codeAction: { codeActionLiteralSupport: literal } }));
    expect(await ownActions(session, uri, offset)).toEqual([]);
    await session.fill(uri, offset);
    const [ready] = await ownActions(session, uri, offset);
    expect(applied(before, ready!.edit)).toBe(after);
  });

  it("that knows no code action literals gets none, as from rust-analyzer itself", async () => {
    const session = await sessionOf(withCapabilities({ codeAction: {} }));
    const position = session.editor.positionAt(uri, offset);
    const params = {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    };
    expect(await session.editor.request("textDocument/codeAction", params)).toBeNull();
    expect(shortly(await session.fill(uri, offset))).toBe("offers");
  });

  it("that asks before rust-analyzer is ready hears that", async () => {
    const session = await sessionOf({ untilReady: false });
    expect(shortly(await session.fill(uri, offset))).toBe("trigger/analyzer-not-ready");
  });
});

describe("a partial offer", () => {
  let server: ModelServer;
  beforeAll(async () => {
    server = await startModelServer([{ kind: "bodies", answers: [{ Green: `"Green"`, White: null }] }]);
  });
  afterAll(async () => {
    for (const session of open.splice(0)) await session.close();
    await server.close();
  });

  it("counts what is open on its label and stops at it", async () => {
    const model = { name: "tiny", baseUrl: server.baseUrl, candidates: 1 };
    const session = await sessionOf({ clientInfo: { name: "Helix" }, armature: { model } });
    const best = bestOf(await session.fill(uri, offset));
    expect(best).toMatchObject({
      open: 1,
      label: "Fill 1 match arm, leave 1 open (verified by cargo check)",
    });
    expect(applied(before, best.edit)).toBe(after.replace(`"White"`, "todo!()"));
    const [item] = await complete(session);
    expect(item!.label).toBe("✓ fill 1 arm, 1 open");
    expect(item!.textEdit?.newText).toContain("Light::White => ${1:todo!()},");
  });
});

describe("a cancelled request", () => {
  let server: ModelServer;
  beforeAll(async () => {
    server = await startModelServer([{ kind: "hang" }]);
  });
  afterAll(async () => {
    for (const session of open.splice(0)) await session.close();
    await server.close();
  });

  it("is answered with RequestCancelled, ends the model's request, and can be asked again", async () => {
    const model = { name: "tiny", baseUrl: server.baseUrl, candidates: 1 };
    const session = await sessionOf({ armature: { model } });
    const { id, result } = session.editor.send("armature/fill", session.editor.at(uri, offset));
    const ended = result.catch((error: unknown) => error);
    await until(() => server.requests.length === 1);
    await session.editor.cancel(id);
    expect(await ended).toMatchObject({ code: -32800 });
    expect(await ended).toBeInstanceOf(AnswerError);
    await until(() => server.hungUp() === 1);
    await session.configure({});
    expect(shortly(await session.fill(uri, offset))).toBe("offers");
  });

  it("ends cargo and its children", async () => {
    const slow = createWorkspace(source);
    // Some seconds for rustc: a constant that it has to compute.
    const busy = `\npub const BUSY: u64 = { let mut i = 0u64; while i < 60_000_000 { i += 1; } i };\n#![allow(long_running_const_eval)]\n`;
    slow.write(
      "src/lib.rs",
      `#![allow(long_running_const_eval)]\n${slow.read("src/lib.rs")}${busy.replace(/#!.*\n/, "")}`,
    );
    const place = slow.uriOf("src/lib.rs");
    const session = await startSession({ workspace: slow });
    open.push(session);
    await session.editor.open(place);
    const at = session.editor.text(place).indexOf("match light");
    const { id, result } = session.editor.send("armature/fill", session.editor.at(place, at));
    const ended = result.catch((error: unknown) => error);
    const working = () => session.processes().filter((line) => /rustc|cargo/.test(line));
    await until(() => working().some((line) => line.includes("--crate-name fixture")));
    await session.editor.cancel(id);
    expect(await ended).toMatchObject({ code: -32800 });
    await until(() => working().length === 0);
    // The same place asked again at once is a new job, not the cancelled one.
    const again = session.editor.send("armature/fill", session.editor.at(place, at));
    const first = again.result.catch((error: unknown) => error);
    await until(() => working().some((line) => line.includes("--crate-name fixture")));
    await session.editor.cancel(again.id);
    expect(await first).toMatchObject({ code: -32800 });
  });
});

function wordLengthAt(text: string, at: number): number {
  return /\w*$/.exec(text.slice(0, at))?.[0].length ?? 0;
}
