import type { SyntaxNode } from "../../syntax/parse.ts";

/**
 * Whether a loop stands where a type needs its outcome: the length of an array, an argument of a generic. The compiler
 * works it out before it looks at anything else (measured: half a minute until its lint against that gives up).
 */
export function loopsForType(nodes: readonly SyntaxNode[]): boolean {
  return nodes.some((node) =>
    node.descendantsOfType(["loop_expression", "while_expression", "for_expression"]).some((loop) => {
      for (let inner = loop; inner.id !== node.id && inner.parent !== null; inner = inner.parent) {
        if (inner.parent.type === "type_arguments" || isLength(inner, inner.parent)) return true;
      }
      return false;
    }),
  );
}

function isLength(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (parent.type !== "array_expression" && parent.type !== "array_type") return false;
  return parent.childForFieldName("length")?.id === node.id;
}
