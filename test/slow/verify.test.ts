import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Abort, AbortedError } from "../../server/base/abort.ts";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { document, makeWorld, reportOf, shortly, treeState, type World } from "./verify-world.ts";

const enumText = `#[derive(Debug)]
pub enum Shape { Circle(f64), Square { side: f64 }, Named(String) }
`;
const arms = `«
        Shape::Circle(‹binder:_›) => ‹body:todo!()›,
        Shape::Square { ‹binder:side› } => ‹body:todo!()›,
        Shape::Named(‹binder:_›) => ‹body:todo!()›,
    »}
}
`;
const shapes = `${enumText}
pub fn area(shape: &Shape) -> f64 {
    match shape {${arms}`;

const right = { "h1.b1": "radius", h1: "3.14 * radius * radius", h2: "side * side", "h3.b1": "_", h3: "0.0" };

const manifest = '[package]\nname = "shapes"\nversion = "0.1.0"\nedition = "2021"\n';

let world: World;
afterEach(() => world.close());

describe("verdicts", () => {
  it("accepts the right draft, word for word, with its evidence", async () => {
    world = makeWorld({});
    const report = reportOf(await world.verify(world.skeleton("src/lib.rs", shapes), [right]));
    const [verdict] = report.verdicts;
    expect(verdict?.kind).toBe("accepted");
    if (verdict?.kind !== "accepted") return;
    expect(verdict.text).toContain("Shape::Circle(radius) => 3.14 * radius * radius,");
    expect(verdict.text).not.toContain("armature_live");
    expect(verdict.check.command).toBe("cargo check -p shapes --all-targets");
    expect(verdict.check.targets).toEqual(["lib shapes"]);
  });

  it("rejects a wrong type, an invented name and a borrow error, each with its hole", async () => {
    world = makeWorld({});
    const skeleton = world.skeleton("src/lib.rs", shapes);
    const wrong = { ...right, h2: "*side as u32" };
    const invented = { ...right, h1: "Shape::Triangle.area()" };
    const borrow = { ...right, h3: "{ let a = vec![1.0]; let b = a; drop(b); a[0] }" };
    const result = await world.verify(skeleton, [wrong, invented, borrow, right]);
    expect(shortly(result)).toEqual([
      "rejected h2 E0308",
      "rejected h1 E0599",
      "rejected h3 E0382",
      "accepted",
    ]);
  });

  it("refuses what closes its hole early before cargo sees it", async () => {
    world = makeWorld({});
    const evil = { ...right, h3: "0.0 } } fn evil() {" };
    const report = reportOf(await world.verify(world.skeleton("src/lib.rs", shapes), [evil]));
    expect(shortly(report)).toEqual(["refused h3 leaves-its-hole"]);
    expect(report.checks).toBe(0);
  });

  it("accepts a partial draft with its open holes left open", async () => {
    world = makeWorld({});
    const result = await world.verify(world.skeleton("src/lib.rs", shapes), [
      { "h1.b1": "r", h1: "r * 2.0" },
    ]);
    expect(shortly(result)).toEqual(["accepted"]);
    expect(JSON.stringify(result)).toContain("Shape::Named(_) => todo!()");
  });

  it("rejects a draft that recurses without end", async () => {
    world = makeWorld({});
    const source = `pub trait Area { fn area(&self) -> f64; }\npub struct S(f64);\nimpl Area for S {«\n    fn area(&self) -> f64 {\n        ‹body:todo!()›\n    }\n»}\n`;
    const body = "let other: &dyn Area = self;\n        let s = self;\n        Area::area(s)";
    const result = await world.verify(world.skeleton("src/lib.rs", source), [{ h1: body }, { h1: "self.0" }]);
    expect(shortly(result)).toEqual(["accepted", "refused h1 delegates-to-itself"]);
  });

  it("fills an impl with a type, a constant and a method", async () => {
    world = makeWorld({});
    const source = `pub trait Unit { type Out; const N: usize; fn out(&self) -> Self::Out; }\npub struct S(u8);\nimpl Unit for S {«\n    type Out = ‹type:()›;\n    const N: usize = ‹constant:todo!()›;\n    fn out(&self) -> Self::Out {\n        ‹body:todo!()›\n    }\n»}\n`;
    const skeleton = world.skeleton("src/lib.rs", source);
    const result = await world.verify(skeleton, [
      { h1: "u8", h2: "1", h3: "self.1" },
      { h1: "u8", h2: "1u8", h3: "self.0" },
      { h1: "u8", h2: "1", h3: "self.0" },
    ]);
    expect(shortly(result)).toEqual(["rejected h3 E0609", "rejected h2 E0308", "accepted"]);
  });

  it("says that a type alone cannot show that it was reached", async () => {
    world = makeWorld({});
    const source = `pub struct S;\npub trait Out { type T; }\nimpl Out for S {«\n    type T = ‹type:()›;\n»}\n`;
    expect(shortly(await world.verify(world.skeleton("src/lib.rs", source), [{ h1: "u8" }]))).toEqual([
      "unknown not-live",
    ]);
  });

  it("accepts a type whose methods are still open, where their impl is reached", async () => {
    world = makeWorld({});
    const source = `pub struct S;\npub trait Out { type T; fn out(&self) -> Self::T; }\nimpl Out for S {«\n    type T = ‹type:()›;\n    fn out(&self) -> Self::T {\n        ‹body:todo!()›\n    }\n»}\n`;
    const check = async (text: string, type: string) =>
      shortly(await world.verify(world.skeleton("src/lib.rs", text), [{ h1: type }]));
    expect(await check(source, "u8")).toEqual(["accepted"]);
    expect((await check(source, "Missing"))[0]).toMatch(/^rejected h1 E0\d+$/);
    const left = source.replace("impl Out", "#[cfg(any())]\nimpl Out");
    expect(await check(left, "u8")).toEqual(["unknown not-live"]);
  });

  it("checks what rust-analyzer wrote itself", async () => {
    world = makeWorld({});
    const source = `use std::hash::{Hash, Hasher};\npub struct S(u8);\nimpl Hash for S {«\n    fn hash<H: Hasher>(&self, state: &mut H) ‹written:{ self.0.hash(state); }›\n»}\n`;
    expect(shortly(await world.verify(world.skeleton("src/lib.rs", source), [{}]))).toEqual(["accepted"]);
    const wrong = source.replace("self.0.hash", "self.7.hash");
    expect(shortly(await world.verify(world.skeleton("src/lib.rs", wrong), [{}]))).toEqual([
      "rejected - E0609",
    ]);
  });

  it("finds places behind CRLF and characters of several bytes", async () => {
    world = makeWorld({});
    const source = `// é漢🦀\n${shapes.replace("shape: &Shape", "shape: &Shape, _é漢: &str")}`.replaceAll(
      "\n",
      "\r\n",
    );
    const skeleton = world.skeleton("src/lib.rs", source);
    const text = '{\n    let crab = "é漢🦀";\n    let n: u8 = crab;\n    0.0\n}';
    const result = await world.verify(skeleton, [{ ...right, h3: text }, right]);
    expect(shortly(result)).toEqual(["rejected h3 E0308", "accepted"]);
  });
});

describe("live or not", () => {
  it("has no verdict for code that is configured out, where plain cargo is green", async () => {
    world = makeWorld({ "Cargo.toml": `${manifest}\n[features]\nextra = []\n` });
    const source = shapes.replace("pub fn area", '#[cfg(feature = "extra")]\npub fn area');
    const skeleton = world.skeleton("src/lib.rs", source);
    const bad = { ...right, h2: '"no number"' };
    expect(shortly(await world.verify(skeleton, [right, bad]))).toEqual([
      "unknown not-live",
      "unknown not-live",
    ]);
    expect((await world.cargo()).exitCode).toBe(0);
    const settings = checkSettingsFrom({ cargo: { features: ["extra"] } });
    expect(shortly(await world.verify(skeleton, [bad, right], { settings }))).toEqual([
      "rejected h2 E0308",
      "accepted",
    ]);
  });

  it("has no verdict for a file that no target contains", async () => {
    world = makeWorld({ "src/lib.rs": "pub fn nothing() {}\n" });
    const result = await world.verify(world.skeleton("src/orphan.rs", shapes), [right]);
    expect(shortly(result)).toEqual(["unknown not-live"]);
    expect((await world.cargo()).exitCode).toBe(0);
  });

  it("has no verdict while an error elsewhere keeps this code from being checked, and names it", async () => {
    world = makeWorld({ "src/broken.rs": "pub fn open( {\n" });
    const skeleton = world.skeleton("src/lib.rs", `mod broken;\n${shapes}`);
    const report = reportOf(await world.verify(skeleton, [right]));
    expect(shortly(report)).toEqual(["unknown not-live"]);
    expect(JSON.stringify(report)).toContain("src/broken.rs");
    world.write("src/broken.rs", "pub fn open() {}\n");
    expect(shortly(await world.verify(skeleton, [right]))).toEqual(["accepted"]);
  });

  it("needs the marker in every target that contains the file", async () => {
    world = makeWorld({
      "src/main.rs":
        '#[path = "shape.rs"]\nmod shape;\nfn main() { loop { shape::area(&shape::Shape::Circle(1.0)); } }\n',
      "src/lib.rs": "pub mod shape;\n",
    });
    const report = reportOf(await world.verify(world.skeleton("src/shape.rs", shapes), [right]));
    expect(shortly(report)).toEqual(["accepted"]);
    expect(JSON.stringify(report)).toContain('"targets":["bin shapes","lib shapes"]');
  });

  it("checks code of tests only", async () => {
    world = makeWorld({});
    const skeleton = world.skeleton("src/lib.rs", `#[cfg(test)]\nmod tests {\n${shapes}}\n`);
    const wrong = { ...right, h2: '"no number"' };
    expect(shortly(await world.verify(skeleton, [wrong, right]))).toEqual(["rejected h2 E0308", "accepted"]);
  });

  it("does not hold errors elsewhere against a draft", async () => {
    world = makeWorld({});
    const skeleton = world.skeleton(
      "src/lib.rs",
      `${shapes.replace("pub fn", 'pub fn other() -> u8 { "text" }\npub fn')}`,
    );
    const wrong = { ...right, h2: '"no number"' };
    expect(shortly(await world.verify(skeleton, [wrong, right]))).toEqual(["rejected h2 E0308", "accepted"]);
    expect((await world.cargo()).stderr).toContain("mismatched types");
  });

  it("sees the marker under deny, and has no verdict under forbid", async () => {
    world = makeWorld({});
    const denied = world.skeleton("src/lib.rs", `#![deny(warnings)]\n${shapes}`);
    expect(shortly(await world.verify(denied, [right]))).toEqual(["accepted"]);
    const forbidden = world.skeleton("src/lib.rs", `#![forbid(unused_variables)]\n${shapes}`);
    expect(shortly(await world.verify(forbidden, [right]))).toEqual(["unknown not-live"]);
  });
});

describe("the workspace", () => {
  it("sees the unsaved text of another file", async () => {
    world = makeWorld({ "src/other.rs": "pub fn two() -> f64 { 2.0 }\n" });
    const skeleton = world.skeleton("src/lib.rs", `mod other;\n${shapes}`);
    const draft = { ...right, h3: "other::three()" };
    expect(shortly(await world.verify(skeleton, [draft]))).toEqual(["rejected h3 E0425"]);
    const unsaved = document(world.pathOf("src/other.rs"), "pub fn three() -> f64 { 3.0 }\n");
    const documents = [skeleton.site.document, unsaved];
    expect(shortly(await world.verify(skeleton, [draft], { documents }))).toEqual(["accepted"]);
    expect(shortly(await world.verify(skeleton, [draft]))).toEqual(["rejected h3 E0425"]);
  });

  it("sees files that come and go between two checks", async () => {
    world = makeWorld({});
    const skeleton = world.skeleton("src/lib.rs", `mod later;\n${shapes}`);
    const draft = { ...right, h3: "later::three()" };
    expect(shortly(await world.verify(skeleton, [draft]))).not.toEqual(["accepted"]);
    world.write("src/later.rs", "pub fn three() -> f64 { 3.0 }\n");
    expect(shortly(await world.verify(skeleton, [draft]))).toEqual(["accepted"]);
    world.remove("src/later.rs");
    expect(shortly(await world.verify(skeleton, [draft]))).not.toEqual(["accepted"]);
  });

  it("leaves every file of the user as it was, times included", async () => {
    world = makeWorld({ "build.rs": 'fn main() { println!("cargo::rerun-if-changed=build.rs"); }\n' });
    const skeleton = world.skeleton("src/lib.rs", shapes);
    const before = treeState(world.root);
    expect(shortly(await world.verify(skeleton, [{ ...right, h2: '"x"' }, right]))).toContain("accepted");
    expect(treeState(world.root)).toEqual(before);
    writeFileSync(world.pathOf("planted"), "");
    expect(treeState(world.root)).not.toEqual(before);
  });

  it("follows path dependencies outside the root", async () => {
    const depends = '\n[dependencies]\nhelper = { path = "../helper" }\n';
    world = makeWorld({ "Cargo.toml": manifest + depends });
    const helper = join(world.root, "..", "helper");
    mkdirSync(join(helper, "src"), { recursive: true });
    writeFileSync(join(helper, "Cargo.toml"), manifest.replace('"shapes"', '"helper"'));
    writeFileSync(join(helper, "src/lib.rs"), "pub fn one() -> f64 { 1.0 }\n");
    const skeleton = world.skeleton("src/lib.rs", shapes);
    const before = treeState(dirname(world.root));
    expect(shortly(await world.verify(skeleton, [{ ...right, h3: "helper::one()" }]))).toEqual(["accepted"]);
    expect(treeState(dirname(world.root))).toEqual(before);
  });

  it("checks nothing whose code runs while something is compiled", async () => {
    const member = (name: string, more = "") => `${manifest.replace('"shapes"', `"${name}"`)}${more}`;
    world = makeWorld({
      "Cargo.toml": '[workspace]\nmembers = ["app", "core", "mac", "util"]\nresolver = "2"\n',
      "app/Cargo.toml": member(
        "app",
        '[dependencies]\nmac = { path = "../mac" }\n[build-dependencies]\nutil = { path = "../util" }\n',
      ),
      "app/build.rs": "fn main() {}\n",
      "mac/Cargo.toml": member(
        "mac",
        '[lib]\nproc-macro = true\n[dependencies]\ncore = { path = "../core", package = "core-x" }\n',
      ),
      "core/Cargo.toml": member("core-x"),
      "util/Cargo.toml": member("util"),
      ...Object.fromEntries(["app", "mac", "core", "util"].map((name) => [`${name}/src/lib.rs`, "\n"])),
    });
    for (const file of ["mac/src/lib.rs", "core/src/lib.rs", "util/src/lib.rs", "app/build.rs"]) {
      const original = file.endsWith("build.rs") ? `${enumText}fn main() {}\n` : "\n";
      const result = await world.verify(world.skeleton(file, shapes, { original }), [right]);
      expect([file, result]).toMatchObject([file, { kind: "none", reason: "runs-at-compile-time" }]);
    }
    const app = world.skeleton("app/src/lib.rs", shapes);
    expect(shortly(await world.verify(app, [right]))).toEqual(["accepted"]);
  });

  it("tells why nothing could be checked", async () => {
    world = makeWorld({ "src/lib.rs": "\n" });
    const skeleton = world.skeleton("src/lib.rs", shapes);
    const because = async () => {
      const result = await world.verify(skeleton, [right]);
      return result.kind === "none" ? `${result.reason}: ${result.message}` : result.kind;
    };
    world.write("Cargo.toml", "[package\n");
    expect(await because()).toMatch(/^cargo-failed: .*Cargo.toml/);
    world.write("Cargo.toml", `${manifest}[dependencies]\nno-such-crate-at-all = "9"\n`);
    expect(await because()).toMatch(/^dependencies-missing: run `cargo fetch`/);
    world.remove("Cargo.toml");
    expect(await because()).toMatch(/^outside-workspace: /);
    world.write("Cargo.toml", manifest);
    expect(await because()).toBe("report");
    const settings = checkSettingsFrom({ check: { overrideCommand: ["make"] } });
    expect(await world.verify(skeleton, [right], { settings })).toMatchObject({ reason: "not-handled" });
  });

  it("leaves no process behind when it is cancelled", async () => {
    world = makeWorld({
      "build.rs": "fn main() { std::thread::sleep(std::time::Duration::from_secs(600)); }\n",
    });
    const skeleton = world.skeleton("src/lib.rs", shapes);
    const abort = new Abort();
    const verifying = world.verify(skeleton, [right], { signal: abort.signal });
    const isBuilding = () => world.processes().some((line) => line.includes("build-script-build"));
    await expect.poll(isBuilding, { timeout: 60_000 }).toBe(true);
    abort.abort("cancelled");
    await expect(verifying).rejects.toBeInstanceOf(AbortedError);
    expect(world.processes()).toEqual([]);
  });
});

describe("many drafts", () => {
  const wrong = (index: number) => ({ ...right, h2: `shape.wrong_${index}()` });

  it("takes one check for a right best draft, with or without others", async () => {
    world = makeWorld({});
    const skeleton = world.skeleton("src/lib.rs", shapes);
    expect(reportOf(await world.verify(skeleton, [right])).checks).toBe(1);
    const other = { ...right, h3: "1.0" };
    const both = reportOf(await world.verify(skeleton, [right, other]));
    expect(shortly(both)).toEqual(["accepted"]);
    expect(both.checks).toBe(1);
  });

  it("takes two checks for one right draft among eight", async () => {
    world = makeWorld({});
    const skeleton = world.skeleton("src/lib.rs", shapes);
    const drafts = [0, 1, 2, 3, 4, 5, 6].map(wrong);
    const report = reportOf(await world.verify(skeleton, [...drafts.slice(0, 5), right, ...drafts.slice(5)]));
    expect(shortly(report).filter((verdict) => verdict === "accepted")).toHaveLength(1);
    expect(shortly(report).filter((verdict) => verdict === "rejected h2 E0599")).toHaveLength(7);
    expect(report.checks).toBe(2);
  });

  it("checks copies again that an error of another kept from being reached", async () => {
    world = makeWorld({});
    const source = `macro_rules! twice { ($x:expr) => { $x * 2.0 } }\npub fn used() -> f64 { twice!(1.0) }\n${shapes}`;
    const fatal = { ...right, h3: "twice!(1.0, 2.0)" };
    const report = reportOf(await world.verify(world.skeleton("src/lib.rs", source), [fatal, right]));
    expect(shortly(report).at(-1)).toBe("accepted");
    expect(shortly(report)[0]).toMatch(/^rejected h3/);
  });

  it("takes two checks for methods and trait methods too", async () => {
    world = makeWorld({});
    const method = `${enumText}impl Shape {\n    /// Doc.\n    #[inline]\n    pub fn area(&self) -> f64 {\n        let shape = self;\n        match shape {${arms}}\n`;
    const skeleton = world.skeleton("src/lib.rs", method);
    const copied = reportOf(await world.verify(skeleton, [wrong(0), right]));
    expect([shortly(copied), copied.checks]).toEqual([["rejected h2 E0599", "accepted"], 2]);
    const inTrait = `${enumText}pub trait Area { fn area(&self) -> f64; }\nimpl Area for Shape {\n    fn area(&self) -> f64 {\n        let shape = self;\n        match shape {${arms}}\n`;
    const alone = reportOf(await world.verify(world.skeleton("src/lib.rs", inTrait), [wrong(0), right]));
    expect([shortly(alone), alone.checks]).toEqual([["rejected h2 E0599", "accepted"], 2]);
  });
});

describe("errors around the holes", () => {
  const broken = shapes.replace("    match", "    let text: u8 = shape;\n    match");

  it("has no verdict where the function around has an error of its own, and names it", async () => {
    world = makeWorld({});
    const report = reportOf(await world.verify(world.skeleton("src/lib.rs", broken), [right]));
    expect(shortly(report)).toEqual(["unknown not-live"]);
    expect(JSON.stringify(report)).toContain("mismatched types");
  });

  it("rejects a draft that makes the code after it wrong", async () => {
    world = makeWorld({});
    const source = `pub enum Kind { A, B }\npub fn name(kind: Kind, text: String) -> usize {\n    let n = match kind {«\n        Kind::A => ‹body:todo!()›,\n        Kind::B => ‹body:todo!()›,\n    »};\n    n + text.len()\n}\n`;
    const moves = { h1: "{ drop(text); 1 }", h2: "2" };
    const result = await world.verify(world.skeleton("src/lib.rs", source), [moves, { h1: "1", h2: "2" }]);
    expect(shortly(result)).toEqual(["rejected h1 E0382", "accepted"]);
  });

  it("checks the packages that see a constant body's value", async () => {
    const member = (name: string, more = "") => `${manifest.replace('"shapes"', `"${name}"`)}${more}`;
    world = makeWorld({
      "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      "a/Cargo.toml": member("a"),
      "b/Cargo.toml": member("b", '[dependencies]\na = { path = "../a" }\n'),
      "b/src/lib.rs": "pub const TWO: [u8; a::size(a::Kind::A)] = [1, 2];\n",
    });
    const source = `pub enum Kind { A }\npub const fn size(kind: Kind) -> usize {\n    match kind {«\n        Kind::A => ‹body:todo!()›,\n    »}\n}\n`;
    const report = reportOf(
      await world.verify(world.skeleton("a/src/lib.rs", source), [{ h1: "3" }, { h1: "2" }]),
    );
    expect(shortly(report)).toEqual(["rejected - E0308", "accepted"]);
    expect(JSON.stringify(report)).toContain("cargo check -p a -p b --all-targets");
  });
});
