/** What the user has built already is taken over where its sources cannot change, and nothing else is. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { silentLog } from "../../server/base/log.ts";
import { Shadow } from "../../server/verify/shadow/shadow.ts";
import { seedUnit } from "../../server/verify/shadow/seed-unit.ts";
import { chooseUnits } from "../../server/verify/shadow/unit-choice.ts";
import { type BuiltUnit, readUnits } from "../../server/verify/shadow/units.ts";
import { treeState } from "../slow/verify-world.ts";
import { copyAsIs, ShadowWorld } from "./shadow-world.ts";
import { count, file, kinds, manifest } from "./site.ts";
import { verdictsOf } from "./trap.ts";

let world: ShadowWorld;
beforeEach(() => (world = new ShadowWorld()));
afterEach(() => world.close());

const verdicts = async (...given: Parameters<ShadowWorld["verify"]>) =>
  verdictsOf(await world.verify(...given));

/** Packages that come by git: with a generated file, with a macro, and with others below them. */
const parts = [
  file("Cargo.toml", '[workspace]\nmembers = ["plain", "script", "macro", "top"]\nresolver = "2"\n'),
  file("plain/Cargo.toml", manifest("plain")),
  file("plain/src/lib.rs", "pub fn one() -> u8 { 1 }\n"),
  file("script/Cargo.toml", manifest("script")),
  file(
    "script/build.rs",
    `fn main() {
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR").unwrap());
    std::fs::write(out.join("made.rs"), "pub fn two() -> u8 { 2 }").unwrap();
    println!("cargo::rerun-if-changed=build.rs");
}
`,
  ),
  file("script/src/lib.rs", 'include!(concat!(env!("OUT_DIR"), "/made.rs"));\n'),
  file("macro/Cargo.toml", manifest("macro", "[lib]\nproc-macro = true\n")),
  file(
    "macro/src/lib.rs",
    '#[proc_macro]\npub fn three(_: proc_macro::TokenStream) -> proc_macro::TokenStream { "3u8".parse().unwrap() }\n',
  ),
  file(
    "top/Cargo.toml",
    manifest(
      "top",
      '[dependencies]\nplain = { path = "../plain" }\nscript = { path = "../script" }\nmacro = { path = "../macro" }\n',
    ),
  ),
  file(
    "top/src/lib.rs",
    "pub use plain::one;\npub use script::two;\npub fn three() -> u8 { r#macro::three!() }\n",
  ),
].join("");

const workspace = (url: string, names: readonly string[], helper = "pub fn four() -> u8 { 4 }\n") =>
  file("Cargo.toml", '[workspace]\nmembers = ["app", "helper"]\nresolver = "2"\n') +
  file(
    "app/Cargo.toml",
    manifest(
      "app",
      `[dependencies]\nhelper = { path = "../helper" }\n${names.map((name) => `${name} = { git = "${url}" }\n`).join("")}`,
    ),
  ) +
  file("app/src/lib.rs", kinds + count) +
  file("helper/Cargo.toml", manifest("helper")) +
  file("helper/src/lib.rs", helper);

const right = { h1: "top::one() + top::two() + top::three()", h2: "helper::four()" };
const userBuild = () => join(world.root, "target");
const shadowBuild = () => join(world.slot, "build");

it("takes over what was fetched, compiles every member, and tells right from wrong", async () => {
  const skeleton = world.lay(workspace(await world.upstream("parts", parts), ["top"]))!;
  await world.build();
  const before = treeState(world.root);
  expect(await verdicts(skeleton, [{ ...right, h1: "top::none()" }, right])).toEqual([
    "rejected h1 E0425",
    "accepted",
  ]);
  for (const name of ["plain", "script", "macro", "top"]) {
    expect(world.units(shadowBuild(), name)).toEqual(world.units(userBuild(), name));
    expect(Object.keys(world.units(shadowBuild(), name))).not.toEqual([]);
  }
  const [theirs, ours] = [userBuild(), shadowBuild()].map((build) =>
    Object.values(world.units(build, "helper")),
  );
  expect(Math.min(...(ours ?? []))).toBeGreaterThan(Math.max(...(theirs ?? [])));
  expect(world.lines.join("")).toMatch(/took over 6 units/);
  expect(treeState(world.root)).toEqual(before);
});

describe("a member's unit that the user built from another text", () => {
  /** The shadow has the first text; the user builds the second and takes it back, with an old time. */
  const buildAndTakeBack = async () => {
    const one = "pub fn one() -> u8 { 1 }\n";
    const skeleton = world.lay(workspace(await world.upstream("parts", parts), ["top"], one))!;
    const draft = { h1: "helper::two()", h2: "top::one()" };
    await world.run("cargo", ["fetch"], world.root);
    expect(await verdicts(skeleton, [draft])).toEqual(["rejected h1 E0425"]);
    world.put("helper/src/lib.rs", "pub fn two() -> u8 { 2 }\n");
    await world.build();
    world.put("helper/src/lib.rs", one);
    return { skeleton, draft };
  };

  it("is not taken over", async () => {
    const { skeleton, draft } = await buildAndTakeBack();
    expect(await verdicts(skeleton, [draft])).toEqual(["rejected h1 E0425"]);
  });

  it("gives cargo a green check where the whole directory is copied", async () => {
    const { skeleton, draft } = await buildAndTakeBack();
    rmSync(shadowBuild(), { recursive: true });
    copyAsIs(userBuild(), shadowBuild());
    const { colour } = await world.checkInShadow(skeleton, draft);
    expect(colour).toBe("green");
    expect(readFileSync(world.placeOf("helper/src/lib.rs"), "utf8")).not.toContain("two");
  });
});

it("takes nothing of a name that a member has too", async () => {
  const named = await world.upstream(
    "named",
    file("Cargo.toml", manifest("helper")) + file("src/lib.rs", "pub fn five() -> u8 { 5 }\n"),
  );
  const files = workspace(await world.upstream("parts", parts), ["top"]).replace(
    "[dependencies]\n",
    `[dependencies]\nother = { git = "${named}", package = "helper" }\n`,
  );
  const skeleton = world.lay(files)!;
  await world.build();
  expect(await verdicts(skeleton, [{ h1: "other::five()", h2: "helper::four()" }])).toEqual(["accepted"]);
  const [theirs, ours] = [userBuild(), shadowBuild()].map((build) => world.units(build, "helper"));
  // Cargo has one directory for the member and one for the package that was fetched.
  expect(Object.keys(theirs!).length).toBeGreaterThanOrEqual(2);
  for (const [name, time] of Object.entries(ours!)) expect(time).not.toBe(theirs![name]);
  expect(world.units(shadowBuild(), "top")).toEqual(world.units(userBuild(), "top"));
});

describe("a macro that its build script told the directory", () => {
  /** It writes into that directory whenever it is used. */
  const knowing = [
    file("Cargo.toml", manifest("knowing", "[lib]\nproc-macro = true\n")),
    file(
      "build.rs",
      `fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/place.rs"), format!("const PLACE: &str = {out:?};")).unwrap();
    println!("cargo::rerun-if-changed=build.rs");
}
`,
    ),
    file(
      "src/lib.rs",
      `include!(concat!(env!("OUT_DIR"), "/place.rs"));
#[proc_macro]
pub fn six(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    std::fs::write(format!("{PLACE}/used"), std::process::id().to_string()).unwrap();
    "6u8".parse().unwrap()
}
`,
    ),
  ].join("");
  const draft = { h1: "top::one()", h2: "SIX" };
  const lay = async () => {
    const url = await world.upstream("knowing", knowing);
    const files = workspace(await world.upstream("parts", parts), ["top"])
      .replace("[dependencies]\n", `[dependencies]\nknowing = { git = "${url}" }\n`)
      .replace(kinds, `${kinds}const SIX: u8 = knowing::six!();\n`);
    const skeleton = world.lay(files)!;
    await world.build();
    return skeleton;
  };

  it("is built anew, and the user's target directory stays as it was", async () => {
    const skeleton = await lay();
    const before = treeState(world.root);
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    expect(treeState(world.root)).toEqual(before);
    expect(world.units(shadowBuild(), "top")).toEqual(world.units(userBuild(), "top"));
  });

  it("writes into it where the whole directory is copied", async () => {
    const skeleton = await lay();
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    const before = treeState(world.root);
    rmSync(shadowBuild(), { recursive: true });
    copyAsIs(userBuild(), shadowBuild());
    expect((await world.checkInShadow(skeleton, draft)).colour).toBe("green");
    expect(treeState(world.root)).not.toEqual(before);
  });
});

describe("a library for build scripts that knows where its own script wrote", () => {
  /** As crates do that build a tool: the directory is a constant, and nothing the script wrote names it. */
  const tool = (attribute: string) =>
    [
      file("Cargo.toml", manifest("tool")),
      file(
        "build.rs",
        `fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/made.rs"), "pub const SEVEN: u8 = 7;").unwrap();
    println!("cargo::rerun-if-changed=build.rs");
}
`,
      ),
      file(
        "src/lib.rs",
        `include!(concat!(env!("OUT_DIR"), "/made.rs"));\n${attribute}\npub fn place() -> &'static str { env!("OUT_DIR") }\n`,
      ),
    ].join("");
  const script = `fn main() {
    std::fs::write(format!("{}/used-{}", tool::place(), std::process::id()), "x").unwrap();
    println!("cargo::rerun-if-changed=build.rs");
}
`;
  const lay = async (attribute: string) => {
    const url = await world.upstream("tool", tool(attribute));
    const files = workspace(await world.upstream("parts", parts), ["top"]).replace(
      "[dependencies]\n",
      `[build-dependencies]\ntool = { git = "${url}" }\n[dependencies]\n`,
    );
    const skeleton = world.lay(files + file("app/build.rs", script))!;
    await world.build();
    return skeleton;
  };
  const draft = { h1: "top::one()", h2: "2" };

  it.each(["", "#[inline]"])(
    "is built anew %s, and the member's script writes into the shadow",
    async (attribute) => {
      const skeleton = await lay(attribute);
      const before = treeState(world.root);
      expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
      expect(treeState(world.root)).toEqual(before);
      expect(world.units(shadowBuild(), "top")).toEqual(world.units(userBuild(), "top"));
    },
  );

  it("has the script write into the user's directory where its units are copied as they are", async () => {
    const skeleton = await lay("");
    expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
    const before = treeState(world.root);
    rmSync(shadowBuild(), { recursive: true });
    for (const part of ["deps", "build", ".fingerprint"]) {
      for (const name of readdirSync(join(userBuild(), "debug", part)).filter(
        (own) => !own.includes("app"),
      )) {
        copyAsIs(join(userBuild(), "debug", part, name), join(shadowBuild(), "debug", part, name));
      }
    }
    expect((await world.checkInShadow(skeleton, draft)).colour).toBe("green");
    expect(treeState(world.root)).not.toEqual(before);
  });
});

it("takes no unit that depends on what is left out", async () => {
  const below = file("Cargo.toml", manifest("below")) + file("src/lib.rs", "pub fn one() -> u8 { 1 }\n");
  const above =
    file("Cargo.toml", manifest("above", `[dependencies]\nbelow = { git = "BELOW" }\n`)) +
    file("src/lib.rs", "pub use below::one;\n");
  const url = await world.upstream("below", below);
  const aboveUrl = await world.upstream("above", above.replace("BELOW", url));
  const patch = `[patch."${url}"]\nbelow = { path = "below" }\n`;
  const files = workspace(aboveUrl, ["above"]).replace('resolver = "2"\n', `resolver = "2"\n${patch}`);
  const local =
    file("below/Cargo.toml", manifest("below")) + file("below/src/lib.rs", "pub fn one() -> u8 { 1 }\n");
  const skeleton = world.lay(files + local)!;
  await world.build();
  const draft = { h1: "above::one()", h2: "helper::four()" };
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  expect(Object.keys(world.units(userBuild(), "above"))).not.toEqual([]);
  for (const [name, time] of Object.entries(world.units(shadowBuild(), "above")))
    expect(time).not.toBe(world.units(userBuild(), "above")[name]);
  world.put("below/src/lib.rs", "pub fn two() -> u8 { 1 }\n");
  expect(await verdicts(skeleton, [draft])).toEqual(["unknown not-live"]);
});

describe("a unit that is not whole", () => {
  const names = ["plain", "script", "macro", "top"];

  /** A shadow without any build, beside what the user has built. */
  const begin = async () => {
    const skeleton = world.lay(workspace(await world.upstream("parts", parts), ["top"]))!;
    await world.run("cargo", ["fetch"], world.root);
    expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
    await world.verifier.dispose();
    rmSync(shadowBuild(), { recursive: true });
    await world.build();
    return skeleton;
  };
  const unitsOfUser = async (): Promise<readonly BuiltUnit[]> => {
    const checkouts = join(world.cargoHome, "git", "checkouts");
    const files = readdirSync(checkouts, { recursive: true, encoding: "utf8" }).map((name) =>
      join(checkouts, name),
    );
    const units = await readUnits(join(userBuild(), "debug"), {
      packages: new Set(names),
      crateRoots: new Set(files),
    });
    const chosen = chooseUnits(units, units[0]?.rustc);
    expect(chosen.map(({ name }) => name.slice(0, name.lastIndexOf("-"))).sort()).toEqual([
      "macro",
      "plain",
      "script",
      "script",
      "script",
      "top",
    ]);
    return chosen;
  };
  const library = (unit: BuiltUnit) =>
    join(
      unit.directory,
      unit.outputs.find((output) => output.endsWith(".rmeta"))!,
    );
  const seedAll = async (shadow: Shadow, units: readonly BuiltUnit[]) => {
    const taken: string[] = [];
    for (const unit of units)
      if ((await seedUnit(unit, shadow, { into: shadowBuild(), spellings: [userBuild()] })) !== undefined)
        taken.push(unit.name);
    return taken;
  };

  it("is dropped where the user's cargo began to build it meanwhile", async () => {
    await begin();
    const units = await unitsOfUser();
    const plain = units.find(({ name }) => name.startsWith("plain"))!;
    const fingerprint = join(plain.directory, ".fingerprint", plain.name, "lib-plain");
    class Meanwhile extends Shadow {
      override stage(): string {
        truncateSync(fingerprint);
        return super.stage();
      }
    }
    expect(
      await seedUnit(plain, new Meanwhile(world.slot, silentLog), {
        into: shadowBuild(),
        spellings: [userBuild()],
      }),
    ).toBeUndefined();
    writeFileSync(fingerprint, plain.fingerprint);
    class Rebuilt extends Shadow {
      override adopt(): void {
        throw new Error("it must not come to this");
      }
      override stage(): string {
        // A rebuild leaves the same fingerprint and another library.
        writeFileSync(library(plain), readFileSync(library(plain)));
        return super.stage();
      }
    }
    expect(
      await seedUnit(plain, new Rebuilt(world.slot, silentLog), {
        into: shadowBuild(),
        spellings: [userBuild()],
      }),
    ).toBeUndefined();
    expect(existsSync(join(shadowBuild(), "debug"))).toBe(false);
    expect(readdirSync(join(world.slot, "temporary"))).toEqual([]);
    expect(
      await seedUnit(plain, new Shadow(world.slot, silentLog), {
        into: shadowBuild(),
        spellings: [userBuild()],
      }),
    ).toBeGreaterThan(0);
  });

  it("is nothing to cargo where we ended before the fingerprint", async () => {
    const skeleton = await begin();
    class Ending extends Shadow {
      override adopt(staged: string, path: string): void {
        if (path.includes(".fingerprint")) throw new Error("the end");
        super.adopt(staged, path);
      }
    }
    for (const unit of await unitsOfUser()) {
      await expect(
        seedUnit(unit, new Ending(world.slot, silentLog), { into: shadowBuild(), spellings: [userBuild()] }),
      ).rejects.toThrow("the end");
    }
    expect((await world.checkInShadow(skeleton, right)).stderr).toMatch(
      /Checking plain .*\n(?:.*\n)*.*Checking top/,
    );
  });

  it("is believed and red for ever where the fingerprint came first", async () => {
    const skeleton = await begin();
    expect(await seedAll(new Shadow(world.slot, silentLog), await unitsOfUser())).toHaveLength(6);
    expect((await world.checkInShadow(skeleton, right)).colour).toBe("green");
    const top = (await unitsOfUser()).find(({ name }) => name.startsWith("top"))!;
    const ours = library({ ...top, directory: join(shadowBuild(), "debug") });
    const { atime, mtime } = statSync(ours);
    truncateSync(ours, 100);
    utimesSync(ours, atime, mtime);
    for (const round of [1, 2]) {
      const { colour, stderr } = await world.checkInShadow(skeleton, right);
      expect([round, colour, stderr]).toEqual([round, "red", expect.not.stringContaining("Checking top")]);
    }
  });

  it("is not taken where its time is still to come", async () => {
    await begin();
    const plain = (await unitsOfUser()).find(({ name }) => name.startsWith("plain"))!;
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(library(plain), later, later);
    expect(
      await seedUnit(plain, new Shadow(world.slot, silentLog), {
        into: shadowBuild(),
        spellings: [userBuild()],
      }),
    ).toBeUndefined();
  });

  it("is not taken where it holds a link", async () => {
    await begin();
    const run = (await unitsOfUser()).find(({ kind }) => kind === "run-build-script")!;
    symlinkSync("/", join(run.directory, "build", run.name, "out", "root"));
    expect(
      await seedUnit(run, new Shadow(world.slot, silentLog), {
        into: shadowBuild(),
        spellings: [userBuild()],
      }),
    ).toBeUndefined();
  });
});

it("takes what the user has built since, and what was built for a named target and in rust-analyzer's directory", async () => {
  const url = await world.upstream("parts", parts);
  world.lay(workspace(url, ["plain"]));
  await world.build();
  const skeleton = world.lay(workspace(url, ["plain"]))!;
  const draft = { h1: "plain::one()", h2: "helper::four()" };
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  expect(world.lines.join("")).toMatch(/took over 1 units/);
  const more = world.lay(workspace(url, ["plain", "script"]))!;
  await world.build();
  expect(await verdicts(more, [{ ...draft, h1: "script::two()" }])).toEqual(["accepted"]);
  expect(world.units(shadowBuild(), "script")).toEqual(world.units(userBuild(), "script"));
  expect(world.lines.join("")).toMatch(/took over 3 units/);

  const triple = /host: (.*)/.exec(await world.run("rustc", ["-vV"], world.root))![1]!;
  await world.build("--target", triple);
  const settings = checkSettingsFrom({ cargo: { target: triple } });
  expect(await verdicts(more, [{ ...draft, h1: "script::two()" }], { settings })).toEqual(["accepted"]);
  const ofTriple = (build: string) => world.units(build, "script", `${triple}/debug`);
  expect(ofTriple(shadowBuild())).toEqual(ofTriple(userBuild()));

  const last = world.lay(workspace(url, ["plain", "script", "top"]))!;
  await world.build("--target-dir", "target/rust-analyzer");
  expect(await verdicts(last, [right])).toEqual(["accepted"]);
  expect(Object.keys(world.units(userBuild(), "top"))).toEqual([]);
  // Some of what it was built from the shadow has from elsewhere, so that it was built anew.
  expect(Object.keys(world.units(shadowBuild(), "top"))).not.toEqual([]);
});

it("leaves a build directory alone whose layout it does not know, and says so once", async () => {
  const skeleton = world.lay(workspace(await world.upstream("parts", parts), ["top"]))!;
  await world.run("cargo", ["fetch"], world.root);
  mkdirSync(join(userBuild(), "debug/build/plain/0123456789abcdef/fingerprint"), { recursive: true });
  expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
  expect(await verdicts(skeleton, [right])).toEqual(["accepted"]);
  expect(world.lines.filter((line) => line.includes("its layout is not known"))).toHaveLength(1);
});
