import { describe, expect, it, vi } from "vitest";
import { fillCommand } from "../../protocol/methods.ts";
import type { Outcome } from "../../server/stages.ts";
import { loadRustSyntax } from "../../server/syntax/parse.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { executeCommand } from "../../server/views/execute-command.ts";
import { fill, why } from "../../server/views/fill.ts";
import { snapshotAt } from "../support/cursor.ts";
import { startView, type ViewOptions } from "./view-harness.ts";

const source = "fn f() { match $0x {\n  A => 1,\n} }";
const after = "fn f() { match x {\n  A => 1,\n  B => 2,\n} }";

/** One offer of `B => 2` for the source. */
async function offered(): Promise<Outcome> {
  const { document, offset } = snapshotAt(source);
  const site = findSites(await loadRustSyntax(), document, offset)[0]!;
  const replaced = { start: 0, end: document.text.length };
  const skeleton = { site, replaced, text: after, holes: [], added: 1, written: [] };
  const check = {
    command: "cargo check",
    targets: ["lib x"],
    milliseconds: 1,
    checks: 1,
    errors: [],
    warnings: 0,
  };
  const draft = { rank: 0, fillings: new Map() };
  const drafts = { tried: 1, accepted: 1 };
  const offer = { skeleton, draft, text: after, open: [], check, drafts, rounds: 0 };
  return { kind: "offers", site, offers: [offer], rejected: [] };
}

async function view(options: ViewOptions = {}) {
  const askEditor = vi.fn(() => Promise.resolve({ applied: true }) as Promise<unknown>);
  const started = startView(source, { outcome: await offered(), askEditor, ...options });
  const run = () =>
    executeCommand(started.context, { command: fillCommand, arguments: [started.place] }) ?? "declined";
  return { ...started, askEditor, execute: run };
}

const messages = (notified: readonly { method: string; params: unknown }[]) =>
  notified.map(({ params }) => (params as { message: string }).message);

describe("the lazy command", () => {
  it("is answered at once, and its edit follows with the document's version", async () => {
    const { execute, askEditor, document } = await view();
    expect(await execute()).toBeNull();
    await vi.waitFor(() => expect(askEditor).toHaveBeenCalledOnce());
    expect(askEditor.mock.calls[0]).toMatchObject([
      "workspace/applyEdit",
      { edit: { documentChanges: [{ textDocument: { uri: document.uri, version: 1 } }] } },
      expect.anything(),
    ]);
  });

  it("of somebody else is left to rust-analyzer", async () => {
    const { context } = await view();
    expect(executeCommand(context, { command: "rust-analyzer.runSingle" })).toBeUndefined();
    expect(executeCommand(context, "nonsense")).toBeUndefined();
  });

  it("without a place is refused as such", async () => {
    const { context } = await view();
    for (const params of [[], ["nonsense"], undefined]) {
      const answer = executeCommand(context, { command: fillCommand, arguments: params });
      await expect(answer).rejects.toMatchObject({ code: -32602 });
    }
  });

  it("drops its edit where the document moved on, and says so", async () => {
    const { execute, askEditor, documents, document, notified, run } = await view();
    const outcome = await offered();
    run.mockImplementation(() => {
      documents.didChange({
        textDocument: { uri: document.uri, version: 0 },
        contentChanges: [{ text: "//" }],
      });
      return Promise.resolve(outcome);
    });
    await execute();
    await vi.waitFor(() => expect(messages(notified)).toEqual([expect.stringContaining("changed")]));
    expect(askEditor).not.toHaveBeenCalled();
  });

  it("tells why nothing comes", async () => {
    const none: Outcome = { kind: "none", stage: "bodies", reason: "no-evidence", message: "nothing here" };
    const { execute, notified } = await view({ outcome: none });
    await execute();
    await vi.waitFor(() => expect(messages(notified)).toEqual(["Armature: nothing here"]));
  });

  it("tells where the editor does not take the edit", async () => {
    for (const answer of [
      () => Promise.resolve({ applied: false, failureReason: "outdated" }),
      () => Promise.reject(new Error("method not found")),
    ]) {
      const { execute, notified } = await view({ askEditor: answer });
      await execute();
      await vi.waitFor(() => expect(messages(notified)[0]).toMatch(/did not apply.*(outdated|not found)/));
    }
  });
});

describe("armature/fill", () => {
  it("refuses params that name no place as such, and armature/why too", async () => {
    const { context } = await view();
    const { signal } = new AbortController();
    await expect(fill(context, { textDocument: {} }, signal)).rejects.toMatchObject({ code: -32602 });
    await expect(why(context, null)).rejects.toMatchObject({ code: -32602 });
  });

  it("gives the reason before rust-analyzer is ready, and starts nothing", async () => {
    const { context, place, run } = await view({ isReady: false });
    expect(await fill(context, place, new AbortController().signal)).toMatchObject({
      reason: "analyzer-not-ready",
    });
    expect(run).not.toHaveBeenCalled();
  });
});
