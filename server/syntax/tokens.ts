import type { RustSyntax, SyntaxNode } from "./parse.ts";

/**
 * What a token is for. `variable`: a name that may be a local; `field`: after a dot or before the colon of a
 * field; `shorthand`: a name that is field and local at once; `path`: beside `::`; the rest as it says.
 */
export type TokenRole =
  "variable" | "field" | "shorthand" | "path" | "type" | "macro" | "text" | "number" | "lifetime" | "other";

export interface Token {
  readonly text: string;
  readonly role: TokenRole;
  /** Offset into the code that was read. */
  readonly start: number;
  readonly end: number;
  /** The token stands in the arguments of a macro, where `{name}` in a text may mean a local. */
  readonly inMacro: boolean;
}

/** A piece of Rust code with its tokens. Comments are no tokens. */
export interface Code {
  readonly text: string;
  readonly tokens: readonly Token[];
}

export type FragmentKind = "expression" | "type";

/** Reads an expression, a block or a type. `undefined` where the code has a syntax error. */
export function readCode(syntax: RustSyntax, text: string, kind: FragmentKind): Code | undefined {
  const prefix = kind === "type" ? "type T=" : "fn f(){";
  const suffix = kind === "type" ? ";" : "\n}";
  return syntax.read(`${prefix}${text}${suffix}`, (root) => {
    // Code that closes the wrapper early would leave a second item behind it.
    if (root.hasError || root.namedChildCount !== 1) return undefined;
    const end = prefix.length + text.length;
    const tokens = tokensOf(root)
      .filter((token) => token.start >= prefix.length && token.end <= end)
      .map((token) => ({ ...token, start: token.start - prefix.length, end: token.end - prefix.length }));
    return { text, tokens };
  });
}

interface Leaf {
  readonly type: string;
  readonly parent: string;
  readonly start: number;
  readonly end: number;
  readonly inMacro: boolean;
}

/** Nodes that count as one token although they have children. */
const atoms = new Set([
  "string_literal",
  "raw_string_literal",
  "char_literal",
  "integer_literal",
  "float_literal",
  "lifetime",
  "line_comment",
  "block_comment",
]);

function tokensOf(root: SyntaxNode): readonly Token[] {
  const leaves = leavesOf(root).filter((leaf) => !leaf.type.endsWith("_comment") && leaf.end > leaf.start);
  const text = root.text;
  const base = root.startIndex;
  const textOf = (leaf: Leaf | undefined) =>
    leaf === undefined ? "" : text.slice(leaf.start - base, leaf.end - base);
  return leaves.map((leaf, index) => ({
    text: textOf(leaf),
    role: roleOf(leaf, textOf(leaves[index - 1]), textOf(leaves[index + 1])),
    start: leaf.start,
    end: leaf.end,
    inMacro: leaf.inMacro,
  }));
}

/** A cursor, since every node that JavaScript touches is a crossing into the wasm module. */
function leavesOf(root: SyntaxNode): Leaf[] {
  const leaves: Leaf[] = [];
  const cursor = root.walk();
  const visit = (parent: string, inMacro: boolean): void => {
    const type = cursor.nodeType;
    const inside = inMacro || type === "token_tree";
    if (atoms.has(type) || !cursor.gotoFirstChild()) {
      leaves.push({ type, parent, start: cursor.startIndex, end: cursor.endIndex, inMacro });
      return;
    }
    do visit(type, inside);
    while (cursor.gotoNextSibling());
    cursor.gotoParent();
  };
  visit("", false);
  cursor.delete();
  return leaves;
}

function roleOf(leaf: Leaf, before: string, after: string): TokenRole {
  switch (leaf.type) {
    case "identifier":
      return identifierRole(leaf, before, after);
    case "field_identifier":
      return "field";
    case "shorthand_field_identifier":
      return "shorthand";
    case "type_identifier":
    case "primitive_type":
      return "type";
    case "string_literal":
    case "raw_string_literal":
    case "char_literal":
      return "text";
    case "integer_literal":
    case "float_literal":
      return "number";
    case "lifetime":
      return "lifetime";
    default:
      return "other";
  }
}

function identifierRole(leaf: Leaf, before: string, after: string): TokenRole {
  if (leaf.parent === "shorthand_field_initializer") return "shorthand";
  if (before === "::" || after === "::") return "path";
  // Inside a macro's arguments the grammar knows identifiers only.
  if (before === ".") return "field";
  if (after === "!") return leaf.parent === "macro_invocation" || leaf.inMacro ? "macro" : "variable";
  if (leaf.inMacro && after === "=" && (before === "," || before === "(")) return "field";
  return "variable";
}
