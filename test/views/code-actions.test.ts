import { describe, expect, it, vi } from "vitest";
import { fillCommand, whyCommand } from "../../protocol/methods.ts";
import { codeActionTransform, lazyFormOf, resolveCodeAction } from "../../server/views/code-actions.ts";
import { executeCommand } from "../../server/views/execute-command.ts";
import { fill } from "../../server/views/fill.ts";
import { readClientProfile } from "../../server/relay/client-profile.ts";
import { startView } from "./view-harness.ts";

/** What real clients announce (reference/editors.md §4 and §8), as far as it decides the form. */
const clients = {
  helix: announced("Helix", { resolves: true, applyEdit: true }),
  neovim: announced("Neovim", { resolves: true, applyEdit: true }),
  emacs: announced("Emacs", { resolves: true, applyEdit: true }),
  "the VS Code extension": announced("Visual Studio Code", { resolves: true, applyEdit: true, group: true }),
  rustaceanvim: announced("Neovim", { resolves: true, applyEdit: true, group: true }),
  kate: announced("Kate", { resolves: false, applyEdit: true }),
  "a client without applyEdit": announced("X", { resolves: true, applyEdit: false }),
};

interface Announced {
  readonly resolves: boolean;
  readonly applyEdit: boolean;
  readonly group?: boolean;
}

function announced(name: string, { resolves, applyEdit, group = false }: Announced): object {
  return {
    clientInfo: { name },
    capabilities: {
      workspace: { applyEdit },
      experimental: { codeActionGroup: group },
      textDocument: {
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } },
          dataSupport: true,
          ...(resolves ? { resolveSupport: { properties: ["edit"] } } : {}),
        },
      },
    },
  };
}

it.each([
  ["helix", "command"],
  ["neovim", "resolve"],
  ["emacs", "command"],
  ["the VS Code extension", "resolve"],
  ["rustaceanvim", "resolve"],
  ["kate", "none"],
  ["a client without applyEdit", "none"],
] as const)("%s gets its lazy action in the form %s", (client, form) => {
  expect(lazyFormOf(readClientProfile(clients[client]))).toBe(form);
});

const source = "fn f() { match $0x {\n  A => 1,\n} }";
const theirs = {
  title: "Fill match arms",
  kind: "quickfix",
  data: { id: "add_missing_match_arms:QuickFix:0" },
};
const other = { title: "Extract into variable", kind: "refactor" };

describe("a listing of code actions", () => {
  it("has ours first, theirs untouched behind it, and starts nothing", async () => {
    const view = startView(source, { client: clients.helix });
    const transform = codeActionTransform(view.context, view.codeActionParams());
    const listed = (await transform!([theirs, other])) as unknown[];
    expect(listed).toHaveLength(3);
    expect(listed[0]).toMatchObject({
      title: "Fill match on `x` (check with cargo first)",
      command: { command: fillCommand, arguments: [view.place] },
    });
    expect(listed.slice(1)).toEqual([theirs, other]);
    expect(view.run).not.toHaveBeenCalled();
  });

  it("has ours where a diagnostic says what is missing, where a body is open, and where the list is empty", async () => {
    const titles = async (marked: string, diagnostics: object[] = []) => {
      const view = startView(marked, { client: clients.helix });
      const params = { ...view.codeActionParams(), context: { diagnostics } };
      const listed = (await codeActionTransform(view.context, params)!([])) as
        { title: string }[] | undefined;
      return (listed ?? []).map(({ title }) => title);
    };
    const ours = ["Fill match on `x` (check with cargo first)"];
    expect(await titles(source, [{ code: "E0004" }])).toEqual(ours);
    expect(await titles(source, [{ code: "E0046" }, { code: 7 }])).toEqual([]);
    expect(await titles("fn f() { match $0x {\n  A => todo!(),\n} }")).toEqual(ours);
    expect(await titles("fn f() { match $0x {} }")).toEqual(ours);
  });

  it("is left as it came where rust-analyzer sees nothing missing", async () => {
    const view = startView(source, { client: clients.helix });
    expect(await codeActionTransform(view.context, view.codeActionParams())!([other])).toBeUndefined();
    expect(await codeActionTransform(view.context, view.codeActionParams())!(null)).toBeUndefined();
  });

  it("is left as it came where the editor asks for another kind only", () => {
    const view = startView(source, { client: clients.helix });
    expect(codeActionTransform(view.context, view.codeActionParams(["refactor"]))).toBeUndefined();
    expect(codeActionTransform(view.context, view.codeActionParams(["quickfix"]))).toBeDefined();
  });

  it("is left as it came where Armature is off", () => {
    const view = startView(source, { client: clients.helix, settings: { enable: false } });
    expect(codeActionTransform(view.context, view.codeActionParams())).toBeUndefined();
    const without = startView(source, { client: clients.helix, settings: { codeAction: { enable: false } } });
    expect(codeActionTransform(without.context, without.codeActionParams())).toBeUndefined();
  });

  it("is null for a client that knows no literals, as rust-analyzer says to such a client", async () => {
    const view = startView(source, { client: { capabilities: {} } });
    expect(await codeActionTransform(view.context, view.codeActionParams())!([theirs])).toBeNull();
  });
});

describe("resolving an action", () => {
  const lazy = { title: "Fill", kind: "quickfix" };

  it("echoes ours with an edit or a command at once, and leaves theirs to rust-analyzer", async () => {
    const view = startView(source, { client: clients.helix });
    const { signal } = new AbortController();
    const withCommand = { ...lazy, command: { command: fillCommand }, data: { armature: view.place } };
    expect(await resolveCodeAction(view.context, withCommand, signal)).toBe(withCommand);
    const ready = { ...lazy, edit: {}, data: { armature: { ready: true } } };
    expect(await resolveCodeAction(view.context, ready, signal)).toBe(ready);
    expect(resolveCodeAction(view.context, theirs, signal)).toBeUndefined();
    expect(view.run).not.toHaveBeenCalled();
  });

  it("does the work in the resolve form, and shows why where nothing comes of it", async () => {
    const view = startView(source, { client: clients.neovim });
    const item = { ...lazy, data: { armature: view.place } };
    const resolved = await resolveCodeAction(view.context, item, new AbortController().signal);
    expect(resolved).toMatchObject({ edit: { documentChanges: [] } });
    const message = { type: 3, message: "Armature: nothing here" };
    expect(view.notified).toEqual([{ method: "window/showMessage", params: message }]);
    expect(view.run).toHaveBeenCalledOnce();
  });
});

describe("why nothing is offered", () => {
  const why = "Armature: why is nothing offered here?";
  const titlesIn = async (view: ReturnType<typeof startView>) => {
    const listed = await codeActionTransform(view.context, view.codeActionParams())!([]);
    return ((listed ?? []) as { title: string }[]).map(({ title }) => title);
  };

  it("can be asked where somebody has just asked in vain, until the document changes", async () => {
    const view = startView(source, { client: clients.helix });
    expect(await titlesIn(view)).not.toContain(why);
    await fill(view.context, view.place, new AbortController().signal);
    expect(await titlesIn(view)).toContain(why);
    const contentChanges = [{ text: `${view.document.text}\n` }];
    view.documents.didChange({ textDocument: { uri: view.document.uri, version: 9 }, contentChanges });
    expect(await titlesIn(view)).not.toContain(why);
  });

  it("is said by a message, in the command form and in the resolve form", async () => {
    const view = startView(source, { client: clients.neovim });
    await fill(view.context, view.place, new AbortController().signal);
    const item = { title: why, data: { armature: { ...view.place, why: true } } };
    await resolveCodeAction(view.context, item, new AbortController().signal);
    await executeCommand(view.context, { command: whyCommand, arguments: [view.place] });
    await vi.waitFor(() => expect(view.notified).toHaveLength(2));
    for (const { params } of view.notified)
      expect(params).toMatchObject({ message: "Armature: nothing here" });
  });
});
