import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Abort, AbortedError } from "../../server/base/abort.ts";
import { type DoctorOptions, runDoctor } from "../../server/doctor/run-doctor.ts";
import { createFakeMachine, type FakeMachine } from "./fake-machine.ts";

async function examine(machine: FakeMachine, options: Partial<DoctorOptions> = {}) {
  let written = "";
  const write = (text: string) => {
    written += text;
  };
  const exitCode = await runDoctor({ ...machine.context, fix: false, model: false, write, ...options });
  return { exitCode, text: written.replaceAll(machine.folder, "~"), lines: written.trimEnd().split("\n") };
}

test("a machine with everything passes, and the report is aligned", async () => {
  const { exitCode, text } = await examine(createFakeMachine());
  expect(text.replace(/[\d.]+ GB free/, "N GB free")).toMatchInlineSnapshot(`
    "ok    rust-analyzer    1.96.0, ~/bin/rust-analyzer
    ok    cargo            cargo 1.96.0
    ok    rustc            rustc 1.96.0
    ok    rust-src         ~/sysroot/lib/rustlib/src/rust/library
    ok    workspace        ~/project: 1 package
    ok    dependencies     Cargo.lock is there and all it names is on this machine
    ok    cache directory  ~/cache, N GB free
    ok    rustfmt          rustfmt 1.8.0
    The main job can run.
    "
  `);
  expect(exitCode).toBe(0);
});

describe("what is wrong is told with its remedy", () => {
  test.each([
    ["rust-analyzer", "BAD   rust-analyzer", "rustup component add rust-analyzer rust-src"],
    ["cargo", "BAD   cargo", "install Rust with rustup"],
    ["rustc", "BAD   rustc", "install Rust with rustup"],
  ])("%s missing", async (name, line, remedy) => {
    const machine = createFakeMachine();
    machine.without(name);
    const { exitCode, text } = await examine(machine);
    expect(text).toContain(line);
    expect(text).toContain(remedy);
    expect(text).toMatch(/The main job cannot run: see .*\.\n$/);
    expect(exitCode).toBe(1);
  });

  test("rustfmt missing is a warning only", async () => {
    const machine = createFakeMachine();
    machine.without("rustfmt");
    const { exitCode, text } = await examine(machine);
    expect(text).toContain("warn  rustfmt");
    expect(text).toContain("The main job can run.");
    expect(exitCode).toBe(0);
  });

  test("Armature under rust-analyzer's name is not taken for it", async () => {
    const machine = createFakeMachine();
    machine.command("rust-analyzer", 'test -n "$ARMATURE_GUARD" && exit 86; echo "rust-analyzer 1.96.0"');
    const { exitCode, text } = await examine(machine);
    expect(text).toContain("leads back to Armature");
    expect(exitCode).toBe(1);
  });

  test("a sysroot without sources", async () => {
    const machine = createFakeMachine();
    machine.command("rustc", `case "$1" in --print) echo /nowhere;; *) echo "rustc 1.96.0";; esac`);
    const { text } = await examine(machine);
    // Where this machine has Debian's sources the doctor says how to use them instead.
    expect(text).toMatch(/(BAD |warn) {2}rust-src +not in \/nowhere, so types of std are unknown/);
    expect(text).toContain("rustup component add rust-src");
  });

  test("no cargo project", async () => {
    const machine = createFakeMachine();
    machine.write("elsewhere/readme", "");
    const { exitCode, text } = await examine(machine, { root: join(machine.folder, "elsewhere") });
    expect(text).toContain("BAD   workspace");
    expect(text).toContain("no Cargo.toml in ~/elsewhere or above");
    expect(exitCode).toBe(1);
  });

  test.each([
    ["a broken manifest", "error: failed to parse manifest at `Cargo.toml`", "BAD   workspace"],
    ["crates that are not there", "error: no matching package named `serde` found", "BAD   dependencies"],
    [
      "a lock file that lags behind",
      "error: cannot update the lock file Cargo.lock because --locked was passed",
      "warn  dependencies",
    ],
  ])("%s", async (_title, error, line) => {
    const machine = createFakeMachine();
    const failing = line.includes("workspace") ? "--no-deps" : "--locked";
    const good = JSON.stringify({ workspace_root: machine.context.root, packages: [{ name: "fixture" }] });
    machine.command(
      "cargo",
      `case "$1 $2" in "metadata ${failing}") echo '${error}' >&2; exit 101;; metadata*) echo '${good}';; *) echo "cargo 1";; esac`,
    );
    expect((await examine(machine)).text).toContain(line);
  });

  test("no lock file", async () => {
    const machine = createFakeMachine();
    machine.write("bare/Cargo.toml", "");
    const bare = JSON.stringify({ workspace_root: join(machine.folder, "bare"), packages: [] });
    machine.command("cargo", `case "$1" in metadata) echo '${bare}';; *) echo "cargo 1";; esac`);
    const { text } = await examine(machine, { root: join(machine.folder, "bare") });
    expect(text).toContain("warn  dependencies");
    expect(text).toContain("`cargo fetch` in ~/bare");
  });
});

describe("the cache directory", () => {
  test("inside the workspace", async () => {
    const machine = createFakeMachine();
    const { exitCode, text } = await examine(machine, {
      cacheDirectory: join(machine.context.root, "cache"),
    });
    expect(text).toContain("is inside the workspace");
    expect(exitCode).toBe(1);
  });

  test("below a stray manifest", async () => {
    const machine = createFakeMachine();
    machine.write("stray/Cargo.toml", "");
    const { exitCode, text } = await examine(machine, {
      cacheDirectory: join(machine.folder, "stray/cache"),
    });
    expect(text).toContain("~/stray/Cargo.toml above ~/stray/cache");
    expect(exitCode).toBe(1);
  });

  test("below a stray configuration of cargo, but not below cargo's home", async () => {
    const machine = createFakeMachine();
    machine.write(".cargo/config.toml", "");
    expect((await examine(machine)).text).toContain("ok    cache directory");
    machine.write("stray/.cargo/config.toml", "");
    const { text } = await examine(machine, { cacheDirectory: join(machine.folder, "stray/cache") });
    expect(text).toContain("warn  cache directory  ~/stray/.cargo/config.toml above");
  });

  test("that cannot be made", async () => {
    const machine = createFakeMachine();
    const { exitCode, text } = await examine(machine, {
      cacheDirectory: join(machine.folder, "bin/cargo/cache"),
    });
    expect(text).toMatch(/BAD {3}cache directory .*ENOTDIR/);
    expect(exitCode).toBe(1);
  });
});

describe("--fix", () => {
  test("says the command, runs it and looks again", async () => {
    const machine = createFakeMachine();
    machine.without("rustfmt");
    machine.command(
      "rustup",
      `echo "installing $3"; echo '#!/bin/sh' > ~/bin/rustfmt; /bin/chmod +x ~/bin/rustfmt`,
    );
    const { exitCode, text } = await examine(machine, { fix: true });
    expect(text).toContain("running: rustup component add rustfmt (in ~/project)\n  installing rustfmt\n");
    expect(text.split("running:")[0]).toContain("warn  rustfmt");
    expect(text.split("installing")[1]).toContain("ok    rustfmt");
    expect(exitCode).toBe(0);
  });

  test("tells of a remedy that failed and tries each only once", async () => {
    const machine = createFakeMachine();
    machine.without("rust-analyzer");
    machine.command("rustup", "echo no network >&2; exit 1");
    const { exitCode, text } = await examine(machine, { fix: true });
    expect(text.match(/running: rustup/g)).toHaveLength(1);
    expect(text).toContain(
      "  no network\nrustup component add rust-analyzer rust-src: failed with exit code 1",
    );
    expect(exitCode).toBe(1);
  });

  test("runs nothing where all is well, nor without being asked", async () => {
    const machine = createFakeMachine();
    machine.command("rustup", 'echo > "$HOME/ran"');
    await examine(machine, { fix: true });
    machine.without("rustfmt");
    await examine(machine);
    expect(existsSync(join(machine.folder, "ran"))).toBe(false);
    await examine(machine, { fix: true });
    expect(existsSync(join(machine.folder, "ran"))).toBe(true);
  });
});

describe("the model", () => {
  test("is not looked at unless asked for", async () => {
    const { text } = await examine(createFakeMachine());
    expect(text).not.toContain("model");
  });

  test("that is not named is a warning, since bodies come by analogy", async () => {
    const { exitCode, text } = await examine(createFakeMachine(), { model: true });
    expect(text).toContain("warn  model");
    expect(exitCode).toBe(0);
  });

  test("that cannot be reached is told with the variables to look at", async () => {
    const machine = createFakeMachine();
    // Port 9 of this machine: nothing listens there.
    const model = { ARMATURE_MODEL: "m", ARMATURE_MODEL_BASE_URL: "http://127.0.0.1:9/v1" };
    const environment = { ...machine.context.environment, ...model };
    const { exitCode, text } = await examine(machine, { model: true, environment });
    expect(text).toContain("BAD   model");
    expect(text).toContain("-> look at ARMATURE_MODEL, ARMATURE_MODEL_BASE_URL and OPENAI_API_KEY");
    expect(exitCode).toBe(1);
  });
});

test("an abort ends it, whatever a tool does", async () => {
  const machine = createFakeMachine();
  machine.command("cargo", `echo started > "$HOME/started"; while :; do :; done`);
  const abort = new Abort();
  const ended = examine(machine, { signal: abort.signal });
  while (!existsSync(join(machine.folder, "started"))) await new Promise((resolve) => setImmediate(resolve));
  abort.abort("cancelled");
  await expect(ended).rejects.toThrow(AbortedError);
});
