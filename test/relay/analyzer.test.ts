import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLog } from "../../server/base/log.ts";
import { exitCodeOf, findAnalyzer, runThrough, startAnalyzer } from "../../server/relay/analyzer.ts";

let root = "";
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "armature-find-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A script below the test's folder; its lines are those of a POSIX shell. */
function script(path: string, ...lines: readonly string[]): string {
  const whole = join(root, path);
  mkdirSync(join(whole, ".."), { recursive: true });
  writeFileSync(whole, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(whole, 0o755);
  return whole;
}

/** Not a script, and never run by the tests that use it. */
function binary(path: string): string {
  const whole = script(path);
  writeFileSync(whole, "\x7fELF");
  return whole;
}

const real = 'echo "rust-analyzer 1.2.3"';
/** What our own command line does where the guard is set. */
const ourselves = 'if [ -n "$ARMATURE_GUARD" ]; then exit 86; fi; exec "$0"';

function find(folders: readonly string[], more: { setting?: string; variable?: string; self?: string } = {}) {
  const environment: NodeJS.ProcessEnv = {
    HOME: root,
    // A shell for the scripts, and nothing of this machine's tools.
    PATH: folders.map((folder) => join(root, folder)).join(":"),
    ...(more.variable !== undefined && { ARMATURE_RUST_ANALYZER: more.variable }),
  };
  return findAnalyzer({ setting: more.setting ?? "", environment, self: more.self ?? join(root, "cli.js") });
}

describe("finding rust-analyzer", () => {
  test("the setting comes before the variable, the variable before PATH, PATH in its order", async () => {
    const [bySetting, byVariable, first] = ["s/ra", "v/ra", "a/rust-analyzer"].map((path) => binary(path));
    binary("b/rust-analyzer");
    const both = { setting: bySetting!, variable: byVariable! };
    expect(await find(["a", "b"], both)).toEqual({ path: bySetting });
    expect(await find(["a", "b"], { variable: byVariable! })).toEqual({ path: byVariable });
    expect(await find(["a", "b"])).toEqual({ path: first });
  });

  test("a name without a folder is looked up, and a tilde is the home folder", async () => {
    const path = binary("a/my-analyzer");
    expect(await find(["a"], { setting: "my-analyzer" })).toEqual({ path });
    expect(await find([], { setting: "~/a/my-analyzer" })).toEqual({ path });
  });

  test.each(["setting", "variable"] as const)(
    "a bad %s is an error and nothing else is tried",
    async (key) => {
      binary("a/rust-analyzer");
      const { error } = await find(["a"], { [key]: "/nowhere/rust-analyzer" });
      expect(error).toContain(key === "setting" ? "rustAnalyzer.path" : "ARMATURE_RUST_ANALYZER");
      expect(error).toContain(
        "/nowhere/rust-analyzer, which cannot be used as rust-analyzer: no such executable",
      );
    },
  );

  test("what is not executable and what is a folder are passed over", async () => {
    chmodSync(binary("a/rust-analyzer"), 0o644);
    mkdirSync(join(root, "b/rust-analyzer"), { recursive: true });
    const path = binary("c/rust-analyzer");
    expect(await find(["a", "b", "c", "missing"])).toEqual({ path });
  });

  test("we are not found by a link to ourselves", async () => {
    const self = script("lib/cli.js", real);
    mkdirSync(join(root, "a"));
    symlinkSync(self, join(root, "a/rust-analyzer"));
    const path = binary("b/rust-analyzer");
    expect(await find(["a", "b"], { self })).toEqual({ path });
    // Control: the link alone is what stood in the way.
    expect(await find(["a", "b"])).toEqual({ path: join(root, "a/rust-analyzer") });
    expect((await find([], { self, setting: join(root, "a/rust-analyzer") })).error).toContain(
      "Armature itself",
    );
  });

  test("we are not found by a script that starts us", async () => {
    const us = script("lib/armature", ourselves);
    script("a/rust-analyzer", `exec "${us}" "$@"`);
    const path = script("b/rust-analyzer", real);
    expect(await find(["a", "b"])).toEqual({ path });
    expect((await find(["a"])).error).toContain("a/rust-analyzer: it leads back to Armature");
  });

  test("we are not found by a rustup shim that falls back to PATH", async () => {
    const us = script("lib/armature", ourselves);
    script(".cargo/bin/rustup", `exec "${us}" "$@"`);
    symlinkSync("rustup", join(root, ".cargo/bin/rust-analyzer"));
    const { error } = await find([".cargo/bin"]);
    expect(error).toContain(".cargo/bin/rust-analyzer: it leads back to Armature");
  });

  test("a rustup shim with the component is taken, one without is named with its words", async () => {
    script(".cargo/bin/rustup", real);
    symlinkSync("rustup", join(root, ".cargo/bin/rust-analyzer"));
    expect(await find([".cargo/bin"])).toEqual({ path: join(root, ".cargo/bin/rust-analyzer") });
    script(".cargo/bin/rustup", "echo 'error: unknown binary' >&2", "exit 1");
    expect((await find([".cargo/bin"])).error).toContain("gave exit code 1: error: unknown binary");
  });

  test("rustup is asked last", async () => {
    const path = binary("toolchain/rust-analyzer");
    script("a/rustup", `[ "$1 $2" = "which rust-analyzer" ] && echo "${path}"`);
    expect(await find(["a"])).toEqual({ path });
  });

  test("where there is none, one message says what was tried and what to install", async () => {
    expect((await find(["a"])).error?.split("\n")).toEqual([
      "no rust-analyzer was found. Tried:",
      "  PATH: no rust-analyzer",
      "  rustup: not on PATH",
      expect.stringMatching(/rustup component add rust-analyzer rust-src.*apt-get install rust-web-analyzer/),
    ]);
  });
});

describe("running rust-analyzer", () => {
  const start = (path: string, args: readonly string[] = []) =>
    startAnalyzer({
      path,
      args,
      environment: process.env,
      cwd: root,
      standardError: "inherit",
      log: silentLog,
    });

  test("it gets its arguments, its folder and the guard, and its exit code is told", async () => {
    const path = script("ra", 'echo "$1 $(pwd) $ARMATURE_GUARD"', "read line", "exit 7");
    const analyzer = await start(path, ["--log-file"]);
    let output = "";
    analyzer.output.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise((resolve) => analyzer.output.on("end", resolve));
    analyzer.input.end();
    expect(await analyzer.exited).toEqual({ code: 7, signal: undefined });
    await ended;
    expect(output).toBe(`--log-file ${root} 1\n`);
  });

  test("stopping ends it, and one that does not listen is killed", async () => {
    const polite = await start(script("polite", "read line"));
    expect(await polite.stop()).toEqual({ code: undefined, signal: "SIGTERM" });
    const deaf = await start(
      script("deaf", "trap '' TERM", "echo ready", "while :; do read line || :; done"),
    );
    await new Promise((resolve) => deaf.output.once("data", resolve));
    expect(await deaf.stop()).toEqual({ code: undefined, signal: "SIGKILL" });
    expect(() => process.kill(deaf.pid, 0)).toThrow("ESRCH");
  });

  test("one that cannot be started is an error with the command, the folder and PATH", async () => {
    await expect(start("/nowhere/ra", ["-v"])).rejects.toThrow(
      new RegExp(`could not start /nowhere/ra -v \\(in ${root}, PATH=.*\\): .*ENOENT`),
    );
  });

  test("run in our place, its exit code and its signal are ours", async () => {
    const code = await runThrough(script("code", 'exit "$1"'), ["3"]);
    const signal = await runThrough(script("signal", "kill -9 $$"), []);
    expect([code, signal].map(exitCodeOf)).toEqual([3, 137]);
  });
});
