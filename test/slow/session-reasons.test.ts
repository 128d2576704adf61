/** What is said where rust-analyzer lists nothing to add: the true reason, and what to do. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseToolchains } from "../support/case-toolchains.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import { type Session, startSession } from "./session-world.ts";

const stories: readonly (readonly [name: string, code: string, reason: string])[] = [
  [
    "an impl is configured out",
    '#[cfg(feature = "none")]\nimpl Show for Side { $0 }',
    'facts/configured-out: rust-analyzer leaves this code out (feature = "none" is disabled): change its settings ' +
      "(cargo.features, cargo.cfgs or cargo.target) to work on it",
  ],
  [
    "a function around a match is configured out",
    "#[cfg(windows)]\npub fn f(side: Side) -> u32 { match$0 side { Side::Left => 1 } }",
    "facts/configured-out: rust-analyzer leaves this code out (windows is disabled): change its settings " +
      "(cargo.features, cargo.cfgs or cargo.target) to work on it",
  ],
  [
    "a macro drops the match",
    "macro_rules! drops { ($($t:tt)*) => { 0 } }\npub fn f(side: Side) -> u8 { drops! { match$0 side { Side::Left => 1 } } }",
    "facts/in-macro: rust-analyzer sees nothing missing in this match, but not all that the macro drops! makes of it: " +
      "write the arm with todo!() as its body and ask again",
  ],
  [
    "an arm's pattern is wrong",
    "pub fn f(side: Side) -> u8 { match$0 side { Side::Left(3) => 1, Side::Right => 2 } }",
    "facts/error-at-site: an error in this match keeps rust-analyzer from seeing what is missing: this pattern has 1 " +
      "field, but the corresponding tuple struct has 0 fields",
  ],
  [
    "numbers are not listed",
    "pub fn f(count: u8) -> u8 { match$0 count { 0 => 1 } }",
    "facts/analyzer-sees-less: rustc says of this match: non-exhaustive patterns: `1_u8..=u8::MAX` not covered; write " +
      "the arm with todo!() as its body and ask again",
  ],
  [
    "nothing is missing",
    "pub fn f(side: Side) -> u8 { match$0 side { Side::Left => 1, Side::Right => 2 } }",
    "facts/nothing-missing: rust-analyzer sees nothing missing in this match",
  ],
  [
    "a macro's definition",
    "macro_rules! made { ($x:expr) => { match$0 $x { Side::Left => 1 } } }",
    "trigger/not-a-site: the definition of the macro made! cannot be filled: its code has no types until it is called",
  ],
  [
    "an impl in a macro's call",
    "macro_rules! items { ($($i:item)*) => { $($i)* } }\nitems! { impl Show for Side { $0 } }",
    "trigger/not-a-site: no match stands here in the call of items!, and other code in a macro's call cannot be filled",
  ],
];

const modules = stories.map((_, index) => `pub mod m${index};`).join("\n");
const files = stories.map(([, code], index) => `//- /src/m${index}.rs\nuse crate::*;\n\n${code}\n`).join("");

for (const { version, environment, analyzer } of caseToolchains()) {
  describe(`where rust-analyzer ${version} lists nothing since`, () => {
    let workspace: Workspace;
    let session: Session;

    beforeAll(async () => {
      workspace = createWorkspace(
        `//- /src/lib.rs\n${modules}\npub enum Side { Left, Right }\npub trait Show { fn show(&self) -> u8; }\n${files}`,
      );
      session = await startSession({ workspace, environment, analyzerFile: analyzer });
    });

    afterAll(async () => {
      await session.close();
      workspace.remove();
    });

    it.each(stories.map(([name, , reason], index) => [name, reason, index] as const))(
      "%s",
      async (_name, reason, index) => {
        const { uri, offset } = workspace.cursors[index]!;
        await session.editor.open(uri);
        const result = await session.fill(uri, offset);
        expect(result.kind === "none" && `${result.stage}/${result.reason}: ${result.message}`).toBe(reason);
      },
    );
  });
}
