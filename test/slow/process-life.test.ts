import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
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

  test("of ours are gone within a second of what is no message, with rust-analyzer's exit code and one line of ours", async () => {
    await untilCargoRuns();
    const before = editor.stderr.length;
    editor.sendBytes('Content-Length: x\r\n\r\n{"a":1}');
    await isAllGone();
    expect(await editor.exited).toEqual({ code: 1, signal: null });
    const said = editor.stderr.slice(before).split("\n");
    expect(said.filter((line) => /(warn|error) armature:/.test(line))).toEqual([
      expect.stringContaining("the editor's stream broke: content length that cannot be used"),
    ]);
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

test("of ours are gone within a second of an editor that was killed, with all its pipes closed", async () => {
  const workspace = createWorkspace(files);
  const mark = randomUUID();
  const editor = ScriptedEditor.spawnArmatureBehindPipes({
    cwd: workspace.root,
    environment: environmentOf(mark, workspace),
    configuration,
  });
  const ofMark = (claim: (name: string) => boolean) =>
    markedProcesses(mark).filter(({ name }) => claim(name));
  const isOfEditor = (name: string) => name === "bash" || name === "cat";
  try {
    await editor.initialize({ root: workspace.uri, capabilities: codeLike.capabilities });
    await editor.open(workspace.cursor.uri);
    await editor.untilQuiescent();
    const { uri, offset } = workspace.cursor;
    // By the command, whose end is a line in the log: there is nobody left to read it.
    const command = { command: "armature.fill", arguments: [editor.at(uri, offset)] };
    await editor.request("workspace/executeCommand", command);
    const isBusy = (name: string) => name.startsWith("build-script");
    await vi.waitFor(() => expect(ofMark(isBusy)).not.toEqual([]), { timeout: 60_000, interval: 50 });
    const ofEditor = ofMark(isOfEditor);
    expect(ofEditor).toHaveLength(4);
    for (const { pid } of ofEditor) process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(ofMark(() => true)).toEqual([]), { timeout: 1_000, interval: 20 });
  } finally {
    await editor.dispose();
    for (const { pid } of markedProcesses(mark)) process.kill(pid, "SIGKILL");
    rmSync(`${workspace.root}-cache`, { recursive: true, force: true });
  }
});

describe("an input that is never closed", () => {
  const { environment, analyzer } = findTools();
  const known = { ...environment, ARMATURE_RUST_ANALYZER: analyzer };
  const garbage = 'GARBAGE no header at all\r\n\r\n{"a":1}';

  test.each([
    ["rust-analyzer itself", () => ScriptedEditor.spawn({ file: analyzer, cwd: "/", environment: known })],
    ["ours", () => ScriptedEditor.spawnArmature({ cwd: "/", environment: known })],
  ])("and begins with what is no message ends %s with 1", async (_name, start) => {
    const editor = start();
    editor.sendBytes(garbage);
    expect(await editor.exited).toEqual({ code: 1, signal: null });
    await editor.dispose();
  });

  test("and a rust-analyzer that is deaf do not keep ours from ending on SIGTERM", async () => {
    const mark = randomUUID();
    // An analyzer that reads nothing, says nothing and ignores the signal.
    const deaf = createWorkspace(`
      //- /deaf.mjs
      #!/usr/bin/env node
      if (process.argv.includes("--version")) console.log("rust-analyzer 1.95.0");
      else { process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1_000); }
    `);
    chmodSync(`${deaf.root}/deaf.mjs`, 0o755);
    const editor = ScriptedEditor.spawnArmature({
      cwd: "/",
      environment: { ...known, ARMATURE_RUST_ANALYZER: `${deaf.root}/deaf.mjs`, [markVariable]: mark },
    });
    editor.request("initialize", {}).catch(() => undefined);
    await vi.waitFor(() => expect(markedProcesses(mark)).toHaveLength(2), { timeout: 20_000, interval: 50 });
    await vi.waitFor(() => expect(editor.stderr).toContain("standing between"), { timeout: 20_000 });
    process.kill(editor.pid!, "SIGTERM");
    await vi.waitFor(() => expect(markedProcesses(mark)).toEqual([]), { timeout: 1_500, interval: 20 });
    await editor.dispose();
  });
});

test("what is no message of rust-analyzer's ends ours with 1 and one line, whatever rust-analyzer says then", async () => {
  const odd = createWorkspace(`
    //- /odd.mjs
    #!/usr/bin/env node
    if (process.argv.includes("--version")) console.log("rust-analyzer 1.95.0");
    else process.stdin.on("data", () => console.log("GARBAGE no header at all\\r\\n\\r\\n")).on("end", () => process.exit(0));
  `);
  chmodSync(`${odd.root}/odd.mjs`, 0o755);
  const environment = { ...findTools().environment, ARMATURE_RUST_ANALYZER: `${odd.root}/odd.mjs` };
  const editor = ScriptedEditor.spawnArmature({ cwd: "/", environment });
  editor.request("initialize", {}).catch(() => undefined);
  expect(await editor.exited).toEqual({ code: 1, signal: null });
  expect(editor.stderr.match(/(warn|error) armature:.*/g)).toEqual([
    expect.stringContaining("rust-analyzer's stream broke: header line without a name"),
  ]);
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
