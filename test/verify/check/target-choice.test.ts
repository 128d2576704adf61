import { describe, expect, it } from "vitest";
import {
  buildsOf,
  isAsked,
  missingFeatures,
  takesDevDependencies,
  takesTests,
} from "../../../server/verify/check/target-choice.ts";

const target = (kind: string, more: { test?: boolean; needs?: readonly string[]; name?: string } = {}) => ({
  name: more.name ?? kind,
  kind: [kind],
  src_path: "",
  test: more.test ?? ["lib", "bin", "test"].includes(kind),
  "required-features": [...(more.needs ?? [])],
});
const every = ["lib", "proc-macro", "bin", "example", "test", "bench", "custom-build"].map((kind) =>
  target(kind),
);
const askedBy = (...flags: string[]) =>
  every.filter((candidate) => isAsked(candidate, { flags, features: new Set() })).map(({ name }) => name);

it.each([
  [[], ["lib", "proc-macro", "bin"]],
  [["--all-targets"], ["lib", "proc-macro", "bin", "example", "test", "bench"]],
  [["--lib"], ["lib", "proc-macro"]],
  [
    ["--lib", "--bins", "--examples"],
    ["lib", "proc-macro", "bin", "example"],
  ],
  [["--tests"], ["lib", "bin", "test"]],
  [["--benches"], ["lib", "proc-macro", "bin", "bench"]],
  [["--test", "test"], ["test"]],
  [["--test", "other"], []],
  [["--test", "t*"], ["test"]],
  [
    ["--bin", "bin", "--example", "example"],
    ["bin", "example"],
  ],
])("%j comes to %j", (flags, names) => {
  expect(askedBy(...flags)).toEqual(names);
});

it("comes to no integration test or binary that is built without tests, where only tests are asked for", () => {
  const plain = target("bin", { test: false });
  expect(isAsked(plain, { flags: ["--tests"], features: new Set() })).toBe(false);
});

describe("targets with required features", () => {
  const needy = target("example", { needs: ["a", "b", "dependency/c"] });
  const flags = ["--all-targets"];
  it("are asked for where all are on", () => {
    expect(isAsked(needy, { flags, features: new Set(["a", "b"]) })).toBe(true);
    expect(isAsked(needy, { flags, features: new Set(["a"]) })).toBe(false);
  });
  it("say which are off", () => {
    expect(missingFeatures(needy, new Set(["b"]))).toEqual(["a"]);
  });
});

it("knows when tests and dev-dependencies take part", () => {
  const both = (...flags: string[]) => [takesTests(flags), takesDevDependencies(flags)];
  expect(both()).toEqual([false, false]);
  expect(both("--all-targets")).toEqual([true, true]);
  expect(both("--lib", "--bins", "--examples")).toEqual([false, true]);
  expect(both("--bench", "b")).toEqual([false, true]);
});

it.each([
  ["lib", [], "plain"],
  ["lib", ["--lib"], "plain"],
  ["lib", ["--all-targets"], "plain test"],
  ["bin", ["--all-targets"], "plain test"],
  ["bin", ["--tests"], "test"],
  ["example", ["--all-targets"], "plain"],
  ["test", ["--all-targets"], "test"],
  ["bench", ["--benches"], "test"],
  ["test", ["--test", "test"], "test"],
])("a %s is built under %j: %s", (kind, flags, builds) => {
  const { plain, test } = buildsOf(target(kind), { flags });
  expect([...(plain ? ["plain"] : []), ...(test ? ["test"] : [])].join(" ")).toBe(builds);
});
