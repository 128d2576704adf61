import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { encodeFrame } from "../../server/relay/frame.ts";
import { AnswerError } from "../../server/relay/message.ts";
import type { Transform } from "../../server/relay/rewrites.ts";
import { startSession, type Wire } from "./harness.ts";

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** A frame as we would never write it. */
function oddFrame(body: string): Buffer {
  return Buffer.from(`X-Odd: 1\r\ncontent-length:${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

const never = () => new Promise<never>(() => {});

describe("what is passed", () => {
  test("frames of both sides arrive byte for byte and in order, in whatever pieces they were sent", async () => {
    const id = fc.oneof(fc.integer(), fc.string(), fc.constantFrom(0, null));
    const message = fc.oneof(
      fc.record({ id, method: fc.string(), params: fc.jsonValue() }, { requiredKeys: ["id", "method"] }),
      fc.record({
        method: fc.constantFrom("initialized", "textDocument/didChange", "x"),
        params: fc.jsonValue(),
      }),
      fc.record({ id, result: fc.jsonValue() }),
      fc.record({ id, error: fc.jsonValue() }),
    );
    const sent = fc.array(message, { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(sent, sent, fc.integer({ min: 1, max: 50 }), async (toAnalyzer, toEditor, size) => {
        const { editor, analyzer } = startSession();
        // The last message of each direction tells that all the others must be there.
        const last = { method: "last" };
        const down = [...toAnalyzer, last].map((one) => Buffer.concat([encodeFrame(one)]));
        const up = [...toEditor, last].map((one) => Buffer.from(`X-Y: z\r\n${encodeFrame(one).toString()}`));
        const stream = Buffer.concat(down);
        for (let at = 0; at < stream.length; at += size) editor.sendBytes(stream.subarray(at, at + size));
        analyzer.sendBytes(Buffer.concat(up));
        await Promise.all([analyzer.method("last"), editor.method("last")]);
        expect(Buffer.concat(analyzer.bytes)).toEqual(stream);
        expect(Buffer.concat(editor.bytes)).toEqual(Buffer.concat(up));
      }),
      { numRuns: 50 },
    );
  });

  test("a frame with an empty body and one that is not JSON pass as they are", async () => {
    const onInitialized = vi.fn();
    const { editor, analyzer, logged } = startSession({ notifications: { initialized: onInitialized } });
    const odd = [oddFrame(""), oddFrame('{"method":"initialized","params":oops}')];
    const received: Buffer[] = [];
    analyzer.rawInput.on("data", (chunk: Buffer) => received.push(chunk));
    for (const bytes of odd) editor.sendBytes(bytes);
    await vi.waitFor(() => expect(Buffer.concat(received)).toEqual(Buffer.concat(odd)));
    expect(onInitialized).not.toHaveBeenCalled();
    expect(logged).toHaveLength(1);
  });

  test("a request without params arrives without params", async () => {
    const { editor, analyzer } = startSession();
    editor.send({ id: 3, method: "shutdown" });
    expect(await analyzer.method("shutdown")).toEqual({ jsonrpc: "2.0", id: 3, method: "shutdown" });
  });

  test("rust-analyzer may speak before its initialize answer", async () => {
    const { editor, analyzer } = startSession({ initialize: (params) => params });
    editor.send({ id: 0, method: "initialize", params: {} });
    await analyzer.method("initialize");
    analyzer.send({ method: "window/logMessage", params: { type: 3, message: "hello" } });
    analyzer.send({ id: 0, method: "client/registerCapability", params: {} });
    analyzer.send({ id: 0, result: { capabilities: {} } });
    await editor.answerTo(0);
    expect(editor.received.map((message) => message.method ?? "answer")).toEqual([
      "window/logMessage",
      "client/registerCapability",
      "answer",
    ]);
  });

  test("requests of rust-analyzer with the ids of the editor's are kept apart from them", async () => {
    const transform = vi.fn(() => "changed");
    const { editor, analyzer } = startSession({ answers: { "textDocument/completion": () => transform } });
    editor.send({ id: 1, method: "textDocument/completion", params: {} });
    await analyzer.method("textDocument/completion");
    analyzer.send({ id: 1, method: "window/workDoneProgress/create", params: {} });
    await editor.method("window/workDoneProgress/create");
    editor.send({ id: 1, result: null });
    await analyzer.answerTo(1);
    analyzer.send({ id: 1, result: "plain" });
    expect((await editor.answerTo(1)).result).toBe("changed");
    expect(transform).toHaveBeenCalledOnce();
  });

  test("an editor that does not read holds rust-analyzer back", async () => {
    const { analyzer, analyzerOutput, editorOutput, editor } = startSession();
    editorOutput.pause();
    const chunk = encodeFrame({ jsonrpc: "2.0", method: "big", params: "x".repeat(100_000) });
    let sent = 0;
    const isHeldBack = () => !analyzerOutput.write(chunk) && analyzerOutput.isPaused();
    await vi.waitFor(
      () => {
        sent += 1;
        expect(isHeldBack()).toBe(true);
      },
      { interval: 1 },
    );
    expect(sent).toBeGreaterThan(10);
    expect(editorOutput.writableLength + editorOutput.readableLength).toBeLessThan(2_500_000);
    editorOutput.resume();
    analyzer.send({ method: "last" });
    await editor.method("last");
    expect(editor.received.filter((message) => message.method === "big")).toHaveLength(sent);
  });
});

describe("taken requests", () => {
  const fill = (handler: (signal: AbortSignal) => Promise<unknown> | undefined) =>
    startSession({ requests: { "armature/fill": (_params, { signal }) => handler(signal) } });

  test("are answered by us and never seen by rust-analyzer, whatever the id", async () => {
    const { editor, analyzer } = fill(() => Promise.resolve({ ok: true }));
    for (const id of [0, 7, "0", "x"]) {
      editor.send({ id, method: "armature/fill", params: {} });
      expect(await editor.answerTo(id)).toEqual({ jsonrpc: "2.0", id, result: { ok: true } });
    }
    expect(analyzer.received).toEqual([]);
  });

  test("that are declined are forwarded, with or without params", async () => {
    const seen: unknown[] = [];
    const { editor, analyzer } = startSession({
      requests: {
        "completionItem/resolve": (params) => {
          seen.push(params);
          return undefined;
        },
      },
    });
    editor.send({ id: 1, method: "completionItem/resolve", params: [1] });
    editor.send({ id: 2, method: "completionItem/resolve" });
    await analyzer.until((message) => message.id === 2);
    expect(analyzer.received).toHaveLength(2);
    expect(seen).toEqual([[1], undefined]);
  });

  test("without a result are answered with null", async () => {
    const { editor } = fill(() => Promise.resolve(undefined));
    editor.send({ id: 1, method: "armature/fill" });
    expect(await editor.answerTo(1)).toEqual({ jsonrpc: "2.0", id: 1, result: null });
  });

  test("that fail are answered with null and one log line", async () => {
    const { editor, logged } = fill(() => Promise.reject(new Error("broken inside")));
    editor.send({ id: 1, method: "armature/fill" });
    expect((await editor.answerTo(1)).result).toBe(null);
    expect(logged).toEqual(["armature/fill failed, answered with null: broken inside"]);
  });

  test("whose result cannot be written are answered with null", async () => {
    const { editor, logged } = fill(() => Promise.resolve(1n));
    editor.send({ id: 1, method: "armature/fill" });
    expect((await editor.answerTo(1)).result).toBe(null);
    expect(logged).toHaveLength(1);
  });

  test("that fail before they began are answered by rust-analyzer", async () => {
    const { editor, analyzer, logged } = fill(() => {
      throw new Error("broken at once");
    });
    editor.send({ id: 1, method: "armature/fill" });
    await analyzer.method("armature/fill");
    expect(logged).toHaveLength(1);
  });

  test("can be answered with an error of our choice", async () => {
    const { editor } = fill(() => Promise.reject(new AnswerError(-32602, "no such document")));
    editor.send({ id: 1, method: "armature/fill" });
    expect((await editor.answerTo(1)).error).toEqual({ code: -32602, message: "no such document" });
  });

  test("that are cancelled are answered once with RequestCancelled, though the handler hangs or answers", async () => {
    const late = deferred<string>();
    const signals: AbortSignal[] = [];
    const { editor, analyzer } = fill((signal) => {
      signals.push(signal);
      return signals.length === 1 ? late.promise : never();
    });
    for (const id of [1, 2]) {
      editor.send({ id, method: "armature/fill" });
      editor.send({ method: "$/cancelRequest", params: { id } });
      expect((await editor.answerTo(id)).error).toMatchObject({ code: -32800 });
    }
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
    late.resolve("too late");
    await late.promise;
    editor.send({ method: "last" });
    await analyzer.method("last");
    expect(editor.received).toHaveLength(2);
    // rust-analyzer never saw the request, so it does not see the cancel either.
    expect(analyzer.received).toHaveLength(1);
  });

  test("are answered before the shutdown goes on", async () => {
    const { editor, analyzer } = fill(never);
    editor.send({ id: 1, method: "armature/fill" });
    editor.send({ id: 2, method: "shutdown" });
    await analyzer.method("shutdown");
    analyzer.send({ id: 2, result: null });
    await editor.answerTo(2);
    expect(editor.received.map(({ id }) => id)).toEqual([1, 2]);
    expect(editor.received[0]?.error).toMatchObject({ code: -32800 });
  });
});

describe("rewritten answers", () => {
  const completion = (transform: (result: unknown, signal: AbortSignal) => unknown) =>
    startSession({
      answers: {
        "textDocument/completion":
          (_params, { signal }) =>
          (result) =>
            transform(result, signal),
      },
    });
  const ask = { id: 5, method: "textDocument/completion", params: { at: 1 } };
  /** With odd spaces, so that the original bytes can be told from a copy. */
  const answerBytes = oddFrame('{ "jsonrpc":"2.0",  "id":5, "result": [1] }');

  test("carry the new result and everything else as it was", async () => {
    const { editor, analyzer } = completion((result) => [...(result as number[]), 2]);
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.send({ id: 5, result: [1], extra: true });
    expect(await editor.answerTo(5)).toEqual({ jsonrpc: "2.0", id: 5, result: [1, 2], extra: true });
  });

  test.each<[string, (result: unknown) => unknown]>([
    ["gives undefined", () => undefined],
    ["promises undefined", () => Promise.resolve(undefined)],
    ["gives what cannot be written", () => 1n],
    ["promises what cannot be written", () => Promise.resolve(1n)],
    [
      "throws",
      () => {
        throw new Error("x");
      },
    ],
    ["rejects", () => Promise.reject(new Error("x"))],
  ])("are delivered byte for byte where the handler %s", async (_name, transform) => {
    const { editor, analyzer } = completion(transform);
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.sendBytes(answerBytes);
    await editor.answerTo(5);
    expect(editor.bytes).toEqual([answerBytes]);
  });

  test("are delivered byte for byte where the handler of the request throws", async () => {
    const { editor, analyzer, logged } = startSession({
      answers: {
        "textDocument/completion": () => {
          throw new Error("x");
        },
      },
    });
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.sendBytes(answerBytes);
    await editor.answerTo(5);
    expect(editor.bytes).toEqual([answerBytes]);
    expect(logged).toHaveLength(1);
  });

  test("that are errors are not shown to the handler", async () => {
    const transform = vi.fn();
    const { editor, analyzer } = completion(transform);
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.send({ id: 5, error: { code: -32801, message: "content modified" } });
    expect((await editor.answerTo(5)).error).toMatchObject({ code: -32801 });
    expect(transform).not.toHaveBeenCalled();
  });

  test("keep their place in the order where the handler is synchronous", async () => {
    const { editor, analyzer } = completion(() => "new");
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.sendBytes(
      Buffer.concat([{ method: "a" }, { id: 5, result: 0 }, { method: "b" }].map(encodeFrame)),
    );
    await editor.method("b");
    expect(editor.received.map(({ method, id }) => method ?? id)).toEqual(["a", 5, "b"]);
  });

  test("that wait hold nothing else up", async () => {
    const waiting = deferred<string>();
    const { editor, analyzer } = completion(() => waiting.promise);
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.send({ id: 5, result: 0 });
    analyzer.send({ method: "later" });
    await editor.method("later");
    expect(editor.received).toHaveLength(1);
    waiting.resolve("new");
    expect((await editor.answerTo(5)).result).toBe("new");
  });

  test("that hang are delivered byte for byte, once, when the editor cancels, and the cancel travels on", async () => {
    const waiting = deferred<string>();
    let isAborted = () => false;
    const { editor, analyzer } = completion((_result, signal) => {
      isAborted = () => signal.aborted;
      return waiting.promise;
    });
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.sendBytes(answerBytes);
    analyzer.send({ method: "later" });
    await editor.method("later");
    editor.send({ method: "$/cancelRequest", params: { id: 5 } });
    await editor.answerTo(5);
    await analyzer.method("$/cancelRequest");
    expect(isAborted()).toBe(true);
    waiting.resolve("too late");
    await waiting.promise;
    analyzer.send({ method: "last" });
    await editor.method("last");
    expect(editor.bytes.filter((bytes) => bytes.equals(answerBytes))).toHaveLength(1);
    expect(editor.received).toHaveLength(3);
  });

  test("of a request cancelled before its answer are whatever rust-analyzer says", async () => {
    const transform = vi.fn(() => "new");
    const { editor, analyzer } = completion(transform);
    editor.send(ask);
    editor.send({ method: "$/cancelRequest", params: { id: 5 } });
    await analyzer.method("$/cancelRequest");
    analyzer.sendBytes(answerBytes);
    await editor.answerTo(5);
    expect(editor.bytes).toEqual([answerBytes]);
    expect(transform).not.toHaveBeenCalled();
  });

  test("are not held, and not parsed, where the handler has chosen to let them go by then", async () => {
    const choice = deferred<undefined>();
    const { editor, analyzer } = startSession({
      answers: { "textDocument/completion": () => choice.promise },
    });
    editor.send(ask);
    await analyzer.method(ask.method);
    choice.resolve(undefined);
    await choice.promise;
    // What cannot be parsed shows that nobody tried, and what comes behind it that it kept its place.
    const unparsed = oddFrame('{"id":5,"result":oops}');
    analyzer.sendBytes(unparsed);
    analyzer.send({ method: "later" });
    await editor.method("later");
    expect(editor.bytes[0]).toEqual(unparsed);
  });

  test.each([
    [
      "nothing",
      (choice: ReturnType<typeof deferred<Transform | undefined>>) => choice.resolve(undefined),
      [1],
      0,
    ],
    [
      "a failure",
      (choice: ReturnType<typeof deferred<Transform | undefined>>) => choice.reject(new Error("x")),
      [1],
      1,
    ],
    [
      "a result",
      (choice: ReturnType<typeof deferred<Transform | undefined>>) => choice.resolve(() => "new"),
      "new",
      0,
    ],
  ])("wait for a handler that chooses later, and get %s", async (_what, choose, expected, lines) => {
    const choice = deferred<Transform | undefined>();
    const { editor, analyzer, logged } = startSession({
      answers: { "textDocument/completion": () => choice.promise },
    });
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.sendBytes(answerBytes);
    analyzer.send({ method: "later" });
    await editor.method("later");
    expect(editor.received).toHaveLength(1);
    choose(choice);
    expect((await editor.answerTo(5)).result).toEqual(expected);
    expect(logged).toHaveLength(lines);
  });

  test("that wait for a choice are delivered at once when their request is cancelled, and only then", async () => {
    const choice = deferred<Transform | undefined>();
    const { editor, analyzer } = startSession({
      answers: { "textDocument/completion": () => choice.promise },
    });
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.sendBytes(answerBytes);
    editor.send({ method: "$/cancelRequest", params: { id: 5 } });
    await analyzer.method("$/cancelRequest");
    expect((await editor.answerTo(5)).result).toEqual([1]);
    choice.resolve(() => "new");
    analyzer.send({ method: "later" });
    await editor.method("later");
    expect(editor.received).toHaveLength(2);
  });

  test("that wait are delivered before the shutdown goes on", async () => {
    const { editor, analyzer } = completion(never);
    editor.send(ask);
    await analyzer.method(ask.method);
    analyzer.sendBytes(answerBytes);
    analyzer.send({ method: "later" });
    await editor.method("later");
    editor.send({ id: 6, method: "shutdown" });
    await analyzer.method("shutdown");
    expect(await editor.answerTo(5)).toMatchObject({ result: [1] });
  });
});

describe("the handshake", () => {
  test("gives rust-analyzer our params and the editor our result", async () => {
    const { editor, analyzer } = startSession({
      initialize: (params) => ({ ...(params as Wire), more: 1 }),
      answers: { initialize: () => (result) => ({ ...(result as Wire), added: true }) },
    });
    editor.send({ id: 0, method: "initialize", params: { processId: null } });
    expect((await analyzer.method("initialize")).params).toEqual({ processId: null, more: 1 });
    analyzer.send({ id: 0, result: { capabilities: {} } });
    expect((await editor.answerTo(0)).result).toEqual({ capabilities: {}, added: true });
  });

  test("passes byte for byte where our part throws", async () => {
    const { editor, analyzer, logged } = startSession({
      initialize: () => {
        throw new Error("x");
      },
    });
    const exact = oddFrame('{"id":0,  "method":"initialize" }');
    editor.sendBytes(exact);
    await analyzer.method("initialize");
    expect(analyzer.bytes).toEqual([exact]);
    expect(logged).toHaveLength(1);
  });
});

describe("taps", () => {
  test("see the params after the bytes were forwarded, so that their questions come behind", async () => {
    const session = startSession({
      notifications: {
        "textDocument/didChange": () => {
          void session.relay.askAnalyzer("own/question", {}, { signal: new AbortController().signal });
        },
      },
    });
    const { editor, analyzer } = session;
    editor.send({ method: "textDocument/didChange", params: {} });
    await analyzer.method("own/question");
    expect(analyzer.received.map(({ method }) => method)).toEqual(["textDocument/didChange", "own/question"]);
  });

  test("that throw cost one log line", async () => {
    const { editor, analyzer, logged } = startSession({
      notifications: {
        "textDocument/didOpen": () => {
          throw new Error("x");
        },
      },
      analyzerNotifications: {
        "experimental/serverStatus": () => {
          throw new Error("y");
        },
      },
    });
    editor.send({ method: "textDocument/didOpen", params: {} });
    analyzer.send({ method: "experimental/serverStatus", params: {} });
    await analyzer.method("textDocument/didOpen");
    await editor.method("experimental/serverStatus");
    expect(logged).toHaveLength(2);
  });

  test("of rust-analyzer's notifications may hold one back", async () => {
    const { editor, analyzer } = startSession({
      analyzerNotifications: {
        "experimental/serverStatus": (params) => ((params as Wire).quiescent === true ? "pass" : "drop"),
      },
    });
    analyzer.send({ method: "experimental/serverStatus", params: { quiescent: false } });
    analyzer.send({ method: "experimental/serverStatus", params: { quiescent: true } });
    await editor.method("experimental/serverStatus");
    expect(editor.received.map(({ params }) => params)).toEqual([{ quiescent: true }]);
  });

  test("see the settings that the editor gives rust-analyzer, and no other answer", async () => {
    const configurationReplies = vi.fn();
    const { editor, analyzer } = startSession({ configurationReplies });
    const items = [{ section: "rust-analyzer" }];
    analyzer.send({ id: 1, method: "other/request", params: {} });
    analyzer.send({ id: 2, method: "workspace/configuration", params: { items } });
    analyzer.send({ id: "c", method: "workspace/configuration", params: { items } });
    await editor.until(({ id }) => id === "c");
    editor.send({ id: 1, result: "not settings" });
    editor.send({ id: 2, result: [{ armature: {} }] });
    editor.send({ id: "c", error: { code: -1, message: "no" } });
    await analyzer.answerTo("c");
    expect(analyzer.received).toHaveLength(3);
    expect(configurationReplies.mock.calls).toEqual([[items, [{ armature: {} }]]]);
  });

  test("for what the route table does not list are refused at the start", () => {
    expect(() => startSession({ notifications: { "textDocument/hover": () => {} } })).toThrow(
      'no "tap" for textDocument/hover',
    );
    expect(() => startSession({ requests: { "textDocument/completion": () => undefined } })).toThrow("take");
  });
});

describe("our own messages", () => {
  const free = () => new AbortController().signal;

  test("to either side are answered to us and not shown to the other", async () => {
    const { editor, analyzer, relay } = startSession();
    const fromAnalyzer = relay.askAnalyzer("textDocument/hover", { a: 1 }, { signal: free() });
    const fromEditor = relay.askEditor("workspace/applyEdit", { b: 2 }, { signal: free() });
    const { id } = await analyzer.method("textDocument/hover");
    expect(id).toBe("armature:1");
    analyzer.send({ id, result: "hovered" });
    editor.send({ id: (await editor.method("workspace/applyEdit")).id, result: { applied: true } });
    expect(await Promise.all([fromAnalyzer, fromEditor])).toEqual(["hovered", { applied: true }]);
    relay.notifyEditor("armature/status", { state: "ready" });
    expect((await editor.method("armature/status")).params).toEqual({ state: "ready" });
    expect([editor.received.length, analyzer.received.length]).toEqual([2, 1]);
  });

  test("that are answered with an error reject with its code", async () => {
    const { analyzer, relay } = startSession();
    const answer = relay.askAnalyzer("x", {}, { signal: free() });
    analyzer.send({
      id: (await analyzer.method("x")).id,
      error: { code: -32801, message: "content modified" },
    });
    await expect(answer).rejects.toMatchObject({
      code: -32801,
      message: "x was answered with an error: content modified",
    });
  });

  test("that are cancelled reject at once, tell the other side, and their late answer is dropped", async () => {
    const { editor, analyzer, relay } = startSession();
    const controller = new AbortController();
    const answer = relay.askAnalyzer("x", {}, { signal: controller.signal });
    const { id } = await analyzer.method("x");
    controller.abort();
    await expect(answer).rejects.toThrow("aborted: cancelled");
    expect((await analyzer.method("$/cancelRequest")).params).toEqual({ id });
    analyzer.send({ id, result: "late" });
    analyzer.send({ method: "last" });
    await editor.method("last");
    expect(editor.received).toHaveLength(1);
  });

  test("with a signal that is aborted already are not sent", async () => {
    const { analyzer, editor, relay } = startSession();
    await expect(relay.askAnalyzer("x", {}, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
    editor.send({ method: "last" });
    await analyzer.method("last");
    expect(analyzer.received).toHaveLength(1);
  });
});

describe("ends", () => {
  test("rust-analyzer ends in the middle of a request: the pipe closes and every waiter has a cause", async () => {
    const { editor, analyzer, relay } = startSession({ requests: { "armature/fill": never } });
    editor.send({ id: 1, method: "textDocument/hover", params: {} });
    editor.send({ id: 2, method: "armature/fill", params: {} });
    const own = relay.askAnalyzer("x", {}, { signal: new AbortController().signal });
    await analyzer.method("x");
    analyzer.end();
    await expect(own).rejects.toMatchObject({ cause: new Error("rust-analyzer has ended") });
    await editor.untilEnd();
    await relay.closed;
    expect(editor.received.map(({ id }) => id)).toEqual([2]);
    await expect(relay.askAnalyzer("y", {}, { signal: new AbortController().signal })).rejects.toThrow(
      "y will not be answered",
    );
  });

  test("the editor's input ends: rust-analyzer's ends, and its last words still arrive", async () => {
    const { editor, analyzer, relay } = startSession({ requests: { "armature/fill": never } });
    editor.send({ id: 2, method: "armature/fill", params: {} });
    editor.end();
    await analyzer.untilEnd();
    await relay.editorGone;
    analyzer.send({ method: "goodbye" });
    await editor.method("goodbye");
    expect((await editor.answerTo(2)).error).toMatchObject({ code: -32800 });
    analyzer.end();
    await relay.closed;
  });

  test("the editor ends in the middle of a frame: the half frame goes nowhere", async () => {
    const { editor, analyzer } = startSession();
    editor.send({ method: "whole" });
    editor.sendBytes(Buffer.from('Content-Length: 100\r\n\r\n{"jsonrpc"'));
    editor.end();
    await analyzer.untilEnd();
    expect(analyzer.received.map(({ method }) => method)).toEqual(["whole"]);
  });

  test("a broken header of the editor closes rust-analyzer's input and is named in the log", async () => {
    const { editor, analyzer, logged } = startSession();
    editor.sendBytes(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    await analyzer.untilEnd();
    expect(logged.join()).toContain("GET / HTTP/1.1");
  });

  test("a broken header of rust-analyzer closes the editor's side and is named in the log", async () => {
    const { editor, analyzer, relay, logged } = startSession();
    analyzer.send({ method: "before" });
    analyzer.sendBytes(Buffer.from("thread 'main' panicked\r\n\r\n"));
    await editor.untilEnd();
    await relay.closed;
    expect(editor.received).toHaveLength(1);
    expect(logged.join()).toContain("panicked");
  });

  test("an output of the editor that breaks ends rust-analyzer's input", async () => {
    const { analyzer, relay, editorOutput } = startSession();
    editorOutput.destroy(new Error("EPIPE"));
    await Promise.all([relay.editorGone, relay.closed, analyzer.untilEnd()]);
  });

  test("an input of rust-analyzer that breaks ends nothing before its output does", async () => {
    const { editor, analyzer, relay, analyzerInput } = startSession();
    analyzerInput.destroy(new Error("EPIPE"));
    editor.send({ id: 1, method: "into the void" });
    analyzer.send({ method: "last words" });
    await editor.method("last words");
    analyzer.end();
    await relay.closed;
  });

  test("disposing closes both sides and nothing passes afterwards", async () => {
    const { editor, analyzer, relay } = startSession();
    relay.dispose();
    relay.dispose();
    await Promise.all([relay.closed, editor.untilEnd(), analyzer.untilEnd()]);
    relay.notifyEditor("too late", {});
    editor.send({ method: "too late" });
    expect([editor.received, analyzer.received]).toEqual([[], []]);
  });
});

describe("turned off", () => {
  test("answers what it has taken, and passes everything else as it came", async () => {
    const take = vi.fn(never);
    const tap = vi.fn();
    const { editor, analyzer, relay } = startSession({
      requests: { "armature/fill": take },
      notifications: { initialized: tap },
    });
    editor.send({ id: 1, method: "armature/fill", params: {} });
    await vi.waitFor(() => expect(take).toHaveBeenCalledOnce());
    relay.turnOff();
    expect(await editor.answerTo(1)).toMatchObject({ error: { code: -32800 } });
    editor.send({ id: 2, method: "armature/fill", params: {} });
    editor.send({ method: "initialized", params: {} });
    await analyzer.method("initialized");
    expect(await analyzer.method("armature/fill")).toMatchObject({ id: 2 });
    analyzer.send({ id: 2, error: { code: -32601, message: "unknown request" } });
    expect(await editor.answerTo(2)).toMatchObject({ error: { code: -32601 } });
    expect(take).toHaveBeenCalledOnce();
    expect(tap).not.toHaveBeenCalled();
  });

  test("gives an answer that it was about to change as it came, and asks nothing more", async () => {
    const { editor, analyzer, relay } = startSession({ answers: { "textDocument/completion": () => never } });
    editor.send({ id: 1, method: "textDocument/completion", params: {} });
    await analyzer.method("textDocument/completion");
    analyzer.send({ id: 1, result: [] });
    relay.turnOff();
    expect(await editor.answerTo(1)).toMatchObject({ result: [] });
  });
});
