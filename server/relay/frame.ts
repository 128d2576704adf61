/**
 * One message of the base protocol (LSP 3.17, "Base Protocol"), still as bytes, and in the pieces in which it
 * arrived: what is only passed on is never copied together.
 */
export class Frame {
  /** Header and body, byte for byte as received; the header lies within the first part. */
  readonly parts: readonly Buffer[];
  readonly #bodyStart: number;
  #bytes: Buffer | undefined;

  constructor(parts: readonly Buffer[], bodyStart: number) {
    this.parts = parts;
    this.#bodyStart = bodyStart;
  }

  /** Header and body in one piece. */
  get bytes(): Buffer {
    const [first] = this.parts;
    this.#bytes ??= this.parts.length === 1 && first !== undefined ? first : Buffer.concat(this.parts);
    return this.#bytes;
  }

  get body(): Buffer {
    return this.bytes.subarray(this.#bodyStart);
  }

  /** As much of the body as is there without copying. */
  get bodyBeginning(): Buffer {
    return this.parts[0]?.subarray(this.#bodyStart) ?? this.body;
  }
}

/** What was received cannot be cut into frames: nothing behind it can be trusted. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** A header is two short lines in practice; anything this long (bytes) is not one. */
const headerLimit = 8_192;
/** Far above any real message (bytes), far below what a Buffer can hold. */
const bodyLimit = 2 ** 30;
/** A frame in more pieces than that is joined: each is a write of its own. */
const partLimit = 16;
const headerEnd = Buffer.from("\r\n\r\n");

/**
 * Cuts a byte stream into frames, however it is split into chunks, and hands each over as soon as it is
 * complete. `push` throws {@link FrameError} where a header is broken; frames before it have been handed over.
 */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #waiting: Buffer[] = [];
  #waitingLength = 0;
  /** Of the frame at the front, undefined while it is incomplete. */
  #header: Header | undefined;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingLength += chunk.length;
    while (this.#waitingLength > 0) {
      this.#header ??= this.#readHeader();
      if (this.#header === undefined) return;
      const { bodyStart, bodyLength } = this.#header;
      if (this.#waitingLength < bodyStart + bodyLength) return;
      this.#header = undefined;
      this.#onFrame(new Frame(this.#take(bodyStart + bodyLength), bodyStart));
    }
    this.#waiting = [];
  }

  /** Chunks are joined until the header is whole, and those behind it only where somebody needs them so. */
  #readHeader(): Header | undefined {
    if (this.#waiting.length > 1) this.#waiting = [Buffer.concat(this.#waiting)];
    return readHeader(this.#waiting[0] ?? Buffer.alloc(0));
  }

  #take(length: number): Buffer[] {
    const parts: Buffer[] = [];
    let missing = length;
    let used = 0;
    for (const chunk of this.#waiting) {
      if (missing === 0) break;
      const part = chunk.length > missing ? chunk.subarray(0, missing) : chunk;
      parts.push(part);
      missing -= part.length;
      if (part !== chunk) this.#waiting[used] = chunk.subarray(part.length);
      else used += 1;
    }
    this.#waiting.splice(0, used);
    this.#waitingLength -= length;
    return parts.length > partLimit ? [Buffer.concat(parts)] : parts;
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
