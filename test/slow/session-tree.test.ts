import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommand } from "../../server/base/child.ts";
import { Abort } from "../../server/base/abort.ts";
import type { Wire } from "../support/editor.ts";
import { findTools } from "../support/tools.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import { bestOf, startSession } from "./session-world.ts";

const source = `
//- /Cargo.toml
[package]
name = "tree"
version = "0.1.0"
edition = "2021"
[workspace]
//- /build.rs
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
}
//- /src/lib.rs
pub enum Light { Red, Amber, Blue, Green, White }

pub fn name(light: &Light) -> &'static str {
    match light {
        Light::Red => "Red",
        Light::Amber => "Amber",
        Light::Blue => "Blue",
$0
    }
}
`;

/** The whole story of a session: open, fill by every route that writes nothing, type, save, close. */
async function story(workspace: Workspace, options: { direct: boolean; analyzer: Wire }): Promise<void> {
  const session = await startSession({ workspace, armature: {}, ...options });
  const { editor } = session;
  try {
    const { uri, offset } = workspace.cursor;
    await editor.open(uri);
    const text = editor.text(uri);
    await editor.request("textDocument/hover", editor.at(uri, text.indexOf("Light")));
    await editor.request("textDocument/completion", {
      ...editor.at(uri, offset),
      context: { triggerKind: 1 },
    });
    if (!options.direct) bestOf(await session.fill(uri, offset));
    await editor.replace(uri, `${text}\n// typed, then taken back\n`);
    if (!options.direct) bestOf(await session.fill(uri, offset));
    await editor.replace(uri, text);
    const saved = editor.traffic.length;
    await editor.save(uri);
    if (checks(options.analyzer)) await editor.waitFor("$/progress", isEndOfCheck, saved);
    await editor.close(uri);
    await editor.shutdown();
  } finally {
    await session.close();
  }
}

const checks = (analyzer: Wire) => analyzer.checkOnSave === true;

function isEndOfCheck({ token, value }: { token?: unknown; value?: unknown }): boolean {
  return String(token).includes("flycheck") && (value as { kind?: string }).kind === "end";
}

interface Entry {
  readonly name: string;
  readonly state: string;
}

/** Every file and folder below, with what can tell that it was written. */
function treeOf(root: string, skip: (name: string) => boolean = () => false): readonly Entry[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => !skip(name))
    .toSorted()
    .map((name) => {
      const { size, mtimeNs, ino, mode } = statSync(join(root, name), { bigint: true });
      return { name, state: [size, mtimeNs, ino, mode, contents(join(root, name))].join(" ") };
    });
}

function contents(path: string): string {
  if (!statSync(path).isFile()) return "folder";
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Names below target, hashes and process ids taken out: what was built, not when. */
function builtIn(root: string): readonly string[] {
  if (!existsSync(join(root, "target"))) return [];
  const names = treeOf(join(root, "target")).map(({ name }) =>
    name
      .replace(/-[0-9a-f]{16}/g, "-HASH")
      .replace(/incremental\/.*/, "incremental")
      .replace(/\.rmeta[^/]*$/, ".rmeta"),
  );
  return [...new Set(names)].filter((name) => !/flycheck\d*$/.test(name));
}

async function lock(workspace: Workspace): Promise<void> {
  await runCommand({
    file: "cargo",
    arguments: ["generate-lockfile", "--offline"],
    cwd: workspace.root,
    environment: findTools().environment,
    signal: new Abort().signal,
  });
}

it("leaves the tree byte for byte as it was where rust-analyzer itself writes nothing", async () => {
  const workspace = createWorkspace(source);
  await lock(workspace);
  const before = treeOf(workspace.root);
  expect(before.map(({ name }) => name)).toContain("Cargo.lock");
  await story(workspace, { direct: false, analyzer: {} });
  expect(treeOf(workspace.root)).toEqual(before);

  // The control: this look at a tree notices a planted write, a touched time and a new folder.
  const text = workspace.read("src/lib.rs");
  workspace.write("src/lib.rs", text);
  expect(treeOf(workspace.root)).not.toEqual(before);
  workspace.write("target/planted", "");
  expect(treeOf(workspace.root).map(({ name }) => name)).toContain("target/planted");
});

it("leaves what plain rust-analyzer leaves where that checks on save and runs build scripts", async () => {
  const own = { checkOnSave: true, cargo: { buildScripts: { enable: true } } };
  const plain = createWorkspace(source);
  const ours = createWorkspace(source);
  const sources = (workspace: Workspace) =>
    treeOf(workspace.root, (name) => /^(target|Cargo\.lock)/.test(name));
  const before = sources(ours);
  await story(plain, { direct: true, analyzer: own });
  await story(ours, { direct: false, analyzer: own });
  expect(sources(ours)).toEqual(before);
  expect(ours.read("Cargo.lock")).toBe(plain.read("Cargo.lock"));
  expect(builtIn(plain.root).length).toBeGreaterThan(5);
  expect(builtIn(ours.root)).toEqual(builtIn(plain.root));
});
