import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Abort } from "../../server/base/abort.ts";
import { runCommand } from "../../server/base/child.ts";
import { ScriptedEditor, uriOf } from "../support/editor.ts";
import { findTools } from "../support/tools.ts";

const demo = resolve(import.meta.dirname, "../fixtures/demo");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "armature-demo-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the demo crate in which one place is changed; the other open places stay open. */
function copyWith(name: string, file: string, from: string, to: string): string {
  const copy = join(folder, name);
  cpSync(demo, copy, { recursive: true });
  const text = readFileSync(join(copy, file), "utf8");
  expect(text.split(from)).toHaveLength(2);
  writeFileSync(
    join(copy, file),
    text.replace(from, () => to),
  );
  return copy;
}

async function check(copy: string): Promise<string> {
  const { stderr } = await runCommand({
    file: "cargo",
    arguments: ["check", "--all-targets", "--offline", "--target-dir", join(folder, "target")],
    cwd: copy,
    environment: findTools().environment,
    signal: new Abort().signal,
  });
  return stderr;
}

/**
 * Each offer of the demo is checked while all other places are open. This is sound only because their errors (E0004,
 * E0046) silence nothing in other bodies.
 */
test.each([
  [
    "a marker in an arm",
    `#[warn(warnings, unused_variables)] let armature_live_1 = (); "x"`,
    "armature_live_1",
  ],
  ["a type error in an arm", "1u8", "E0308"],
  ["a borrow error in an arm", `let moved = String::new(); drop(moved); drop(moved); "x"`, "E0382"],
])("%s is reported while every other place of the crate is open", async (_what, body, expected) => {
  const arms = ["Delivered", "Returned", "Lost"].map((name) => `Stage::${name} => { ${body} },`).join("\n");
  const from = `Stage::Loaded => "loaded",`;
  const output = await check(copyWith(expected, "src/tracking.rs", from, `${from}\n${arms}`));
  expect(output).toContain(expected);
  expect(output).toContain("E0046");
  expect(output).not.toContain("`Stage::Delivered`, `Stage::Returned` and `Stage::Lost` not covered");
});

test("the real rust-analyzer offers its own action at an open place", async () => {
  const { analyzer, environment } = findTools();
  const copy = join(folder, "opened");
  cpSync(demo, copy, { recursive: true });
  const editor = ScriptedEditor.spawn({ file: analyzer, cwd: copy, environment });
  try {
    await editor.initialize({ root: uriOf(copy), encodings: ["utf-8", "utf-16"] });
    expect(editor.encoding).toBe("utf-8");
    const uri = uriOf(join(copy, "src/tracking.rs"));
    await editor.open(uri);
    await editor.untilQuiescent();
    const keyword = editor.text(uri).indexOf("match self");
    const position = editor.positionAt(uri, keyword);
    const actions = await editor.request("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    expect(JSON.stringify(actions)).toContain("add_missing_match_arms");
    expect(await editor.shutdown()).toEqual({ code: 0, signal: null });
  } finally {
    await editor.dispose();
  }
});
