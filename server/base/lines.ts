import type { Readable } from "node:stream";

export interface LineOptions {
  /** Characters that one line may have: what prints without an end must not fill our memory. */
  readonly longest: number;
  readonly onLine: (line: string) => void;
  readonly onTooLong: () => void;
}

/** Hands on each line of a stream without its line break, the last one also where it has none. */
export function readLines(stream: Readable, { longest, onLine, onTooLong }: LineOptions): void {
  let parts: string[] = [];
  let length = 0;
  const finish = (last: string) => {
    const line = parts.length === 0 ? last : parts.join("") + last;
    parts = [];
    length = 0;
    onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      finish(chunk.slice(start, end));
      start = end + 1;
    }
    const rest = chunk.slice(start);
    length += rest.length;
    if (length > longest) {
      parts = [];
      stream.destroy();
      onTooLong();
      return;
    }
    if (rest !== "") parts.push(rest);
  });
  stream.on("end", () => {
    if (parts.length > 0) finish("");
  });
}
