import { beforeAll, describe, expect, it } from "vitest";
import { positionAt } from "../../server/base/positions.ts";
import { buildSkeleton } from "../../server/facts/skeleton.ts";
import { completionItemOf } from "../../server/offer/completion-item.ts";
import type { ItemForm } from "../../server/offer/item-edits.ts";
import { snippetOf } from "../../server/offer/snippet.ts";
import type { Offer } from "../../server/stages.ts";
import { applyDraft } from "../../server/syntax/splice.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { snapshotAt } from "../support/cursor.ts";
import { insertedEdit } from "../support/inserted-edit.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

function itemAt(marked: string, bodies: Record<string, string>, form: ItemForm = "snippet-indented-after") {
  const { document, offset } = snapshotAt(marked);
  const site = findSites(syntax, document, offset)[0]!;
  const arms = "\n        E::B => todo!(),\n        E::C => todo!(),\n    ";
  const skeleton = buildSkeleton(syntax, site, insertedEdit(syntax, site, arms));
  if ("stage" in skeleton) throw new Error(skeleton.message);
  const author = { by: "model", model: "m" } as const;
  const draft = {
    rank: 0,
    fillings: new Map(Object.entries(bodies).map(([id, text]) => [id, { text, author }])),
  };
  const offer: Offer = {
    skeleton,
    draft,
    text: applyDraft(skeleton, draft).text,
    open: skeleton.holes.filter((hole) => !(hole.id in bodies)).map((hole) => hole.id),
    check: {
      command: "cargo check",
      targets: ["lib x"],
      milliseconds: 1,
      checks: 1,
      errors: [],
      warnings: 0,
    },
    drafts: { tried: 1, accepted: 1 },
    rounds: 0,
  };
  const position = positionAt(document.text, offset, "utf-16");
  return completionItemOf(offer, {
    ...{ encoding: "utf-16", position, form },
    ...{ labelDetails: false, isAskedByHand: true },
  });
}

const blank = "fn f(e: E) -> u8 {\n    match e {\n        E::A => 1,\n        $0\n    }\n}\n";

describe("a completion item", () => {
  it("begins where rust-analyzer's do, as a snippet with relative indentation and one stop", () => {
    const item = itemAt(blank.replace("$0", "E::$0"), { h1: "2", h2: "3" });
    expect(item?.textEdit).toEqual({
      range: { start: { line: 3, character: 11 }, end: { line: 3, character: 11 } },
      newText: "B => 2,\nE::C => 3,$0",
    });
    expect(item).toMatchObject({
      label: "✓ fill 2 arms",
      detail: "verified by cargo check",
      preselect: true,
    });
  });

  it("names the conditions under which a part of a body is compiled", () => {
    const item = itemAt(blank, { h1: '{ #[cfg(feature = "std")] { log(); } 2 }', h2: "3" });
    const says = 'what `#[cfg(feature = "std")]` leaves out of a body in this build';
    expect(JSON.stringify(item?.documentation)).toContain(JSON.stringify(says).slice(1, -1));
    expect(JSON.stringify(itemAt(blank, { h1: "2", h2: "3" })?.documentation)).not.toContain("leaves out");
  });

  it("has a tab stop in each open hole, and says how many are filled", () => {
    const item = itemAt(blank, { h1: "2" });
    expect(item?.textEdit).toMatchObject({ newText: "E::B => 2,\nE::C => ${1:todo!()}," });
    expect(item?.label).toBe("✓ fill 1 arm, 1 open");
  });

  it("puts the comma that was missing above into an additional edit", () => {
    const item = itemAt(blank.replace("1,", "1"), { h1: "2", h2: "3" });
    expect(item?.additionalTextEdits).toEqual([
      { range: { start: { line: 2, character: 17 }, end: { line: 2, character: 17 } }, newText: "," },
    ]);
  });

  it("is plain text with all its indentation where the client takes no snippets", () => {
    expect(itemAt(blank, { h1: "2", h2: "3" }, "plain")).toMatchObject({
      ...{ insertTextFormat: 1, insertTextMode: 1 },
      textEdit: { newText: "E::B => 2,\n        E::C => 3," },
    });
  });

  it("is not made where the cursor stands on a line that stays as it is", () => {
    const elsewhere = "fn f(e: E) -> u8 {\n    $0match e {\n        E::A => 1,\n    }\n}\n";
    expect(itemAt(elsewhere, { h1: "2", h2: "3" })).toBeUndefined();
  });
});

describe("a snippet", () => {
  it("escapes what snippets give a meaning", () => {
    expect(snippetOf('format!("${}\\n")')).toBe('format!("\\${\\}\\\\n")$0');
  });

  it("has a stop in an associated type that is the user's to write, and in no other unit", () => {
    const text = "type Unit = ();\ntype Other = ();\nfn f() -> () {}";
    expect(snippetOf(text, ["Unit"])).toBe("type Unit = ${1:()};\ntype Other = ();\nfn f() -> () {\\}");
  });
});
