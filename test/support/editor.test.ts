import { PassThrough } from "node:stream";
import { StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { expect, test } from "vitest";
import { ScriptedEditor, type Wire } from "./editor.ts";

/** A server in memory that hands each message to `react`. */
function withServer(react: (message: Wire, send: (message: Wire) => void) => void) {
  const toServer = new PassThrough();
  const toEditor = new PassThrough();
  const writer = new StreamMessageWriter(toEditor);
  const send = (message: Wire) => void writer.write({ jsonrpc: "2.0", ...message });
  new StreamMessageReader(toServer).listen((message) => react(message, send));
  const editor = ScriptedEditor.over(toEditor, toServer, { configuration: { a: 1 } });
  return { editor, send, toEditor };
}

test("answers come to the request they belong to, whatever their order", async () => {
  const waiting: Wire[] = [];
  const { editor } = withServer((message, send) => {
    waiting.push(message);
    if (waiting.length === 2)
      for (const { id, method } of [...waiting].reverse()) send({ id, result: method });
  });
  expect(await Promise.all([editor.request("a", {}), editor.request("b", {})])).toEqual(["a", "b"]);
});

test("an error in the answer rejects with its code", async () => {
  const { editor } = withServer(({ id }, send) =>
    send({ id, error: { code: -32800, message: "cancelled" } }),
  );
  await expect(editor.request("a", {})).rejects.toMatchObject({ code: -32800 });
});

test("waitFor finds what came before and what comes later, but nothing before its mark", async () => {
  const { editor, send } = withServer(() => undefined);
  send({ method: "tick", params: { n: 1 } });
  expect(await editor.waitFor("tick")).toEqual({ n: 1 });
  expect(await editor.waitFor("tick")).toEqual({ n: 1 });
  const later = editor.waitFor("tick", () => true, editor.traffic.length);
  send({ method: "tick", params: { n: 2 } });
  expect(await later).toEqual({ n: 2 });
});

test("quiescent is what the server said last, not what it once said", async () => {
  const { editor, send } = withServer(() => undefined);
  const say = (quiescent: boolean, n: number) =>
    send({ method: "experimental/serverStatus", params: { quiescent, n } });
  say(true, 1);
  say(false, 2);
  await editor.waitFor("experimental/serverStatus", ({ n }) => n === 2);
  const quiet = editor.untilQuiescent();
  say(true, 3);
  expect(await quiet).toMatchObject({ n: 3 });
});

test("the usual requests of a server are answered and others refused", async () => {
  const { editor, send } = withServer(() => undefined);
  send({ id: 1, method: "workspace/configuration", params: { items: [{}, {}] } });
  send({ id: 2, method: "window/workDoneProgress/create", params: { token: "t" } });
  send({ id: 3, method: "odd/request", params: {} });
  await editor.waitFor("odd/request");
  const answers = editor.traffic
    .filter(({ direction }) => direction === "sent")
    .map(({ message }) => message);
  expect(answers).toMatchObject([
    { id: 1, result: [{ a: 1 }, { a: 1 }] },
    { id: 2, result: null },
    { id: 3, error: { code: -32601 } },
  ]);
});

test("an edit is told in the encoding that was negotiated", async () => {
  const changes: Wire[] = [];
  const { editor } = withServer((message, send) => {
    if (message.id !== undefined)
      send({ id: message.id, result: { capabilities: { positionEncoding: "utf-8" } } });
    if (message.method === "textDocument/didChange") changes.push(message);
    if (message.method === "textDocument/didChange") send({ method: "seen" });
  });
  await editor.initialize({ root: "file:///w", encodings: ["utf-8"] });
  await editor.open("file:///w/a.rs", "é漢🦀x");
  await editor.edit("file:///w/a.rs", 4, 5, "y");
  await editor.waitFor("seen");
  expect(editor.text("file:///w/a.rs")).toBe("é漢🦀y");
  const range = { start: { line: 0, character: 9 }, end: { line: 0, character: 10 } };
  expect(changes).toMatchObject([{ params: { contentChanges: [{ range, text: "y" }] } }]);
});

test("whoever waits for a server that ends is told what it said last", async () => {
  const script = `process.stdin.once("data", () => { process.stderr.write("out of luck"); process.exitCode = 3; process.stdin.destroy(); })`;
  const editor = ScriptedEditor.spawn({
    file: process.execPath,
    arguments: ["-e", script],
    cwd: process.cwd(),
    environment: process.env,
  });
  const asked = editor.request("initialize", {});
  await expect(asked).rejects.toThrow(/exit code 3.*out of luck/s);
  expect(await editor.exited).toEqual({ code: 3, signal: null });
  await expect(editor.waitFor("never")).rejects.toThrow("exit code 3");
});
