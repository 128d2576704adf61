import type { SyntaxNode } from "./parse.ts";

const openMacros = new Set(["todo", "unimplemented"]);

/** Nobody has written this body yet: `todo!()`, `unimplemented!()`, `_`, an empty block, or a block of just these. */
export function isOpenBody(body: SyntaxNode): boolean {
  if (body.isMissing || body.text === "_") return true;
  if (body.type === "macro_invocation") return openMacros.has(body.childForFieldName("macro")?.text ?? "");
  if (body.type === "expression_statement") return body.firstChild !== null && isOpenBody(body.firstChild);
  if (body.type !== "block") return false;
  const statements = body.namedChildren.filter((child) => !child.isExtra);
  if (statements.length > 1) return false;
  const only = statements[0];
  return only === undefined || isOpenBody(only);
}
