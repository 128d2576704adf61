import { expect, test, vi } from "vitest";
import { parseSettings } from "../../protocol/settings.ts";
import { silentLog } from "../../server/base/log.ts";
import { readClientProfile } from "../../server/relay/client-profile.ts";
import { Documents } from "../../server/relay/documents.ts";
import { Readiness } from "../../server/relay/readiness.ts";
import { loadRustSyntax } from "../../server/syntax/parse.ts";
import { Jobs } from "../../server/trigger/jobs.ts";
import { completionTransform } from "../../server/views/completion.ts";
import { Asks } from "../../server/views/asks.ts";
import type { ViewContext } from "../../server/views/view-context.ts";
import { positionAt } from "../../server/base/positions.ts";
import { snapshotAt } from "../support/cursor.ts";

const capabilities = { textDocument: { completion: { completionItem: { snippetSupport: true } } } };
const nothing = { kind: "none", stage: "bodies", reason: "no-evidence", message: "" } as const;

function startView(marked: string) {
  const { document, offset } = snapshotAt(marked);
  const documents = new Documents(silentLog);
  documents.didOpen({ textDocument: document });
  const readiness = new Readiness();
  readiness.update({ health: "ok", quiescent: true });
  const run = vi.fn(() => Promise.resolve(nothing));
  const syntax = vi.fn(loadRustSyntax);
  const notifyEditor = () => {};
  const context: ViewContext = {
    documents,
    readiness,
    jobs: new Jobs({ now: () => 0, run }),
    log: silentLog,
    client: () => readClientProfile({ capabilities }),
    encoding: () => "utf-16",
    settings: () => parseSettings(undefined).settings,
    startsOnlyByHand: () => false,
    syntax,
    askEditor: () => Promise.reject(new Error("not expected")),
    notifyEditor,
    progress: { show: ({ work }) => work(() => {}), cancelled() {} },
    asks: new Asks({ log: silentLog, notifyEditor, textOf: (uri) => documents.get(uri)?.text }),
    status: () => ({ state: "ready" }),
  };
  const position = positionAt(document.text, offset, "utf-16");
  const params = { textDocument: { uri: document.uri }, position, context: { triggerKind: 1 } };
  return { choice: completionTransform(context, params, new AbortController().signal), syntax, run };
}

test.each(["fn f() { let a = x.$0; }", "fn f() {\n  pri$0\n}", "$0"])(
  "the answer is let go at once, without a syntax tree, at %j",
  (marked) => {
    const { choice, syntax } = startView(marked);
    expect(choice).toBeUndefined();
    expect(syntax).not.toHaveBeenCalled();
  },
);

test("a job is asked for where an arm goes, and the answer is let go where it has nothing", async () => {
  const { choice, run } = startView("fn f() { match x {\n  A => 1,\n  $0\n} }");
  expect(choice).toBeInstanceOf(Promise);
  expect(await choice).toBeUndefined();
  expect(run).toHaveBeenCalledOnce();
});

test.each([
  "fn f() { match x {$0} }",
  "fn f() { match x {\n  A => 1,$0\n} }",
  "fn f() { match x {\n  A => $0\n} }",
  "struct S;\nimpl Clone for S {$0}",
  "struct S;\nimpl Clone for S $0\n",
])("a job is asked for where a person stands at a list, %j", async (marked) => {
  const { choice, run } = startView(marked);
  await choice;
  expect(run).toHaveBeenCalledOnce();
});

test.each([
  "fn f() { let a = {$0}; }",
  "fn f() { match x {\n  A => {$0}\n} }",
  "fn f() { match x {\n  A => g(|b| { b },$0\n) } }",
])("and none where they stand in other braces, %j", async (marked) => {
  const { choice, run } = startView(marked);
  await choice;
  expect(run).not.toHaveBeenCalled();
});

test("the syntax tree has the last word on a place that only looks like a list", async () => {
  const { choice, syntax, run } = startView(
    "macro_rules! m { () => { match x { A => 1, } }; }\nm! { match x {\n  $0\n} }",
  );
  expect(await choice).toBeUndefined();
  expect(syntax).toHaveBeenCalledOnce();
  expect(run).not.toHaveBeenCalled();
});
