import { expect, it, vi } from "vitest";
import { Progress } from "../../server/views/progress.ts";
import type { Report } from "../../server/stages.ts";

function startReporter(created: Promise<unknown> = Promise.resolve(null), isSupported = true) {
  const kinds: string[] = [];
  const tokens = new Set<unknown>();
  const askEditor = vi.fn(() => created);
  const progress = new Progress({
    isSupported: () => isSupported,
    askEditor,
    notifyEditor(_method, params) {
      const { token, value } = params as { token: string; value: { kind: string } };
      tokens.add(token);
      kinds.push(value.kind);
    },
  });
  const cancel = vi.fn();
  const withProgress = <T>(title: string, work: (report: Report) => Promise<T>) =>
    progress.show({ key: title, title, work, cancel });
  return { withProgress, kinds, askEditor, progress, tokens, cancel };
}

it("begins, reports and ends under one token", async () => {
  const { withProgress, kinds } = startReporter();
  await withProgress("title", (report) => {
    report("half");
    return Promise.resolve();
  });
  await vi.waitFor(() => expect(kinds).toEqual(["begin", "report", "end"]));
});

it("ends where the work fails, and lets the failure through", async () => {
  const { withProgress, kinds } = startReporter();
  await expect(withProgress("title", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await vi.waitFor(() => expect(kinds).toEqual(["begin", "end"]));
});

it("is silent towards an editor that did not announce it, or refuses the token", async () => {
  const without = startReporter(Promise.resolve(null), false);
  expect(await without.withProgress("title", () => Promise.resolve(1))).toBe(1);
  expect(without.askEditor).not.toHaveBeenCalled();
  const refused = startReporter(Promise.reject(new Error("method not found")));
  expect(await refused.withProgress("title", () => Promise.resolve(1))).toBe(1);
  expect(refused.kinds).toEqual([]);
});

it("holds no work up where the editor never answers", async () => {
  const { withProgress, kinds } = startReporter(new Promise(() => {}));
  expect(await withProgress("title", () => Promise.resolve(1))).toBe(1);
  expect(kinds).toEqual([]);
});

it("ends the work that the person cancels, and only while it runs", async () => {
  const { withProgress, progress, tokens, cancel } = startReporter();
  let finish = () => {};
  const work = withProgress("title", () => new Promise<void>((resolve) => (finish = resolve)));
  await vi.waitFor(() => expect(tokens.size).toBe(1));
  const [token] = tokens;
  progress.cancelled({ token: "rustAnalyzer/Indexing" });
  progress.cancelled("nonsense");
  expect(cancel).not.toHaveBeenCalled();
  progress.cancelled({ token });
  expect(cancel).toHaveBeenCalledOnce();
  finish();
  await work;
  progress.cancelled({ token });
  expect(cancel).toHaveBeenCalledOnce();
});
