/** One message of the base protocol (LSP 3.17, "Base Protocol"), still as bytes. */
export interface Frame {
  /** Header and body, byte for byte as received. */
  readonly bytes: Buffer;
  readonly body: Buffer;
}

/** What was received cannot be cut into frames: nothing behind it can be trusted. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** A header is two short lines in practice; anything this long (bytes) is not one. */
const headerLimit = 8_192;
/** Far above any real message (bytes), far below what a Buffer can hold. */
const bodyLimit = 2 ** 30;
const headerEnd = Buffer.from("\r\n\r\n");

/**
 * Cuts a byte stream into frames, however it is split into chunks, and hands each over as soon as it is
 * complete. `push` throws {@link FrameError} where a header is broken; frames before it have been handed over.
 */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #waiting: Buffer[] = [];
  #waitingLength = 0;
  /** Size of the frame at the front in bytes, 0 while its header is incomplete. */
  #wanted = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#keep(chunk);
    // Chunks are joined once per frame and not once per chunk: a large message arrives in many.
    if (this.#wanted > 0 && this.#waitingLength < this.#wanted) return;
    const [first] = this.#waiting;
    let rest = this.#waiting.length === 1 && first !== undefined ? first : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingLength = 0;
    for (;;) {
      const header = readHeader(rest);
      this.#wanted = header === undefined ? 0 : header.bodyStart + header.bodyLength;
      if (header === undefined || rest.length < this.#wanted) break;
      const bytes = rest.subarray(0, this.#wanted);
      rest = rest.subarray(this.#wanted);
      this.#onFrame({ bytes, body: bytes.subarray(header.bodyStart) });
    }
    this.#keep(rest);
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingLength += bytes.length;
  }
}

export function encodeFrame(message: unknown): Buffer {
  const text = JSON.stringify(message);
  return Buffer.from(`Content-Length: ${Buffer.byteLength(text, "utf8")}\r\n\r\n${text}`, "utf8");
}

interface Header {
  readonly bodyStart: number;
  readonly bodyLength: number;
}

/** undefined while the header is incomplete. */
function readHeader(bytes: Buffer): Header | undefined {
  const end = bytes.indexOf(headerEnd);
  if (end === -1 ? bytes.length > headerLimit : end > headerLimit) {
    throw new FrameError(
      `header longer than ${headerLimit} bytes: ${quote(bytes.toString("latin1", 0, 60))}`,
    );
  }
  if (end === -1) return undefined;
  const lines = bytes.toString("latin1", 0, end).split("\r\n");
  return { bodyStart: end + headerEnd.length, bodyLength: contentLength(lines) };
}

function contentLength(lines: readonly string[]): number {
  let length: number | undefined;
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) throw new FrameError(`header line without a name: ${quote(line)}`);
    if (line.slice(0, colon).trim().toLowerCase() !== "content-length") continue;
    const value = line.slice(colon + 1).trim();
    if (!/^\d+$/.test(value) || Number(value) > bodyLimit || length !== undefined) {
      throw new FrameError(`content length that cannot be used: ${quote(line)}`);
    }
    length = Number(value);
  }
  if (length === undefined)
    throw new FrameError(`header without a content length: ${quote(lines.join(" "))}`);
  return length;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
