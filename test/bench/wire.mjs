/** Frames of the base protocol, as small and fast as can be: for the programs on both ends of what is measured. */

export function encode(message) {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Calls back with each parsed message of a stream, its size in bytes, and when it was there (before it was parsed). */
export function readMessages(stream, onMessage) {
  let waiting = [];
  let length = 0;
  let wanted = 0;
  stream.on("data", (chunk) => {
    waiting.push(chunk);
    length += chunk.length;
    while (length >= wanted && length > 0) {
      const bytes = waiting.length === 1 ? waiting[0] : Buffer.concat(waiting);
      waiting = [bytes];
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      wanted = end + 4 + Number(/content-length: *(\d+)/i.exec(bytes.toString("latin1", 0, end))[1]);
      if (length < wanted) return;
      const body = bytes.subarray(end + 4, wanted);
      waiting = [bytes.subarray(wanted)];
      length -= wanted;
      wanted = 0;
      const arrived = performance.now();
      onMessage(JSON.parse(body.toString("utf8")), { size: body.length, arrived });
    }
  });
}
