import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestProfile } from "./client-profiles.ts";
import { ScriptedEditor, uriOf, type Wire } from "./editor.ts";
import type { Exit } from "./inbox.ts";
import { Story } from "./story.ts";

export interface Recording {
  /** Answers in the order in which they came, under the name of the step that asked, without their ids. */
  readonly answers: readonly { readonly step: string; readonly message: Wire }[];
  /** What the server sent on its own, in order, without ids. */
  readonly others: readonly Wire[];
  readonly exit: Exit;
}

export interface PlayOptions {
  /** rust-analyzer alone; without it, Armature in between. */
  readonly analyzer?: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly profile: TestProfile;
  /** Made anew for each run: both runs see the same absolute paths. */
  readonly root: string;
}

/** Loads nothing in the background and runs no cargo but `cargo metadata`, so that two runs can be compared. */
const configuration = {
  checkOnSave: false,
  cachePriming: { enable: false },
  procMacro: { enable: false },
  cargo: { buildScripts: { enable: false } },
};

/** Plays a story with a server on a copy of the demo crate, and records what the server said. */
export async function playSession(
  { analyzer, environment, profile, root }: PlayOptions,
  tell: (story: Story, uri: string) => Promise<void>,
): Promise<Recording> {
  rmSync(root, { recursive: true, force: true });
  cpSync(resolve(import.meta.dirname, "../fixtures/demo"), root, { recursive: true });
  const started = { cwd: root, environment, configuration };
  const editor =
    analyzer === undefined
      ? ScriptedEditor.spawnArmature(started)
      : ScriptedEditor.spawn({ ...started, file: analyzer });
  try {
    const story = new Story(editor);
    const { encodings, capabilities, name } = profile;
    story.expectInitialize();
    await editor.initialize({ root: uriOf(root), encodings, capabilities, clientInfo: { name } });
    await tell(story, uriOf(join(root, "src/tracking.rs")));
    await story.ask("shutdown", "shutdown", undefined);
    await editor.notify("exit");
    return { ...story.recorded(), exit: await editor.exited };
  } finally {
    await editor.dispose();
  }
}
