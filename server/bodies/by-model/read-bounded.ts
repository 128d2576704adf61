/** A chat completion with 16 answers is far below this. */
const bodyBytes = 8 * 1024 * 1024;

/** The response with its body read to the end. Rejects where that is longer than any answer could be. */
export async function readBounded(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    length += next.value.byteLength;
    if (length > bodyBytes) {
      await reader.cancel();
      throw new SyntaxError(`the answer is longer than ${bodyBytes} bytes`);
    }
  }
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  // The chunks are decoded already.
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(Buffer.concat(chunks), { status, statusText, headers });
}
