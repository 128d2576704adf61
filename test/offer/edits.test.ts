import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offsetAt } from "../../server/base/positions.ts";
import { replacements, toTextEdit } from "../../server/offer/edits.ts";

const line = fc.stringMatching(/^[a-z {}é漢🦀,]{0,12}$/u);
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"))
  .map(([lines, end]) => lines.join(end));

describe("the changes from one text to another", () => {
  it("lead to exactly that text, in every position encoding", () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom("utf-8", "utf-16", "utf-32"), (before, after, encoding) => {
        const edits = replacements(before, after).map((part) => toTextEdit(before, part, encoding));
        const applied = edits.reduceRight((result, { range, newText }) => {
          const start = offsetAt(before, range.start, encoding);
          const end = offsetAt(before, range.end, encoding);
          return result.slice(0, start) + newText + result.slice(end);
        }, before);
        expect(applied).toBe(after);
      }),
    );
  });

  it("are none where nothing changed", () => {
    expect(replacements("a\nb\n", "a\nb\n")).toEqual([]);
  });

  it("are as small as their lines allow", () => {
    expect(replacements("{\n  a,\n  \n}\n", "{\n  a,\n  b,\n}\n")).toEqual([
      { span: { start: 9, end: 9 }, text: "b," },
    ]);
  });
});
