import fc from "fast-check";
import { expect, test } from "vitest";
import { positionAt } from "../../server/base/positions.ts";
import { itemEdits, type ItemForm } from "../../server/offer/item-edits.ts";
import { snippetOf } from "../../server/offer/snippet.ts";
import { toRange } from "../../server/offer/edits.ts";
import { acceptedItem, type Landing } from "../support/held/applied.ts";

const landings: Record<Exclude<ItemForm, "plain">, Landing> = {
  "snippet-as-is": "as it is",
  "snippet-indented-after": "indented after",
  "snippet-indented-before": "indented before",
};
const forms: readonly ItemForm[] = [...(Object.keys(landings) as (keyof typeof landings)[]), "plain"];

/** The text that an editor has after accepting the item at the cursor; undefined where there is none. */
function accepted(before: string, after: string, cursor: number, form: ItemForm): string | undefined {
  const edits = itemEdits(before, after, { cursor, form, toSnippet: snippetOf });
  if (edits === undefined) return undefined;
  const toEdit = ({ span, text }: { span: { start: number; end: number }; text: string }) => ({
    range: toRange(before, span, "utf-16"),
    newText: text,
  });
  const item = {
    label: "",
    textEdit: toEdit(edits.main),
    additionalTextEdits: edits.additional.map(toEdit),
    insertTextFormat: edits.isSnippet ? 2 : 1,
  };
  const line = positionAt(before, cursor, "utf-16").line;
  expect(item.textEdit.range.start.line).toBe(line);
  expect(item.textEdit.range.end.line).toBe(line);
  return acceptedItem(before, item, "utf-16", form === "plain" ? "as it is" : landings[form]);
}

const blank = fc.constantFrom("", " ", "    ", "        ", "            ", "\t\t", "    \t");
const word = fc.constantFrom("", "Am", "Goods::", "Goods::Am", "fn fm");
const arms = fc.constantFrom(
  ["        Goods::Amphora => 1,", "        Goods::Olive => todo!(),"],
  ["    fn a() -> u8 {", "        1", "    }", "", "    fn b() {}"],
  ["\t\tGoods::Amphora => {", "\t\t\t1", "\t\t}"],
  ['        Goods::Amphora => "one', 'two",', "        Goods::Olive => 1,"],
  ["Goods::Amphora => 1,"],
);
const neighbours = fc.constantFrom(
  "",
  "        Goods::Fig => 0,\n",
  "    fn z() {}\n",
  "        Goods::Fig => é(),\n",
);

test("the item leads to the very text that was checked, at each column, in every form", () => {
  let made = 0;
  const property = fc.property(
    fc.record({
      ...{ blank, tail: blank, word, arms, above: neighbours, below: neighbours },
      crlf: fc.boolean(),
    }),
    fc.constantFrom(...forms),
    fc.boolean(),
    ({ blank: indentation, tail, word: typed, arms: lines, above, below, crlf }, form, addsComma) => {
      const withBreaks = (text: string) => (crlf ? text.replaceAll("\n", "\r\n") : text);
      const head = withBreaks(`fn f() {\n${above}`);
      const before = head + indentation + typed + tail + withBreaks(`\n${below}}\n`);
      const headAfter =
        addsComma && above !== "" ? withBreaks(`fn f() {\n${above.replace(/\n$/, " //\n")}`) : head;
      const after = headAfter + withBreaks(`${lines.join("\n")}\n${below}}\n`);
      const cursor = head.length + indentation.length + typed.length;
      const result = accepted(before, after, cursor, form);
      if (result === undefined) return;
      made += 1;
      // Editors write their own line breaks into a snippet.
      expect(result.replaceAll("\r\n", "\n")).toBe(after.replaceAll("\r\n", "\n"));
    },
  );
  fc.assert(property, { numRuns: 4_000 });
  expect(made).toBeGreaterThan(3_000);
});

test("a usual place has one edit, a snippet, in every editor that takes them", () => {
  const before = "match x {\n    A => 1,\n    \n}\n";
  const after = "match x {\n    A => 1,\n    B => 2,\n    C => 3,\n}\n";
  for (const form of forms) {
    const edits = itemEdits(before, after, { cursor: before.length - 3, form, toSnippet: snippetOf });
    expect(edits?.additional).toEqual([]);
    expect(edits?.isSnippet).toBe(form !== "plain");
  }
});

test("within braces on one line, what is behind the cursor stays there", () => {
  const before = "fn f() {\n    match x {}\n}\n";
  const after = "fn f() {\n    match x {\n        A => 1,\n        B => todo!(),\n    }\n}\n";
  const cursor = before.indexOf("{}") + 1;
  for (const form of forms) {
    expect(accepted(before, after, cursor, form)).toBe(after);
    expect(itemEdits(before, after, { cursor, form, toSnippet: snippetOf })?.additional).toEqual([]);
  }
});

test("at the end of an arm the others go below", () => {
  const before = "match x {\n    A => 1,\n}\n";
  const after = "match x {\n    A => 1,\n    B => 2,\n}\n";
  for (const form of forms) expect(accepted(before, after, before.indexOf("\n}"), form)).toBe(after);
});
