import { beforeAll, expect, test } from "vitest";
import { analyzerEdit } from "../../server/facts/analyzer-action.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { snapshotAt } from "../support/cursor.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

const position = { line: 1, character: 13 };
const edit = {
  changes: {
    "file:///a.rs": [{ range: { start: position, end: position }, newText: "E::A => ${1:todo!()}," }],
  },
};
const spliced = [{ span: { start: 22, end: 22 }, text: "E::A => ${1:todo!()}," }];

/** What is read of the actions that rust-analyzer lists, and how many of them it was asked to resolve. */
async function read(text: string, listed: readonly unknown[]) {
  const { document, offset } = snapshotAt(text);
  const site = findSites(syntax, document, offset)[0];
  if (site === undefined) throw new Error("no site");
  let resolved = 0;
  const ask = (method: string, params: unknown): Promise<unknown> => {
    if (method === "textDocument/codeAction") return Promise.resolve(listed);
    resolved += 1;
    return Promise.resolve({ ...(params as object), edit });
  };
  const access = { ask, document, encoding: "utf-16", signal: new AbortController().signal } as const;
  return { splices: await analyzerEdit(access, site), resolved };
}

const match = "fn f() {\n    match e {$0}\n}\n";

test.each([
  "Fill match arms",
  "Add missing match arms",
  "Add 3 missing match arms",
  "Add missing match arm `E::A(_)`",
])("a client that resolves nothing gets the edit at once: it is known by its title, %s", async (title) => {
  const other = { title: "Convert to if-let", edit: { changes: {} } };
  expect(await read(match, [other, { title, kind: "quickfix", edit }])).toEqual({
    splices: spliced,
    resolved: 0,
  });
});

test("what names another thing is not it", async () => {
  const titles = [
    "Implement missing members",
    "Add missing match arm guard",
    "Remove missing match arms here",
  ];
  for (const title of titles) {
    expect((await read(match, [{ title, edit }])).splices).toBeUndefined();
  }
});

test("the id comes before any title, and its edit is resolved", async () => {
  const lazy = { title: "Whatever it is called", data: { id: "add_missing_match_arms:QuickFix:0" } };
  const misleading = { title: "Fill match arms", data: { id: "another:QuickFix:1" }, edit };
  expect(await read(match, [misleading, lazy])).toEqual({ splices: spliced, resolved: 1 });
  expect((await read(match, [misleading])).splices).toBeUndefined();
});

test("an action without an edit is said to be unclear, never that nothing is missing", async () => {
  const { splices } = await read(match, [{ title: "Fill match arms", edit: { changes: {} } }]);
  expect(splices).toMatchObject({ kind: "none", reason: "skeleton-unclear" });
});
