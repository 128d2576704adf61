import { positionAt } from "../../server/base/positions.ts";
import type { AskAnalyzer } from "../../server/stages.ts";
import { loadRustSyntax } from "../../server/syntax/parse.ts";
import { allSites } from "../../server/syntax/site-syntax.ts";

export interface FakeAnalyzer {
  readonly ask: AskAnalyzer;
  /** Methods asked so far, in order. */
  readonly asked: readonly string[];
}

export interface FakeOptions {
  /** Whether it knows the file at all; where it does not, it sees nothing missing either. */
  readonly isKnown?: boolean;
}

/**
 * Answers the questions behind a skeleton as rust-analyzer does: `missing` gives what it would insert at a
 * match or impl of the text whose keyword stands on that line (0-based), behind the last entry there. It knows
 * nothing else: every other answer is null.
 */
export function fakeAnalyzer(
  text: string,
  missing: (line: number) => string | undefined,
  { isKnown = true }: FakeOptions = {},
): FakeAnalyzer {
  const asked: string[] = [];
  const ask: AskAnalyzer = async (method, params) => {
    asked.push(method);
    if (method === "experimental/openCargoToml")
      return isKnown ? { uri: "file:///project/Cargo.toml" } : null;
    if (method !== "textDocument/codeAction") return null;
    const { range } = params as { range: { start: { line: number } } };
    const inserted = missing(range.start.line);
    if (inserted === undefined) return [];
    const isMember = /^\s*(fn|type|const) /.test(inserted);
    const lineStart = text.split("\n").slice(0, range.start.line).join("\n").length;
    const syntax = await loadRustSyntax();
    const at = syntax.read(text, (root) => {
      const here = allSites(root, { start: lineStart, end: text.length })[0];
      return here?.entries.at(-1)?.span.end ?? (here?.braces.start ?? 0) + 1;
    });
    const position = positionAt(text, at, "utf-16");
    const edits = [{ range: { start: position, end: position }, newText: inserted }];
    const edit = { documentChanges: [{ edits }] };
    return [
      isMember
        ? { title: "Implement missing members", data: { id: "add_impl_missing_members:QuickFix:0" }, edit }
        : { title: "Fill match arms", data: { id: "add_missing_match_arms:QuickFix:0" }, edit },
    ];
  };
  return { ask, asked };
}
