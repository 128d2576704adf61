import { expect, test } from "vitest";
import { startSession } from "./harness.ts";

test("a request and its answer pass untouched", async () => {
  const { editor, analyzer } = startSession();
  editor.send({ id: 1, method: "textDocument/hover", params: { a: 1 } });
  await analyzer.method("textDocument/hover");
  analyzer.send({ id: 1, result: { contents: "x" } });
  expect(await editor.answerTo(1)).toEqual({ jsonrpc: "2.0", id: 1, result: { contents: "x" } });
});

test("a taken request is answered without rust-analyzer", async () => {
  const { editor, analyzer } = startSession({
    requests: { "armature/fill": () => Promise.resolve({ kind: "none" }) },
  });
  editor.send({ id: "a", method: "armature/fill", params: {} });
  expect(await editor.answerTo("a")).toEqual({ jsonrpc: "2.0", id: "a", result: { kind: "none" } });
  expect(analyzer.received).toEqual([]);
});
