#!/usr/bin/env node
/**
 * Answers like rust-analyzer but at once, so that what is measured is the way there and back: hovers of some hundred
 * bytes, completion lists of about 40 kB, nothing to fill anywhere.
 */
import { encode, readMessages } from "./wire.mjs";

if (process.argv.includes("--version")) {
  process.stdout.write("rust-analyzer 0.0.0 (scripted)\n");
  process.exit(0);
}

const item = (index) => ({
  label: `method_number_${index}(…)`,
  kind: 2,
  detail: "fn(&self, other: &Other<'_>) -> Result<Vec<String>, Error>",
  sortText: "7fffffff",
  filterText: `method_number_${index}`,
  textEdit: {
    range: { start: { line: 3, character: 9 }, end: { line: 3, character: 9 } },
    newText: `method_number_${index}(\${1:other})$0`,
  },
  insertTextFormat: 2,
  data: { position: { textDocument: { uri: "file:///project/src/lib.rs" } }, hash: "0123456789abcdef" },
});
const results = {
  initialize: {
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: 2,
      hoverProvider: true,
      completionProvider: { triggerCharacters: [".", ":"] },
      codeActionProvider: { resolveProvider: true },
    },
  },
  "textDocument/hover": {
    contents: { kind: "markdown", value: "```rust\nfn name(&self) -> &str\n```\n".repeat(8) },
  },
  "textDocument/completion": {
    isIncomplete: true,
    items: Array.from({ length: 95 }, (_, index) => item(index)),
  },
};
// Encoded once: what a server needs for its own answer is not part of the measure.
const encoded = new Map(Object.entries(results).map(([method, result]) => [method, JSON.stringify(result)]));

readMessages(process.stdin, ({ id, method }) => {
  if (method === "exit") process.exit(0);
  if (method === "initialized") {
    const params = { health: "ok", quiescent: true };
    process.stdout.write(encode({ jsonrpc: "2.0", method: "experimental/serverStatus", params }));
  }
  if (id === undefined || method === undefined) return;
  const body = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${encoded.get(method) ?? "null"}}`;
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
});
process.stdin.on("end", () => process.exit(0));
