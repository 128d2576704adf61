import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readDepInfo, unitsCompiledSince } from "../../server/verify/dep-info.ts";

let build: string;
beforeEach(() => {
  build = mkdtempSync(join(tmpdir(), "armature-build-"));
});
afterEach(() => rmSync(build, { recursive: true }));

const target = (name: string, kind: string, root: string) => ({
  name,
  kind: [kind],
  src_path: root,
  "required-features": [],
});
const targets = [target("my-app", "lib", "/w/src/lib.rs"), target("my-app", "bin", "/w/src/main.rs")];

function put(path: string, sources: string, seconds = 100) {
  const file = join(build, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${file}: ${sources}\n\nlib.rmeta: ${sources}\n\nsrc/lib.rs:\n`);
  utimesSync(file, seconds, seconds);
}

it("reads names with spaces", () => {
  expect(readDepInfo("/b/deps/a-1.d: src/lib.rs src/my\\ file.rs /abs/x.rs\n")).toEqual([
    "src/lib.rs",
    "src/my file.rs",
    "/abs/x.rs",
  ]);
});

it("tells a library and a binary of one name apart by their roots, with and without a target triple", () => {
  put("debug/deps/my_app-0a.d", "src/lib.rs src/bin/../shared.rs");
  put("x86_64-unknown-linux-gnu/release/deps/my_app-0b.d", "src/main.rs");
  expect(unitsCompiledSince(build, "/w", targets, 100_000)).toEqual([
    { target: "lib my-app", sources: ["/w/src/lib.rs", "/w/src/shared.rs"] },
    { target: "bin my-app", sources: ["/w/src/main.rs"] },
  ]);
});

it("leaves out what an earlier check compiled and what is no target of the package", () => {
  put("debug/deps/my_app-0a.d", "src/lib.rs", 99);
  put("debug/deps/other-0a.d", "src/lib.rs");
  expect(unitsCompiledSince(build, "/w", targets, 100_000)).toEqual([]);
  expect(unitsCompiledSince(build, "/w", targets, 98_000)).toHaveLength(1);
});
