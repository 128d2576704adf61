import type { Readable } from "node:stream";
import { FrameReader } from "./frame.ts";
import { type Message, parseMessage } from "./message.ts";

/**
 * Waits for the editor's first whole message and puts all bytes back, so that settings in it are known before
 * rust-analyzer is started. undefined: the stream ended first.
 */
export function firstMessage(input: Readable): Promise<Message | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const reader = new FrameReader((frame) => finish(parseMessage(frame.body)));
    let isDone = false;
    const finish = (found: Message | undefined, error?: Error) => {
      if (isDone) return;
      isDone = true;
      input.off("data", onData).off("end", onEnd).off("error", onError);
      input.pause();
      // Behind its end nothing can be put back; half a message is no message.
      if (chunks.length > 0 && !input.readableEnded) input.unshift(Buffer.concat(chunks));
      if (error === undefined) resolve(found);
      else reject(error);
    };
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      try {
        reader.push(chunk);
      } catch (error) {
        finish(undefined, error instanceof Error ? error : new Error(String(error)));
      }
    };
    const onEnd = () => finish(undefined);
    const onError = (error: Error) => finish(undefined, error);
    input.on("data", onData).on("end", onEnd).on("error", onError);
  });
}
