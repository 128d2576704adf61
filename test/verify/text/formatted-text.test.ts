import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexRust } from "../../../server/syntax/lex.ts";
import { alignTexts } from "../../../server/verify/text/entry-alignment.ts";
import { withFormatted } from "../../../server/verify/text/formatted-text.ts";
import { laidOffset, layDraft, layNothing, skeletonOffset } from "../../../server/verify/text/laid-text.ts";
import { draftOf, skeletonOf } from "../../slow/verify-world.ts";

const source = `fn count(kind: Kind) -> u8 {
    match kind {«
        Kind::A { ‹binder:side› } => ‹body:todo!()›,
        Kind::B(‹binder:_›) => ‹body:todo!()›,
    »}
}
fn after() {}
`;
const skeleton = skeletonOf("/lib.rs", source);
const nothing = layNothing(skeleton);
const laid = layDraft(skeleton, draftOf({ "h1.b1": "s", h1: "{ f(s); 1 }", "h2.b1": "n", h2: "(n)" }, 0));

/** Spans of the two arms, trailing commas included. */
function arms(text: string) {
  return ["Kind::A", "Kind::B"].map((head) => {
    const start = text.indexOf(head);
    return { start, end: text.indexOf("\n", start) };
  });
}

const spaces = fc.constantFrom("", " ", "\n", "\n        ", "  ");

/** The arm with other white space between its tokens, as a formatter could write it. */
function reformatted(text: string, gaps: readonly string[]): string {
  const tokens = lexRust(text) ?? [];
  return tokens
    .map(({ text: token, end }, index) => {
      const glued = tokens[index + 1]?.start === end;
      return glued || index === tokens.length - 1 ? token : token + (gaps[index % gaps.length] || " ");
    })
    .join("");
}

function format(gaps: readonly string[], change = (text: string) => text) {
  const entries = arms(laid.text);
  const made = entries.map(({ start, end }) => ({
    text: change(reformatted(laid.text.slice(start, end), gaps)),
    indentation: "        ",
  }));
  return withFormatted(laid, entries, made, () => "        ");
}

describe("a formatted text", () => {
  it("keeps every place: of the skeleton in it, and back", () => {
    const isFixed = ({ start, end }: { start: number; end: number }) =>
      !nothing.pieces.some(({ span }) => start < span.end && end > span.start);
    const fixed = (lexRust(nothing.text) ?? []).filter(isFixed);
    expect(fixed.length).toBeGreaterThan(30);
    fc.assert(
      fc.property(fc.array(spaces, { minLength: 1, maxLength: 9 }), (gaps) => {
        const formatted = format(gaps)!;
        for (const { start, text } of fixed) {
          const place = laidOffset(formatted, start);
          expect(formatted.text.slice(place, place + text.length)).toBe(text);
          expect(skeletonOffset(formatted, place)).toBe(start);
        }
      }),
    );
  });

  it("keeps the holes around what fills them", () => {
    const formatted = format(["\n"])!;
    const texts = formatted.pieces
      .filter(({ kind }) => kind !== "written")
      .map(({ span }) => formatted.text.slice(span.start, span.end).replace(/\s+/g, " "));
    expect(texts).toEqual(["side: s", "{ f(s); 1 }", "n", "(n)"]);
  });

  it("takes commas and brackets that go or come for layout", () => {
    const formatted = format([" "], (text) => text.replace(/\},$/, "}").replace("=> (n)", "=> n"))!;
    expect(formatted.text).toContain("=> { f(s); 1 }\n        Kind::B(n) => n,\n");
    expect(formatted.text.endsWith("fn after() {}\n")).toBe(true);
    const place = laidOffset(formatted, nothing.text.indexOf("fn after"));
    expect(formatted.text.slice(place)).toBe("fn after() {}\n");
  });

  it("is not taken where a word or literal differs", () => {
    expect(format([" "], (text) => text.replace("f(s)", "g(s)"))).toBeUndefined();
    expect(alignTexts("a + 0xff", "a + 0xFF")).toBeUndefined();
    expect(alignTexts("a + b", "b + a")).toBeUndefined();
    expect(alignTexts("{ a }", "a,")).toBeDefined();
  });
});
