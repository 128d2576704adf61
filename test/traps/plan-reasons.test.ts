/** Why there is no verdict: the one cause that holds, in the words that people get. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { explain, plainManifest, TrapWorld, verdictsOf } from "./trap.ts";
import { arms, count, file, kinds, manifest, right } from "./site.ts";

interface Reason {
  readonly title: string;
  readonly files: string;
  readonly settings?: unknown;
  readonly says: string;
}

const lib = (text: string) => file("src/lib.rs", text);
const extra = file("Cargo.toml", `${plainManifest}[features]\nextra = []\n`);
const reached = "the compiler did not reach this code in lib trap: ";
const noTests = { cargo: { allTargets: false } };
const mac =
  file("Cargo.toml", '[workspace]\nmembers = ["app", "mac"]\nresolver = "2"\n') +
  file("app/Cargo.toml", manifest("app", '[dependencies]\nmac = { path = "../mac" }\n')) +
  file("mac/Cargo.toml", manifest("mac", "[lib]\nproc-macro = true\n")) +
  file(
    "mac/src/lib.rs",
    "use proc_macro::TokenStream;\n#[proc_macro_attribute]\npub fn gone(_: TokenStream, _: TokenStream) -> TokenStream { TokenStream::new() }\n",
  );

const reasons: readonly Reason[] = [
  {
    title: "a feature that is off",
    files: extra + lib(`${kinds}#[cfg(feature = "extra")]\n${count}`),
    says: `${reached}#[cfg(feature = "extra")] on fn count leaves it out, since the feature extra is off (cargo.features turns features on)`,
  },
  {
    title: "a module that is configured out",
    files: lib(`${kinds}#[cfg(any())]\nmod off {\nuse super::*;\n${count}}\n`),
    says: `${reached}#[cfg(any())] on mod off leaves it out`,
  },
  {
    title: "a function that is configured out from within",
    files: lib(`${kinds}pub fn count(kind: Kind) -> u8 {\n    #![cfg(any())]\n    ${arms}\n}\n`),
    says: `${reached}#[cfg(any())] on fn count leaves it out`,
  },
  {
    title: "a statement that is configured out",
    files: lib(
      `${kinds}pub fn count(kind: Kind) -> u8 {\n    #[cfg(any())]\n    let _n: u8 = ${arms};\n    kind as u8\n}\n`,
    ),
    says: `${reached}#[cfg(any())] on a statement leaves it out`,
  },
  {
    title: "an attribute that adds a cfg",
    files: lib(`${kinds}#[cfg_attr(all(), cfg(any()))]\n${count}`),
    says: `${reached}#[cfg_attr(all(), cfg(any()))] on fn count leaves it out`,
  },
  {
    title: "a cfg that only the compiler knows",
    files: lib(`${kinds}#[cfg(windows)]\n${count}`),
    says: `${reached}#[cfg(windows)] on fn count leaves it out`,
  },
  {
    title: "code of tests that are not checked",
    files: lib(`${kinds}#[cfg(test)]\nmod tests {\n    use super::*;\n    ${count}}\n`),
    settings: noTests,
    says: `${reached}#[cfg(test)] on mod tests leaves it out, since tests are not checked (cargo.allTargets, cfg.setTest)`,
  },
  {
    title: "a file whose module is configured out",
    files: extra + lib('#[cfg(feature = "extra")]\nmod off;\n') + file("src/off.rs", kinds + count),
    says: 'lib trap leaves this file out: #[cfg(feature = "extra")] on mod off (ROOT/src/lib.rs:2) leaves it out, since the feature extra is off (cargo.features turns features on)',
  },
  {
    title: "a file below one whose module is configured out",
    files:
      lib("#[cfg(any())]\nmod off;\n") +
      file("src/off.rs", "mod inner;\n") +
      file("src/off/inner.rs", kinds + count),
    says: "lib trap leaves this file out: #[cfg(any())] on mod off (ROOT/src/lib.rs:2) leaves it out",
  },
  {
    title: "an orphan",
    files: lib("pub fn other() {}\n") + file("src/orphan.rs", kinds + count),
    says: "no target of the package contains this file: no `mod` leads to it",
  },
  {
    title: "a file that only the tests of another member have",
    files:
      file("Cargo.toml", '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n') +
      file("a/Cargo.toml", manifest("a")) +
      file("a/src/lib.rs", "") +
      file("a/src/part.rs", kinds + count) +
      file("b/Cargo.toml", manifest("b")) +
      file("b/src/lib.rs", '#[path = "../../a/src/part.rs"]\n#[cfg(test)]\npub mod part;\n'),
    settings: { cargo: { allTargets: false } },
    says: "lib b leaves this file out: #[cfg(test)] on mod part (ROOT/b/src/lib.rs:3) leaves it out, since tests are not checked (cargo.allTargets, cfg.setTest)",
  },
  {
    title: "an example whose feature is off",
    files:
      file(
        "Cargo.toml",
        `${plainManifest}[features]\nextra = []\n[[example]]\nname = "show"\nrequired-features = ["extra"]\n`,
      ) +
      lib("") +
      file("examples/show.rs", `${kinds}${count}fn main() { count(Kind::A); }\n`),
    says: "example show contains this file, and is not checked: the feature extra is off (cargo.features turns features on)",
  },
  {
    title: "an integration test where tests are not checked",
    files: lib("") + file("tests/one.rs", `${kinds}${count}#[test]\nfn one() { count(Kind::A); }\n`),
    settings: noTests,
    says: "test one contains this file, and rust-analyzer's settings leave it out: cargo.allTargets is off",
  },
  {
    title: "a binary where the settings ask for the library",
    files: lib("") + file("src/main.rs", `${kinds}${count}fn main() { count(Kind::A); }\n`),
    settings: { check: { allTargets: false, extraArgs: ["--lib"] } },
    says: "bin trap contains this file, and rust-analyzer's settings leave it out: of --lib none asks for it",
  },
  {
    title: "a macro that drops its call",
    files: lib(`${kinds}macro_rules! dropped { ($($all:tt)*) => {} }\ndropped! {\n${count}}\n`),
    says: `${reached}the macro dropped! drops what it is called with, or some of it`,
  },
  {
    title: "the definition of a macro",
    files: lib(
      `${kinds}#[macro_export]\nmacro_rules! counted { ($kind:expr) => { { let kind = $kind; ${arms} } } }\n`,
    ),
    says: `${reached}it stands in the definition of the macro counted!`,
  },
  {
    title: "arms behind a return",
    files: lib(`${kinds}pub fn count(kind: Kind) -> u8 {\n    return 1;\n    ${arms}\n}\n`),
    says: `${reached}code before it never lets go on (line 4)`,
  },
  {
    title: "arms behind a return, where that lint is off",
    files: lib(
      `#![allow(unreachable_code)]\n${kinds}pub fn count(kind: Kind) -> u8 {\n    loop {}\n    #[allow(unused)]\n    ${arms}\n}\n`,
    ),
    says: `${reached}code before it never lets go on (line 5)`,
  },
  {
    title: "arms behind a call that never returns",
    files: lib(
      `${kinds}fn end() -> ! { loop {} }\npub fn count(kind: Kind) -> u8 {\n    end();\n    ${arms}\n}\n`,
    ),
    says: `${reached}code before it never lets go on (line 5)`,
  },
  {
    title: "an attribute macro",
    files:
      mac +
      file("app/src/lib.rs", `${kinds}#[mac::gone]\nmod inner {\nuse super::*;\n#[inline]\n${count}}\n`),
    says: "the compiler did not reach this code in lib app: the attribute macro #[mac::gone] on mod inner drops or rewrites it",
  },
  {
    title: "an error in another file",
    files: lib(`mod broken;\n${kinds}${count}`) + file("src/broken.rs", "\nfn open( {\n"),
    says: `${reached}an error elsewhere keeps it from being checked: this file contains an unclosed delimiter (ROOT/src/broken.rs:2)`,
  },
  {
    title: "an error in the same function, beside one in another",
    files: lib(
      `${kinds}pub fn other() -> u8 { "text" }\npub fn count(kind: Kind) -> u8 {\n    let kind = nowhere(kind);\n    ${arms}\n}\n`,
    ),
    says: `${reached}an error elsewhere keeps it from being checked: cannot find function \`nowhere\` in this scope (ROOT/src/lib.rs:5)`,
  },
  {
    title: "lints capped by cargo's settings",
    files: file(".cargo/config.toml", '[build]\nrustflags = ["--cap-lints", "allow"]\n') + lib(kinds + count),
    says: `${reached}lints are capped by --cap-lints in the flags for rustc, so that nothing shows that it was reached`,
  },
  {
    title: "lints capped by the settings of rust-analyzer",
    files: lib(kinds + count),
    settings: { cargo: { extraEnv: { RUSTFLAGS: "--cap-lints=allow" } } },
    says: `${reached}lints are capped by --cap-lints in the flags for rustc, so that nothing shows that it was reached`,
  },
];

let world: TrapWorld;
beforeAll(() => {
  world = new TrapWorld();
});
afterAll(() => world.close());

describe("the reason for no verdict", () => {
  it.each(reasons)("names $title", async ({ files, settings, says }) => {
    const skeleton = world.lay(files)!;
    const result = await world.verify(skeleton, [right], {
      settings: checkSettingsFrom(settings ?? {}),
    });
    expect(verdictsOf(result)).toEqual(["unknown not-live"]);
    expect(explain(result).replaceAll(world.root, "ROOT")).toBe(`unknown: ${says}`);
  });

  it("names a target directory", async () => {
    const skeleton = world.lay(lib("") + file("target/made/out.rs", kinds + count))!;
    mkdirSync(join(world.root, "target"), { recursive: true });
    writeFileSync(join(world.root, "target/CACHEDIR.TAG"), "");
    const result = await world.verify(skeleton, [right]);
    expect(verdictsOf(result)).toEqual(["unknown not-live"]);
    expect(explain(result)).toContain("the file lies in a target directory");
  });
});
