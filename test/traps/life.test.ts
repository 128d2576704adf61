/** What becomes of a check that is cancelled, killed, greedy, mute or in another's way. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Abort, AbortedError } from "../../server/base/abort.ts";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { draftOf } from "../slow/verify-world.ts";
import { Gate, pidsOf, program, slotsOf } from "./life.ts";
import { type Bodies, explain, TrapWorld, verdictsOf } from "./trap.ts";
import { count, file, kinds, manifest, right, wrong } from "./site.ts";

let world: TrapWorld | undefined;
const open: (() => void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) close();
  await world?.close();
  world = undefined;
});

const lib = (text: string) => file("src/lib.rs", text);
const site = lib(kinds + count);

interface Ask {
  readonly signal?: AbortSignal;
  readonly report?: (message: string) => void;
  readonly settings?: unknown;
}
const ask = (at: TrapWorld, files: string, drafts: readonly Bodies[], more: Ask = {}) => {
  const skeleton = at.lay(files)!;
  return at.verifier.verify({
    skeleton,
    drafts: drafts.map(draftOf),
    documents: [skeleton.site.document],
    settings: checkSettingsFrom(more.settings ?? {}),
    signal: more.signal ?? new Abort().signal,
    report: more.report ?? (() => {}),
  });
};
const isRustc = (line: string) => /\brustc\b.*--crate-name trap\b/.test(line);
const untilCompiling = (at: TrapWorld) =>
  expect
    .poll(() => at.processes().filter(isRustc).length, { timeout: 60_000, interval: 20 })
    .toBeGreaterThan(0);

const endless = lib(
  "#![allow(long_running_const_eval)]\npub trait Size { const SIZE: usize; }\npub struct S;\nimpl Size for S {«\n    const SIZE: usize = ‹constant:todo!()›;\n»}\npub const USED: usize = S::SIZE;\n",
);
const neverEnds = { h1: "{ let mut n = 0usize; while n < 10 { n -= n; } n }" };

describe("a check that is cancelled", () => {
  it("is over, with every process of it, when its asker hears of it: an endless constant", async () => {
    world = new TrapWorld();
    const abort = new Abort();
    const asked = ask(world, endless, [neverEnds], { signal: abort.signal });
    await untilCompiling(world);
    abort.abort("cancelled");
    await expect(asked).rejects.toEqual(new AbortedError("cancelled"));
    expect(world.processes()).toEqual([]);
  });

  it("is over with a build script that ignores the signal and the children that it has started", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    gate.close("shadow");
    symlinkSync("/bin/sleep", join(world.base, "sleeper"));
    const deaf = `extern "C" { fn signal(number: i32, handler: usize) -> usize; }
    unsafe { signal(15, 1); }
    let _kept: Vec<_> = (0..3).map(|_| std::process::Command::new(${JSON.stringify(join(world.base, "sleeper"))}).arg("600").spawn().unwrap()).collect();`;
    const abort = new Abort();
    const asked = ask(world, file("build.rs", gate.script(deaf)) + site, [right], { signal: abort.signal });
    await gate.reached("shadow");
    expect(world.processes().filter((line) => line.includes("sleeper"))).toHaveLength(3);
    abort.abort("superseded");
    await expect(asked).rejects.toEqual(new AbortedError("superseded"));
    expect(world.processes()).toEqual([]);
  });

  it("is over before the one that took its place begins", async () => {
    world = new TrapWorld();
    const abort = new Abort();
    const first = ask(world, endless, [neverEnds], { signal: abort.signal });
    await untilCompiling(world);
    abort.abort("superseded");
    const alive: (readonly string[])[] = [];
    const at = world;
    const second = ask(world, site, [right], { report: () => alive.push(at.processes().filter(isRustc)) });
    await expect(first).rejects.toBeInstanceOf(AbortedError);
    expect(verdictsOf(await second)).toEqual(["accepted"]);
    expect(alive[0]).toEqual([]);
  });
});

describe("a check that takes too much", () => {
  it("memory is ended, and the setting is named", async () => {
    world = new TrapWorld({}, { memoryMegabytes: 700, lockMilliseconds: 10_000 });
    const table = { h1: "{ let all = [7u64; 1 << 29]; all[3] as usize }" };
    const result = await ask(world, endless, [table]);
    expect(verdictsOf(result)).toBe("check-memory");
    expect(explain(result)).toContain("more than 700 MB of memory (verify.memoryMegabytes)");
    expect(world.processes()).toEqual([]);
    expect(verdictsOf(await ask(world, site, [right]))).toEqual(["accepted"]);
  });

  it("room for what it prints is ended", async () => {
    const place = temporary();
    world = new TrapWorld(
      withProgram(
        place,
        "cargo",
        `case "$*" in *--message-format*) exec cat /dev/zero ;; esac\n${realCargo()}`,
      ),
    );
    const result = await ask(world, site, [right]);
    expect(explain(result)).toBe("cargo-failed: cargo printed without end and was killed");
    expect(world.processes()).toEqual([]);
  });
});

function temporary(): string {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "armature-life-")));
  open.push(() => rmSync(place, { recursive: true, force: true }));
  return place;
}

function withProgram(place: string, name: string, script: string): NodeJS.ProcessEnv {
  return { PATH: [program(place, name, script), process.env.PATH ?? ""].join(delimiter) };
}

/** Hands on to the cargo that PATH has without ours. */
function realCargo(): string {
  return `PATH=${JSON.stringify(process.env.PATH ?? "")} exec cargo "$@"`;
}

describe("cargo that is not as it should be", () => {
  it("may print what is no message in front of its messages", async () => {
    const rubbish = `case "$*" in *--message-format*) printf 'warm up\\n{"reason":"new"}\\n{"reason":7\\n\\377\\000\\n'; head -c 3000000 /dev/zero | tr '\\0' x; echo ;; esac\n${realCargo()}`;
    world = new TrapWorld(withProgram(temporary(), "cargo", rubbish));
    expect(verdictsOf(await ask(world, site, [wrong, right]))).toEqual(["rejected h2 E0308", "accepted"]);
  });

  it.each([
    ["says nothing and succeeds", "exit 0", "cargo-failed: no message"],
    [
      "fails with a message",
      "echo 'error: the sky is falling' >&2; exit 101",
      "cargo-failed: the sky is falling",
    ],
    [
      "is killed from outside",
      "kill -9 $$",
      "cargo-failed: cargo was ended from outside by SIGKILL (systems do so when memory is short)",
    ],
  ])("%s", async (_, script, says) => {
    world = new TrapWorld(
      withProgram(temporary(), "cargo", `case "$*" in *--message-format*) ${script} ;; esac\n${realCargo()}`),
    );
    expect(explain(await ask(world, site, [right]))).toBe(says);
  });

  it("is killed while it compiles, and leaves nothing behind", async () => {
    world = new TrapWorld();
    const { base } = world;
    const asked = ask(world, endless, [neverEnds]);
    await untilCompiling(world);
    const [cargo] = pidsOf((line) => line.includes(base) && /\bcargo\b.* check\b/.test(line));
    process.kill(cargo!, "SIGKILL");
    expect(explain(await asked)).toContain("cargo was ended from outside by SIGKILL");
    expect(world.processes()).toEqual([]);
  });

  it("loses its compiler, and has no verdict", async () => {
    world = new TrapWorld();
    const { base } = world;
    let isOver = false;
    const asked = ask(world, endless, [neverEnds]).finally(() => (isOver = true));
    while (!isOver) {
      for (const pid of pidsOf((line) => line.includes(base) && isRustc(line))) process.kill(pid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const result = await asked;
    expect(verdictsOf(result)).toEqual(["unknown not-live"]);
    expect(explain(result)).toMatch(/cargo failed: could not compile `trap`.*SIGKILL/);
  });

  it("is missing", async () => {
    world = new TrapWorld({ PATH: temporary() });
    const result = await ask(world, site, [right]);
    expect(explain(result)).toBe(
      "cargo-missing: cargo could not be started; install Rust, or put cargo on the PATH the editor has",
    );
  });

  it("may not be executed", async () => {
    const place = temporary();
    writeFileSync(join(place, "cargo"), "#!/bin/sh\n");
    chmodSync(join(place, "cargo"), 0o644);
    world = new TrapWorld({ PATH: place });
    expect(verdictsOf(await ask(world, site, [right]))).toBe("cargo-missing");
  });

  it("has no compiler", async () => {
    const sysroot = spawnSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).stdout.trim();
    const place = temporary();
    symlinkSync(join(sysroot, "bin", "cargo"), join(place, "cargo"));
    world = new TrapWorld({ PATH: place });
    const result = await ask(world, site, [right]);
    expect(verdictsOf(result)).toBe("cargo-missing");
    expect(explain(result)).toContain("rustc could not be started (rustc)");
  });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A cargo of the user's, or of anybody's. */
function start({ environment }: TrapWorld, cwd: string, cargoArguments: readonly string[]) {
  const child = spawn("cargo", [...cargoArguments], { cwd, env: environment, stdio: "ignore" });
  const kill = () => child.kill("SIGKILL");
  open.push(kill);
  return { kill, ended: new Promise<number | null>((resolve) => child.once("close", resolve)) };
}

const impatient = { memoryMegabytes: 0, lockMilliseconds: 500 };

describe("a lock that another process holds", () => {
  it("on the package cache, by a cargo that downloads, is named after a short wait, and shown meanwhile", async () => {
    const home = temporary();
    world = new TrapWorld({ CARGO_HOME: home }, impatient);
    expect(verdictsOf(await ask(world, site, [right]))).toEqual(["accepted"]);
    const server = createServer();
    const asked = new Promise<void>((resolve) => server.once("connection", () => resolve()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const holder = join(world.base, "holder");
    put(join(holder, "src/lib.rs"), "");
    put(
      join(holder, "Cargo.toml"),
      manifest("holder", `[dependencies]\nfar = { git = "http://127.0.0.1:${port}/far" }\n`),
    );
    const fetching = start(world, holder, ["fetch"]);
    open.push(() => server.close());
    await asked;

    const reports: string[] = [];
    const result = await ask(world, `${site}// Changed.\n`, [right], {
      report: (message) => reports.push(message),
    });
    expect(verdictsOf(result)).toBe("check-locked");
    expect(explain(result)).toBe(
      "check-locked: another process holds cargo's lock on the package cache; ask again when it has ended",
    );
    expect(reports).toContain("waiting for cargo's lock on the package cache, which another process holds");
    expect(world.processes().filter((line) => /\bcargo\b.* check\b/.test(line))).toEqual([]);

    fetching.kill();
    await fetching.ended;
    expect(verdictsOf(await ask(world, `${site}// Changed again.\n`, [right]))).toEqual(["accepted"]);
  });

  it("on the build directory is named too", async () => {
    world = new TrapWorld({}, impatient);
    expect(verdictsOf(await ask(world, site, [right]))).toEqual(["accepted"]);
    const gate = new Gate(world);
    gate.close("user");
    const holder = join(world.base, "holder");
    put(join(holder, "Cargo.toml"), manifest("holder"));
    put(join(holder, "src/lib.rs"), "");
    put(join(holder, "build.rs"), gate.script());
    const [slot = ""] = slotsOf(world);
    const places = [
      "--target-dir",
      join(slot, "target"),
      "--config",
      `build.build-dir="${join(slot, "build")}"`,
    ];
    const holding = start(world, holder, ["check", "--offline", ...places]);
    await gate.reached("user");
    const result = await ask(world, `${site}// Changed.\n`, [right]);
    expect(explain(result)).toContain("another process holds cargo's lock on the build directory");
    gate.open("user");
    expect(await holding.ended).toBe(0);
    expect(verdictsOf(await ask(world, `${site}// Changed again.\n`, [right]))).toEqual(["accepted"]);
  });

  it("for a moment is waited for", async () => {
    const home = temporary();
    world = new TrapWorld({ CARGO_HOME: home }, { memoryMegabytes: 0, lockMilliseconds: 60_000 });
    expect(verdictsOf(await ask(world, site, [right]))).toEqual(["accepted"]);
    const holder = spawn("flock", ["-x", join(home, ".package-cache"), "cat"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    open.push(() => holder.kill("SIGKILL"));
    holder.stdin.write("held\n");
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const report = (message: string) => {
      // Only now is it let go.
      if (message.startsWith("waiting for cargo's lock")) holder.stdin.end();
    };
    expect(verdictsOf(await ask(world, `${site}// Changed.\n`, [right], { report }))).toEqual(["accepted"]);
  });
});

describe("the user's own cargo build", () => {
  /** On disk the user's file is whole, so that it builds; in the editor it is not. */
  const prepare = (at: TrapWorld, files: string) => {
    const skeleton = at.lay(files)!;
    writeFileSync(skeleton.site.document.path, "pub fn other() {}\n");
    // The first build would write it, and a check that began before would be stale.
    spawnSync("cargo", ["generate-lockfile", "--offline"], { cwd: at.root, env: at.environment });
    return () => at.verify(skeleton, [wrong, right]);
  };

  it("does not hold up a check", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    const files = file("build.rs", gate.script()) + site;
    gate.close("user");
    const asked = prepare(world, files);
    const building = start(world, world.root, ["build", "--offline"]);
    await gate.reached("user");
    expect(verdictsOf(await asked())).toEqual(["rejected h2 E0308", "accepted"]);
    gate.open("user");
    expect(await building.ended).toBe(0);
  });

  it("is not held up by one", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    const files = file("build.rs", gate.script()) + site;
    gate.close("shadow");
    const asked = prepare(world, files)();
    await gate.reached("shadow");
    expect(await start(world, world.root, ["build", "--offline"]).ended).toBe(0);
    gate.open("shadow");
    expect(verdictsOf(await asked)).toEqual(["rejected h2 E0308", "accepted"]);
  });
});
