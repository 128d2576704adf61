import type { SyntaxNode } from "../../syntax/parse.ts";

/** "Trait::method" for a path through a trait, "Type::method" for one through a type, which prefers the type's own. */
export function qualified(path: SyntaxNode, name: string): string {
  const cast = path.descendantsOfType("qualified_type")[0];
  const of = cast?.childForFieldName("type")?.text;
  const through = of === undefined || of === "Self" ? (cast?.childForFieldName("alias") ?? path).text : of;
  const last =
    through
      .replace(/<[\s\S]*>$/, "")
      .split("::")
      .at(-1) ?? "";
  return last === "Self" || last === "" ? `.${name}` : `${last}::${name}`;
}

/** The function of a call, `::<T>` behind it taken off. */
export function withoutTypeArguments(node: SyntaxNode | null): SyntaxNode | undefined {
  if (node?.type === "generic_function") return node.childForFieldName("function") ?? undefined;
  return node ?? undefined;
}
