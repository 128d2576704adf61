import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { findBreaches, foldersNotOnTheMap, type SourceFile } from "./support/architecture.ts";

const root = resolve(import.meta.dirname, "..");

function readSources(): SourceFile[] {
  return ["server", "protocol", "clients"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
        .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
    )
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

describe("the product's own files", () => {
  test("are found at all", () => {
    const paths = readSources().map((file) => file.path);
    expect(paths).toContain("server/pipeline.ts");
    expect(paths).toContain("protocol/methods.ts");
  });

  test("keep the direction of imports, the only importers, the only writers and the sizes", () => {
    expect(findBreaches(readSources())).toEqual([]);
  });

  test.skipIf(!existsSync(join(root, "server/README.md")))("have every folder on the map", () => {
    const folders = readdirSync(join(root, "server"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(foldersNotOnTheMap(readFileSync(join(root, "server/README.md"), "utf8"), folders)).toEqual([]);
  });
});

describe("planted breaches are found", () => {
  const planted = (path: string, text: string) => findBreaches([{ path, text }]);

  test.each([
    [
      "server/facts/a.ts",
      `import { x } from "../bodies/x.ts";`,
      "the stage server/facts imports server/bodies",
    ],
    [
      "server/offer/a.ts",
      `import type { X } from "../verify/x.ts";`,
      "the stage server/offer imports server/verify",
    ],
    [
      "server/verify/a.ts",
      `import { x } from "../relay/x.ts";`,
      "the stage server/verify imports server/relay",
    ],
    [
      "server/facts/a.ts",
      `const x = await import("../offer/x.ts");`,
      "the stage server/facts imports server/offer",
    ],
    ["server/facts/a.ts", `export * from "../offer/x.ts";`, "the stage server/facts imports server/offer"],
    [
      "server/facts/a.ts",
      `type X = import("../offer/x.ts").X;`,
      "the stage server/facts imports server/offer",
    ],
    [
      "server/base/a.ts",
      `import { x } from "../syntax/x.ts";`,
      "server/base (rank 1) imports server/syntax (rank 1)",
    ],
    [
      "server/relay/a.ts",
      `import { x } from "../session.ts";`,
      "server/relay (rank 2) imports server/session.ts",
    ],
    [
      "protocol/a.ts",
      `import { x } from "../server/stages.ts";`,
      "protocol (rank 0) imports server/stages.ts",
    ],
    [
      "server/pipeline.ts",
      `import { x } from "./views/x.ts";`,
      "server/pipeline.ts (rank 8) imports server/views",
    ],
    [
      "server/verify/shadow/a.ts",
      `import { x } from "../judge/x.ts";`,
      "server/verify/shadow (rank 3) imports server/verify/judge (rank 6)",
    ],
    [
      "server/verify/text/a.ts",
      `import { x } from "../shadow/x.ts";`,
      "server/verify/text (rank 3) imports server/verify/shadow (rank 3)",
    ],
    ["server/verify/odd/a.ts", `import { x } from "../cargo/x.ts";`, "server/verify/odd has no rank"],
    ["server/odd/a.ts", `import { x } from "../base/x.ts";`, "server/odd has no rank"],
    ["clients/vscode/a.ts", `import { x } from "../../server/cli.ts";`, "a client imports something else"],
  ])("%s: %s", (path, text, breach) => {
    expect(planted(path, text)).toEqual([expect.stringContaining(`${path}: ${breach}`)]);
  });

  test.each([
    ["server/facts/a.ts", `import OpenAI from "openai";`, "may not import openai"],
    ["server/bodies/by-analogy/a.ts", `await import("openai/resources");`, "may not import openai/resources"],
    ["server/verify/a.ts", `import { Parser } from "web-tree-sitter";`, "may not import web-tree-sitter"],
    [
      "server/verify/cargo/cargo.ts",
      `import { spawn } from "node:child_process";`,
      "may not import node:child_process",
    ],
    [
      "server/verify/cargo/cargo.ts",
      `const { spawn } = require("child_process");`,
      "may not import child_process",
    ],
    [
      "server/facts/a.ts",
      `import { writeFile } from "node:fs/promises";`,
      "may not write to a disk (writeFile)",
    ],
    ["server/verify/judge/a.ts", `import { rm } from "node:fs/promises";`, "may not write to a disk (rm)"],
    ["server/facts/a.ts", `import { rmSync as gone } from "node:fs";`, "may not write to a disk (rmSync)"],
    ["server/facts/a.ts", `import * as fs from "node:fs";`, "may not write to a disk (the whole of fs)"],
    ["server/facts/a.ts", `import { promises } from "fs";`, "may not write to a disk (promises)"],
    ["server/facts/a.ts", `export const log = () => console.error("x");`, "uses console"],
  ])("%s: %s", (path, text, breach) => {
    expect(planted(path, text)).toEqual([`${path}: ${breach}`]);
  });

  test("a file of 251 lines", () => {
    expect(planted("server/facts/a.ts", "// line\n".repeat(250))).toEqual([]);
    expect(planted("server/facts/a.ts", "// line\n".repeat(251))).toEqual([
      "server/facts/a.ts: has 251 lines, more than 250",
    ]);
  });

  test("a second importer of openai", () => {
    const text = `import OpenAI from "openai";`;
    const one = { path: "server/bodies/by-model/endpoint.ts", text };
    const other = { path: "server/bodies/by-model/prompt.ts", text };
    expect(findBreaches([one])).toEqual([]);
    expect(findBreaches([one, other])).toEqual([`${other.path}: is a second importer of openai`]);
  });

  test("a cycle of three files", () => {
    const file = (name: string, next: string) => ({
      path: `server/base/${name}.ts`,
      text: `import { x } from "./${next}.ts";`,
    });
    expect(findBreaches([file("a", "b"), file("b", "c"), file("c", "d")])).toEqual([]);
    expect(findBreaches([file("a", "b"), file("b", "c"), file("c", "a")])).toEqual([
      "server/base/a.ts: imports itself by way of server/base/b.ts, server/base/c.ts, server/base/a.ts",
    ]);
  });

  test("a folder that the map forgot", () => {
    expect(foldersNotOnTheMap("`base/` and `relay/`", ["base", "relay", "doctor"])).toEqual(["doctor"]);
  });
});

test("what the rules allow passes", () => {
  const allowed: SourceFile[] = [
    {
      path: "server/facts/a.ts",
      text: `import { readFile } from "node:fs/promises"; // console is only named`,
    },
    {
      path: "server/offer/a.ts",
      text: `import type { Offer } from "../stages.ts"; const a = { console: 1 };`,
    },
    { path: "server/base/child.ts", text: `import { spawn } from "node:child_process";` },
    { path: "server/verify/shadow/sync.ts", text: `import { writeFileSync } from "node:fs";` },
    {
      path: "server/verify/judge/a.ts",
      text: `import { x } from "../check/x.ts"; import { y } from "./y.ts";`,
    },
    { path: "server/pipeline.ts", text: `import { x } from "./verify/x.ts";` },
    {
      path: "server/cli.ts",
      text: `import { version } from "../package.json"; import { x } from "./session.ts";`,
    },
    { path: "server/stages.ts", text: "// line\n".repeat(300) },
  ];
  expect(findBreaches(allowed)).toEqual([]);
});
