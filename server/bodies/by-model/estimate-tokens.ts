/** Three and a half bytes a token: on the high side for Rust code with the tokenizers in use. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3.5);
}
