/** Where sources come from: each of these trees is what plain cargo compiles, and what the shadow must compile too. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { document, skeletonOf, treeState } from "../slow/verify-world.ts";
import { ShadowWorld } from "./shadow-world.ts";
import { count, file, kinds, manifest } from "./site.ts";
import { explain, plainManifest, verdictsOf } from "./trap.ts";

let world: ShadowWorld;
beforeEach(() => (world = new ShadowWorld()));
afterEach(() => world.close());

const verdicts = async (...given: Parameters<ShadowWorld["verify"]>) =>
  verdictsOf(await world.verify(...given));

/** Files beside the root, whose paths begin with `../`, or anywhere. */
const putAll = (files: Readonly<Record<string, string>>) => {
  for (const [path, text] of Object.entries(files)) world.put(path, text);
};
const helper = (text = "pub fn one() -> u8 { 1 }\n", more = "", name = "helper", version = "0.1.0") => ({
  "Cargo.toml": manifest(name, more).replace("0.1.0", version),
  "src/lib.rs": text,
});
const below = (directory: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [join(directory, path), text]));
const app = (dependencies: string, more = "") =>
  file("Cargo.toml", `${plainManifest}[dependencies]\n${dependencies}\n${more}`) +
  file("src/lib.rs", kinds + count);
const draft = { h1: "helper::one()", h2: "2" };
const two = "pub fn two() -> u8 { 2 }\n";

/** Right with what is on disk, wrong with an unsaved text; the user's files stay as they are. */
const followsHelper = async (files: string, place: string) => {
  const skeleton = world.lay(files)!;
  await world.run("cargo", ["fetch"], world.root);
  const before = treeState(dirname(world.root));
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  const unsaved = document(join(world.root, place, "src/lib.rs"), two);
  const documents = [skeleton.site.document, unsaved];
  expect(await verdicts(skeleton, [draft], { documents })).toEqual(["rejected h1 E0425"]);
  expect(treeState(dirname(world.root))).toEqual(before);
  return skeleton;
};

describe("a patch with a path outside the root", () => {
  const upstream = () =>
    world.upstream("helper", file("Cargo.toml", manifest("helper")) + file("src/lib.rs", two));

  it("in the manifest", async () => {
    const url = await upstream();
    putAll(below("../fork", helper()));
    const patch = `[patch."${url}"]\nhelper = { path = "../fork" }\n`;
    await followsHelper(app(`helper = { git = "${url}" }`, patch), "../fork");
  });

  it("in the manifest, from the root of the file system", async () => {
    const url = await upstream();
    putAll(below("../fork", helper()));
    const patch = `[patch."${url}"]\nhelper = { path = "${dirname(world.root)}/fork" }\n`;
    await followsHelper(app(`helper = { git = "${url}" }`, patch), "../fork");
  });

  it("in cargo's settings, of the workspace and above it", async () => {
    const url = await upstream();
    putAll(below("../fork", helper()));
    const files = app(`helper = { git = "${url}" }`);
    const settings = (path: string) => `[patch."${url}"]\nhelper = { path = "${path}" }\n`;
    await followsHelper(files + file(".cargo/config.toml", settings("../fork")), "../fork");
    world.put("../.cargo/config.toml", settings("fork"));
    await followsHelper(files, "../fork");
    world.put("../.cargo/config.toml", settings(join(dirname(world.root), "fork")));
    await followsHelper(files, "../fork");
    world.put("../.cargo/config.toml", 'include = ["more.toml"]\n');
    world.put("../.cargo/more.toml", settings("fork"));
    await followsHelper(files, "../fork");
  });
});

it("follows `replace` and `paths`", async () => {
  const url = await world.upstream(
    "helper",
    file("Cargo.toml", manifest("helper")) + file("src/lib.rs", two),
  );
  putAll(below("../fork", helper()));
  const files = app(`helper = { git = "${url}" }`);
  const replace = `[replace]\n"${url}#helper:0.1.0" = { path = "../fork" }\n`;
  await followsHelper(app(`helper = { git = "${url}" }`, replace), "../fork");
  await followsHelper(files + file(".cargo/config.toml", 'paths = ["../fork"]\n'), "../fork");
  await followsHelper(
    files + file(".cargo/config.toml", `paths = ["${dirname(world.root)}/fork"]\n`),
    "../fork",
  );
});

it("reads a registry that is vendored outside the root", async () => {
  putAll(below("../vendor/helper", { ...helper(), ".cargo-checksum.json": '{"files":{}}' }));
  const source =
    '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "../vendor"\n';
  const skeleton = world.lay(app('helper = "0.1"') + file(".cargo/config.toml", source))!;
  const before = treeState(dirname(world.root));
  const none = { h1: "helper::none()", h2: "2" };
  expect(await verdicts(skeleton, [none, draft])).toEqual(["rejected h1 E0425", "accepted"]);
  expect(treeState(dirname(world.root))).toEqual(before);
  expect(readFileSync(world.placeOf(".cargo/config.toml"), "utf8")).toContain(
    `${dirname(world.root)}/vendor`,
  );
});

it("reads a local registry outside the root", async () => {
  const registry = join(dirname(world.root), "registry");
  putAll(below("../made", helper("pub fn one() -> u8 { 1 }\n", 'description = "x"\nlicense = "MIT"\n')));
  const made = join(dirname(world.root), "made");
  await world.run("cargo", ["package", "--offline", "--no-verify", "--allow-dirty"], made);
  const archive = join(made, "target/package/helper-0.1.0.crate");
  const [sum] = (await world.run("sha256sum", [archive], made)).split(" ");
  const line = { name: "helper", vers: "0.1.0", deps: [], cksum: sum, features: {}, yanked: false };
  mkdirSync(join(registry, "index/he/lp"), { recursive: true });
  writeFileSync(join(registry, "index/he/lp/helper"), `${JSON.stringify(line)}\n`);
  renameSync(archive, join(registry, "helper-0.1.0.crate"));
  const source = '[source.crates-io]\nreplace-with = "near"\n[source.near]\nlocal-registry = "../registry"\n';
  const skeleton = world.lay(app('helper = "0.1"') + file(".cargo/config.toml", source))!;
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
});

it("runs a wrapper of the compiler that is named from outside the root", async () => {
  world.put("../tools/wrap.sh", '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(world.root, "../tools/wrap.sh"), 0o755);
  world.put("../.cargo/config.toml", '[build]\nrustc-wrapper = "tools/wrap.sh"\n');
  const skeleton = world.lay(file("src/lib.rs", kinds + count))!;
  expect(await verdicts(skeleton, [{ h1: "1", h2: "2" }])).toEqual(["accepted"]);
});

describe("files above the workspace that are compiled in", () => {
  const size = 'pub type Sized = [u8; include_str!("../../notes/size.txt").len()];\n';
  const sized = { h1: "{ let sized: Sized = [1, 2]; sized[1] }", h2: "2" };

  it("are followed where the user has built", async () => {
    world.put("../notes/size.txt", "xx");
    const skeleton = world.lay(file("src/lib.rs", size + kinds + count))!;
    // The site is open, so the library itself is red: its tests have been built in other ways.
    await world.run("cargo", ["check", "--offline"], world.root).catch(() => "red at the site");
    expect(await verdicts(skeleton, [sized])).toEqual(["accepted"]);
    world.put("../notes/size.txt", "xxx");
    expect(await verdicts(skeleton, [sized])).toEqual(["rejected h1 E0308"]);
  });

  it("are missed where nobody has, and there is no verdict", async () => {
    world.put("../notes/size.txt", "xx");
    const skeleton = world.lay(file("src/lib.rs", size + kinds + count))!;
    expect(await verdicts(skeleton, [sized])).toEqual(["unknown not-live"]);
  });
});

describe("a path dependency that is named from the root of the file system", () => {
  const place = () => join(dirname(world.root), "helper");

  it("counts with its unsaved text, in every table", async () => {
    putAll(below("../helper", helper()));
    const path = `{ path = "${place()}" }`;
    await followsHelper(app(`helper = ${path}`), "../helper");
    const target = `[target.'cfg(unix)'.dependencies]\nhelper = { path = '${place()}' }\n`;
    await followsHelper(app("", target), "../helper");
    const shared = `[workspace]\n[workspace.dependencies]\nhelper = ${path}\n`;
    await followsHelper(app("helper.workspace = true", shared), "../helper");
    const nested = `[dependencies.helper]\npath = "${place()}"\n`;
    await followsHelper(
      file("Cargo.toml", plainManifest + nested) + file("src/lib.rs", kinds + count),
      "../helper",
    );
  });

  it("is rewritten in an unsaved manifest too", async () => {
    putAll(below("../helper", helper()));
    const skeleton = world.lay(app(`helper = { path = "${place()}" }`))!;
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    const text = `${readFileSync(join(world.root, "Cargo.toml"), "utf8")}# more\n`;
    const documents = [
      skeleton.site.document,
      document(join(world.root, "Cargo.toml"), text),
      document(join(place(), "src/lib.rs"), two),
    ];
    expect(await verdicts(skeleton, [draft], { documents })).toEqual(["rejected h1 E0425"]);
    expect(readFileSync(world.placeOf("Cargo.toml"), "utf8")).toContain("# more");
  });

  const script = 'fn main() { std::fs::write("made.txt", "x").unwrap(); }\n';

  it("has its build script run in the shadow", async () => {
    putAll(below("../helper", { ...helper(), "build.rs": script }));
    await followsHelper(app(`helper = { path = "${place()}" }`), "../helper");
    expect(existsSync(join(world.placeOf("../helper"), "made.txt"))).toBe(true);
    await world.cargo(world.root, []);
    expect(existsSync(join(place(), "made.txt"))).toBe(true);
  });

  it("gives no verdict where it cannot be rewritten and has a build script or an unsaved text", async () => {
    const odd = `helper = { path = ${JSON.stringify(place()).replace("helper", "h\\u0065lper")} }`;
    putAll(below("../helper", helper()));
    const skeleton = world.lay(app(odd))!;
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    const documents = [skeleton.site.document, document(join(place(), "src/lib.rs"), two)];
    expect(await verdicts(skeleton, [draft], { documents })).toBe("not-handled");
    world.put("../helper/build.rs", script);
    expect(await verdicts(world.lay(app(odd))!, [draft])).toBe("not-handled");
    expect(existsSync(join(place(), "made.txt"))).toBe(false);
  });
});

describe("workspaces of every shape", () => {
  it("members above and beside the root", async () => {
    putAll(
      below("../helper", {
        ...helper(),
        "Cargo.toml": manifest("helper", "").replace("[package]\n", '[package]\nworkspace = "../work"\n'),
      }),
    );
    const files = app('helper = { path = "../helper" }', '[workspace]\nmembers = ["../helper"]\n');
    await followsHelper(files, "../helper");
    const beside = skeletonOf(join(dirname(world.root), "helper/src/site.rs"), kinds + count);
    world.put("../helper/src/lib.rs", "pub fn one() -> u8 { 1 }\nmod site;\n");
    world.put("../helper/src/site.rs", beside.site.document.text);
    const wrong = { h1: "one()", h2: "2" };
    expect(await verdicts(beside, [wrong, { h1: "crate::one()", h2: "2" }])).toEqual([
      "rejected h1 E0425",
      "accepted",
    ]);
  });

  it("a member that inherits from a workspace elsewhere, as a path dependency", async () => {
    putAll({
      "../other/Cargo.toml":
        '[workspace]\nmembers = ["crates/*"]\n[workspace.package]\nedition = "2021"\nversion = "0.1.0"\n',
      "../other/crates/helper/Cargo.toml":
        '[package]\nname = "helper"\nversion.workspace = true\nedition.workspace = true\n',
      "../other/crates/helper/src/lib.rs": "pub fn one() -> u8 { 1 }\n",
    });
    await followsHelper(app('helper = { path = "../other/crates/helper" }'), "../other/crates/helper");
  });

  it("an excluded member and a nested workspace, in one session with the one around them", async () => {
    const files =
      file("Cargo.toml", '[workspace]\nmembers = ["app"]\nexclude = ["alone", "nested"]\nresolver = "2"\n') +
      file("app/Cargo.toml", manifest("app", '[dependencies]\nhelper = { path = "../alone" }\n')) +
      file("app/src/lib.rs", kinds + count) +
      file("alone/Cargo.toml", manifest("helper")) +
      file("alone/src/lib.rs", "pub fn one() -> u8 { 1 }\npub mod site;\n") +
      file("nested/Cargo.toml", '[workspace]\nmembers = ["inner"]\nresolver = "2"\n') +
      file(
        "nested/inner/Cargo.toml",
        manifest("inner", '[dependencies]\nhelper = { path = "../../alone" }\n'),
      ) +
      file("nested/inner/src/lib.rs", "mod site;\n");
    const skeleton = world.lay(files)!;
    const others = ["alone/src/site.rs", "nested/inner/src/site.rs"].map((path) => {
      const other = skeletonOf(join(world.root, path), kinds + count);
      world.put(path, "\n");
      return other;
    });
    const none = { h1: '"text"', h2: "2" };
    expect(await verdicts(skeleton, [none, draft])).toEqual(["rejected h1 E0308", "accepted"]);
    expect(await verdicts(others[0]!, [none, { h1: "crate::one()", h2: "2" }])).toEqual([
      "rejected h1 E0308",
      "accepted",
    ]);
    expect(await verdicts(others[1]!, [none, draft])).toEqual(["rejected h1 E0308", "accepted"]);
    expect(await verdicts(skeleton, [none, draft])).toEqual(["rejected h1 E0308", "accepted"]);
    expect(readdirSync(join(world.base, "cache")).filter((name) => /^[0-9a-f]{16}$/.test(name))).toHaveLength(
      3,
    );
  });

  it("a root and a dependency that links lead to", async () => {
    const outside = join(world.base, "outside");
    const skeleton = world.lay(app('helper = { path = "../links/helper" }'))!;
    for (const [path, text] of Object.entries(below("helper", helper()))) {
      mkdirSync(dirname(join(outside, path)), { recursive: true });
      writeFileSync(join(outside, path), text);
    }
    symlinkSync(outside, join(dirname(world.root), "links"));
    symlinkSync(world.root, join(world.base, "way"));
    const { site } = skeleton;
    const linked = {
      ...skeleton,
      site: { ...site, document: document(join(world.base, "way/src/lib.rs"), site.document.text) },
    };
    expect(await verdicts(linked, [draft])).toEqual(["accepted"]);
    const documents = [linked.site.document, document(join(outside, "helper/src/lib.rs"), two)];
    expect(await verdicts(linked, [draft], { documents })).toEqual(["rejected h1 E0425"]);
  });

  it("a member that only a link names has no verdict", async () => {
    const files =
      file("Cargo.toml", '[workspace]\nmembers = ["member"]\nresolver = "2"\n') +
      file("real/Cargo.toml", manifest("app")) +
      file("real/src/lib.rs", kinds + count);
    const skeleton = world.lay(files)!;
    symlinkSync("real", join(world.root, "member"));
    expect(await verdicts(skeleton, [{ h1: "1", h2: "2" }])).toBe("cargo-failed");
  });
});

describe("Cargo.lock", () => {
  it("is not written in the user's tree, there or not, and works without a network", async () => {
    const url = await world.upstream(
      "helper",
      file("Cargo.toml", manifest("helper")) + file("src/lib.rs", "pub fn one() -> u8 { 1 }\n"),
    );
    world.lay(app(`helper = { git = "${url}" }`));
    await world.run("cargo", ["fetch"], world.root);
    world.put("../aside.lock", readFileSync(join(world.root, "Cargo.lock"), "utf8"));
    renameSync(join(world.root, "Cargo.lock"), join(world.base, "aside.lock"));
    const skeleton = world.lay(app(`helper = { git = "${url}" }`))!;
    const before = treeState(world.root);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    expect(treeState(world.root)).toEqual(before);
    world.put("Cargo.lock", "version = 4\n");
    const stale = treeState(world.root);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    expect(treeState(world.root)).toEqual(stale);
  });
});

describe("settings of CARGO_HOME", () => {
  const flags = '[build]\nrustflags = ["--cfg", "once"]\n';
  const script = `fn main() {
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap();
    println!("cargo::rustc-env=TIMES={}", flags.matches("once").count());
}
`;
  const text =
    kinds +
    count.replace(
      "{\n",
      '{\n    const _: () = assert!(env!("TIMES").as_bytes()[0] == b\'1\' && env!("TIMES").len() == 1);\n',
    );
  const files = file("build.rs", script) + file("src/lib.rs", text);
  const right = { h1: "1", h2: "2" };

  it("count once where the workspace lies below the home directory", async () => {
    const home = join(dirname(world.root), ".cargo");
    mkdirSync(home, { recursive: true });
    Object.assign(world.environment, { CARGO_HOME: home });
    writeFileSync(join(home, "config.toml"), flags);
    const skeleton = world.lay(files)!;
    expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
    expect((await world.checkInShadow(skeleton, right, "trap")).colour).toBe("green");
    // Copied to where it would stand in the shadow, cargo reads it a second time.
    mkdirSync(world.placeOf("../.cargo"), { recursive: true });
    writeFileSync(join(world.placeOf("../.cargo"), "config.toml"), flags);
    expect((await world.checkInShadow(skeleton, right, "trap")).colour).toBe("red");
  });

  it.each([".cargo", "home"])(
    "count once where it is %s in the workspace, and nothing of it is copied",
    async (name) => {
      const home = join(world.root, name);
      mkdirSync(home, { recursive: true });
      writeFileSync(join(home, "config.toml"), flags);
      writeFileSync(join(home, "large"), "x");
      Object.assign(world.environment, { CARGO_HOME: home });
      expect(await verdicts(world.lay(files)!, [right])).toEqual(["accepted"]);
      expect(existsSync(world.placeOf(`${name}/large`))).toBe(false);
    },
  );
});

it("reads clippy's and rustfmt's settings above the root, and not those above the shadow", async () => {
  const text = kinds + count.replace("kind: Kind", "kind: Kind, _a: u8, _b: u8, _c: u8");
  const settings = checkSettingsFrom({ check: { command: "clippy" } });
  const cache = join(world.base, "cache");
  mkdirSync(cache);
  writeFileSync(join(cache, "clippy.toml"), "too-many-arguments-threshold = 2\n");
  const denied = `#![deny(clippy::too_many_arguments)]\n${text}`;
  const right = { h1: "1", h2: "2" };
  const skeleton = world.lay(file("src/lib.rs", denied))!;
  expect(await verdicts(skeleton, [right], { settings })).toEqual(["accepted"]);
  expect(existsSync(world.placeOf("../clippy.toml"))).toBe(false);
  world.put("../clippy.toml", "too-many-arguments-threshold = 3\n");
  world.put("../.rustfmt.toml", "max_width = 40\n");
  world.put("src/more.rs", "");
  await verdicts(skeleton, [right], { settings });
  const places = ["../clippy.toml", "../.rustfmt.toml"].map((path) => world.placeOf(path));
  expect(places.map((place) => existsSync(place))).toEqual([true, true]);
});

describe("files that are nobody's to edit", () => {
  const script = `fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/made.rs"), "pub enum Kind { A, B }").unwrap();
}
`;
  const including = 'include!(concat!(env!("OUT_DIR"), "/made.rs"));\n';
  const reasonFor = async (path: string) =>
    explain(await world.verify(skeletonOf(path, kinds + count), [{ h1: "1", h2: "2" }]));

  it("code that a build script made, wherever it is built", async () => {
    const outside = join(world.base, "built");
    for (const directory of ["target", "elsewhere", outside]) {
      const settings = `[build]\ntarget-dir = ${JSON.stringify(directory)}\n`;
      world.lay(
        file("build.rs", script) + file("src/lib.rs", including) + file(".cargo/config.toml", settings),
      );
      await world.run("cargo", ["check", "--offline"], world.root);
      const base = resolve(world.root, directory);
      const made = readdirSync(base, { recursive: true, encoding: "utf8" }).find((name) =>
        name.endsWith("made.rs"),
      )!;
      expect(await reasonFor(join(base, made))).toMatch(
        /the file lies in a target directory|is made by a build/,
      );
    }
  });

  it("a package that cargo fetched", async () => {
    const url = await world.upstream(
      "helper",
      file("Cargo.toml", manifest("helper")) + file("src/lib.rs", two),
    );
    world.lay(app(`helper = { git = "${url}" }`));
    await world.run("cargo", ["fetch"], world.root);
    const checkouts = join(world.cargoHome, "git/checkouts");
    const names = readdirSync(checkouts, { recursive: true, encoding: "utf8" });
    const path = join(
      checkouts,
      names.find((name) => name.endsWith("lib.rs"))!,
    );
    expect(await reasonFor(path)).toMatch(/^outside-workspace: .* cargo has fetched/);
  });
});
