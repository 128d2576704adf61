import { describe, expect, test, vi } from "vitest";
import { Readiness, filterServerStatus } from "../../server/relay/readiness.ts";

const loading = { health: "ok", quiescent: false };
const ready = { health: "ok", quiescent: true };

describe("readiness", () => {
  test("comes with the first quiescent status and goes with the next that is not", () => {
    const readiness = new Readiness();
    expect(readiness.quiescent).toBe(false);
    readiness.update(loading);
    expect(readiness.quiescent).toBe(false);
    readiness.update({ health: "warning", quiescent: true, message: "no sysroot" });
    expect(readiness).toMatchObject({ quiescent: true, health: "warning", message: "no sysroot" });
    readiness.update({ ...loading, message: null });
    expect(readiness).toMatchObject({ quiescent: false, health: "ok", message: undefined });
  });

  test("is not touched by what cannot be read", () => {
    const readiness = new Readiness();
    readiness.update(ready);
    for (const params of [undefined, null, 5, {}, { quiescent: "no" }]) readiness.update(params);
    expect(readiness.quiescent).toBe(true);
  });

  test("lets those go on who wait for it, and those who come later at once", async () => {
    const readiness = new Readiness();
    const signal = new AbortController().signal;
    const order: string[] = [];
    const waiting = readiness.whenReady(signal).then(() => order.push("ready"));
    readiness.update(loading);
    await Promise.resolve();
    order.push("still loading");
    readiness.update(ready);
    await waiting;
    await readiness.whenReady(signal);
    expect(order).toEqual(["still loading", "ready"]);
  });

  test("rejects those whose signal aborts", async () => {
    const readiness = new Readiness();
    const controller = new AbortController();
    const waiting = readiness.whenReady(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow("aborted: cancelled");
    await expect(readiness.whenReady(controller.signal)).rejects.toThrow("aborted: cancelled");
  });
});

describe("the status notification", () => {
  function filter(isAskedFor: boolean) {
    const readiness = new Readiness();
    const notifyEditor = vi.fn();
    return {
      readiness,
      notifyEditor,
      see: filterServerStatus({ readiness, isAskedFor: () => isAskedFor, notifyEditor }),
    };
  }

  test("passes to an editor that asked for it, and nothing is added", () => {
    const { see, notifyEditor, readiness } = filter(true);
    expect(see({ health: "error", quiescent: true, message: "broken manifest" })).toBe("pass");
    expect(notifyEditor).not.toHaveBeenCalled();
    expect(readiness.health).toBe("error");
  });

  test("is hidden from an editor that did not, which is shown each warning and error once", () => {
    const { see, notifyEditor, readiness } = filter(false);
    const broken = { health: "error", quiescent: false, message: "broken manifest" };
    for (const status of [
      loading,
      broken,
      broken,
      { health: "warning", quiescent: true, message: "no sysroot" },
      broken,
      { health: "ok", quiescent: true, message: "all is well" },
      { health: "error", quiescent: true },
    ]) {
      expect(see(status)).toBe("drop");
    }
    expect(notifyEditor.mock.calls).toEqual([
      ["window/showMessage", { type: 1, message: "broken manifest" }],
      ["window/showMessage", { type: 2, message: "no sysroot" }],
    ]);
    expect(readiness.quiescent).toBe(true);
  });
});
