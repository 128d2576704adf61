import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  byteOffsetAt,
  offsetAt,
  offsetAtByte,
  positionAt,
  type PositionEncoding,
} from "../../server/base/positions.ts";

const encodings: readonly PositionEncoding[] = ["utf-8", "utf-16", "utf-32"];
const piece = fc.constantFrom("a", "é", "漢", "🦀", "\t", " ", "\n", "\r\n", "é漢🦀", "fn x() {}", "\r");
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));

/** Offsets where a position can stand: not inside a surrogate pair and not inside `\r\n`. */
function isBorder(whole: string, offset: number): boolean {
  const code = whole.charCodeAt(offset);
  const isInPair = code >= 0xdc00 && code <= 0xdfff;
  return !isInPair && !(offset > 0 && whole[offset - 1] === "\r" && whole[offset] === "\n");
}

/** The definition, word for word and slow: units of the line's text before the offset. */
function positionByDefinition(whole: string, offset: number, encoding: PositionEncoding) {
  const lines = whole.slice(0, offset).split(/\r\n|\n|\r/);
  const last = lines.at(-1)!;
  const units = { "utf-8": Buffer.byteLength(last), "utf-16": last.length, "utf-32": [...last].length };
  return { line: lines.length - 1, character: units[encoding] };
}

describe.each(encodings)("%s", (encoding) => {
  test("a position is the line and the units before it, and leads back to its offset", () => {
    fc.assert(
      fc.property(text, fc.nat(), (whole, at) => {
        const offset = at % (whole.length + 1);
        fc.pre(isBorder(whole, offset));
        const position = positionAt(whole, offset, encoding);
        expect(position).toEqual(positionByDefinition(whole, offset, encoding));
        expect(offsetAt(whole, position, encoding)).toBe(offset);
      }),
    );
  });

  test("a character beyond its line is the line's end, a line beyond the text is the text's end", () => {
    const whole = "é漢🦀\r\n\tb\nlast🦀";
    expect(offsetAt(whole, { line: 0, character: 99 }, encoding)).toBe(4);
    expect(offsetAt(whole, { line: 1, character: 99 }, encoding)).toBe(8);
    expect(offsetAt(whole, { line: 9, character: 0 }, encoding)).toBe(whole.length);
  });

  test("offsets outside the text are brought inside", () => {
    expect(positionAt("a\nb", 99, encoding)).toEqual({ line: 1, character: 1 });
    expect(positionAt("a\nb", -5, encoding)).toEqual({ line: 0, character: 0 });
  });
});

test("the three encodings differ where they should", () => {
  const whole = "é漢🦀x";
  expect(encodings.map((encoding) => positionAt(whole, 4, encoding).character)).toEqual([9, 4, 3]);
});

test("a utf-8 character inside a code point means the end of it", () => {
  expect([0, 1, 2, 3, 4, 5].map((character) => offsetAt("🦀x", { line: 0, character }, "utf-8"))).toEqual([
    0, 2, 2, 2, 2, 3,
  ]);
});

test("byte offsets lead there and back", () => {
  fc.assert(
    fc.property(text, fc.nat(), (whole, at) => {
      const offset = at % (whole.length + 1);
      fc.pre(isBorder(whole, offset));
      const bytes = byteOffsetAt(whole, offset);
      expect(bytes).toBe(Buffer.from(whole.slice(0, offset)).length);
      expect(offsetAtByte(whole, bytes)).toBe(offset);
    }),
  );
});
