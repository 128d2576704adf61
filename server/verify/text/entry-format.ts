import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";
import { childrenThroughErrors, memberEntry } from "../../syntax/site-syntax.ts";

/** Arms or members that are formatted together, a list for each draft, at one depth of indentation. */
export interface EntriesToFormat {
  readonly kind: "match" | "impl";
  /** Levels of indentation of the line that holds the site's keyword. */
  readonly level: number;
  readonly drafts: readonly (readonly string[])[];
}

/** One source text for rustfmt that holds the entries of all drafts, at the depth they have in the document. */
export function sourceOf({ kind, level, drafts }: EntriesToFormat): string {
  const items = drafts.map((entries, index) =>
    kind === "match"
      ? `const ARMATURE_${index}: () = match armature {\n${entries.join("\n")}\n};\n`
      : `impl Armature${index} for Armature {\n${entries.join("\n\n")}\n}\n`,
  );
  return `${"mod armature {\n".repeat(level)}${items.join("\n")}${"}\n".repeat(level)}`;
}

export interface FormattedEntry {
  readonly text: string;
  /** White space in front of its first line. */
  readonly indentation: string;
}

/** The entries out of what rustfmt made of the source; undefined for a draft whose entries are not all there. */
export function entriesIn(
  syntax: RustSyntax,
  formatted: string,
  { kind, drafts }: EntriesToFormat,
): readonly (readonly FormattedEntry[] | undefined)[] {
  const found = syntax.read(formatted, (root) => {
    const lists = kind === "match" ? armsByDraft(root) : membersByDraft(root);
    return new Map([...lists].map(([name, nodes]) => [name, nodes.map((node) => cut(formatted, node))]));
  });
  return drafts.map((entries, index) => {
    const list = found.get(String(index));
    return list?.length === entries.length ? list : undefined;
  });
}

function armsByDraft(root: SyntaxNode): ReadonlyMap<string, readonly SyntaxNode[]> {
  const lists = new Map<string, readonly SyntaxNode[]>();
  for (const item of root.descendantsOfType("const_item")) {
    const name = /^ARMATURE_(\d+)$/.exec(item?.childForFieldName("name")?.text ?? "")?.[1];
    const body = item?.childForFieldName("value")?.childForFieldName("body");
    if (name !== undefined && body != null) lists.set(name, childrenThroughErrors(body, "match_arm"));
  }
  return lists;
}

function membersByDraft(root: SyntaxNode): ReadonlyMap<string, readonly SyntaxNode[]> {
  const lists = new Map<string, readonly SyntaxNode[]>();
  for (const item of root.descendantsOfType("impl_item")) {
    const name = /^Armature(\d+)$/.exec(item?.childForFieldName("trait")?.text ?? "")?.[1];
    const members = item?.childForFieldName("body")?.namedChildren ?? [];
    if (name === undefined) continue;
    lists.set(
      name,
      members.flatMap((member) => (member === null || memberEntry(member) === undefined ? [] : [member])),
    );
  }
  return lists;
}

function cut(text: string, { startIndex, endIndex }: SyntaxNode): FormattedEntry {
  const lineStart = text.lastIndexOf("\n", startIndex - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, startIndex))?.[0] ?? "";
  return { text: text.slice(startIndex, endIndex), indentation };
}
