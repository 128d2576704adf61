/** Every story in every editor, as a person would: open, ask by keys, take by key, save. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { recordOffer } from "../support/held/recorder.ts";
import { findTools } from "../support/tools.ts";
import { layStories, saidByTools, type StoryCrate } from "./crate.ts";
import type { RealEditor, Way } from "./editor.ts";
import { startHelix } from "./helix.ts";
import { startNeovim } from "./neovim.ts";
import { type Row, settle } from "./results.ts";
import { type Story, stories } from "./stories.ts";

const editors: Record<string, { start: (root: string) => Promise<RealEditor>; ways: readonly Way[] }> = {
  Neovim: { start: startNeovim, ways: ["completion", "code action", "inline"] },
  Helix: { start: startHelix, ways: ["completion", "code action"] },
};
const rows: Row[] = [];

describe.each(Object.entries(editors))("%s", (name, { start, ways }) => {
  const told = stories.filter(({ way, notIn = [] }) => ways.includes(way) && !notIn.includes(name));
  let crate: StoryCrate;
  let editor: RealEditor;
  beforeAll(async () => {
    crate = layStories(told);
    editor = await start(crate.workspace.root);
  });
  afterAll(async () => {
    await editor?.close();
    crate?.workspace.remove();
  });

  test.each(told.map((story) => [story.name, story] as const))("%s", async (_title, story) => {
    let passed = false;
    try {
      await tell(editor, crate, story);
      passed = true;
    } finally {
      rows.push({ editor: editor.name, version: editor.version, story: story.name, passed });
    }
  });

  test("the table in the repository claims no more than was run", ({ skip }) => {
    const own = rows.filter(({ editor: ran }) => ran === name);
    skip(own.length < told.length, "not all stories were run");
    expect(settle(name, own)).toEqual([]);
  });
});

async function tell(editor: RealEditor, crate: StoryCrate, story: Story): Promise<void> {
  const place = crate.placeOf(story);
  await editor.open(place.file, place.line, place.column);
  if (story.typed !== undefined) await editor.type(story.typed);
  const ended = await editor.take(story.way);
  if (story.reason !== undefined) {
    expect(ended).toMatch(story.reason);
    expect(await editor.why()).toMatch(story.reason);
    return;
  }
  expect(ended).toBe("taken");
  if (story.afterwards !== undefined) await editor.undo();
  if (story.afterwards === "undo and redo") await editor.redo();
  await editor.save();
  const saved = readFileSync(place.file, "utf8");
  expect(saved).toBe(story.saved);
  if (story.afterwards === "undo") return;
  expect(saidByTools(place)).toBe("");
  // What was saved is held against plain cargo as every offer is.
  recordOffer({
    ...{ route: `${editor.name}, ${story.way}`, says: "verified by cargo check", root: place.directory },
    ...{ path: place.file, before: place.before, after: saved, unsaved: new Map() },
    settings: checkSettingsFrom({ check: { workspace: false } }, place.directory),
    environment: findTools().environment,
  });
}
