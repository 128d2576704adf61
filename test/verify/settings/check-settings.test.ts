import { expect, it } from "vitest";
import { parseSettings } from "../../../protocol/settings.ts";
import { checkSettingsFrom } from "../../../server/verify/settings/check-settings.ts";

const defaults = {
  command: "check",
  wholeWorkspace: true,
  targetFlags: ["--all-targets"],
  features: [],
  noDefaultFeatures: false,
  targets: [],
  resolvingArguments: [],
  metadataArguments: [],
  extraArguments: [],
  trailingArguments: [],
  extraEnvironment: {},
  toolchain: undefined,
  linkedProjects: [],
  openedFolder: "/",
  drafts: 16,
  allowUnsafe: false,
  format: { extraArguments: [], overrideCommand: [] },
  keptFromRunning: [],
  notHandled: undefined,
  warnings: [],
};

it.each([undefined, null, 3, "x", [], {}])("follows rust-analyzer's defaults where %j is set", (settings) => {
  expect(checkSettingsFrom(settings)).toEqual(defaults);
});

it("takes the default of each setting of the wrong type, as rust-analyzer does, and says so", () => {
  const odd = {
    cargo: { features: 7, allTargets: "yes", extraEnv: { A: 1 }, cfgs: 3, target: ["a"] },
    check: { command: "", workspace: "no" },
    armature: "x",
    linkedProjects: {},
  };
  const { warnings, ...settings } = checkSettingsFrom(odd);
  expect({ ...settings, warnings: [] }).toEqual(defaults);
  const names = warnings.map((warning) => /^rust-analyzer's (\S+) has the wrong type/.exec(warning)?.[1]);
  expect(names.sort()).toEqual([
    "cargo.allTargets",
    "cargo.extraEnv",
    "cargo.features",
    "cargo.target",
    "check.command",
    "check.workspace",
    "linkedProjects",
  ]);
});

it("takes null for not set, as editors send it", () => {
  const nothing = {
    cargo: { target: null, sysroot: null },
    check: { features: null, overrideCommand: null },
  };
  expect(checkSettingsFrom(nothing)).toEqual(defaults);
});

it.each([
  [
    ["checkOnSave", "cargo.buildScripts.enable"],
    { checkOnSave: false, cargo: { buildScripts: { enable: false } } },
  ],
  [["checkOnSave", "procMacro.enable"], { checkOnSave: false, procMacro: { enable: false } }],
  [
    ["checkOnSave.enable", "procMacro.enable"],
    { checkOnSave: { enable: false }, procMacro: { enable: false } },
  ],
  [[], { checkOnSave: false }],
  [[], { cargo: { buildScripts: { enable: false } }, procMacro: { enable: false } }],
])("knows by %j that rust-analyzer runs nothing of the workspace", (names, settings) => {
  expect(checkSettingsFrom(settings).keptFromRunning).toEqual(names);
});

it("reads the section itself or an object that holds it", () => {
  const section = { cargo: { features: "all", target: "a-b-c" }, armature: { verify: { drafts: 2 } } };
  expect(checkSettingsFrom(section)).toMatchObject({ features: "all", targets: ["a-b-c"], drafts: 2 });
  expect(checkSettingsFrom({ "rust-analyzer": section })).toEqual(checkSettingsFrom(section));
});

it("checks as many drafts as the settings say are used", () => {
  const draftsOf = (drafts: unknown) => checkSettingsFrom({ armature: { verify: { drafts } } }).drafts;
  for (const drafts of [1, 16, 17, 100, 0, -1, 2.5, "8", null, undefined]) {
    expect(draftsOf(drafts)).toBe(parseSettings({ verify: { drafts } }).settings.verify.drafts);
  }
  expect([draftsOf(2), draftsOf(100)]).toEqual([2, 16]);
});

it("lets `check.*` win over `cargo.*` and adds arguments and environment up", () => {
  const settings = checkSettingsFrom({
    cargo: {
      features: ["a"],
      allTargets: true,
      noDefaultFeatures: true,
      extraArgs: ["--locked"],
      extraEnv: { A: "1", B: "b", C: "c" },
    },
    check: {
      features: ["b"],
      allTargets: false,
      noDefaultFeatures: null,
      extraArgs: ["-q", "--release"],
      extraEnv: { A: "2", C: null },
      targets: "x-y-z",
    },
  });
  expect(settings).toMatchObject({
    features: ["b"],
    targetFlags: [],
    noDefaultFeatures: true,
    targets: ["x-y-z"],
    resolvingArguments: ["--locked"],
    extraArguments: ["--release"],
    extraEnvironment: { A: "2", B: "b", C: undefined },
  });
});

it("reads the settings of `check` by their old name too, which wins", () => {
  const old = { command: "clippy", features: [], allTargets: false };
  const settings = checkSettingsFrom({ check: { command: "check", features: ["a"] }, checkOnSave: old });
  expect(settings).toMatchObject({ command: "clippy", features: [], targetFlags: [] });
  expect(checkSettingsFrom({ checkOnSave: true }).warnings).toEqual([]);
  expect(checkSettingsFrom({ cargo: { allFeatures: true } }).features).toBe("all");
  expect(checkSettingsFrom({ checkOnSave: { allFeatures: true } }).features).toBe("all");
});

it("chooses targets by settings and extra arguments together", () => {
  const flagsOf = (settings: unknown) => checkSettingsFrom(settings).targetFlags;
  const extraArgs = ["--lib", "--test", "one"];
  expect(flagsOf({ cfg: { setTest: false } })).toEqual(["--lib", "--bins", "--examples"]);
  expect(flagsOf({ check: { allTargets: false, extraArgs } })).toEqual(extraArgs);
  expect(flagsOf({ check: { extraArgs: ["--all-targets"] } })).toEqual(["--all-targets"]);
});

it("adds features, triples and `--config` of the extra arguments to the settings", () => {
  const settings = checkSettingsFrom(
    {
      cargo: { features: ["a"], configPath: "ra/config.toml", sysroot: "tools/nightly" },
      check: {
        extraArgs: [
          "--features=b,c d",
          "-Fe",
          "--target",
          "t",
          "--config=x=1",
          "-Zy",
          "--no-default-features",
        ],
      },
    },
    "/opt",
  );
  expect(settings).toMatchObject({
    features: ["a", "b", "c", "d", "e"],
    noDefaultFeatures: true,
    targets: ["t"],
    resolvingArguments: ["--config", "/opt/ra/config.toml", "--config", "x=1", "-Z", "y"],
    toolchain: "/opt/tools/nightly",
    extraArguments: [],
    notHandled: undefined,
  });
  const all = checkSettingsFrom({ cargo: { features: ["a"], extraArgs: ["--all-features"] } });
  expect(all.features).toBe("all");
});

it("keeps what clippy gets behind two dashes", () => {
  const extraArgs = ["--profile", "fast", "-j4", "--", "-W", "clippy::pedantic"];
  expect(checkSettingsFrom({ check: { command: "clippy", extraArgs } })).toMatchObject({
    extraArguments: ["--profile", "fast", "-j", "4"],
    trailingArguments: ["--", "-W", "clippy::pedantic"],
    notHandled: undefined,
  });
});

it.each([
  [{ check: { overrideCommand: ["make"] } }, "check.overrideCommand"],
  [{ checkOnSave: { overrideCommand: ["make"] } }, "check.overrideCommand"],
  [{ check: { command: "bazel" } }, "check.command"],
  [{ check: { command: "build" } }, "check.command"],
  [{ linkedProjects: ["/x/rust-project.json"] }, "linkedProjects"],
  [{ linkedProjects: ["/x/script.rs"] }, "linkedProjects"],
  [{ linkedProjects: [{ crates: [] }] }, "linkedProjects"],
  [{ workspace: { discoverConfig: { command: ["x"] } } }, "workspace.discoverConfig"],
  [{ cargo: { target: "x.json" } }, "cargo.target"],
  [{ check: { extraArgs: ["--target-dir=/x"] } }, "extraArgs --target-dir=/x"],
  [{ check: { extraArgs: ["--target-dir", "/x"] } }, "extraArgs --target-dir"],
  [{ cargo: { extraArgs: ["+nightly"] } }, "extraArgs +nightly"],
  [{ cargo: { extraArgs: ["-p", "x"] } }, "extraArgs -p"],
  [{ cargo: { extraArgs: ["--lockfile-path=/x"] } }, "extraArgs --lockfile-path=/x"],
  [{ check: { command: "clippy", extraArgs: ["--fix"] } }, "extraArgs --fix"],
  [{ check: { extraArgs: ["--profile"] } }, "extraArgs --profile"],
])("names what it does not follow: %j", (settings, name) => {
  expect(checkSettingsFrom(settings).notHandled).toBe(name);
});

it.each([
  { check: { overrideCommand: null, command: "clippy" } },
  { check: { overrideCommand: [], invocationStrategy: "once" } },
  // Seen by rust-analyzer's own analysis only; cargo never hears of them.
  { cargo: { cfgs: ["loom", "!miri"] } },
  { cargo: { cfgs: ["debug_assertions", "miri"] }, linkedProjects: ["/x/Cargo.toml"] },
])("follows %j", (settings) => {
  expect(checkSettingsFrom(settings)).toMatchObject({ notHandled: undefined, warnings: [] });
});
