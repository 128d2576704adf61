import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { realPathOf } from "../../../server/base/real-path.ts";
import type { RustSyntax } from "../../../server/syntax/parse.ts";
import { loadRustSyntax } from "../../../server/syntax/parse.ts";
import type { CheckRun } from "../../../server/verify/check/cargo-check.ts";
import { coverageOf } from "../../../server/verify/check/coverage.ts";

type Artifact = CheckRun["artifacts"][number];

let base: string;
let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "armature-coverage-")));
  put("src/lib.rs", "mod mode;");
  put("src/mode.rs", "");
  put("src/main.rs", "");
});
afterEach(() => rmSync(base, { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(base, file)), { recursive: true });
  writeFileSync(join(base, file), text);
}

/** A unit that rustc has come far enough in to say what it reads. */
function compiled(unit: string, sources: string): void {
  put(`build/debug/deps/${unit}.d`, `lib${unit}.rmeta: ${sources}\n`);
  utimesSync(join(base, `build/debug/deps/${unit}.d`), 200, 200);
}

const unit = (digit: string) => `p-${digit.repeat(16)}`;
const target = (kind: string, file: string) => ({
  ...{ name: "p", kind: [kind], src_path: join(base, file), "required-features": [], test: true },
});

function artifact(digit: string, isTest: boolean, more: Partial<Artifact> = {}): Artifact {
  return {
    ...{ kind: "artifact", target: "lib p", packageId: "p", isFresh: false, isTest, features: [] },
    files: [`/build/debug/deps/lib${unit(digit)}.rmeta`],
    ...more,
  };
}

function coverage(
  artifacts: readonly Artifact[],
  flags = ["--all-targets"],
  { triples = 1, binary = "src/main.rs" } = {},
) {
  const own = {
    ...{ name: "p", version: "0.1.0", id: "p", source: null, manifest_path: "", edition: "2021" },
    dependencies: [],
    targets: [target("lib", "src/lib.rs"), target("bin", binary)],
  };
  return coverageOf(
    { artifacts, messages: [], isSuccess: true, stderr: "", milliseconds: 0 },
    {
      ...{ syntax, packages: [own], triples, outputs: [join(base, "build")], directory: base },
      asked: () => ({ flags, features: new Set() }),
      ...{
        place: join(base, "src/mode.rs"),
        isDocument: (file) => realPathOf(file) === join(base, "src/mode.rs"),
        path: "/user/src/mode.rs",
        since: 100_000,
      },
    },
  );
}

const lib = { packageId: "p", target: "lib p", waiting: 0 };
const none = { plain: 0, test: 0 };
const both = { plain: 1, test: 1 };
const sources = "src/lib.rs src/mode.rs";

it("counts the plain library and the one under test", () => {
  compiled(unit("1"), sources);
  compiled(unit("2"), sources);
  const built = [artifact("1", false), artifact("2", true)];
  expect(coverage(built)).toEqual([{ ...lib, units: 2, green: both, unsettled: none }]);
  expect(coverage(built.slice(0, 1))).toEqual([
    { ...lib, units: 2, green: { plain: 1, test: 0 }, unsettled: { plain: 0, test: 1 } },
  ]);
});

it("counts what was compiled with the document in it only", () => {
  compiled(unit("1"), "src/lib.rs");
  compiled(unit("2"), sources);
  expect(coverage([artifact("1", false), artifact("2", true)])).toEqual([
    { ...lib, units: 1, green: { plain: 0, test: 1 }, unsettled: none },
  ]);
});

it("waits for a build that cargo did not come to", () => {
  compiled(unit("1"), sources);
  expect(coverage([artifact("1", false)])).toEqual([
    { ...lib, units: 1, green: { plain: 1, test: 0 }, waiting: 1, unsettled: { plain: 0, test: 1 } },
  ]);
});

it("waits for every target whose modules lead to it, once for each triple", () => {
  const missed = { ...lib, units: 0, green: none };
  expect(coverage([])).toEqual([{ ...missed, waiting: 2, unsettled: both }]);
  expect(coverage([], [], { triples: 2 })).toEqual([
    { ...missed, waiting: 2, unsettled: { plain: 2, test: 0 } },
  ]);
});

it("knows that what cargo leaves alone does not contain a file that has changed", () => {
  compiled(unit("2"), sources);
  expect(coverage([artifact("1", false, { isFresh: true }), artifact("2", true)])).toEqual([
    { ...lib, units: 1, green: { plain: 0, test: 1 }, unsettled: none },
  ]);
});

it("knows the document by another name that a link gives it", () => {
  symlinkSync("mode.rs", join(base, "src/other.rs"));
  compiled(unit("1"), "src/lib.rs src/other.rs");
  expect(coverage([artifact("1", false)], [])).toEqual([
    { ...lib, units: 1, green: { plain: 1, test: 0 }, unsettled: none },
  ]);
});

it("believes cargo where two targets of one name have one root", () => {
  compiled(unit("1"), sources);
  compiled(unit("3"), sources);
  const built = [artifact("1", false), artifact("3", false, { target: "bin p" })];
  const found = coverage(built, [], { binary: "src/lib.rs" });
  expect(found.map(({ target: label, units }) => [label, units])).toEqual([
    ["lib p", 1],
    ["bin p", 1],
  ]);
});
