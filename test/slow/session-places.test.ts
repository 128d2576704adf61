/** Packages whose sources, or the file itself, stand elsewhere: wherever rust-analyzer knows the file, it is filled. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { createWorkspace } from "../support/workspace.ts";
import { bestOf, startSession } from "./session-world.ts";

const mode = `pub enum Mode { Fast, Slow, Lazy }

pub fn name(mode: &Mode) -> &'static str {
    match mode {
        Mode::Fast => "fast",
        Mode::Slow => "slow",
        $0
    }
}
`;
const manifest = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2024"\n';

interface Story {
  readonly name: string;
  readonly files: string;
  /** Links with what they lead to, relative to their own folder. */
  readonly links?: Readonly<Record<string, string>>;
  /** The file as the editor opens it. */
  readonly opened: string;
}

const stories: readonly Story[] = [
  {
    name: "a library's path leads out of the package",
    files: `//- /app/Cargo.toml\n${manifest}[lib]\npath = "../code/lib.rs"\n//- /code/lib.rs\npub mod more;\n${mode}//- /code/more.rs\n`,
    opened: "code/lib.rs",
  },
  {
    name: "src is a link out of the package",
    files: `//- /app/Cargo.toml\n${manifest}//- /code/lib.rs\n${mode}`,
    links: { "app/src": "../code" },
    opened: "app/src/lib.rs",
  },
  {
    name: "a module's file is a link out of the package",
    files: `//- /app/Cargo.toml\n${manifest}//- /app/src/lib.rs\npub mod mode;\n//- /common/mode.rs\n${mode}`,
    links: { "app/src/mode.rs": "../../common/mode.rs" },
    opened: "app/src/mode.rs",
  },
  {
    name: "src is a link within the package",
    files: `//- /app/Cargo.toml\n${manifest}//- /app/real/lib.rs\n${mode}`,
    links: { "app/src": "real" },
    opened: "app/src/lib.rs",
  },
  {
    name: "a build script reads beside the workspace",
    files: `//- /app/Cargo.toml\n${manifest}//- /app/build.rs\nfn main() { let _ = std::fs::read_to_string("../proto/n.txt").unwrap(); }\n//- /proto/n.txt\n1\n//- /app/src/lib.rs\n${mode}`,
    opened: "app/src/lib.rs",
  },
];

async function start({ files, links = {} }: Pick<Story, "files" | "links">) {
  const workspace = createWorkspace(files);
  rmSync(workspace.path("Cargo.toml"));
  for (const [link, target] of Object.entries(links)) {
    mkdirSync(dirname(workspace.path(link)), { recursive: true });
    symlinkSync(target, workspace.path(link));
  }
  const root = workspace.path("app");
  const session = await startSession({ workspace: { root, uri: pathToFileURL(root).href } });
  onTestFinished(() => session.close());
  return { workspace, session };
}

it.each(stories.map((story) => [story.name, story] as const))(
  "fills a match where %s",
  async (_name, story) => {
    const { workspace, session } = await start(story);
    const uri = workspace.uriOf(story.opened);
    await session.editor.open(uri);
    const offer = bestOf(await session.fill(uri, workspace.cursor.offset));
    expect(offer.edit).toMatchObject({ documentChanges: [{ textDocument: { uri } }] });
    expect(offer.evidence.targets).toContain("lib app");
    expect(JSON.stringify(offer.edit)).toContain(String.raw`Mode::Lazy => \"lazy\"`);
  },
);

it("says that rust-analyzer does not follow a module's path out of its package", async () => {
  const { workspace, session } = await start({
    files: `//- /app/Cargo.toml\n${manifest}//- /app/src/lib.rs\n#[path = "../../code/mode.rs"]\npub mod mode;\n//- /code/mode.rs\n${mode}`,
  });
  const uri = workspace.uriOf("code/mode.rs");
  await session.editor.open(uri);
  const none = await session.fill(uri, workspace.cursor.offset);
  expect(none.kind === "none" && `${none.reason}: ${none.message}`).toMatch(
    /^outside-workspace: rust-analyzer knows no crate with this file: .*`#\[path\]`/,
  );
});

it("says what a build script said when it failed", async () => {
  const { workspace, session } = await start({
    files: `//- /app/Cargo.toml\n${manifest}//- /app/build.rs\nfn main() { std::fs::read_to_string("gone.txt").expect("the list of modes"); }\n//- /app/src/lib.rs\n${mode}`,
  });
  const uri = workspace.uriOf("app/src/lib.rs");
  await session.editor.open(uri);
  const none = await session.fill(uri, workspace.cursor.offset);
  expect(none.kind === "none" && none.message).toMatch(/build\.rs:1:\d+: the list of modes: .*NotFound/);
});
