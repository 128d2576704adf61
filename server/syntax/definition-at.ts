import type { TypeDefinition } from "../stages.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";
import { readTypeDefinition } from "./type-definitions.ts";

/** The enum or struct around an offset. */
export function typeDefinitionAt(
  syntax: RustSyntax,
  place: { readonly text: string; readonly path: string; readonly offset: number },
): TypeDefinition | undefined {
  return syntax.read(place.text, (root) => {
    const item = itemAround(root, place.offset, ["enum_item", "struct_item"]);
    return item === undefined ? undefined : readTypeDefinition(item, place.path);
  });
}

/** The trait around an offset, as written, cut where it gets longer than `limit` UTF-16 units. */
export function traitTextAt(
  syntax: RustSyntax,
  place: { readonly text: string; readonly offset: number },
  limit: number,
): string | undefined {
  return syntax.read(place.text, (root) =>
    itemAround(root, place.offset, ["trait_item"])?.text.slice(0, limit),
  );
}

/** Offset of the last name of an expression or type: the token to ask rust-analyzer about. */
export function nameOffset(syntax: RustSyntax, text: string): number {
  const prefix = "fn f() { ";
  return syntax.read(`${prefix}${text} }`, (root) => {
    const node = root.descendantForIndex(prefix.length, prefix.length + text.length);
    const named = node === null ? null : nameNode(node, text);
    return named === null ? 0 : Math.max(0, named.startIndex - prefix.length);
  });
}

function nameNode(node: SyntaxNode, text: string): SyntaxNode | null {
  if (node.type === "call_expression") {
    const callee = node.childForFieldName("function");
    return callee === null ? null : nameNode(callee, text);
  }
  if (node.type === "field_expression") return node.childForFieldName("field");
  if (node.type === "generic_type") {
    const type = node.childForFieldName("type");
    return type === null ? null : nameNode(type, text);
  }
  const names = node.descendantsOfType(["identifier", "type_identifier", "field_identifier", "self"]);
  return names.at(-1) ?? null;
}

function itemAround(root: SyntaxNode, offset: number, types: readonly string[]): SyntaxNode | undefined {
  for (let node = root.descendantForIndex(offset, offset); node !== null; node = node.parent) {
    if (types.includes(node.type)) return node;
  }
  return undefined;
}
