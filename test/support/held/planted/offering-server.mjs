/**
 * node offering-server.mjs EDIT: a language server that offers this one edit (`{ uri, range, newText, label }`) by every
 * route, as if it had verified it. `… EDIT fill …` prints it as `armature fill` does, with --json or as a diff.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createTwoFilesPatch } from "diff";
import { StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

const { uri, range, newText, label } = JSON.parse(process.argv[2]);
const edit = { documentChanges: [{ textDocument: { uri, version: null }, edits: [{ range, newText }] }] };
const offers = { kind: "offers", offers: [{ label, edit, evidence: {} }] };
const data = { armature: { id: 1 } };

if (process.argv[3] === "fill") print();
else serve();

function print() {
  if (process.argv.includes("--json")) {
    process.stdout.write(JSON.stringify(offers));
    return;
  }
  const before = readFileSync(fileURLToPath(uri), "utf8");
  const lines = before.split("\n");
  const after = [...lines.slice(0, range.start.line), newText + lines.slice(range.start.line).join("\n")];
  process.stdout.write(`${createTwoFilesPatch("a", "b", before, after.join("\n"))}\n${label}\n`);
}

function serve() {
  const answers = {
    initialize: { capabilities: {} },
    shutdown: null,
    "armature/fill": offers,
    "textDocument/completion": { items: [{ label, textEdit: { range, newText }, data }] },
    "textDocument/inlineCompletion": { items: [{ insertText: newText, range }] },
    "textDocument/codeAction": [{ title: label, edit, data }],
    "codeAction/resolve": { title: label, edit, data },
    "workspace/executeCommand": null,
  };
  const writer = new StreamMessageWriter(process.stdout);
  new StreamMessageReader(process.stdin).listen(({ id, method }) => {
    if (method === "exit") process.exit(0);
    if (id === undefined || method === undefined) return;
    if (method === "workspace/executeCommand")
      void writer.write({
        jsonrpc: "2.0",
        id: "edit",
        method: "workspace/applyEdit",
        params: { label, edit },
      });
    void writer.write({ jsonrpc: "2.0", id, result: answers[method] ?? null });
  });
}
