/** rust-analyzer's own settings, as they were at the start and as they are changed later. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FillResult } from "../../protocol/methods.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import { bestOf, type Session, shortly, startSession } from "./session-world.ts";

/** The body that the siblings suggest is there with the feature `wide` only. */
const source = `
//- /Cargo.toml
[package]
name = "shapes"
version = "0.1.0"
edition = "2021"
[features]
wide = []
[workspace]
//- /src/lib.rs
pub struct Circle;
pub struct Square;
pub struct Blob;
impl Circle { pub fn area(&self) -> u32 { 1 } }
impl Square { pub fn area(&self) -> u32 { 2 } }
#[cfg(feature = "wide")]
impl Blob { pub fn area(&self) -> u32 { 3 } }
pub enum Shape { Circle(Circle), Square(Square), Blob(Blob) }

pub fn area(shape: &Shape) -> u32 {
    match shape {
        Shape::Circle(circle) => circle.area(),
        Shape::Square(square) => square.area(),
$0
    }
}
`;

let workspace: Workspace;
let session: Session;
/** What the editor answers when rust-analyzer asks for its section. */
let section: unknown;
beforeAll(async () => {
  workspace = createWorkspace(source);
  const answers = { "workspace/configuration": () => [section] };
  session = await startSession({ workspace, answers });
  await session.editor.open(workspace.cursor.uri);
});
afterAll(async () => {
  await session.close();
  workspace.remove();
});

async function configure(changed: unknown): Promise<void> {
  section = changed;
  const before = session.editor.traffic.length;
  await session.editor.notify("workspace/didChangeConfiguration", { settings: null });
  await session.editor.waitFor("workspace/configuration", () => true, before);
}

/** The first result that is not "not ready": rust-analyzer reloads after a change. */
async function filled(): Promise<FillResult> {
  for (;;) {
    await session.editor.untilQuiescent();
    const result = await session.fill(workspace.cursor.uri, workspace.cursor.offset);
    if (result.kind === "offers" || result.reason !== "analyzer-not-ready") return result;
  }
}

it("checks under the features of the start", async () => {
  expect(shortly(await filled())).toBe("verify/all-rejected");
});

it("checks under features that are turned on later", async () => {
  await configure({ cargo: { buildScripts: { enable: false }, features: ["wide"] } });
  const { evidence } = bestOf(await filled());
  expect(evidence.command).toBe("cargo check -p shapes --features wide --all-targets");
  expect(evidence.holes.map(({ text }) => text)).toEqual(["blob.area()"]);
});

it.each([null, {}])("keeps them where an editor answers with %j, as rust-analyzer does", async (nothing) => {
  await configure(nothing);
  expect(shortly(await filled())).toBe("offers");
});

it("does not follow a command of the user's own, and names the setting", async () => {
  await configure({ check: { overrideCommand: ["make", "check"] } });
  const message = expect.stringContaining("check.overrideCommand") as string;
  expect(await filled()).toMatchObject({ stage: "verify", reason: "not-handled", message });
});

it("checks without the feature again once it is off", async () => {
  await configure({ check: { features: [] } });
  expect(shortly(await filled())).toBe("verify/all-rejected");
});
