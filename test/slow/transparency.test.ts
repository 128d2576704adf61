import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeLike, emacsLike, neovimLike, type TestProfile } from "../support/client-profiles.ts";
import { differences } from "../support/compare-recordings.ts";
import { editingStory, untilLoaded } from "../support/editing-story.ts";
import { withoutAdditions } from "../support/named-additions.ts";
import { playSession, type Recording } from "../support/recorded-session.ts";
import type { Story } from "../support/story.ts";
import { findTools } from "../support/tools.ts";

let folder = "";
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "armature-transparency-")));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Tell = (story: Story, uri: string) => Promise<void>;

/** The same session with rust-analyzer and with Armature in between, one after the other in the same place. */
async function playBoth(profile: TestProfile, tell: Tell): Promise<[direct: Recording, through: Recording]> {
  const { analyzer, environment } = findTools();
  const options = {
    profile,
    root: join(folder, "demo"),
    environment: {
      ...environment,
      ARMATURE_RUST_ANALYZER: analyzer,
      ARMATURE_CACHE_DIR: join(folder, "cache"),
    },
  };
  const direct = await playSession({ ...options, analyzer }, tell);
  const through = await playSession(options, tell);
  return [direct, through];
}

const always = [
  "capabilities.experimental.armature",
  "code actions of our own",
  "completion items of our own",
  "executeCommandProvider.commands: ours",
];

describe.each([
  [
    neovimLike,
    [
      ...always,
      "$/progress under a token of our own",
      "a line in analyzerStatus",
      "completionProvider.resolveProvider",
      "the capability that analyzerStatus repeats, experimental.serverStatusNotification",
    ],
  ],
  [codeLike, [...always, "$/progress under a token of our own", "a line in analyzerStatus"]],
])("an editor like $name", (profile, expected) => {
  let direct: Recording;
  let through: Recording;
  beforeAll(async () => {
    [direct, through] = await playBoth(profile, editingStory);
  });

  test("sees what it sees without Armature, but for the additions that are named", () => {
    const { rest, seen } = withoutAdditions(through, direct);
    expect(differences(direct, rest)).toEqual([]);
    expect([...seen].sort()).toEqual([...expected].sort());
    expect(through.exit).toEqual({ code: 0, signal: null });
  });

  test("was asked and told enough for that to mean something", () => {
    const answered = direct.answers.filter(
      ({ message }) => message.result !== undefined && message.result !== null,
    );
    expect(answered.length).toBeGreaterThan(40);
    expect(new Set(direct.others.map(({ method }) => method))).toContain("workspace/configuration");
    const isTold = direct.others.some(({ method }) => method === "experimental/serverStatus");
    expect(isTold).toBe(profile === codeLike);
  });

  test("would show a changed byte, a dropped message and answers in another order", () => {
    const { rest } = withoutAdditions(through, direct);
    const hover = rest.answers.findIndex(({ step }) => step === "hover");
    const swapped = [...rest.answers];
    [swapped[hover], swapped[hover + 1]] = [swapped[hover + 1]!, swapped[hover]!];
    const changed = rest.answers.map((answer, index) =>
      index === hover
        ? {
            ...answer,
            message: JSON.parse(
              JSON.stringify(answer.message).replace('"value":"', '"value":"#'),
            ) as typeof answer.message,
          }
        : answer,
    );
    const dropped = rest.answers.filter((_, index) => index !== hover);
    for (const answers of [swapped, changed, dropped]) {
      expect(differences(direct, { ...rest, answers })).not.toEqual([]);
    }
    const others = rest.others.filter(({ method }) => method !== "client/registerCapability");
    expect(differences(direct, { ...rest, others })).not.toEqual([]);
    expect(differences(direct, { ...rest, exit: { code: 1, signal: null } })).toHaveLength(1);
  });
});

describe("an editor like Emacs", () => {
  const story: Tell = async (told, uri) => {
    await untilLoaded(told, uri);
    const { position } = told.editor.at(uri, 0);
    await told.ask("actions", "textDocument/codeAction", {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
  };
  let direct: Recording;
  let through: Recording;
  beforeAll(async () => {
    [direct, through] = await playBoth(emacsLike, story);
  });

  test("gets rust-analyzer's handshake, with utf-32, and no code actions", () => {
    const { rest, seen } = withoutAdditions(through, direct);
    expect(
      differences(
        { ...direct, answers: direct.answers.slice(0, 1) },
        { ...rest, answers: rest.answers.slice(0, 1) },
      ),
    ).toEqual([]);
    expect(JSON.stringify(direct.answers[0])).toContain('"positionEncoding":"utf-32"');
    expect([...seen].sort()).toEqual([
      "capabilities.experimental.armature",
      "completionProvider.resolveProvider",
      "executeCommandProvider.commands: ours",
    ]);
  });

  test("gets rust-analyzer's own answer to a question for code actions", () => {
    expect(differences(direct, withoutAdditions(through, direct).rest)).toEqual([]);
  });
});
