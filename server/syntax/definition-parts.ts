import { attributesOf } from "./attributes.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";

/** A variant of an enum, a member of a trait, or a field, with what its definition says of it. */
export interface DefinitionPart {
  readonly name: string;
  /** Attributes as written: `#[cfg(test)]`. */
  readonly attributes: readonly string[];
  /** Of a variant; tuple fields are named "0", "1", …. */
  readonly fields: readonly DefinitionPart[];
  /** Of a function, as written up to its body. */
  readonly signature?: string;
}

/** The variants or members of an enum or trait that is given as text. */
export function definitionParts(syntax: RustSyntax, text: string): readonly DefinitionPart[] {
  return syntax.read(text, (root) => {
    const [item] = root.descendantsOfType(["enum_item", "trait_item"]);
    const parts = item?.childForFieldName("body")?.namedChildren ?? [];
    return parts.flatMap((part) => partOf(part));
  });
}

function partOf(node: SyntaxNode | null): readonly DefinitionPart[] {
  const name = node?.childForFieldName("name")?.text;
  if (node == null || name === undefined) return [];
  const body = node.type === "enum_variant" ? node.childForFieldName("body") : null;
  const isTuple = body?.type === "ordered_field_declaration_list";
  const fields = body === null ? [] : isTuple ? tupleFields(body) : body.namedChildren.flatMap(partOf);
  const part = { name, attributes: attributesOf(node).map(({ text }) => text), fields };
  return [node.type.startsWith("function") ? { ...part, signature: signatureOf(node) } : part];
}

function signatureOf(node: SyntaxNode): string {
  const end = node.childForFieldName("body")?.startIndex ?? node.endIndex;
  return node.text
    .slice(0, end - node.startIndex)
    .replace(/;$/, "")
    .trimEnd();
}

function tupleFields(list: SyntaxNode): readonly DefinitionPart[] {
  const types = list.childrenForFieldName("type");
  return types.flatMap((type, index) =>
    type === null ? [] : [{ name: String(index), attributes: attributesBefore(type), fields: [] }],
  );
}

/** A visibility may stand between a field's attributes and its type. */
function attributesBefore(type: SyntaxNode): readonly string[] {
  const before = type.previousNamedSibling;
  const node = before?.type === "visibility_modifier" ? before : type;
  return attributesOf(node).map(({ text }) => text);
}
