import type { WriteStream } from "node:tty";

/** One line of progress on a terminal, rewritten in place; nothing where the stream is a file or a pipe. */
export function progressLine(stream: WriteStream): { show: (message: string) => void; clear: () => void } {
  let isShown = false;
  return {
    show(message) {
      if (!stream.isTTY) return;
      const width = Math.max(20, stream.columns - 1);
      const line = message.length <= width ? message : `${message.slice(0, width - 1)}…`;
      stream.write(`\r\u001b[K${line}`);
      isShown = true;
    },
    clear() {
      if (isShown) stream.write("\r\u001b[K");
      isShown = false;
    },
  };
}
