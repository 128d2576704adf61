import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startFill } from "../support/held/run-armature.ts";
import { findTools } from "../support/tools.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import { applied, commandLines, until } from "./session-world.ts";

const source = `
//- /src/lib.rs
pub enum Light { Red, Amber, Blue, Green, White }

pub fn name(light: &Light) -> &'static str {
    match light {
        Light::Red => "Red",
        Light::Amber => "Amber",
        Light::Blue => "Blue",
    }
}

/* é漢🦀 */ pub fn again(light: &Light) -> &'static str { match light { Light::Red => "Red", Light::Amber => "Amber", Light::Blue => "Blue" } }

pub fn whole(light: &Light) -> u8 {
    match light {
        Light::Red => 1,
        _ => 2,
    }
}
`;

const arms = `        Light::Green => "Green",\n        Light::White => "White",\n`;

let cache = "";
let server: ModelServer;
beforeAll(async () => {
  cache = realpathSync(mkdtempSync(join(tmpdir(), "armature-cache-")));
  server = await startModelServer([{ kind: "bodies", answers: [{ Green: "7", White: "8" }] }]);
});
afterAll(async () => {
  await server.close();
  rmSync(cache, { recursive: true, force: true });
});

/** As the editor sessions: nothing that keeps the processor busy. */
const settings = {
  cachePriming: { enable: false },
  cargo: { buildScripts: { enable: false } },
  procMacro: { enable: false },
};

function start(workspace: Workspace, args: readonly string[], extra: object = {}) {
  return startFill({
    root: workspace.root,
    arguments: args,
    settings: { ...settings, ...extra },
    environment: { ...findTools().environment, ARMATURE_CACHE_DIR: cache },
  });
}

const run = (workspace: Workspace, args: readonly string[], extra?: object) =>
  start(workspace, args, extra).ran;

it("prints the diff and the evidence and leaves the file alone", async () => {
  const workspace = createWorkspace(source);
  const before = workspace.read("src/lib.rs");
  const { code, out, err } = await run(workspace, ["src/lib.rs:4"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^Fill 2 match arms \(adds no error; 1 elsewhere: E0004 at lib\.rs:13\)\n/);
  expect(out).toContain(`+        Light::Green => "Green",\n+        Light::White => "White",\n`);
  expect(out).toMatch(/no new error: +cargo check -p fixture --all-targets \(lib fixture\)/);
  expect(out).toMatch(/^skeleton: +Light::Green/m);
  expect(out).toMatch(/^bodies: .*\(by analogy: /m);
  expect(out).toContain("whether the bodies do what you mean");
  expect(workspace.read("src/lib.rs")).toBe(before);
});

const position = z.object({ line: z.int(), character: z.int() });
/** protocol/methods.ts, FillOffers. */
const fillOffers = z.strictObject({
  kind: z.literal("offers"),
  site: z.string(),
  offers: z
    .array(
      z.strictObject({
        label: z.string(),
        edit: z.strictObject({
          documentChanges: z.array(
            z.strictObject({
              textDocument: z.strictObject({ uri: z.string(), version: z.int() }),
              edits: z.array(
                z.strictObject({
                  range: z.strictObject({ start: position, end: position }),
                  newText: z.string(),
                }),
              ),
            }),
          ),
        }),
        open: z.int(),
        evidence: z.strictObject({
          command: z.string(),
          targets: z.array(z.string()),
          milliseconds: z.int(),
          drafts: z.strictObject({ tried: z.int(), accepted: z.int() }),
          rounds: z.int(),
          holes: z.array(
            z.strictObject({
              kind: z.enum(["body", "type", "constant", "written"]),
              owner: z.string(),
              text: z.string(),
              by: z.enum(["analyzer", "analogy", "model", "open"]),
              rule: z.string().optional(),
              place: z.string().optional(),
              model: z.string().optional(),
            }),
          ),
          elsewhere: z.strictObject({ errors: z.int(), warnings: z.int() }),
          notChecked: z.array(z.string()),
        }),
      }),
    )
    .min(1),
});

it("prints the answer of armature/fill with --json, and --write writes exactly its text", async () => {
  const workspace = createWorkspace(source);
  const before = workspace.read("src/lib.rs");
  const { code, out } = await run(workspace, ["src/lib.rs:4", "--json", "--write"]);
  expect(code).toBe(0);
  const { offers } = fillOffers.parse(JSON.parse(out));
  const after = workspace.read("src/lib.rs");
  expect(after).toBe(before.replace(`"Blue",\n    }`, `"Blue",\n${arms}    }`));
  expect(after).toBe(applied(before, offers[0]!.edit, "utf-8"));
});

it("counts columns in characters, and finds a place on a line by them", async () => {
  const workspace = createWorkspace(source);
  const line = workspace
    .read("src/lib.rs")
    .split("\n")
    .findIndex((text) => text.includes("é漢🦀"));
  const text = workspace.read("src/lib.rs").split("\n")[line]!;
  const column = [...text.slice(0, text.indexOf("match"))].length + 1;
  const { code, out } = await run(workspace, [`src/lib.rs:${line + 1}:${column}`, "--write"]);
  expect({ code, out: out.slice(0, 22) }).toEqual({ code: 0, out: "Fill 2 match arms (add" });
  expect(workspace.read("src/lib.rs")).toMatch(
    /^\/\* é漢🦀 \*\/ pub fn again.*match light \{\n.*"Red",\n.*"Amber",\n.*Light::Blue => "Blue",\n +Light::Green/m,
  );
});

it("says why there is no offer and ends with 1", async () => {
  const workspace = createWorkspace(source);
  const nothing = await run(workspace, ["src/lib.rs:15"]);
  expect(nothing).toMatchObject({ code: 1, err: "" });
  expect(nothing.out).toMatch(
    /^no offer: match on `light`: .*nothing missing.* \(facts\/nothing-missing\)\n$/,
  );
  const nowhere = await run(workspace, ["src/lib.rs:1", "--json"]);
  expect(nowhere.code).toBe(1);
  expect(JSON.parse(nowhere.out)).toMatchObject({ kind: "none", stage: "trigger", reason: "not-a-site" });
});

it("shows the dropped drafts with --why", async () => {
  const workspace = createWorkspace(source);
  const armature = { model: { name: "tiny", baseUrl: server.baseUrl, candidates: 1, repairRounds: 0 } };
  const { code, out } = await run(workspace, ["src/lib.rs:4", "--why"], { armature });
  expect(code).toBe(1);
  expect(out).toContain("(verify/all-rejected)");
  expect(out).toMatch(/\nrejected: E0308: mismatched types\n {4}7\n {4}8\n/);
});

it("ends with 3 where something fails, and says what", async () => {
  const workspace = createWorkspace(source);
  const { code, err } = await startFill({
    root: workspace.root,
    arguments: ["src/lib.rs:4"],
    settings: {},
    environment: {
      ...findTools().environment,
      ...{ ARMATURE_CACHE_DIR: cache, ARMATURE_RUST_ANALYZER: "/nowhere/at/all" },
    },
  }).ran;
  expect(code).toBe(3);
  expect(err).toMatch(/^armature fill: .*\/nowhere\/at\/all/);
});

it.each(["SIGINT", "SIGTERM"] as const)(
  "leaves no child behind on %s, and writes nothing",
  async (signal) => {
    const workspace = createWorkspace(source);
    // Some seconds of work for rustc.
    const busy = "pub const BUSY: u64 = { let mut i = 0u64; while i < 60_000_000 { i += 1; } i };\n";
    workspace.write(
      "src/lib.rs",
      `#![allow(long_running_const_eval)]\n${workspace.read("src/lib.rs")}${busy}`,
    );
    const before = workspace.read("src/lib.rs");
    const { child, ran } = start(workspace, ["src/lib.rs:5", "--write"]);
    const ours = () => commandLines().filter((line) => line.includes(cache) || line.includes(workspace.root));
    await until(() => ours().some((line) => line.includes("--crate-name fixture")));
    child.kill(signal);
    const { code } = await ran;
    expect(code).toBe(3);
    await until(() => ours().length === 0);
    expect(workspace.read("src/lib.rs")).toBe(before);
  },
);
