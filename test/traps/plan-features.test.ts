/** Features that other members of the workspace turn on: the user's own check has them, `cargo check -p` has not. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCargoLine } from "../../server/verify/cargo/message.ts";
import type { VerifyReport } from "../../server/verify/verifier.ts";
import { slotsOf } from "./life.ts";
import { type Trap, springTraps, TrapWorld } from "./trap.ts";
import { arms, count, file, kinds, manifest, right, wrong } from "./site.ts";

const root = (members: readonly string[], more = 'resolver = "2"\n') =>
  file("Cargo.toml", `[workspace]\nmembers = [${members.map((name) => `"${name}"`).join(", ")}]\n${more}`);
const member = (name: string, more: string, text: string) =>
  file(`${name}/Cargo.toml`, manifest(name, more)) + file(`${name}/src/lib.rs`, text);
const on = (name: string, features: string) =>
  `${name} = { path = "../${name}", features = [${features}] }\n`;
const alone = { check: { workspace: false } };
const plainArguments = ["-p", "own"];
const extra = "[features]\nextra = []\n";

const turnsOn = (text: string) =>
  root(["own", "app"]) +
  member("own", extra, text) +
  member("app", `[dependencies]\n${on("own", '"extra"')}`, "pub use own::Kind;\n");
const gated = `${kinds}#[cfg(feature = "extra")]\n${count}`;
const ungated = `${kinds}#[cfg(not(feature = "extra"))]\n${count}`;

const own: readonly Trap[] = [
  {
    title: "code behind a feature that only another member turns on",
    files: turnsOn(gated),
    ...{
      drafts: [wrong, right],
      verdicts: ["rejected h2 E0308", "accepted"],
      plain: "green",
      plainArguments,
    },
  },
  {
    title: "the same, where the user checks the package alone",
    files: turnsOn(gated),
    settings: alone,
    ...{ drafts: [wrong], verdicts: ["unknown not-live"], plain: "green", plainArguments },
  },
  {
    title: "the same, checked alone with the feature on",
    files: turnsOn(gated),
    settings: { ...alone, cargo: { features: ["extra"] } },
    ...{
      drafts: [wrong, right],
      verdicts: ["rejected h2 E0308", "accepted"],
      plain: "green",
      plainArguments,
    },
  },
  {
    title: "code that is dead in the workspace and live alone",
    files: turnsOn(ungated),
    ...{ drafts: [right], verdicts: ["unknown not-live"], plain: "green", plainArguments },
  },
  {
    title: "the same, where the user checks the package alone",
    files: turnsOn(ungated),
    settings: alone,
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "red", plainArguments },
  },
  {
    title: "a member that turns a default feature back on",
    files:
      root(["own", "app"]) +
      member("own", '[features]\ndefault = ["extra"]\nextra = []\n', gated) +
      member("app", `[dependencies]\n${on("own", "")}`, "pub use own::Kind;\n"),
    settings: { cargo: { noDefaultFeatures: true } },
    plainArguments: ["-p", "own", "--no-default-features"],
    ...{ drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"], plain: "green" },
  },
  {
    title: "a feature of the user's that another member has too, where the package has none of that name",
    files:
      root(["own", "app"]) +
      member("own", "", kinds + count) +
      member("app", extra, '#[cfg(feature = "extra")]\npub fn other() {}\n'),
    settings: { cargo: { features: ["extra"] } },
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green", plainArguments, checks: 1 },
  },
];

describe("features of the package itself", () => springTraps(own));

/** Kind has a third variant under `more`, so that an arm for it is right or wrong by the features. */
const leafKinds =
  '#[derive(Clone, Copy)]\npub enum Kind {\n    A,\n    B,\n    #[cfg(feature = "more")]\n    C,\n}\n';
const leaf = member("leaf", "[features]\nmore = []\n", leafKinds);
const viaLeaf = `use leaf::Kind;\n${count.replace("Kind::B => ‹body:todo!()›,", "Kind::B => ‹body:todo!()›,\n        Kind::C => ‹body:todo!()›,")}`;
const three = { h1: "1", h2: "2", h3: "3" };
const wrongThird = { ...three, h3: '"no number"' };
const dependsOnLeaf = `[dependencies]\n${on("leaf", "")}`;
const dependsOnMore = `[dependencies]\n${on("leaf", '"more"')}`;
const mid = member("mid", dependsOnLeaf, "pub use leaf::Kind;\n");
const viaMid = viaLeaf.replace("leaf::", "mid::");

const dependencies: readonly Trap[] = [
  {
    title: "a variant of a direct dependency that is there by another member's wish",
    files:
      root(["own", "leaf", "app"]) +
      leaf +
      member("own", dependsOnLeaf, viaLeaf) +
      member("app", dependsOnMore + on("own", ""), ""),
    drafts: [wrongThird, three],
    ...{ verdicts: ["rejected h3 E0308", "accepted"], plain: "red", plainArguments },
  },
  {
    title: "the same, where the user checks the package alone",
    files:
      root(["own", "leaf", "app"]) +
      leaf +
      member("own", dependsOnLeaf, viaLeaf) +
      member("app", dependsOnMore + on("own", ""), ""),
    settings: alone,
    ...{ drafts: [three], verdicts: ["rejected - E0599"], plain: "red", plainArguments },
  },
  {
    title: "a variant of a dependency's dependency, by the wish of a member beside",
    files:
      root(["own", "leaf", "mid", "beside"]) +
      leaf +
      mid +
      member("own", `[dependencies]\n${on("mid", "")}`, viaMid) +
      member("beside", dependsOnMore, ""),
    drafts: [wrongThird, three],
    ...{ verdicts: ["rejected h3 E0308", "accepted"], plain: "red", plainArguments },
  },
  {
    title: "a variant of a dependency's dependency, by the wish of a member that depends on the package",
    files:
      root(["own", "leaf", "mid", "app"]) +
      leaf +
      mid +
      member("own", `[dependencies]\n${on("mid", "")}`, viaMid) +
      member("app", dependsOnMore + on("own", ""), ""),
    drafts: [wrongThird, three],
    ...{ verdicts: ["rejected h3 E0308", "accepted"], plain: "red", plainArguments },
  },
  {
    title: "a renamed dependency",
    files:
      root(["own", "leaf", "app"]) +
      leaf +
      member(
        "own",
        '[dependencies]\nother-name = { path = "../leaf", package = "leaf" }\n',
        viaLeaf.replace("leaf::", "other_name::"),
      ) +
      member("app", dependsOnMore, ""),
    drafts: [wrongThird, three],
    ...{ verdicts: ["rejected h3 E0308", "accepted"], plain: "red", plainArguments },
  },
  {
    title: "a member beside that is red itself",
    files:
      root(["own", "leaf", "mid", "beside"]) +
      leaf +
      mid +
      member("own", `[dependencies]\n${on("mid", "")}`, viaMid) +
      member("beside", dependsOnMore, 'pub fn other() -> u8 { "text" }\n'),
    drafts: [wrongThird, three],
    ...{ verdicts: ["rejected h3 E0308", "accepted"], plain: "red", plainArguments },
  },
  {
    title:
      "a body that shows outside, where the package alone lacks a feature that only the dependent turns on",
    files: turnsOn(
      `${kinds}#[cfg(feature = "extra")]\npub const fn count(kind: Kind) -> usize {\n    ${arms}\n}\n`,
    ).replace("pub use own::Kind;", "pub const TWO: [u8; own::count(own::Kind::A)] = [1, 2];"),
    drafts: [
      { h1: "3", h2: "3" },
      { h1: "2", h2: "3" },
    ],
    ...{ verdicts: ["rejected - E0308", "accepted"], plain: "green", plainArguments },
  },
  {
    title: "the same, where the user checks the package alone: neither features nor dependents can be judged",
    files: turnsOn(`${kinds}pub const fn count(kind: Kind) -> usize {\n    ${arms}\n}\n`).replace(
      "pub use own::Kind;",
      "pub const TWO: [u8; own::count(own::Kind::A)] = [1, 2];",
    ),
    settings: alone,
    ...{ drafts: [{ h1: "3", h2: "3" }], verdicts: "not-handled", plain: "green", plainArguments },
  },
];

describe("features of what the package depends on", () => springTraps(dependencies));

const inTests = (resolver: string) =>
  root(["own", "leaf"], `resolver = "${resolver}"\n`) +
  leaf +
  member("own", `${dependsOnLeaf}[dev-dependencies]\n${on("leaf", '"more"')}`, viaLeaf);
const ofHost = (resolver: string) =>
  root(["own", "leaf", "app"], `resolver = "${resolver}"\n`) +
  leaf +
  member("own", dependsOnLeaf, viaLeaf) +
  member("app", `[build-dependencies]\n${on("leaf", '"more"')}`, "") +
  file("app/build.rs", "fn main() {}\n");
const noTests = { check: { allTargets: false } };

/** `leaf` runs nothing here: it is only depended on by a build script, so the site must not stand in it. */
const resolvers: readonly Trap[] = [
  {
    title:
      "resolver 2: a dev-dependency's feature is on where tests are checked, and a build without them is red",
    files: inTests("2"),
    ...{ drafts: [three], verdicts: ["rejected - E0599"], plain: "red", plainArguments: ["-p", "own"] },
  },
  {
    title: "resolver 2: a wrong body for what only the feature of a dev-dependency has",
    files: inTests("2"),
    ...{ drafts: [wrongThird], verdicts: ["rejected h3 E0308"], plain: "red" },
    plainArguments: ["-p", "own", "--all-targets"],
  },
  {
    title: "resolver 2: it is off where they are not",
    files: inTests("2"),
    settings: noTests,
    ...{ drafts: [three], verdicts: ["rejected - E0599"], plain: "green", plainArguments: ["--all-targets"] },
  },
  {
    title: "resolver 1: it is on either way",
    files: inTests("1"),
    settings: noTests,
    ...{ drafts: [wrongThird, three], verdicts: ["rejected h3 E0308", "accepted"], plain: "red" },
  },
  {
    title: "resolver 2: a build-dependency's feature of another member is off",
    files: ofHost("2"),
    ...{ drafts: [three], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "resolver 1: it is on",
    files: ofHost("1"),
    ...{ drafts: [wrongThird, three], verdicts: ["rejected h3 E0308", "accepted"], plain: "red" },
  },
];

describe("the two resolvers", () => springTraps(resolvers));

it("builds the very units that a check of the whole workspace builds, and no dependent", async () => {
  const world = new TrapWorld();
  const files =
    root(["own", "leaf", "mid", "app"]) +
    leaf +
    mid +
    member("own", `[dependencies]\n${on("mid", "")}`, viaMid) +
    member("app", dependsOnMore + on("own", ""), "");
  const report = (await world.verify(world.lay(files)!, [three])) as VerifyReport;
  expect(report.verdicts).toMatchObject([
    {
      kind: "accepted",
      check: { command: "cargo check -p own --all-targets # with the features of --workspace" },
    },
  ]);
  const [slot = ""] = slotsOf(world);
  const places = [
    "--target-dir",
    join(slot, "target"),
    "--config",
    `build.build-dir="${join(slot, "build")}"`,
  ];
  const { stdout } = spawnSync(
    "cargo",
    ["check", "--workspace", "--all-targets", "--offline", "--message-format=json", ...places],
    { cwd: join(slot, "tree", world.root), env: world.environment, encoding: "utf8" },
  );
  const built = stdout.split("\n").flatMap((line) => {
    const message = parseCargoLine(line);
    return message.kind === "artifact" && !message.isTest ? [`${message.target} ${message.isFresh}`] : [];
  });
  expect(built.sort()).toEqual(["lib app false", "lib leaf true", "lib mid true", "lib own true"]);
  await world.close();
});
