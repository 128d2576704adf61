import type { Readable, Writable } from "node:stream";
import { type Frame, FrameError, FrameReader } from "./frame.ts";

export interface PumpOptions {
  readonly source: Readable;
  /** Where most frames of the source go: its writes are batched per chunk, and it holds the source back when full. */
  readonly sink: Writable;
  readonly onFrame: (frame: Frame) => void;
  /** The source ended, or failed, or cannot be cut into frames (FrameError); called once. */
  readonly onEnd: (error: Error | undefined) => void;
}

/**
 * Bytes that may wait in a sink before its source is paused. Larger than the streams' own mark (16 KiB), which
 * every completion list would hit; small enough to keep memory bounded.
 */
const waitingLimit = 1_048_576;

/** Hands over the frames of a source until it ends. Returns a function that stops it. */
export function pump({ source, sink, onFrame, onEnd }: PumpOptions): () => void {
  const reader = new FrameReader(onFrame);
  const resume = () => source.resume();
  const onData = (chunk: Buffer) => {
    const broken = pushBatched(reader, chunk, sink);
    if (broken !== undefined) end(broken);
    else if (sink.writableLength > waitingLimit && sink.writableNeedDrain) {
      source.pause();
      sink.once("drain", resume);
    }
  };
  const onError = (error: Error) => end(error);
  const onSourceEnd = () => end(undefined);
  const stop = () => {
    source.off("data", onData);
    source.off("end", onSourceEnd);
    source.off("close", onSourceEnd);
    sink.off("drain", resume);
    source.pause();
  };
  let ended = false;
  const end = (error: Error | undefined) => {
    if (ended) return;
    ended = true;
    stop();
    onEnd(error);
  };
  // The error listener stays: an error of a stream that nobody listens to would end the process.
  source.on("error", onError);
  source.on("end", onSourceEnd);
  source.on("close", onSourceEnd);
  source.on("data", onData);
  return stop;
}

/** Frames that arrived together leave together, in one write. */
function pushBatched(reader: FrameReader, chunk: Buffer, sink: Writable): FrameError | undefined {
  sink.cork();
  try {
    reader.push(chunk);
    return undefined;
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  } finally {
    sink.uncork();
  }
}
