import { expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/check-settings.ts";

it("follows rust-analyzer's defaults where nothing is set, or what is set cannot be read", () => {
  const defaults = checkSettingsFrom({});
  expect(defaults).toEqual({
    command: "check",
    allTargets: true,
    features: [],
    noDefaultFeatures: false,
    targets: [],
    extraArguments: [],
    format: { extraArguments: [], overrideCommand: [] },
    extraEnvironment: {},
    drafts: 8,
    notHandled: undefined,
  });
  const odd = { cargo: { features: 7, allTargets: "yes", extraEnv: [], cfgs: 3 }, check: [], armature: "x" };
  for (const settings of [undefined, null, 3, "x", [], odd])
    expect(checkSettingsFrom(settings)).toEqual(defaults);
});

it("reads the section itself or an object that holds it", () => {
  const section = { cargo: { features: "all", target: "a-b-c" }, armature: { verify: { drafts: 2 } } };
  expect(checkSettingsFrom(section)).toMatchObject({ features: "all", targets: ["a-b-c"], drafts: 2 });
  expect(checkSettingsFrom({ "rust-analyzer": section })).toEqual(checkSettingsFrom(section));
});

it("lets `check.*` win over `cargo.*` and adds arguments and environment up", () => {
  const settings = checkSettingsFrom({
    cargo: {
      features: ["a"],
      allTargets: true,
      noDefaultFeatures: true,
      extraArgs: ["--locked"],
      extraEnv: { A: 1, B: "b" },
    },
    check: {
      features: ["b"],
      allTargets: false,
      noDefaultFeatures: null,
      extraArgs: ["-q"],
      extraEnv: { A: "2" },
    },
  });
  expect(settings).toMatchObject({
    features: ["b"],
    allTargets: false,
    noDefaultFeatures: true,
    extraArguments: ["--locked", "-q"],
    extraEnvironment: { A: "2", B: "b" },
  });
});

it.each([
  [{ check: { overrideCommand: ["make"] } }, "check.overrideCommand"],
  [{ check: { command: "bazel" } }, "check.command"],
  [{ cargo: { cfgs: ["loom"] } }, "cargo.cfgs"],
  [{ cargo: { cfgs: { loom: null } } }, "cargo.cfgs"],
  [{ linkedProjects: ["/x/rust-project.json"] }, "linkedProjects"],
  [{ linkedProjects: [{ crates: [] }] }, "linkedProjects"],
  [{ check: { extraArgs: ["--target-dir=/x"] } }, "extraArgs --target-dir=/x"],
])("names what it does not follow: %j", (settings, name) => {
  expect(checkSettingsFrom(settings).notHandled).toBe(name);
});

it.each([
  { check: { overrideCommand: null, command: "clippy" } },
  { cargo: { cfgs: ["debug_assertions", "miri"] }, linkedProjects: ["/x/Cargo.toml"] },
])("follows %j", (settings) => {
  expect(checkSettingsFrom(settings).notHandled).toBeUndefined();
});
