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
 * async or const function, one that returns `impl …`, a constant or static, or outside of every function body (an
 * array's length, a discriminant); or, for an impl, in one of its members.
 */
export function showsOutside(root: SyntaxNode, span: Span): boolean {
  const smallest = smallestAround(root, span);
  let isInBody = smallest?.type === "impl_item";
  let inner: SyntaxNode | undefined;
  for (let node = smallest; node !== null; node = node.parent) {
    if (isTransparent(node)) return true;
    if (node.type === "function_item") isInBody ||= node.childForFieldName("body")?.id === inner?.id;
    inner = node;
  }
  return !isInBody || functionsWithin(root, span).some(isTransparent);
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
  return ["async", "const", "gen"].some((modifier) => hasModifier(node, modifier)) || returnsImpl(node);
}

function functionsWithin(root: SyntaxNode, span: Span): readonly SyntaxNode[] {
  return root
    .descendantsOfType("function_item")
    .flatMap((node) =>
      node !== null && node.startIndex >= span.start && node.endIndex <= span.end ? [node] : [],
    );
}

export function smallestAround(root: SyntaxNode, span: Span): SyntaxNode | null {
  return root.descendantForIndex(span.start, Math.max(span.start, span.end - 1));
}

/** The function or constant around the span, or the impl where the span is one. */
export function itemAround(root: SyntaxNode, span: Span): Span | undefined {
  for (let node = smallestAround(root, span); node !== null; node = node.parent) {
    if (["function_item", "impl_item", "const_item", "static_item"].includes(node.type))
      return { start: node.startIndex, end: node.endIndex };
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
