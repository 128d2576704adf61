/** A workspace with a package for each story, so that one story's open file says nothing of another's. */
import { spawnSync } from "node:child_process";
import { snapshotAt } from "../support/cursor.ts";
import { findTools } from "../support/tools.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import type { Story } from "./stories.ts";

export interface StoryCrate {
  readonly workspace: Workspace;
  placeOf(story: Story): StoryPlace;
}

export interface StoryPlace {
  readonly package: string;
  /** Absolute. */
  readonly directory: string;
  readonly file: string;
  readonly before: string;
  readonly offset: number;
  readonly line: number;
  /** Characters before the cursor. */
  readonly column: number;
}

export function layStories(stories: readonly Story[]): StoryCrate {
  const names = stories.map((_, index) => `story${index}`);
  const workspace = createWorkspace(
    `//- /Cargo.toml\n[workspace]\nresolver = "2"\nmembers = ${JSON.stringify(names)}\n`,
  );
  const places = new Map(
    stories.map((story, index) => {
      const name = names[index] ?? "";
      const manifest = `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n`;
      workspace.write(`${name}/Cargo.toml`, manifest);
      if (story.rustfmt !== undefined) workspace.write(`${name}/rustfmt.toml`, story.rustfmt);
      const { document, offset } = snapshotAt(story.source);
      const { text } = document;
      workspace.write(`${name}/src/lib.rs`, text);
      const ahead = text.slice(0, offset).split("\n");
      const place: StoryPlace = {
        package: name,
        directory: workspace.path(name),
        file: workspace.path(`${name}/src/lib.rs`),
        before: text,
        offset,
        line: ahead.length - 1,
        column: [...(ahead.at(-1) ?? "")].length,
      };
      return [story, place] as const;
    }),
  );
  cargo(["generate-lockfile", "--offline"], workspace.root);
  return { workspace, placeOf: (story) => places.get(story)! };
}

/** What rustfmt and cargo say of the file on disk; "" where they accept it without a word. */
export function saidByTools({ file, directory }: StoryPlace): string {
  const { environment } = findTools();
  const options = { cwd: directory, env: environment, encoding: "utf8" as const };
  const format = spawnSync("rustfmt", ["--check", "--edition", "2021", file], options);
  return `${format.status === 0 ? "" : format.stdout + format.stderr}${cargo(["check", "--quiet"], directory)}`;
}

function cargo(words: readonly string[], cwd: string): string {
  const { environment } = findTools();
  // Of its own, since rust-analyzer's check holds the lock of the usual one.
  const env = { ...environment, CARGO_TARGET_DIR: "plain-target" };
  return spawnSync("cargo", words, { cwd, env, encoding: "utf8" }).stderr;
}
