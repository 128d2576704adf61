import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";

/** One expression, and nothing before or behind it. */
export function isExpression(syntax: RustSyntax, text: string): boolean {
  return syntax.read(`fn f(){let x=${text}\n;}`, (root) => {
    const statements = statementsOf(root);
    const [only] = statements;
    // `x else { return }` would make a let-else of it.
    return (
      statements.length === 1 &&
      only?.type === "let_declaration" &&
      only.childForFieldName("value") !== null &&
      only.childForFieldName("alternative") === null
    );
  });
}

/** One expression with a semicolon behind it, which drops its value; `return` and its like have none. */
export function isSingleStatement(syntax: RustSyntax, text: string): boolean {
  return syntax.read(`fn f(){${text}\n}`, (root) => {
    const statements = statementsOf(root);
    const [only] = statements;
    const inner = only?.firstNamedChild?.type ?? "return_expression";
    return statements.length === 1 && only?.type === "expression_statement" && inner !== "return_expression";
  });
}

export function hasReturnType(syntax: RustSyntax, signature: string): boolean {
  return syntax.read(`impl T for S {${signature}{}}`, (root) => {
    const [declared] = root.descendantsOfType("function_item");
    return declared?.childForFieldName("return_type") != null;
  });
}

/** Of the one function in the text; empty where there is a syntax error or more than that function. */
function statementsOf(root: SyntaxNode): readonly SyntaxNode[] {
  if (root.hasError || root.namedChildCount !== 1) return [];
  const children = root.firstNamedChild?.childForFieldName("body")?.namedChildren ?? [];
  return children.filter((child) => !child.type.endsWith("_comment"));
}
