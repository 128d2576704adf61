import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parseSettings } from "../../protocol/settings.ts";
import { Abort } from "../../server/base/abort.ts";
import type { DoctorContext } from "../../server/doctor/finding.ts";

export interface FakeMachine {
  /** Holds `bin`, `sysroot`, `project` and `cache`. */
  readonly folder: string;
  readonly context: DoctorContext;
  /** A shell script under this name on PATH; only what the shell itself knows can be called in it. */
  command(name: string, script: string): void;
  without(name: string): void;
  write(file: string, text: string): void;
}

/** A machine on which everything is as it should be: tiny scripts for tools, nothing else on PATH. */
export function createFakeMachine(): FakeMachine {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "armature-doctor-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const command = (name: string, script: string) => {
    write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  };
  command("rust-analyzer", 'echo "rust-analyzer 1.96.0"');
  command(
    "cargo",
    `case "$1" in metadata) echo '${metadataOf(join(folder, "project"))}';; *) echo "cargo 1.96.0";; esac`,
  );
  command(
    "rustc",
    `case "$1" in --print) echo "${folder}/sysroot";; -vV) echo "host: some-host";; *) echo "rustc 1.96.0";; esac`,
  );
  command("rustfmt", 'echo "rustfmt 1.8.0"');
  write("sysroot/lib/rustlib/src/rust/library/core/Cargo.toml", "");
  write("project/Cargo.toml", '[package]\nname = "fixture"\n');
  write("project/Cargo.lock", "");
  return {
    folder,
    command,
    write,
    without: (name) => rmSync(join(folder, "bin", name)),
    context: {
      root: join(folder, "project"),
      environment: { PATH: join(folder, "bin"), HOME: folder },
      self: "/nowhere/armature",
      cacheDirectory: join(folder, "cache"),
      settings: parseSettings(undefined).settings,
      isRoot: false,
      signal: new Abort().signal,
    },
  };
}

function metadataOf(root: string): string {
  return JSON.stringify({ workspace_root: root, packages: [{ name: "fixture" }] });
}
