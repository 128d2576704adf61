import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { examine } from "./toolchain.mjs";

/** Two folders for PATH with tiny scripts for tools, and a sysroot with sources. */
function machine() {
  const folder = mkdtempSync(join(tmpdir(), "armature-toolchain-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, "sysroot/lib/rustlib/src/rust/library");
  mkdirSync(join(library, "core"), { recursive: true });
  const command = (place: string, script: string) => {
    mkdirSync(join(folder, place, ".."), { recursive: true });
    writeFileSync(join(folder, place), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, place), 0o755);
  };
  command("second/rust-analyzer", 'echo "rust-analyzer 1.96.0"');
  command("second/cargo", "true");
  command("second/rustc", `echo "${folder}/sysroot"`);
  const path = [join(folder, "first"), join(folder, "second")].join(delimiter);
  return { folder, library, command, look: () => examine(path, process.env) };
}

test("a toolchain with everything is taken", () => {
  const { folder, library, look } = machine();
  const analyzer = join(folder, "second/rust-analyzer");
  expect(look()).toMatchObject({ library, analyzer, version: "1.96.0" });
});

test("Armature under rust-analyzer's name, and a shim without a component, are passed over", () => {
  const { folder, command, look } = machine();
  const analyzer = join(folder, "second/rust-analyzer");
  command("first/rust-analyzer", 'test -n "$ARMATURE_GUARD" && exit 86; echo "rust-analyzer 1.96.0"');
  expect(look()).toMatchObject({ analyzer });
  command("first/rust-analyzer", "echo 'error: unknown binary' >&2; exit 1");
  expect(look()).toMatchObject({ analyzer });
  // The control: one that answers is taken where it stands first.
  command("first/rust-analyzer", 'echo "rust-analyzer 1.97.0"');
  expect(look()).toMatchObject({ analyzer: join(folder, "first/rust-analyzer"), version: "1.97.0" });
});

test("what is missing is named", () => {
  const { folder, library, look } = machine();
  rmSync(library, { recursive: true });
  expect(look()).toEqual({ problem: `no sources of the standard library in ${folder}/sysroot` });
  rmSync(join(folder, "second/rustc"));
  rmSync(join(folder, "second/rust-analyzer"));
  expect(look()).toEqual({ problem: "no rust-analyzer on PATH that runs" });
  rmSync(join(folder, "second/cargo"));
  expect(look()).toEqual({ problem: "no cargo on PATH" });
});
