import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { silentLog } from "../../server/base/log.ts";
import { offsetAt, positionAt, type PositionEncoding } from "../../server/base/positions.ts";
import { Documents } from "../../server/relay/documents.ts";

const uri = "file:///home/me/src/main.rs";

function open(text: string, encoding: PositionEncoding = "utf-16"): Documents {
  const documents = new Documents(silentLog);
  documents.setEncoding(encoding);
  documents.didOpen({ textDocument: { uri, languageId: "rust", version: 1, text } });
  return documents;
}

function change(documents: Documents, version: number | null, contentChanges: readonly unknown[]): void {
  documents.didChange({ textDocument: { uri, version }, contentChanges });
}

const range = (startLine: number, start: number, endLine: number, end: number) => ({
  start: { line: startLine, character: start },
  end: { line: endLine, character: end },
});

test("an opened document has its path, version and text", () => {
  expect(open("fn main() {}").get(uri)).toEqual({
    uri,
    path: "/home/me/src/main.rs",
    version: 1,
    text: "fn main() {}",
  });
});

test("percent signs in a URI are part of its spelling and not of the path", () => {
  const documents = new Documents(silentLog);
  const spelled = "file:///home/m%C3%A9/a%20b.rs";
  documents.didOpen({ textDocument: { uri: spelled, version: 0, text: "" } });
  expect(documents.get(spelled)?.path).toBe("/home/mé/a b.rs");
});

test("a buffer that is no file has no path", () => {
  const documents = new Documents(silentLog);
  documents.didOpen({ textDocument: { uri: "untitled:Untitled-1", version: 0, text: "x" } });
  expect(documents.all().map(({ path }) => path)).toEqual([""]);
});

test.each<[PositionEncoding, number]>([
  ["utf-8", 9],
  ["utf-16", 4],
  ["utf-32", 3],
])("columns behind é漢🦀 are counted in %s", (encoding, column) => {
  const documents = open("é漢🦀x\r\n\ty", encoding);
  change(documents, 2, [
    { range: range(0, column, 0, column + 1), text: "Z" },
    { range: range(1, 1, 1, 2), text: "W" },
  ]);
  expect(documents.get(uri)).toMatchObject({ version: 2, text: "é漢🦀Z\r\n\tW" });
});

describe.each<PositionEncoding>(["utf-8", "utf-16", "utf-32"])("in %s", (encoding) => {
  const piece = fc.constantFrom("a", "é", "漢", "🦀", "\t", "\n", "\r\n", "é漢🦀", "}");
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));
  const edit = fc.record({ from: fc.nat(), to: fc.nat(), text });

  test("changes are applied in sequence, each to what the one before it left", () => {
    fc.assert(
      fc.property(text, fc.array(edit), fc.boolean(), (start, edits, asOneNotification) => {
        const documents = open(start, encoding);
        let expected = start;
        const changes = edits.map(({ from, to, text: inserted }) => {
          const [first, second] = [from, to]
            .map((at) => border(expected, at, encoding))
            .sort((a, b) => a - b);
          const at = { start: first!, end: second! };
          const asRange = {
            start: positionAt(expected, at.start, encoding),
            end: positionAt(expected, at.end, encoding),
          };
          expected = expected.slice(0, at.start) + inserted + expected.slice(at.end);
          return { range: asRange, text: inserted };
        });
        if (asOneNotification) change(documents, 2, changes);
        else for (const one of changes) change(documents, 2, [one]);
        expect(documents.get(uri)?.text).toBe(expected);
      }),
    );
  });
});

/** Any offset at which an editor's cursor could stand. */
function border(whole: string, at: number, encoding: PositionEncoding): number {
  const offset = at % (whole.length + 1);
  const pair = whole.codePointAt(offset - 1) ?? 0;
  return offsetAt(whole, positionAt(whole, pair > 0xffff ? offset - 1 : offset, encoding), encoding);
}

test("a change without a range is the whole text", () => {
  const documents = open("old");
  change(documents, 2, [{ text: "new" }, { range: range(0, 0, 0, 1), text: "N" }]);
  expect(documents.get(uri)?.text).toBe("New");
});

test("a range that ends before it starts is an insertion", () => {
  const documents = open("ab");
  change(documents, 2, [{ range: range(0, 2, 0, 0), text: "c" }]);
  expect(documents.get(uri)?.text).toBe("abc");
});

test("a change without a version keeps the one before it", () => {
  const documents = open("a");
  change(documents, null, [{ text: "b" }]);
  expect(documents.get(uri)).toMatchObject({ version: 1, text: "b" });
});

test("the generation rises and listeners hear of each open, change and close", () => {
  const documents = new Documents(silentLog);
  const heard: [string, number][] = [];
  const stop = documents.onChange((changed) => heard.push([changed, documents.generation]));
  documents.didOpen({ textDocument: { uri, version: 1, text: "" } });
  change(documents, 2, [{ text: "x" }]);
  documents.didClose({ textDocument: { uri } });
  expect(heard).toEqual([
    [uri, 1],
    [uri, 2],
    [uri, 3],
  ]);
  expect(documents.all()).toEqual([]);
  stop();
  documents.didOpen({ textDocument: { uri, version: 1, text: "" } });
  expect(heard).toHaveLength(3);
});

test("a snapshot stays as it was", () => {
  const documents = open("before");
  const snapshot = documents.get(uri);
  change(documents, 2, [{ text: "after" }]);
  expect(snapshot?.text).toBe("before");
});

test("what cannot be read is logged and ignored", () => {
  const logged: string[] = [];
  const documents = new Documents({ ...silentLog, warn: (text) => logged.push(text) });
  documents.didOpen({ textDocument: { uri, version: 1, text: "kept" } });
  documents.didOpen(undefined);
  documents.didOpen({ textDocument: { uri: 5 } });
  change(documents, 2, [{ range: { start: 1 }, text: "x" }]);
  documents.didChange({ textDocument: { uri: "file:///other.rs", version: 2 }, contentChanges: [] });
  documents.didChange("x");
  documents.didClose(null);
  documents.didClose({ textDocument: { uri: "file:///other.rs" } });
  expect(documents.all().map(({ text }) => text)).toEqual(["kept"]);
  expect(documents.generation).toBe(1);
  expect(logged).toHaveLength(6);
});
