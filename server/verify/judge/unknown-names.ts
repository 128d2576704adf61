import type { SyntaxNode } from "../../syntax/parse.ts";

/**
 * Names at the head of paths in a filling that stand nowhere else, so that rustc will hardly find them. One such name
 * makes rustc load every crate it could suggest it from, and that costs its incremental cache (measured: 2 to 3 times
 * the time of a check): drafts with one are checked after the others.
 */
export function unknownNames(
  nodes: readonly SyntaxNode[],
  isKnown: (name: string) => boolean,
): readonly string[] {
  const bound = new Set(nodes.flatMap(boundIn));
  const unknown = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (node.type === "token_tree") return;
    if (node.type === "identifier" || node.type === "type_identifier") {
      if (!bound.has(node.text) && !everywhere.has(node.text) && !isKnown(node.text)) unknown.add(node.text);
      return;
    }
    for (const child of partsOf(node)) visit(child);
  };
  for (const node of nodes) visit(node);
  return [...unknown];
}

/** What of a node is looked up by its name alone: not what stands behind a type, a macro's name, a pattern. */
function partsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children = node.namedChildren.flatMap((child) => (child === null ? [] : [child]));
  const without = (field: string) => {
    const left = node.childForFieldName(field)?.id;
    return children.filter(({ id }) => id !== left);
  };
  if (node.type === "macro_invocation") return without("macro");
  if (node.type !== "scoped_identifier" && node.type !== "scoped_type_identifier") return children;
  const path = node.childForFieldName("path");
  if (path === null || ["std", "core", "alloc"].includes(path.text.split("::")[0] ?? "")) return [];
  // A variant or function of a type that does not exist is found out cheaply.
  return /(?:^|::)[A-Z]\w*(?:(?:::)?<[\s\S]*>)?$/.test(path.text) ? [path] : children;
}

function boundIn(node: SyntaxNode): readonly string[] {
  const patterns = [
    ...fieldsOf(node, ["let_declaration", "for_expression", "let_condition", "match_arm"], "pattern"),
    ...node.descendantsOfType(["closure_parameters", "parameters"]),
  ];
  return patterns.flatMap((pattern) =>
    (pattern?.descendantsOfType(["identifier", "shorthand_field_identifier"]) ?? []).flatMap(
      (found) => found?.text ?? [],
    ),
  );
}

function fieldsOf(node: SyntaxNode, types: string[], field: string): readonly (SyntaxNode | null)[] {
  return node.descendantsOfType(types).map((found) => found?.childForFieldName(field) ?? null);
}

/** In scope in every module, whether or not a package's sources ever say them. */
const everywhere = new Set([
  ...["self", "Self", "super", "crate", "std", "core", "alloc", "_"],
  ...["bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize"],
  ...["i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"],
  ...["Option", "Some", "None", "Result", "Ok", "Err", "Box", "String", "Vec", "ToString", "ToOwned"],
  ...["Copy", "Send", "Sized", "Sync", "Unpin", "Drop", "Fn", "FnMut", "FnOnce", "drop", "AsRef", "AsMut"],
  ...["Into", "From", "TryInto", "TryFrom", "Default", "Iterator", "IntoIterator", "Extend", "FromIterator"],
  ...["DoubleEndedIterator", "ExactSizeIterator", "Clone", "PartialEq", "PartialOrd", "Eq", "Ord"],
]);
