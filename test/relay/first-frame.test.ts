import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { firstMessage } from "../../server/relay/first-frame.ts";
import { encodeFrame } from "../../server/relay/frame.ts";

const first = encodeFrame({ jsonrpc: "2.0", id: 1, method: "initialize", params: { a: 1 } });
const second = encodeFrame({ jsonrpc: "2.0", method: "initialized", params: {} });

describe("the look at the first message", () => {
  it("waits for all of it and leaves every byte in the stream, those behind it too", async () => {
    const input = new PassThrough();
    const found = firstMessage(input);
    input.write(first.subarray(0, 20));
    input.write(Buffer.concat([first.subarray(20), second.subarray(0, 5)]));
    expect((await found)?.params).toEqual({ a: 1 });
    input.end(second.subarray(5));
    const chunks: Buffer[] = [];
    for await (const chunk of input) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks)).toEqual(Buffer.concat([first, second]));
  });

  it("finds nothing in a stream that ends before, also in the middle of a message", async () => {
    const empty = new PassThrough();
    empty.end();
    expect(await firstMessage(empty)).toBeUndefined();
    const half = new PassThrough();
    half.end(first.subarray(0, 30));
    expect(await firstMessage(half)).toBeUndefined();
  });

  it("rejects what is no message", async () => {
    const input = new PassThrough();
    const found = firstMessage(input);
    input.write("GET / HTTP/1.1\r\n\r\n");
    await expect(found).rejects.toThrow();
  });
});
