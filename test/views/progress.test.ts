import { expect, it, vi } from "vitest";
import { progressReporter } from "../../server/views/progress.ts";

function startReporter(created: Promise<unknown> = Promise.resolve(null), isSupported = true) {
  const kinds: string[] = [];
  const askEditor = vi.fn(() => created);
  const withProgress = progressReporter({
    isSupported: () => isSupported,
    askEditor,
    notifyEditor: (_method, params) => kinds.push((params as { value: { kind: string } }).value.kind),
  });
  return { withProgress, kinds, askEditor };
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
