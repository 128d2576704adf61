import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { codeLike } from "../support/client-profiles.ts";
import { ScriptedEditor } from "../support/editor.ts";
import { markedProcesses, markVariable } from "../support/processes.ts";
import { runArmature } from "../support/held/run-armature.ts";
import { findTools } from "../support/tools.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";

function environmentOf(mark: string, workspace: Workspace): NodeJS.ProcessEnv {
  const { analyzer, environment } = findTools();
  return {
    ...environment,
    [markVariable]: mark,
    ARMATURE_RUST_ANALYZER: analyzer,
    ARMATURE_CACHE_DIR: `${workspace.root}-cache`,
  };
}

/** A build script that never ends keeps cargo busy for as long as the test needs it. */
const files = `
  //- /Cargo.toml
  [package]
  name = "busy"
  version = "0.1.0"
  edition = "2021"
  build = "build.rs"
  [workspace]
  //- /build.rs
  fn main() { loop { std::thread::sleep(std::time::Duration::from_secs(1)) } }
  //- /src/lib.rs
  pub enum Stage { Accepted, Sorted, Loaded, Lost }
  impl Stage {
      pub fn name(&self) -> &'static str {
          match self {
              Stage::Accepted => "accepted",
              Stage::Sorted => "sorted",
              Stage::Loaded => "loaded",
              $0
          }
      }
  }
  pub enum Hub { Airport, Harbour, Station }
  impl Hub {
      pub fn name(&self) -> &'static str {
          match self {
              Hub::Airport => "airport",
              Hub::Harbour => "harbour",
              Hub::Station => "station",
          }
      }
  }
  pub enum Vehicle { Bike, Van, Lorry }
  impl Vehicle {
      pub fn name(&self) -> &'static str {
          match self {
              Vehicle::Bike => "bike",
              Vehicle::Van => "van",
              Vehicle::Lorry => "lorry",
          }
      }
  }
  pub enum Recipient { Addressee, Neighbour, Locker }
  impl Recipient {
      pub fn name(&self) -> &'static str {
          match self {
              Recipient::Addressee => "addressee",
              Recipient::Neighbour => "neighbour",
              Recipient::Locker => "locker",
          }
      }
  }
`;
const configuration = {
  checkOnSave: false,
  cachePriming: { enable: false },
  procMacro: { enable: false },
  cargo: { buildScripts: { enable: false } },
};

describe("processes", () => {
  let workspace: Workspace;
  let editor: ScriptedEditor;
  let mark: string;
  beforeEach(async () => {
    workspace = createWorkspace(files);
    mark = randomUUID();
    editor = ScriptedEditor.spawnArmature({
      cwd: workspace.root,
      environment: environmentOf(mark, workspace),
      configuration,
    });
    await editor.initialize({ root: workspace.uri, capabilities: codeLike.capabilities });
    await editor.open(workspace.cursor.uri);
    await editor.untilQuiescent();
  });
  afterEach(async () => {
    await editor.dispose();
    for (const { pid } of markedProcesses(mark)) process.kill(pid, "SIGKILL");
    rmSync(`${workspace.root}-cache`, { recursive: true, force: true });
  });

  const names = () => markedProcesses(mark).map(({ name }) => name);

  /** Starts a job, and waits until cargo runs the build script for it. */
  async function untilCargoRuns(): Promise<void> {
    const { uri, offset } = workspace.cursor;
    editor.request("armature/fill", editor.at(uri, offset)).catch(() => undefined);
    await vi.waitFor(() => expect(names().some((name) => name.startsWith("build-script"))).toBe(true), {
      timeout: 60_000,
      interval: 50,
    });
    expect(names()).toContain("cargo");
    expect(names()).toContain("rust-analyzer");
  }

  /** The one bound on time here: it is what is promised. */
  const isAllGone = () => vi.waitFor(() => expect(names()).toEqual([]), { timeout: 1_000, interval: 20 });

  test("of ours are gone within a second of the editor, cargo and its children included", async () => {
    await untilCargoRuns();
    editor.hangUp();
    await isAllGone();
  });

  test("of ours are gone within a second of a SIGTERM", async () => {
    await untilCargoRuns();
    process.kill(editor.pid!, "SIGTERM");
    await isAllGone();
  });

  test("end when the editor shuts down in order while cargo runs", async () => {
    await untilCargoRuns();
    expect(await editor.shutdown()).toEqual({ code: 0, signal: null });
    expect(names()).toEqual([]);
  });

  test("of rust-analyzer killed close the editor's pipe with an exit code that tells of the signal", async () => {
    const analyzer = markedProcesses(mark).find(({ name }) => name === "rust-analyzer");
    const answer = editor.request("textDocument/hover", undefined);
    answer.catch(() => undefined);
    process.kill(analyzer!.pid, "SIGKILL");
    // 128 and the signal's number, as shells tell it.
    expect(await editor.exited).toEqual({ code: 137, signal: null });
    expect(names()).toEqual([]);
  });
});

describe("without a session", () => {
  const { environment, analyzer } = findTools();
  const known = { ...environment, ARMATURE_RUST_ANALYZER: analyzer };

  test.each([
    ["--version"],
    ["--help"],
    ["--print-config-schema"],
    ["nobody-knows-this"],
    ["symbols", "--help"],
    ["symbols"],
    ["diagnostics", "/nowhere/at/all"],
  ])("%s is answered by rust-analyzer, with its exit code", (...given) => {
    const commandArguments = given.filter((argument) => argument !== undefined);
    const input = "fn a() {}\nstruct B;\n";
    const { status, stdout } = spawnSync(analyzer, commandArguments, { env: known, input, encoding: "utf8" });
    const direct = { status, stdout };
    expect(runArmature(commandArguments, { environment: known, input })).toEqual(direct);
    expect(direct.stdout === "" && direct.status === 0).toBe(false);
  });
});
