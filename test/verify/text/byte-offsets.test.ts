import { expect, it } from "vitest";
import fc from "fast-check";
import { byteOffsetAt, offsetAtByte } from "../../../server/base/positions.ts";
import { byteOffsets } from "../../../server/verify/text/byte-offsets.ts";

it("finds the offset of every byte at which a character starts", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "🦀", "\r\n") });
  fc.assert(
    fc.property(text, (sample) => {
      const offsetAt = byteOffsets(sample);
      let offset = 0;
      for (const character of [...sample, ""]) {
        const byte = byteOffsetAt(sample, offset);
        expect(offsetAt(byte)).toBe(offset);
        expect(offsetAt(byte)).toBe(offsetAtByte(sample, byte));
        offset += character.length;
      }
    }),
  );
});

it("ends at the end of the text", () => {
  expect(byteOffsets("ab")(9)).toBe(2);
  expect(byteOffsets("é🦀")(99)).toBe(3);
});
