import { describe, expect, it } from "vitest";
import type { CheckSettings } from "../../../server/verify/settings/check-settings.ts";
import { checkSettingsFrom } from "../../../server/verify/settings/check-settings.ts";
import { compiledWith, featuresOf, parseFeatureTree } from "../../../server/verify/cargo/feature-tree.ts";
import type { CargoMetadata, CargoPackage } from "../../../server/verify/cargo/metadata.ts";
import { select, type Selection } from "../../../server/verify/check/selection.ts";

const member = (name: string, dependencies: readonly string[] = []): CargoPackage => ({
  name,
  version: "0.1.0",
  id: `path+file:///w/${name}#0.1.0`,
  source: null,
  edition: "2021",
  manifest_path: `/w/${name}/Cargo.toml`,
  dependencies: dependencies.map((dependency) => ({ name: dependency })),
  targets: [],
});
const registry: CargoPackage = { ...member("leaf"), source: "registry+x", id: "registry+x#leaf@0.1.0" };

/** own -> mid -> leaf; other -> leaf; app -> own, leaf. */
const own = member("own", ["mid"]);
const mid = member("mid", ["leaf"]);
const other = member("other", ["leaf"]);
const app = member("app", ["own", "leaf"]);
const packages = [own, mid, other, app, registry];
const metadata: CargoMetadata = {
  packages,
  workspace_members: [own, mid, other, app].map(({ id }) => id),
  workspace_root: "/w",
  target_directory: "/w/target",
  resolve: {
    nodes: packages.map((node) => ({
      id: node.id,
      deps: node.dependencies.map(({ name }) => ({
        pkg: packages.find((candidate) => candidate.name === name)!.id,
        dep_kinds: [{ kind: null }],
      })),
    })),
  },
};

const line = (depth: number, { name, source }: CargoPackage, features = "") =>
  `${depth}${name} v0.1.0${source === null ? ` (/w/${name})` : ""}|${features}`;
const tree = (ownFeatures: string, midFeatures: string, leafFeatures: string) =>
  parseFeatureTree(
    [line(0, own, ownFeatures), line(1, mid, midFeatures), line(2, registry, leafFeatures)].join("\n"),
  );

/** What cargo says, by how the selection is written. */
function cargo(answers: Readonly<Record<string, ReturnType<typeof tree> | undefined>>) {
  const asked: string[] = [];
  const treeOf = (selection: Selection) => {
    const names = selection.packages?.map(({ name }) => name).join(" ") ?? "workspace";
    const features = selection.features === "all" ? ["all"] : selection.features;
    const key = [names, ...features, ...(selection.isUnified ? ["unified"] : [])].join(" +");
    asked.push(key);
    return Promise.resolve(answers[key] ?? { refused: `no ${key}` });
  };
  return { asked, treeOf };
}
const chosen = async (
  answers: Parameters<typeof cargo>[0],
  settings: CheckSettings = checkSettingsFrom({}),
  wanted: readonly [CargoPackage, ...CargoPackage[]] = [own],
) => {
  const { asked, treeOf } = cargo(answers);
  await select({ packages: wanted, metadata, settings, mayUnify: true, treeOf });
  return asked.at(-1);
};

describe("the tree of features", () => {
  const two = parseFeatureTree(
    "0app v0.1.0 (/w/app)|\n1own v0.1.0 (/w/own)|a\n2leaf v0.1.0|x,y\n1leaf v0.1.0|x,y (*)\n\n0own v0.1.0 (/w/own)|a (*)\n",
  );
  it("goes from a package to all it is compiled with, however often it is written out", () => {
    expect([...compiledWith(two, [own])]).toEqual(["own v0.1.0 (/w/own)|a", "leaf v0.1.0|x,y"]);
  });
  it("knows the features of a package", () => {
    expect([...featuresOf(two.nodes.keys(), registry)]).toEqual(["x", "y"]);
    expect([...featuresOf(two.nodes.keys(), app)]).toEqual([]);
    expect([...featuresOf(two.nodes.keys(), { ...own, manifest_path: "/elsewhere/own/Cargo.toml" })]).toEqual(
      [],
    );
  });
});

describe("the cheapest selection under which the features are the user's", () => {
  it("is the package alone where nobody turns on more", async () => {
    const plain = tree("", "", "");
    expect(await chosen({ workspace: plain, own: plain })).toBe("own");
  });
  it("names features of the package and of its direct dependencies", async () => {
    const all = tree("a", "m", "");
    const answers = { workspace: all, own: tree("", "", ""), "own +mid/m +own/a": all };
    expect(await chosen(answers)).toBe("own +mid/m +own/a");
  });
  it("has cargo unify what has no name", async () => {
    const all = tree("", "", "x");
    const answers = { workspace: all, own: tree("", "", ""), "own +unified": all };
    expect(await chosen(answers)).toBe("own +unified");
  });
  it("is the workspace where nothing less gives the same", async () => {
    const answers = {
      workspace: tree("", "", "x"),
      own: tree("", "", ""),
      "own +unified": tree("", "", "y"),
    };
    expect((await resultOf(answers)).selection.packages).toBeUndefined();
  });
  it("is the workspace where cargo must not be asked to unify", async () => {
    const all = tree("", "", "x");
    const answers = { workspace: all, own: tree("", "", ""), "own +unified": all };
    expect((await resultOf(answers, false)).selection.packages).toBeUndefined();
  });
  it("does not believe a name that cargo refuses", async () => {
    const answers = { workspace: tree("a", "", ""), own: tree("", "", "") };
    expect((await resultOf(answers)).selection.packages).toBeUndefined();
  });
});

const resultOf = (answers: Parameters<typeof cargo>[0], mayUnify = true) => {
  const { treeOf } = cargo(answers);
  return select({ packages: [own], metadata, settings: checkSettingsFrom({}), mayUnify, treeOf });
};

describe("with check.workspace off", () => {
  const settings = checkSettingsFrom({ check: { workspace: false, features: ["a", "other/b"] } });
  it("is the package with its own features", async () => {
    expect(await chosen({ "own +a": tree("a", "", "") }, settings)).toBe("own +a");
  });
  it("takes dependents beside it only where they turn on nothing", async () => {
    const alone = tree("a", "", "");
    expect(await chosen({ "own +a": alone, "own app +a": alone }, settings, [own, app])).toBe("own app +a");
    const more = chosen({ "own +a": alone, "own app +a": tree("a,b", "", "") }, settings, [own, app]);
    await expect(more).rejects.toThrow("check.workspace is off");
  });
});

it("says what cargo says where the user's own features cannot be resolved", async () => {
  await expect(chosen({})).rejects.toThrow("no workspace");
});
