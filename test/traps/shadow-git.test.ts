/** Build scripts that ask git get the user's answers, and write nothing of the user's. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Abort } from "../../server/base/abort.ts";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { treeState } from "../slow/verify-world.ts";
import { ShadowWorld } from "./shadow-world.ts";
import { count, file, kinds, manifest, right } from "./site.ts";
import { verdictsOf } from "./trap.ts";

let world: ShadowWorld;
beforeEach(() => (world = new ShadowWorld()));
afterEach(() => world.close());

/** Says what git says, notes each run in a file beside itself, and runs again when these files change. */
const asking = (...watched: readonly string[]) => `use std::process::Command;
fn git(arguments: &[&str]) -> String {
    let output = Command::new("git").args(arguments).output().unwrap();
    if !output.status.success() { return "none".into(); }
    String::from_utf8(output.stdout).unwrap().trim().to_string()
}
fn main() {
    println!("cargo::rustc-env=COMMIT={}", git(&["rev-parse", "HEAD"]));
    println!("cargo::rustc-env=DESCRIBED={}", git(&["describe", "--always", "--dirty", "--tags"]));
    println!("cargo::rustc-env=BRANCH={}", git(&["symbolic-ref", "--short", "HEAD"]));
    println!("cargo::rustc-env=LOG={}", git(&["log", "--format=%s", "-3"]).replace('\\n', " "));
    println!("cargo::rustc-env=STATUS={}", git(&["status", "--porcelain"]).replace('\\n', " "));
    use std::io::Write;
    let file = std::fs::OpenOptions::new().create(true).append(true).open("runs.log");
    writeln!(file.unwrap(), "run").unwrap();
${watched.map((path) => `    println!("cargo::rerun-if-changed=${path}");\n`).join("")}}
`;
const ignored = file(".gitignore", "/target\n/runs.log\nCargo.lock\n");
const crate = (...watched: readonly string[]) =>
  file("build.rs", asking("build.rs", ...watched)) + file("src/lib.rs", kinds + count) + ignored;

const commit = async (directory: string, message: string) => {
  await world.git(directory, "add", "-A");
  await world.git(directory, "commit", "-q", "-m", message);
};
/** What the script would say in the user's tree. */
const answers = async (directory: string) => {
  const ask = (...command: readonly string[]) => world.git(directory, ...command).catch(() => "none");
  const log = (await ask("log", "--format=%s", "-3")).replaceAll("\n", " ");
  const status = (await ask("status", "--porcelain")).replaceAll("\n", " ");
  return {
    COMMIT: await ask("rev-parse", "HEAD"),
    DESCRIBED: await ask("describe", "--always", "--dirty", "--tags"),
    BRANCH: await ask("symbolic-ref", "--short", "HEAD"),
    LOG: log,
    STATUS: status,
  };
};
/** What it said in the shadow. */
const said = (): Readonly<Record<string, string>> => {
  const scripts = join(world.slot, "build/debug/build");
  const output = readdirSync(scripts)
    .map((name) => join(scripts, name, "output"))
    .find((path) => existsSync(path))!;
  const lines = readFileSync(output, "utf8").matchAll(/^cargo::rustc-env=(\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
};
const runs = (directory = ".") => {
  const log = world.placeOf(join(directory, "runs.log"));
  return existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0;
};
const warm = (path = "src/lib.rs") =>
  world.verifier.warm(join(world.root, path), checkSettingsFrom({}), new Abort().signal);
const verify = async (skeleton: Parameters<ShadowWorld["verify"]>[0]) =>
  verdictsOf(await world.verify(skeleton, [right]));

it("answers as in the user's tree, on a branch, at a tag, with loose and with packed refs", async () => {
  const skeleton = world.lay(crate(".git/HEAD", ".git/refs/heads/main"))!;
  await world.git(world.root, "init", "-q", "-b", "main");
  await commit(world.root, "first");
  const check = async () => {
    const expected = await answers(world.root);
    const before = treeState(world.root);
    await warm();
    expect(said()).toEqual(expected);
    expect(treeState(world.root)).toEqual(before);
  };
  await check();
  await world.git(world.root, "tag", "v1");
  world.put("more.txt", "more");
  await commit(world.root, "second");
  await check();
  expect(said().DESCRIBED).toMatch(/^v1-1-g/);
  await world.git(world.root, "pack-refs", "--all");
  await world.git(world.root, "checkout", "-q", "-b", "topic");
  world.put("more.txt", "changed");
  world.put("build.rs", `${asking(".git/HEAD", ".git/refs/heads/main", "more.txt")}\n`);
  await check();
  expect(said().BRANCH).toBe("topic");
  expect(said().DESCRIBED).toMatch(/-dirty$/);
  await world.git(world.root, "commit", "-qam", "third");
  await world.git(world.root, "checkout", "-q", "--detach", "v1");
  await check();
  expect(said()).toMatchObject({ BRANCH: "none", DESCRIBED: "v1" });
  const before = treeState(world.root);
  expect(await verify(skeleton)).toEqual(["accepted"]);
  // The draft is a change to a file that git knows.
  expect(treeState(world.root)).toEqual(before);
});

describe("a script that watches git's files", () => {
  const watched = [".git/HEAD", ".git/refs/heads/main", ".git/index", ".git/logs/HEAD"];

  it("does not run again where nothing changed, and runs after a commit", async () => {
    const skeleton = world.lay(crate(...watched))!;
    await world.git(world.root, "init", "-q", "-b", "main");
    await commit(world.root, "first");
    // The script's own `git status` notes in the index which files are as they were, unless they were written in the
    // same moment as the index. That comes to an end, and the runs with it.
    const settle = async () => {
      const counts: number[] = [];
      const isSettled = () => counts.length >= 3 && new Set(counts.slice(-3)).size === 1;
      while (!isSettled() && counts.length < 15) {
        await verify(skeleton);
        counts.push(runs());
      }
      expect(counts.slice(-3)).toEqual(Array(3).fill(counts.at(-1)));
      return counts.at(-1)!;
    };
    await warm();
    const settled = await settle();
    world.put("more.txt", "more");
    await commit(world.root, "second");
    await warm();
    expect(said().LOG).toBe("second first");
    expect(await settle()).toBeGreaterThan(settled);
  });

  it("runs at each check where they are missing", async () => {
    const skeleton = world.lay(crate(...watched))!;
    await warm();
    const before = runs();
    await verify(skeleton);
    await verify(skeleton);
    expect(runs()).toBeGreaterThanOrEqual(before + 2);
  });
});

describe("a repository that is larger than the workspace", () => {
  const lay = async (others: Readonly<Record<string, string>>) => {
    const text = kinds + count.replace("{\n", '{\n    const _: &str = include_str!("../../README.md");\n');
    const skeleton = world.lay(
      file("build.rs", asking("build.rs", ".git/HEAD")) + file("src/lib.rs", text) + ignored,
    )!;
    const repository = dirname(world.root);
    await world.git(repository, "init", "-q", "-b", "main");
    for (const [name, content] of Object.entries({ "README.md": "read me", ...others })) {
      mkdirSync(dirname(join(repository, name)), { recursive: true });
      writeFileSync(join(repository, name), content);
    }
    await commit(repository, "first");
    return { skeleton, repository };
  };
  const again = () => appendFileSync(join(world.root, "build.rs"), "// again\n");

  it("is as clean or dirty as it is, and its files can be compiled in", async () => {
    const { skeleton, repository } = await lay({ "beside/notes.txt": "notes" });
    const expected = await answers(world.root);
    const before = treeState(repository);
    await warm();
    expect(said()).toEqual(expected);
    expect(said().DESCRIBED).not.toMatch(/dirty/);
    expect(await verify(skeleton)).toEqual(["accepted"]);
    expect(treeState(repository)).toEqual(before);
    writeFileSync(join(repository, "beside/notes.txt"), "changed");
    again();
    const dirty = await answers(world.root);
    await warm();
    expect(said()).toEqual(dirty);
    expect(existsSync(world.placeOf("../README.md"))).toBe(true);
    rmSync(join(repository, "README.md"));
    await warm();
    expect(existsSync(world.placeOf("../README.md"))).toBe(false);
  });

  it("is not dirty for what is too much to bring", async () => {
    const many = Array.from({ length: 1_001 }, (_, index): [string, string] => [
      `beside/${index}.txt`,
      `${index}`,
    ]);
    const { repository } = await lay(Object.fromEntries(many));
    const expected = await answers(world.root);
    await warm();
    expect(said()).toEqual(expected);
    expect(said().DESCRIBED).not.toMatch(/dirty/);
    expect(existsSync(world.placeOf("../beside/1.txt"))).toBe(false);
    writeFileSync(join(repository, "beside/1.txt"), "changed");
    again();
    await commit(world.root, "second");
    writeFileSync(join(repository, "beside/1.txt"), "changed again");
    await world.git(repository, "update-index", "--refresh").catch(() => "as it should be");
    await world.git(repository, "commit", "-q", "--allow-empty", "-m", "third");
    again();
    const dirty = await answers(world.root);
    expect(dirty.DESCRIBED).toMatch(/-dirty$/);
    await warm();
    expect(said().DESCRIBED).toBe(dirty.DESCRIBED);
  });
});

it("works in a further working tree and in a submodule", async () => {
  world.lay(crate(".git/HEAD"));
  const main = join(world.base, "main");
  renameSync(world.root, main);
  await world.git(main, "init", "-q", "-b", "main");
  await commit(main, "first");
  await world.git(main, "worktree", "add", "-q", "-b", "topic", world.root);
  appendFileSync(join(world.root, "build.rs"), "// topic\n");
  await commit(world.root, "of the topic");
  const expected = await answers(world.root);
  const before = [treeState(main), treeState(world.root)];
  await warm();
  expect(said()).toEqual(expected);
  expect(said().BRANCH).toBe("topic");
  expect([treeState(main), treeState(world.root)]).toEqual(before);
});

it("works in a submodule that is a member of the workspace", async () => {
  const upstream = await world.upstream("sub", file("Cargo.toml", manifest("sub")) + crate(".git/HEAD"));
  world.lay(
    file("Cargo.toml", '[workspace]\nmembers = ["sub"]\nresolver = "2"\n') +
      file(".gitignore", "/target\nCargo.lock\nruns.log\n"),
  );
  await world.git(world.root, "init", "-q", "-b", "main");
  await world.git(
    world.root,
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "--quiet",
    "add",
    upstream,
    "sub",
  );
  await commit(world.root, "with a submodule");
  const expected = await answers(join(world.root, "sub"));
  const before = treeState(world.root);
  await warm("sub/src/lib.rs");
  expect(said()).toEqual(expected);
  expect(said().LOG).toBe("first");
  expect(treeState(world.root)).toEqual(before);
});

it("works in a shallow clone and in one that shares another's objects", async () => {
  world.lay(crate(".git/HEAD"));
  const main = join(world.base, "main");
  renameSync(world.root, main);
  await world.git(main, "init", "-q", "-b", "main");
  await commit(main, "first");
  writeFileSync(join(main, "more.txt"), "more");
  await commit(main, "second");
  for (const options of [
    ["--depth=1", `file://${main}`],
    ["--shared", main],
  ]) {
    await world.git(world.base, "clone", "-q", ...options, world.root);
    appendFileSync(join(world.root, "build.rs"), `// ${options.join(" ")}\n`);
    const expected = await answers(world.root);
    await warm();
    expect(said()).toEqual(expected);
    rmSync(world.root, { recursive: true });
  }
});

describe("settings and variables that lead back into the user's repository", () => {
  /** A script that writes into whatever repository it finds. */
  const writing = `use std::process::Command;
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    std::fs::write("written.txt", "x").unwrap();
    for arguments in [&["add", "written.txt"][..], &["commit", "-qm", "by the script"], &["status"], &["gc", "-q"]] {
        let _ = Command::new("git").args(arguments).status();
    }
}
`;
  const lay = async () => {
    world.lay(
      file("build.rs", writing) +
        file("src/lib.rs", kinds + count) +
        file(".gitignore", "/target\nCargo.lock\n"),
    );
    await world.git(world.root, "init", "-q", "-b", "main");
    const hook = join(world.root, ".hooks/pre-commit");
    mkdirSync(dirname(hook));
    writeFileSync(hook, `#!/bin/sh\necho ran >> ${world.base}/hook-ran\n`, { mode: 0o755 });
    await commit(world.root, "first");
    await world.git(world.root, "config", "core.hooksPath", join(world.root, ".hooks"));
    await world.git(world.root, "config", "core.worktree", world.root);
    await world.git(world.root, "config", "core.fsmonitor", hook);
    const git = join(world.root, ".git");
    // As in an editor that `git commit` has started.
    return { GIT_DIR: git, GIT_INDEX_FILE: join(git, "index"), GIT_WORK_TREE: world.root };
  };

  it("do not: the user's repository stays as it is, to the byte", async () => {
    const variables = await lay();
    const before = treeState(world.root);
    Object.assign(world.environment, variables);
    await warm();
    expect(existsSync(world.placeOf("written.txt"))).toBe(true);
    expect(treeState(world.root)).toEqual(before);
    expect(existsSync(join(world.base, "hook-ran"))).toBe(false);
    for (const name of Object.keys(variables)) Reflect.deleteProperty(world.environment, name);
    const log = await world.git(world.placeOf("."), "log", "--format=%s");
    expect(log).toBe("by the script\nfirst");
  });

  it("do where cargo runs in a plain copy", async () => {
    const variables = await lay();
    const before = treeState(world.root);
    const copy = join(world.base, "copy");
    await world.run("cp", ["-r", world.root, copy], world.base);
    await world.run("cargo", ["metadata", "--offline", "--format-version", "1"], copy, variables);
    await world.run("cargo", ["build", "--offline"], copy, variables).catch(() => "the site is open");
    expect(treeState(world.root)).not.toEqual(before);
  });
});

it("finds no repository above the shadow", async () => {
  world.lay(crate(".git/HEAD"));
  const cache = join(world.base, "cache");
  mkdirSync(cache);
  writeFileSync(join(cache, "stray.txt"), "x");
  await world.git(cache, "init", "-q");
  await commit(cache, "not the user's");
  await warm();
  expect(said()).toEqual(await answers(world.root));
  expect(said().COMMIT).toBe("none");
  rmSync(join(world.slot, ".git"));
  expect(await world.git(world.placeOf("."), "log", "--format=%s")).toBe("not the user's");
});
