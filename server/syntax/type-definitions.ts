import type { Field, TypeDefinition, Variant } from "../stages.ts";
import type { SyntaxNode } from "./parse.ts";

/** The definition in an `enum_item` or `struct_item` node; `undefined` where it has no name yet. */
export function readTypeDefinition(node: SyntaxNode, path: string): TypeDefinition | undefined {
  const name = node.childForFieldName("name")?.text;
  if (name === undefined) return undefined;
  const body = node.childForFieldName("body");
  const leading = leadingItems(node);
  const start = leading[0]?.startIndex ?? node.startIndex;
  return {
    kind: node.type === "enum_item" ? "enum" : "struct",
    name,
    path,
    text: textBetween(node, start),
    variants: node.type === "enum_item" && body !== null ? variantsOf(body) : [],
    fields: node.type === "struct_item" && body !== null ? fieldsOf(body) : [],
    derives: leading.flatMap(derivesOf),
  };
}

/** Attributes and doc comments right before an item, in order. */
function leadingItems(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  let before = node.previousSibling;
  while (before !== null && isLeading(before)) {
    found.unshift(before);
    before = before.previousSibling;
  }
  return found;
}

function isLeading(node: SyntaxNode): boolean {
  if (node.type === "attribute_item") return true;
  return node.type === "line_comment" && node.text.startsWith("///");
}

function textBetween(node: SyntaxNode, start: number): string {
  const root = node.tree.rootNode;
  return root.text.slice(start - root.startIndex, node.endIndex - root.startIndex);
}

function variantsOf(body: SyntaxNode): Variant[] {
  return body.namedChildren
    .filter((child) => child.type === "enum_variant")
    .map((variant) => {
      const payload = variant.childForFieldName("body");
      const shape =
        payload === null ? "unit" : payload.type === "field_declaration_list" ? "record" : "tuple";
      return {
        name: variant.childForFieldName("name")?.text ?? "",
        shape,
        fields: payload === null ? [] : fieldsOf(payload),
      };
    });
}

function fieldsOf(body: SyntaxNode): Field[] {
  if (body.type === "ordered_field_declaration_list") {
    return body.childrenForFieldName("type").map((type, index) => ({ name: String(index), type: type.text }));
  }
  return body.namedChildren
    .filter((child) => child.type === "field_declaration")
    .map((field) => ({
      name: field.childForFieldName("name")?.text ?? "",
      type: field.childForFieldName("type")?.text ?? "",
    }));
}

function derivesOf(item: SyntaxNode): string[] {
  const attribute = item.namedChildren.find((child) => child.type === "attribute");
  if (attribute?.namedChildren[0]?.text !== "derive") return [];
  return item.descendantsOfType("identifier").flatMap((name) => {
    // `serde::Serialize` counts by its last segment.
    const isPrefix = name.nextSibling?.text === "::";
    return name.text === "derive" || isPrefix ? [] : [name.text];
  });
}
