import type { AskAnalyzer } from "../../server/stages.ts";

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
 * match or impl whose keyword stands on that line (0-based). It knows nothing else: every other answer is null.
 */
export function fakeAnalyzer(
  missing: (line: number) => string | undefined,
  { isKnown = true }: FakeOptions = {},
): FakeAnalyzer {
  const asked: string[] = [];
  const ask: AskAnalyzer = (method, params) => {
    asked.push(method);
    if (method === "experimental/openCargoToml")
      return Promise.resolve(isKnown ? { uri: "file:///project/Cargo.toml" } : null);
    if (method !== "textDocument/codeAction") return Promise.resolve(null);
    const { range } = params as { range: { start: { line: number } } };
    const inserted = missing(range.start.line);
    if (inserted === undefined) return Promise.resolve([]);
    const isMember = /^\s*(fn|type|const) /.test(inserted);
    const edit = { documentChanges: [{ edits: [{ newText: inserted }] }] };
    return Promise.resolve([
      isMember
        ? { title: "Implement missing members", data: { id: "add_impl_missing_members:QuickFix:0" }, edit }
        : { title: "Fill match arms", data: { id: "add_missing_match_arms:QuickFix:0" }, edit },
    ]);
  };
  return { ask, asked };
}
