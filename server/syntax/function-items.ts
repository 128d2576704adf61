import type { Span } from "../stages.ts";
import type { SyntaxNode } from "./parse.ts";

/** The innermost function that holds the whole span, a nested one counted before the one around it. */
export function functionAround(root: SyntaxNode, span: Span): SyntaxNode | undefined {
  for (let node = smallestAround(root, span); node !== null; node = node.parent) {
    if (node.type === "function_item") return node;
  }
  return undefined;
}

/**
 * Whether code elsewhere depends on what stands in bodies of the span, beyond their declared types: inside an
 * async or const function, one that returns `impl …`, a constant or static; or, for an impl, in one of its members.
 */
export function showsOutside(root: SyntaxNode, span: Span): boolean {
  for (let node = smallestAround(root, span); node !== null; node = node.parent) {
    if (isTransparent(node)) return true;
  }
  const members = functionsWithin(root, span);
  return members.some(isTransparent);
}

export function hasModifier(functionNode: SyntaxNode, modifier: string): boolean {
  const modifiers = functionNode.namedChildren.find((child) => child?.type === "function_modifiers");
  return modifiers?.text.split(/\s+/).includes(modifier) ?? false;
}

export function returnsImpl(functionNode: SyntaxNode): boolean {
  const returned = functionNode.childForFieldName("return_type");
  return (
    returned !== null &&
    (returned.type === "abstract_type" || returned.descendantsOfType("abstract_type").length > 0)
  );
}

function isTransparent(node: SyntaxNode): boolean {
  if (node.type === "const_item" || node.type === "static_item") return true;
  if (node.type !== "function_item") return false;
  return hasModifier(node, "async") || hasModifier(node, "const") || returnsImpl(node);
}

function functionsWithin(root: SyntaxNode, span: Span): readonly SyntaxNode[] {
  return root
    .descendantsOfType("function_item")
    .flatMap((node) =>
      node !== null && node.startIndex >= span.start && node.endIndex <= span.end ? [node] : [],
    );
}

function smallestAround(root: SyntaxNode, span: Span): SyntaxNode | null {
  return root.descendantForIndex(span.start, Math.max(span.start, span.end - 1));
}

/** Where the function or constant around the span starts, or the impl where the span is one. */
export function itemStart(root: SyntaxNode, span: Span): number | undefined {
  for (let node = smallestAround(root, span); node !== null; node = node.parent) {
    if (["function_item", "impl_item", "const_item", "static_item"].includes(node.type))
      return node.startIndex;
  }
  return undefined;
}

/**
 * The outermost item around the span that is no module: what it holds reads the same when it stands alone.
 * Undefined where there is none, or where unreadable code around it makes that doubtful.
 */
export function outermostItem(root: SyntaxNode, span: Span): Span | undefined {
  let found: Span | undefined;
  for (let node = smallestAround(root, span); node !== null; node = node.parent) {
    if (node.type === "ERROR" || node.type === "macro_invocation") return undefined;
    if (!node.type.endsWith("_item") || node.type === "mod_item") continue;
    found = { start: node.startIndex, end: node.endIndex };
  }
  return found;
}

/** A function that may stand twice in its place, under another name, and mean the same. */
export interface CopyableFunction {
  readonly span: Span;
  readonly name: Span;
  /** From its first keyword on, without its visibility. */
  readonly start: number;
  /** It stands in an impl. */
  readonly isMember: boolean;
}

/**
 * The function around the span, where a copy beside it is judged by the compiler as the function itself: free or
 * inherent, not const, no attribute on it or around it that could treat a copy otherwise, no impl inside.
 */
export function copyableFunction(root: SyntaxNode, span: Span): CopyableFunction | undefined {
  const node = functionAround(root, span);
  const name = node?.childForFieldName("name");
  if (node === undefined || name == null || node.hasError) return undefined;
  if (hasModifier(node, "const") || hasModifier(node, "unsafe") || hasModifier(node, "extern"))
    return undefined;
  if (returnsImpl(node) || node.descendantsOfType(["impl_item", "macro_definition"]).length > 0)
    return undefined;
  if (!attributesOf(node).every((attribute) => passiveAttributes.has(attribute))) return undefined;
  for (let outer = node.parent; outer !== null; outer = outer.parent) {
    if (outer.type === "trait_item" || outer.type === "foreign_mod_item") return undefined;
    if (outer.type === "const_item" || outer.type === "static_item") return undefined;
    if (outer.type === "impl_item" && outer.childForFieldName("trait") !== null) return undefined;
    const known = (attribute: string) => passiveAttributes.has(attribute) || outerAttributes.has(attribute);
    if (!attributesOf(outer).every(known)) return undefined;
  }
  const visibility = node.namedChildren.find((child) => child?.type === "visibility_modifier");
  const start = visibility?.nextSibling?.startIndex ?? node.startIndex;
  return {
    span: { start: node.startIndex, end: node.endIndex },
    name: { start: name.startIndex, end: name.endIndex },
    start,
    isMember: node.parent?.parent?.type === "impl_item",
  };
}

// `cfg` is not among the first: a copy would have to be configured out with its function.
const passiveAttributes = new Set(["doc", "inline", "must_use", "allow", "warn", "cold", "track_caller"]);
const outerAttributes = new Set(["lints", "cfg", "deny", "path", "rustfmt::skip", "deprecated", "expect"]);

/** Names of the attributes in front of an item. */
function attributesOf(node: SyntaxNode): readonly string[] {
  const names: string[] = [];
  for (let before = node.previousNamedSibling; before !== null; before = before.previousNamedSibling) {
    if (before.type === "line_comment" || before.type === "block_comment") continue;
    if (before.type !== "attribute_item") break;
    // Lints that tell a cheat must be heard in a copy as they are in the function.
    const isDeaf = /\b(?:warnings|unconditional_recursion|unreachable_patterns|unused)\b/.test(before.text);
    names.push(isDeaf ? "lints" : (/^#\s*\[\s*([\w:]+)/.exec(before.text)?.[1] ?? "unknown"));
  }
  return names;
}
