/** An offer adds no warning: what can be mended is mended, what cannot is not offered. */
import { describe, expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import {
  type Bodies,
  explain,
  plainManifest,
  springTraps,
  type Trap,
  TrapWorld,
  verdictsOf,
} from "./trap.ts";
import { arms, count, file, kinds, right } from "./site.ts";

const lib = (text: string) => file("src/lib.rs", text);
const must = "#[must_use]\npub fn one() -> u8 { 1 }\n#[deprecated]\npub fn old() -> u8 { 1 }\n";

/** Nothing reads the number but the arm that is missing. `_`: as rust-analyzer writes the pattern. */
const stepsWith = (fields: string, pattern: string) =>
  `enum Step { Word(String), Pair${fields} }
fn count(step: Step) -> usize {
    match step {
        Step::Word(word) => word.len(),
«        Step::Pair${pattern} => ‹body:todo!()›,
»    }
}
pub fn both(pair: u8) -> usize {
    let step = if pair == 0 { Step::Word(String::new()) } else { PAIR };
    count(step)
}
`.replace(
    "PAIR",
    fields.startsWith("(")
      ? "Step::Pair(String::new(), pair)"
      : "Step::Pair { word: String::new(), number: pair }",
  );
const tuple = stepsWith("(String, u8)", "(‹binder:_›, ‹binder:_›)");
const record = stepsWith(" { word: String, number: u8 }", " { ‹binder:word›, ‹binder:number› }");
const ignoring = { "h1.b1": "word", "h1.b2": "_", h1: "word.len()" };
const reading = { "h1.b1": "word", "h1.b2": "number", h1: "word.len() + usize::from(number)" };
const denied = "#![deny(dead_code)]\n";

const traps: readonly Trap[] = [
  {
    title: "a value that is never read",
    files: lib(kinds + count),
    drafts: [{ h1: "{ let mut n = 1; n = 2; n }", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 unused_assignments", "accepted"], plain: "green", checks: 2 },
  },
  {
    title: "a result that must be used",
    files: lib(must + kinds + count),
    drafts: [{ h1: "{ one(); 1 }", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 unused_must_use", "accepted"], plain: "green", checks: 2 },
  },
  {
    title: "something deprecated",
    files: lib(must + kinds + count),
    drafts: [{ h1: "old()", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 deprecated", "accepted"], plain: "green", checks: 2 },
  },
  {
    title: "something deprecated where that is allowed",
    files: lib(`${must}${kinds}#[allow(deprecated)]\n${count}`),
    ...{ drafts: [{ h1: "old()", h2: "2" }], verdicts: ["accepted"], plain: "green", checks: 1 },
  },
  {
    title: "code behind the match that is reached no more",
    files: lib(
      `${kinds}pub fn count(kind: Kind) -> u8 {\n    let n: u8 = match kind {\n        Kind::A => return 1,«\n        Kind::B => ‹body:todo!()›,»\n    };\n    n + 1\n}\n`,
    ),
    drafts: [{ h1: "return 2" }, { h1: "2" }],
    ...{ verdicts: ["rejected - unreachable_code", "accepted"], plain: "green" },
  },
  {
    title: "what the gap of a match hid of its function counts against a draft that leaves it so",
    files: lib(`${kinds}pub fn count(kind: Kind) -> u8 {\n    let left = 3;\n    ${arms}\n}\n`),
    drafts: [right, { h1: "left", h2: "2" }],
    ...{ verdicts: ["rejected - unused_variables", "accepted"], plain: "green" },
  },
  {
    title: "the same where warnings are denied",
    files: lib(
      `#![deny(warnings)]\n${kinds}pub fn count(kind: Kind) -> u8 {\n    let left = 3;\n    ${arms}\n}\n`,
    ),
    drafts: [right, { h1: "left", h2: "2" }],
    ...{ verdicts: ["rejected - unused_variables", "accepted"], plain: "red" },
  },
  {
    title: "the same with a parameter that an open arm may still use",
    files: lib(`${kinds}pub fn count(kind: Kind, scale: u8) -> u8 {\n    ${arms}\n}\n`),
    ...{ drafts: [{ h1: "1" }], verdicts: ["accepted"], plain: "green" },
  },
  {
    title: "an old warning of another function costs nothing",
    files: lib(`${kinds}fn never() {}\n${count}`),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green", checks: 1 },
  },
  {
    title: "warnings denied by the manifest, with something that rustc mends",
    files: file("Cargo.toml", `${plainManifest}[lints.rust]\nwarnings = "deny"\n`) + lib(kinds + count),
    ...{ drafts: [{ h1: "{ return (1); }", h2: "2" }], verdicts: ["accepted"], plain: "red" },
  },
  {
    title: "a field that is read no more, a warning far from the body",
    files: lib(record),
    drafts: [ignoring, reading],
    ...{ verdicts: ["rejected - dead_code", "accepted"], plain: "green" },
  },
  {
    title: "a field that is read no more where that is denied",
    files: lib(denied + record),
    drafts: [ignoring, reading],
    ...{ verdicts: ["rejected - dead_code", "accepted"], plain: "red" },
  },
  {
    title: "a field that the skeleton leaves unread too, where that is denied",
    files: lib(denied + tuple),
    drafts: [ignoring, reading],
    ...{ verdicts: ["rejected - dead_code", "accepted"], plain: "red" },
  },
  {
    title: "a field that only the copy of another draft reads",
    // Tests differ, so that all copies stand in the library.
    files: lib(`${denied}${record}#[cfg(not(test))]\npub fn plain() {}\n`),
    drafts: [{ ...ignoring, h1: "word.len() - ()" }, ignoring, reading],
    ...{ verdicts: ["rejected h1 E0277", "rejected - dead_code", "accepted"], plain: "red" },
  },
  {
    title: "an old field that nothing reads, where that is denied",
    files: lib(`${denied}struct Old { left: u8 }\npub fn old() { let _ = Old { left: 1 }; }\n${record}`),
    ...{ drafts: [reading], verdicts: ["accepted"], plain: "red", checks: 2 },
  },
  {
    title: "what was expected to be unused, and is used",
    files: lib(`#[expect(dead_code)]\nfn spare() -> usize { 1 }\n${record}`),
    drafts: [{ ...reading, h1: "word.len() + usize::from(number) + spare()" }, reading],
    ...{ verdicts: ["rejected - unfulfilled_lint_expectations", "accepted"], plain: "green" },
  },
  {
    title: "a lint of the manifest",
    files:
      file("Cargo.toml", `${plainManifest}[lints.rust]\nnon_ascii_idents = "deny"\n`) + lib(kinds + count),
    drafts: [{ h1: "{ let größe = 1; größe }", h2: "2" }, right],
    ...{ verdicts: ["rejected h1 non_ascii_idents", "accepted"], plain: "red" },
  },
];

describe("warnings", () => springTraps(traps));

async function accepted(files: string, draft: Bodies, settings: unknown = {}): Promise<string> {
  const world = new TrapWorld();
  try {
    const skeleton = world.lay(files)!;
    const result = await world.verify(skeleton, [draft], { settings: checkSettingsFrom(settings) });
    const [verdict] = result.kind === "report" ? result.verdicts : [];
    if (verdict?.kind !== "accepted") throw new Error(`${String(verdictsOf(result))} ${explain(result)}`);
    const text = skeleton.site.document.text;
    const whole = text.slice(0, skeleton.replaced.start) + verdict.text + text.slice(skeleton.replaced.end);
    // The control: what is offered has no warning for plain cargo either.
    world.lay(files.replace(/\/\/- \/src\/lib\.rs\n[\s\S]*$/, `//- /src/lib.rs\n${whole}`));
    expect((await world.cargo(world.root, ["--all-targets"])).stderr).not.toContain("warning");
    return verdict.text;
  } finally {
    await world.close();
  }
}

describe("what rustc mends", () => {
  it("takes out brackets and the like", async () => {
    const text = await accepted(lib(kinds + count), { h1: "{ let mut n = (1); n }", h2: "2" });
    expect(text).toContain("let n = 1;");
  });

  it("marks names in a body that nothing uses", async () => {
    expect(await accepted(lib(kinds + count), { h1: "{ let left = 3; 1 }", h2: "2" })).toContain("_left");
  });

  it("leaves out names of a new arm that nothing uses", async () => {
    const source = `pub enum Shape { Round(u8), Flat { side: u8 } }\npub fn count(shape: Shape) -> u8 {\n    match shape {«\n        Shape::Round(‹binder:_›) => ‹body:todo!()›,\n        Shape::Flat { ‹binder:side› } => ‹body:todo!()›,\n    »}\n}\n`;
    const text = await accepted(lib(source), { "h1.b1": "radius", h1: "1", h2: "2" });
    expect(text).toContain("Shape::Round(_) => 1,");
    expect(text).toContain("Shape::Flat { side: _ } => 2,");
  });

  it("marks parameters of a new member that it does not use", async () => {
    const source = `pub trait Name { fn name(&self, of: u8, more: &str) -> String; }\npub struct S;\nimpl Name for S {«\n    fn name(&self, of: u8, more: &str) -> String {\n        ‹body:todo!()›\n    }\n»}\n`;
    const text = await accepted(lib(source), { h1: "of.to_string()" });
    expect(text).toContain("fn name(&self, of: u8, _more: &str) -> String");
  });

  it("does so where warnings are denied", async () => {
    const source = `#![deny(warnings)]\npub trait Name { fn name(&self, of: u8) -> String; }\npub struct S;\nimpl Name for S {«\n    fn name(&self, of: u8) -> String {\n        ‹body:todo!()›\n    }\n»}\n`;
    expect(await accepted(lib(source), { h1: "String::new()" })).toContain("_of: u8");
  });

  it("does so for clippy, where the user checks with it", async () => {
    const settings = { check: { command: "clippy" } };
    const text = await accepted(lib(kinds + count), { h1: "{ return 1; }", h2: "2" }, settings);
    expect(text).toContain("Kind::A => 1,");
  });
});
