import { describe, expect, it } from "vitest";
import { holdMilliseconds, isAskedByHand, startsJob } from "../../server/trigger/rhythm.ts";

const setting = { holdMilliseconds: 10_000 };

it.each([
  ["helix", 10_000],
  ["Neovim", 10_000],
  ["code-server", 10_000],
  ["Eglot", 6_000],
  ["emacs", 6_000],
  ["", 10_000],
])("a completion for %s is held for less than it would wait", (client, bound) => {
  expect(holdMilliseconds(client, setting)).toBe(bound);
  expect(holdMilliseconds(client, { holdMilliseconds: 500 })).toBe(500);
});

describe("a completion", () => {
  it("was asked for by hand where no word or path is begun before the cursor and no character triggered it", () => {
    expect(isAskedByHand({ triggerKind: 1, lineBefore: "" })).toBe(true);
    expect(isAskedByHand({ lineBefore: "" })).toBe(true);
    expect(isAskedByHand({ triggerKind: 1, lineBefore: "Sha" })).toBe(false);
    expect(isAskedByHand({ triggerKind: 1, lineBefore: "        " })).toBe(true);
    expect(isAskedByHand({ triggerKind: 1, lineBefore: "        Shape::" })).toBe(false);
    expect(isAskedByHand({ triggerKind: 1, lineBefore: "        self." })).toBe(false);
    expect(isAskedByHand({ triggerKind: 2, lineBefore: "" })).toBe(false);
    expect(isAskedByHand({ triggerKind: 3, lineBefore: "" })).toBe(false);
  });

  it("starts a job while somebody types only where that costs nothing", () => {
    const typed = { triggerKind: 3, lineBefore: "Sha" };
    expect(startsJob(typed, false)).toBe(true);
    expect(startsJob(typed, true)).toBe(false);
    expect(startsJob({ triggerKind: 1, lineBefore: "" }, true)).toBe(true);
  });
});
