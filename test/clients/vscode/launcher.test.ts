import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { launcherText } from "../../../clients/vscode/src/launcher.ts";
import { writeLauncher } from "../../../clients/vscode/src/write-launcher.ts";

let folder = "";
beforeEach(() => {
  // A space and a quote, as home folders have them.
  folder = join(mkdtempSync(join(tmpdir(), "armature-launcher-")), "it's a home");
});
afterEach(() => rmSync(dirname(folder), { recursive: true }));

/** A program that says who it is, what it was given and what it was told. */
function program(path: string, name: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "${name}|$*|$ELECTRON_RUN_AS_NODE|$ARMATURE_RUST_ANALYZER"\n`);
  chmodSync(file, 0o755);
  return file;
}

const node = () => program("code", "node");
const server = (version: string) =>
  program(`extensions/armature.armature-${version}/server/main.mjs`, "server");
const analyzer = (version: string) =>
  program(`extensions/rust-lang.rust-analyzer-${version}/server/rust-analyzer`, "analyzer");
const gone = (path: string) => join(folder, path);

function run(facts: Parameters<typeof launcherText>[0], environment: NodeJS.ProcessEnv = {}): string {
  const launcher = join(folder, ".armature/bin/armature");
  writeLauncher(launcher, launcherText(facts));
  const { stdout, stderr } = spawnSync(launcher, ["-v", "two words"], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", ...environment },
  });
  return stdout.trim() || stderr;
}

describe.skipIf(process.platform === "win32")("the launcher", () => {
  test("starts the server on VS Code's own Node and hands on the rust-analyzer beside the official extension", () => {
    const facts = { node: node(), server: server("0.1.0"), analyzer: analyzer("0.3.9") };
    expect(run(facts)).toBe(`node|${facts.server} -v two words|1|${facts.analyzer}`);
  });

  test("leaves a rust-analyzer that the user named", () => {
    const facts = { node: node(), server: server("0.1.0"), analyzer: analyzer("0.3.9") };
    expect(run(facts, { ARMATURE_RUST_ANALYZER: "/mine" })).toMatch(/\|1\|\/mine$/);
  });

  test("hands nothing on where the official extension brings none along", () => {
    expect(run({ node: node(), server: server("0.1.0"), analyzer: undefined })).toMatch(/\|1\|$/);
    expect(run({ node: node(), server: server("0.1.0"), analyzer: gone("server/rust-analyzer") })).toMatch(
      /\|1\|$/,
    );
  });

  test("finds both extensions again after an update that moved them", () => {
    const moved = { server: server("0.2.0"), analyzer: analyzer("0.4.0") };
    const facts = {
      node: node(),
      server: gone("extensions/armature.armature-0.1.0/server/main.mjs"),
      analyzer: gone("extensions/rust-lang.rust-analyzer-0.3.9-linux-x64/server/rust-analyzer"),
    };
    expect(run(facts)).toBe(`node|${moved.server} -v two words|1|${moved.analyzer}`);
  });

  test("starts rust-analyzer alone where Armature is gone", () => {
    const facts = {
      node: node(),
      server: gone("extensions/armature.armature-0.1.0/server/main.mjs"),
      analyzer: analyzer("0.3.9"),
    };
    expect(run(facts)).toBe(`analyzer|-v two words||${facts.analyzer}`);
  });

  test("is written once, says whether it is new, and can be run", () => {
    const path = join(folder, ".armature/bin/armature");
    expect(writeLauncher(path, "#!/bin/sh\n")).toEqual({ isFirst: true });
    const { mtimeMs, mode } = statSync(path);
    expect(mode & 0o111).not.toBe(0);
    expect(writeLauncher(path, "#!/bin/sh\n")).toEqual({ isFirst: false });
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    expect(writeLauncher(path, "#!/bin/sh\nexit 1\n")).toEqual({ isFirst: false });
    expect(readFileSync(path, "utf8")).toContain("exit 1");
  });
});
