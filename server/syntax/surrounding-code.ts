import type { Span } from "../stages.ts";
import type { SyntaxNode } from "./parse.ts";

/** An attribute on something around a place. */
export interface Attribute {
  /** What stands between the brackets: `cfg(test)`. */
  readonly text: string;
  /** `cfg`, `tokio::main` */
  readonly name: string;
  /** For people: "fn count", "mod tests", "a statement". */
  readonly on: string;
}

/** What stands around a place and may keep a compiler from it. */
export interface SurroundingCode {
  /** Innermost first. */
  readonly attributes: readonly Attribute[];
  /** The innermost macro whose call or definition holds the place. */
  readonly macro: { readonly name: string; readonly isDefinition: boolean } | undefined;
  /** The statement before the place, in a block around it, that never lets go on. */
  readonly ending: { readonly text: string; readonly line: number } | undefined;
  /** The grammar cannot read what is around it. */
  readonly isUnreadable: boolean;
  /** The innermost function. */
  readonly function: Span | undefined;
}

export function surroundingCode(root: SyntaxNode, span: Span): SurroundingCode {
  const attributes: Attribute[] = [];
  let macro: SurroundingCode["macro"];
  let ending: SurroundingCode["ending"];
  let around: Span | undefined;
  let isUnreadable = false;
  const smallest = root.descendantForIndex(span.start, Math.max(span.start, span.end - 1));
  for (let node = smallest; node !== null; node = node.parent) {
    attributes.push(...attributesOn(node));
    isUnreadable ||= node.isError;
    if (node.type === "macro_invocation" || node.type === "macro_definition") {
      const name = node.childForFieldName(node.type === "macro_definition" ? "name" : "macro")?.text ?? "";
      macro ??= { name, isDefinition: node.type === "macro_definition" };
    }
    if (node.type === "function_item") around ??= { start: node.startIndex, end: node.endIndex };
    if (around === undefined) ending ??= endingBefore(node);
  }
  return { attributes, macro, ending, isUnreadable, function: around };
}

/** "fn count", "impl Display for Shape", "mod tests"; "a statement" and the like for what has no name. */
export function describeItem(node: SyntaxNode): string {
  const keyword = keywords[node.type];
  if (keyword === undefined) return node.type === "match_arm" ? "an arm" : "a statement";
  if (node.type !== "impl_item") return `${keyword} ${node.childForFieldName("name")?.text ?? ""}`.trim();
  const trait = node.childForFieldName("trait")?.text;
  const type = node.childForFieldName("type")?.text ?? "";
  return trait === undefined ? `impl ${type}` : `impl ${trait} for ${type}`;
}

/** Those in front of it, and those that stand at its own start. */
export function attributesOn(node: SyntaxNode): readonly Attribute[] {
  const on = node.type === "source_file" ? "the whole file" : describeItem(ownerOf(node));
  const before: SyntaxNode[] = [];
  for (let at = node.previousNamedSibling; at !== null; at = at.previousNamedSibling) {
    if (at.type === "line_comment" || at.type === "block_comment") continue;
    if (at.type !== "attribute_item") break;
    before.push(at);
  }
  const inside = node.namedChildren.filter((child) => child?.type === "inner_attribute_item");
  // An arm's attributes are its own children.
  const own =
    node.type === "match_arm" ? node.namedChildren.filter((child) => child?.type === "attribute_item") : [];
  return [...inside, ...own, ...before].flatMap((item) => {
    const attribute = item?.namedChildren.find((child) => child?.type === "attribute");
    if (attribute == null) return [];
    return [{ text: attribute.text, name: attribute.namedChildren[0]?.text ?? "", on }];
  });
}

/** The block of an item speaks for the item. */
function ownerOf(node: SyntaxNode): SyntaxNode {
  const isBody = node.type === "block" || node.type === "declaration_list";
  return isBody && node.parent !== null && node.parent.type in keywords ? node.parent : node;
}

function endingBefore(node: SyntaxNode): SurroundingCode["ending"] {
  if (node.parent?.type !== "block") return undefined;
  for (let at = node.previousNamedSibling; at !== null; at = at.previousNamedSibling) {
    const expression = at.type === "expression_statement" ? at.namedChildren[0] : at;
    if (expression == null || !neverLetsGoOn(expression)) continue;
    return { text: at.text.split("\n")[0] ?? "", line: at.startPosition.row + 1 };
  }
  return undefined;
}

function neverLetsGoOn(node: SyntaxNode): boolean {
  if (["return_expression", "break_expression", "continue_expression"].includes(node.type)) return true;
  if (node.type === "loop_expression") return node.descendantsOfType("break_expression").length === 0;
  if (node.type === "call_expression")
    return /\bprocess\s*::\s*(exit|abort)$/.test(node.childForFieldName("function")?.text ?? "");
  const macro = node.type === "macro_invocation" ? node.childForFieldName("macro")?.text : undefined;
  return ["panic", "unreachable", "todo", "unimplemented"].includes(macro?.split("::").at(-1) ?? "");
}

const keywords: Readonly<Record<string, string>> = {
  function_item: "fn",
  mod_item: "mod",
  impl_item: "impl",
  trait_item: "trait",
  const_item: "const",
  static_item: "static",
  struct_item: "struct",
  enum_item: "enum",
};
