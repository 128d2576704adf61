/** Files that change under the verifier: what stands in the shadow must be what the user has, to the byte. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { document, treeState } from "../slow/verify-world.ts";
import { TrapWorld, verdictsOf } from "./trap.ts";
import { count, file, kinds, manifest, right } from "./site.ts";

let world: TrapWorld;
beforeEach(() => (world = new TrapWorld()));
afterEach(() => world.close());

const put = (path: string, text: string) => {
  const place = join(world.root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
};
const age = (path: string) => utimesSync(join(world.root, path), 1_000_000_000, 1_000_000_000);
const verdicts = async (...given: Parameters<TrapWorld["verify"]>) =>
  verdictsOf(await world.verify(...given));

const usesOther = file("src/lib.rs", `mod other;\n${kinds}${count}`);
const calls = { h1: "other::one()", h2: "2" };
const one = "pub fn one() -> u8 { 1 }\n";
const two = "pub fn two() -> u8 { 2 }\n";

it("sees a file that was restored with an old time", async () => {
  const skeleton = world.lay(usesOther + file("src/other.rs", two))!;
  expect(await verdicts(skeleton, [calls])).toEqual(["rejected h1 E0425"]);
  put("src/other.rs", one);
  age("src/other.rs");
  expect(await verdicts(skeleton, [calls])).toEqual(["accepted"]);
  put("src/other.rs", two);
  age("src/other.rs");
  expect(await verdicts(skeleton, [calls])).toEqual(["rejected h1 E0425"]);
});

it("is what plain cargo misses: a restored file of the same size and an old time", async () => {
  world.lay(file("src/lib.rs", one));
  expect((await world.cargo(world.root, [])).colour).toBe("green");
  put("src/lib.rs", 'pub fn one() -> u8 { "" }\n');
  age("src/lib.rs");
  expect((await world.cargo(world.root, [])).colour).toBe("green");
});

it("sees a member that changed with an older time", async () => {
  const files = (helper: string) =>
    file("Cargo.toml", '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n') +
    file("a/Cargo.toml", manifest("a", '[dependencies]\nb = { path = "../b" }\n')) +
    file("a/src/lib.rs", kinds + count) +
    file("b/Cargo.toml", manifest("b")) +
    file("b/src/lib.rs", helper);
  const draft = { h1: "b::one()", h2: "2" };
  const skeleton = world.lay(files(one))!;
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  put("b/src/lib.rs", two);
  age("b/src/lib.rs");
  expect(await verdicts(skeleton, [draft])).toEqual(["rejected h1 E0425"]);
});

it("sees a file that is compiled in and is no Rust", async () => {
  const text = `pub type Sized = [u8; include_str!("size.txt").len()];\n`;
  const skeleton = world.lay(file("src/lib.rs", text + kinds + count) + file("src/size.txt", "xx"))!;
  const draft = { h1: "{ let sized: Sized = [1, 2]; sized[1] }", h2: "2" };
  put("src/size.txt", "xx");
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  put("src/size.txt", "xxx");
  age("src/size.txt");
  expect(await verdicts(skeleton, [draft])).toEqual(["rejected h1 E0308"]);
});

it("sees targets that come and go", async () => {
  const skeleton = world.lay(
    file("src/lib.rs", "pub mod shared;\npub type Unit = u8;\n") +
      file("src/shared.rs", `use crate::Unit;\n${kinds}${count.replace("u8", "Unit")}`),
  )!;
  const draft = { h1: "1u8", h2: "2" };
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
  put("src/main.rs", '#[path = "shared.rs"]\nmod shared;\npub type Unit = u16;\nfn main() {}\n');
  expect(await verdicts(skeleton, [draft])).toEqual(["rejected h1 E0308"]);
  rmSync(join(world.root, "src/main.rs"));
  expect(await verdicts(skeleton, [draft])).toEqual(["accepted"]);
});

it("checks the text of the editor and not that on disk", async () => {
  const skeleton = world.lay(file("src/lib.rs", `type Unit = u16;\n${kinds}${count.replace("u8", "Unit")}`))!;
  put("src/lib.rs", skeleton.site.document.text.replace("u16", "u8"));
  const draft = { h1: "1u8", h2: "2" };
  expect(await verdicts(skeleton, [draft])).toEqual(["rejected h1 E0308"]);
});

it("checks with the unsaved text of a file that a link brings in from outside", async () => {
  const outside = join(world.base, "outside");
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, "other.rs"), one);
  const skeleton = world.lay(usesOther)!;
  symlinkSync(join(outside, "other.rs"), join(world.root, "src/other.rs"));
  expect(await verdicts(skeleton, [calls])).toEqual(["accepted"]);
  const documents = [skeleton.site.document, document(join(world.root, "src/other.rs"), two)];
  expect(await verdicts(skeleton, [calls], { documents })).toEqual(["rejected h1 E0425"]);
  expect(readFileSync(join(outside, "other.rs"), "utf8")).toBe(one);
});

it("checks with the unsaved text of a file in a folder that a link brings in", async () => {
  const outside = join(world.base, "outside");
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, "mod.rs"), one);
  const skeleton = world.lay(usesOther)!;
  symlinkSync(outside, join(world.root, "src/other"));
  expect(await verdicts(skeleton, [calls])).toEqual(["accepted"]);
  const documents = [skeleton.site.document, document(join(outside, "mod.rs"), two)];
  expect(await verdicts(skeleton, [calls], { documents })).toEqual(["rejected h1 E0425"]);
  expect(readFileSync(join(outside, "mod.rs"), "utf8")).toBe(one);
});

it("has no verdict for a document that a target reads by its absolute path", async () => {
  const shared = join(world.root, "src/shared.rs");
  const skeleton = world.lay(
    file("src/lib.rs", "pub mod shared;\npub type Unit = u8;\n") +
      file(
        "src/main.rs",
        `#[path = ${JSON.stringify(shared)}]\nmod shared;\npub type Unit = u16;\nfn main() {}\n`,
      ) +
      file("src/shared.rs", `use crate::Unit;\n${kinds}${count.replace("u8", "Unit")}`),
  )!;
  expect(await verdicts(skeleton, [{ h1: "1u8", h2: "2" }])).toEqual(["unknown not-live"]);
  const { colour } = await world.plain(skeleton, { h1: "1u8", h2: "2" }, ["--lib"]);
  expect(colour).toBe("green");
});

it("does not run a build script into the user's tree, and sees its own place", async () => {
  const script = `fn main() {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    std::fs::write(format!("{root}/src/made.rs"), "pub fn one() -> u8 { 1 }").unwrap();
    std::fs::write("beside.txt", "").unwrap();
}
`;
  const skeleton = world.lay(
    file("build.rs", script) + file("src/lib.rs", `#[path = "made.rs"]\nmod other;\n${kinds}${count}`),
  )!;
  const before = treeState(world.root);
  expect(await verdicts(skeleton, [calls])).toEqual(["accepted"]);
  expect(treeState(world.root)).toEqual(before);
  expect(existsSync(join(world.root, "src/made.rs"))).toBe(false);
  await world.cargo(world.root, []);
  expect(existsSync(join(world.root, "src/made.rs"))).toBe(true);
});

it("does not follow a link that a build script puts where a folder was", async () => {
  const victim = join(world.base, "victim");
  mkdirSync(victim, { recursive: true });
  const script = `fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let _ = std::fs::remove_dir_all("src/inner");
    let _ = std::os::unix::fs::symlink(${JSON.stringify(victim)}, "src/inner");
}
`;
  const skeleton = world.lay(
    file("build.rs", script) + file("src/lib.rs", kinds + count) + file("src/inner/notes.txt", "one"),
  )!;
  await world.verify(skeleton, [right]);
  put("src/inner/notes.txt", "two");
  await world.verify(skeleton, [right]);
  expect(existsSync(join(victim, "notes.txt"))).toBe(false);
});

it("leaves nothing of a draft in the user's tree or target directory", async () => {
  const skeleton = world.lay(file("src/lib.rs", kinds + count))!;
  await world.cargo(world.root, [], join(world.root, "target"));
  const before = treeState(world.root);
  expect(statSync(join(world.root, "target")).isDirectory()).toBe(true);
  expect(await verdicts(skeleton, [{ h1: '"x"', h2: "2" }, right])).toContain("accepted");
  expect(treeState(world.root)).toEqual(before);
});
