/** Offsets (UTF-16 code units) of UTF-8 byte offsets in one text: found once for all places of a check. */
export function byteOffsets(text: string): (byte: number) => number {
  const length = Buffer.byteLength(text, "utf8");
  if (length === text.length) return (byte) => Math.min(byte, length);
  const offsets = new Uint32Array(length + 1);
  let byte = 0;
  for (let offset = 0; offset < text.length;) {
    const codePoint = text.codePointAt(offset) ?? 0;
    const bytes = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    offsets.fill(offset, byte, byte + bytes);
    byte += bytes;
    offset += codePoint > 0xffff ? 2 : 1;
  }
  offsets[length] = text.length;
  return (at) => offsets[Math.min(at, length)] ?? text.length;
}
