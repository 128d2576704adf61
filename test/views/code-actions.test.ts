import { describe, expect, it } from "vitest";
import { fillCommand } from "../../protocol/methods.ts";
import { codeActionTransform, lazyFormOf, resolveCodeAction } from "../../server/views/code-actions.ts";
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

  it("does the work in the resolve form, and says why where nothing comes of it", async () => {
    const view = startView(source, { client: clients.neovim });
    const item = { ...lazy, data: { armature: view.place } };
    const resolved = resolveCodeAction(view.context, item, new AbortController().signal);
    await expect(resolved).rejects.toMatchObject({ code: -32803, message: "Armature: nothing here" });
    expect(view.run).toHaveBeenCalledOnce();
  });
});
