/** What is run of the workspace where rust-analyzer is told to run nothing of it, and where it is not. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { createWorkspace } from "../support/workspace.ts";
import { bestOf, type Session, startSession } from "./session-world.ts";

/** The build script says where it ran, in a folder that no shadow copy stands in for. */
function crate() {
  const workspace = createWorkspace(`
    //- /Cargo.toml
    [package]
    name = "quiet"
    version = "0.1.0"
    edition = "2021"
    build = "build.rs"
    [workspace]
    //- /build.rs
    fn main() {
        use std::io::Write;
        let mut ran = std::fs::File::options().append(true).create(true).open(std::env::var("RAN").unwrap()).unwrap();
        writeln!(ran, "{}", std::env::var("OUT_DIR").unwrap()).unwrap();
    }
    //- /src/lib.rs
    pub enum Stage { Accepted, Sorted, Loaded }
    impl Stage {
        pub fn name(&self) -> &'static str {
            match self {
                Stage::Accepted => "accepted",
                Stage::Sorted => "sorted",
                $0
            }
        }
    }
  `);
  return { workspace, ran: `${workspace.root}-ran` };
}

/** Opens the file and types as somebody who wants nothing of us; resolves when rust-analyzer has answered it all. */
async function openAndType({ editor }: Session, uri: string, offset: number): Promise<void> {
  await editor.open(uri);
  await editor.untilQuiescent();
  await editor.edit(uri, offset, offset, "S");
  for (const triggerKind of [1, 3]) {
    const context = { triggerKind };
    await editor.request("textDocument/completion", { ...editor.at(uri, offset + 1), context });
  }
  await editor.edit(uri, offset, offset + 1, "");
}

const told = { cargo: { buildScripts: { enable: false } }, procMacro: { enable: false } };

it("nothing runs by opening a file and typing where rust-analyzer runs nothing; asked by hand, it is checked and said", async () => {
  const { workspace, ran } = crate();
  const session = await startSession({
    workspace,
    analyzer: { ...told, checkOnSave: false },
    environment: { RAN: ran },
  });
  try {
    const { uri, offset } = workspace.cursor;
    await openAndType(session, uri, offset);
    // Whatever checks begins with a shadow copy.
    expect(readdirSync(session.cache)).toEqual([]);
    expect(existsSync(ran)).toBe(false);
    expect(session.editor.stderr).not.toContain("keep rust-analyzer from it");
    bestOf(await session.fill(uri, offset));
    expect(readFileSync(ran, "utf8")).toContain(session.cache);
    expect(session.editor.stderr).toContain(
      "though checkOnSave and cargo.buildScripts.enable and procMacro.enable keep rust-analyzer from it",
    );
  } finally {
    await session.close();
  }
});

it("the build script runs unasked where rust-analyzer would run it too", async () => {
  const { workspace, ran } = crate();
  const session = await startSession({
    workspace,
    analyzer: { ...told, checkOnSave: true },
    environment: { RAN: ran },
  });
  try {
    await openAndType(session, workspace.cursor.uri, workspace.cursor.offset);
    await vi.waitFor(() => expect(readFileSync(ran, "utf8")).toContain(session.cache), {
      timeout: 60_000,
      interval: 50,
    });
    expect(session.editor.stderr).not.toContain("keep rust-analyzer from it");
  } finally {
    await session.close();
  }
});
