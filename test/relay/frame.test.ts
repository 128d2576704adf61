import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFrame, FrameError, FrameReader } from "../../server/relay/frame.ts";

function cut(chunks: readonly Buffer[]): { bytes: string[]; bodies: string[] } {
  const bytes: string[] = [];
  const bodies: string[] = [];
  const reader = new FrameReader((frame) => {
    bytes.push(frame.bytes.toString("latin1"));
    bodies.push(frame.body.toString("utf8"));
  });
  for (const chunk of chunks) reader.push(chunk);
  return { bytes, bodies };
}

function split(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((at) => at % (whole.length + 1)), whole.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, index) => whole.subarray(places[index], end));
}

const body = fc.oneof(fc.string({ unit: "grapheme" }), fc.constant(""), fc.string({ minLength: 300 }));
const lengthName = fc.constantFrom("Content-Length", "content-length", "CONTENT-LENGTH", "cOnTeNt-lEnGtH");
const extra = fc.constantFrom("", "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n", "X-A:b\r\n");
const frame = fc.record({
  body,
  lengthName,
  before: extra,
  after: extra,
  space: fc.constantFrom("", " ", "  "),
});

test("frames come out as they went in, however the stream is split and joined", () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.nat()), (frames, cuts) => {
      const encoded = frames.map((one) => {
        const length = Buffer.byteLength(one.body);
        return Buffer.from(
          `${one.before}${one.lengthName}:${one.space}${length}\r\n${one.after}\r\n${one.body}`,
        );
      });
      const { bytes, bodies } = cut(split(Buffer.concat(encoded), cuts));
      expect(bodies).toEqual(frames.map((one) => one.body));
      expect(bytes).toEqual(encoded.map((one) => one.toString("latin1")));
    }),
  );
});

test("a stream that comes byte by byte gives the same frames", () => {
  const whole = Buffer.concat([encodeFrame({ a: "é漢🦀" }), encodeFrame([]), encodeFrame("x")]);
  const { bodies } = cut([...whole].map((byte) => Buffer.from([byte])));
  expect(bodies).toEqual(['{"a":"é漢🦀"}', "[]", '"x"']);
});

test("a message of 5 MB in chunks of 64 bytes is joined once", () => {
  const whole = encodeFrame({ text: "x".repeat(5_000_000) });
  const chunks: Buffer[] = [];
  for (let at = 0; at < whole.length; at += 64) chunks.push(whole.subarray(at, at + 64));
  const joined = Buffer.concat.bind(Buffer);
  let joins = 0;
  Buffer.concat = (...given) => {
    joins += 1;
    return joined(...given);
  };
  try {
    const { bodies } = cut(chunks);
    expect(bodies.map((text) => text.length)).toEqual([whole.length - 27]);
  } finally {
    Buffer.concat = joined;
  }
  expect(joins).toBeLessThan(5);
});

test("a frame that arrives in one chunk is not copied", () => {
  const chunk = Buffer.concat([encodeFrame(1), encodeFrame(2)]);
  const reader = new FrameReader(({ bytes, body: content }) => {
    expect(bytes.buffer).toBe(chunk.buffer);
    expect(content.buffer).toBe(chunk.buffer);
  });
  expect.assertions(4);
  reader.push(chunk);
});

describe("a broken header is an error that names it", () => {
  test.each([
    ["no colon", "hello world\r\n\r\n", /without a name: "hello world"/],
    ["no length", "X: 1\r\n\r\n", /without a content length: "X: 1"/],
    ["empty", "\r\n\r\n", /without a name: ""/],
    ["a length that is no number", "Content-Length: abc\r\n\r\n", /"Content-Length: abc"/],
    ["a negative length", "Content-Length: -1\r\n\r\n", /"Content-Length: -1"/],
    ["a fraction", "Content-Length: 1.5\r\n\r\n", /"Content-Length: 1.5"/],
    ["a length beyond all measure", "Content-Length: 99999999999999\r\n\r\n", /cannot be used/],
    ["two lengths", "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", /"Content-Length: 2"/],
    ["no end", "a".repeat(9_000), /longer than 8192 bytes: "aaaaaaa/],
  ])("%s", (_name, text, message) => {
    expect(() => cut([Buffer.from(text)])).toThrow(FrameError);
    expect(() => cut([Buffer.from(text)])).toThrow(message);
  });

  test("after the frames before it have been handed over", () => {
    const bodies: string[] = [];
    const reader = new FrameReader((one) => bodies.push(one.body.toString()));
    expect(() => reader.push(Buffer.concat([encodeFrame("first"), Buffer.from("oops\r\n\r\n")]))).toThrow();
    expect(bodies).toEqual(['"first"']);
  });
});

test("a header that merely is not complete yet is no error", () => {
  expect(cut([Buffer.from("Content-Len")]).bodies).toEqual([]);
});
