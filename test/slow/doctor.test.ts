import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseSettings } from "../../protocol/settings.ts";
import { Abort } from "../../server/base/abort.ts";
import { runCommand } from "../../server/base/child.ts";
import { runDoctor } from "../../server/doctor/run-doctor.ts";
import { builtArmature, findTools } from "../support/tools.ts";

const demo = resolve(import.meta.dirname, "../fixtures/demo");

function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "armature-doctor-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function examine(root: string, cacheDirectory: string, extra: NodeJS.ProcessEnv = {}) {
  let text = "";
  const exitCode = await runDoctor({
    root,
    cacheDirectory,
    environment: { ...findTools().environment, ...extra },
    self: builtArmature,
    settings: parseSettings(undefined).settings,
    fix: false,
    model: false,
    signal: new Abort().signal,
    write: (part) => {
      text += part;
    },
  });
  return { exitCode, text };
}

test("the real tools and the demo crate pass, and nothing is written into the crate", async () => {
  const folder = scratch();
  const root = join(folder, "demo");
  cpSync(demo, root, { recursive: true });
  await runCommand({
    file: "cargo",
    arguments: ["fetch", "--quiet", "--locked"],
    cwd: root,
    environment: findTools().environment,
    signal: new Abort().signal,
  });
  const { exitCode, text } = await examine(root, join(folder, "cache"));
  expect(text).toMatch(
    new RegExp(`^ok +rust-analyzer +${findTools().analyzerVersion.split(" ")[0] ?? ""}`, "m"),
  );
  expect(text).toMatch(/^ok +rust-src +\S/m);
  expect(text).toMatch(/^ok +workspace +\S+: 1 package$/m);
  expect(text).toMatch(/^ok +dependencies/m);
  expect(text).toMatch(/The main job can run\.\n$/);
  expect(exitCode).toBe(0);
  const compared = await runCommand({
    file: "diff",
    arguments: ["-r", demo, root],
    cwd: folder,
    signal: new Abort().signal,
  });
  expect(compared.stdout).toBe("");
});

test("crates that are not on this machine are missed", async () => {
  const folder = scratch();
  const root = join(folder, "demo");
  cpSync(demo, root, { recursive: true });
  const { exitCode, text } = await examine(root, join(folder, "cache"), {
    CARGO_HOME: join(folder, "empty-home"),
  });
  expect(text).toMatch(/^BAD +dependencies +not all on this machine/m);
  expect(text).toContain("`cargo fetch`");
  expect(exitCode).toBe(1);
});
