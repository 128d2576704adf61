import { describe, expect, test } from "vitest";
import { readStatus } from "../../../clients/vscode/src/answers.ts";
import { statusText } from "../../../clients/vscode/src/status-text.ts";

const armature = (status: Parameters<typeof readStatus>[0]) =>
  statusText({ kind: "armature", version: "0.1.0", status: readStatus(status) });

describe("the status", () => {
  test("says that nothing leaves the machine without a model", () => {
    expect(armature({ state: "ready" })).toEqual({
      text: "$(verified) Armature",
      tooltip: "Armature 0.1.0: ready.\n\nNo model: bodies by analogy, nothing leaves this machine.",
      isWarning: false,
    });
  });

  test("names the model and what is left of its budget, and warns at its end", () => {
    expect(armature({ state: "working", model: "qwen", requestsLeft: 12 }).text).toBe(
      "$(sync~spin) Armature (qwen, 12 left)",
    );
    expect(armature({ state: "ready", model: "qwen", requestsLeft: 12 }).isWarning).toBe(false);
    expect(armature({ state: "ready", model: "qwen", requestsLeft: 0 }).isWarning).toBe(true);
  });

  test.each(["starting", "ready", "working", "off"])("knows %s", (state) => {
    expect(armature({ state }).text).not.toContain("question");
  });

  test("of a server that answers otherwise claims nothing", () => {
    expect(armature({ state: "dancing" }).tooltip).toContain("does not answer");
  });

  test("says whose setting keeps Armature out", () => {
    const { tooltip, isWarning } = statusText({ kind: "plain", serverPath: "/opt/ra" });
    expect(tooltip).toContain("`/opt/ra`");
    expect(isWarning).toBe(true);
  });
});
