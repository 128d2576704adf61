import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readDepInfo, unitsCompiledSince } from "../../../server/verify/cargo/dep-info.ts";

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
  test: true,
});
const targets = [target("my-app", "lib", "/w/src/lib.rs"), target("my-app", "bin", "/w/src/main.rs")];

const units = (since: number) =>
  unitsCompiledSince({
    outputs: [build, join(build, "nowhere")],
    directory: "/w",
    package: { name: "my-app", targets },
    since,
  });
const hash = (end: string) => `00000000000000${end}`;

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
  put(`debug/deps/my_app-${hash("0a")}.d`, "src/lib.rs src/bin/../shared.rs");
  put(`x86_64-unknown-linux-gnu/release/deps/my_app-${hash("0b")}.d`, "src/main.rs");
  expect(units(100_000)).toEqual([
    {
      target: "lib my-app",
      unit: `my_app-${hash("0a")}`,
      sources: ["/w/src/lib.rs", "/w/src/shared.rs"],
    },
    { target: "bin my-app", unit: `my_app-${hash("0b")}`, sources: ["/w/src/main.rs"] },
  ]);
});

it("leaves out what an earlier check compiled and what is no target of the package", () => {
  put(`debug/deps/my_app-${hash("0a")}.d`, "src/lib.rs", 99);
  put(`debug/deps/other-${hash("0a")}.d`, "src/lib.rs");
  expect(units(100_000)).toEqual([]);
  expect(units(98_000)).toHaveLength(1);
});

it("finds examples, and the units of the layout in which each has a directory of its own", () => {
  put(`debug/examples/my_app-${hash("0a")}.d`, "src/main.rs");
  put(`custom/build/my-app/${hash("0b")}/out/my_app-${hash("0b")}.d`, "src/lib.rs");
  put(`debug/build/other/${hash("0c")}/out/my_app-${hash("0c")}.d`, "src/lib.rs");
  put(`debug/build/my-app-${hash("0d")}/out/my_app.d`, "src/lib.rs");
  expect(units(98_000).map(({ target }) => target)).toEqual(["bin my-app", "lib my-app"]);
});
