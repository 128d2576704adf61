import type { SyntaxNode } from "../syntax/parse.ts";

/** What a condition is whatever the program does, where that can be read off it: `true`, `!false`, `1 < 2`. */
export function constantTruth(node: SyntaxNode | null): boolean | undefined {
  if (node === null) return undefined;
  switch (node.type) {
    case "boolean_literal":
      return node.text === "true";
    case "parenthesized_expression":
    case "block":
    case "expression_statement":
      return node.namedChildCount === 1 ? constantTruth(node.namedChild(0)) : undefined;
    case "unary_expression": {
      const inner = node.text.startsWith("!") ? constantTruth(node.namedChild(0)) : undefined;
      return inner === undefined ? undefined : !inner;
    }
    case "binary_expression":
      return ofBinary(node);
    case "macro_invocation":
      return /^(?:(?:std|core)::)?cfg!\s*[([{]\s*(?:all\s*\(\s*\)|not\s*\(\s*any\s*\(\s*\)\s*\))\s*[)\]}]$/.test(
        node.text,
      )
        ? true
        : undefined;
    default:
      return undefined;
  }
}

function ofBinary(node: SyntaxNode): boolean | undefined {
  const sign = node.childForFieldName("operator")?.text ?? "";
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  const [one, other] = [constantTruth(left), constantTruth(right)];
  if (sign === "&&") return one === false || other === false ? false : one === true ? other : undefined;
  if (sign === "||") return one === true || other === true ? true : one === false ? other : undefined;
  if (left?.type !== "integer_literal" || right?.type !== "integer_literal") return undefined;
  const [a, b] = [Number.parseInt(left.text, 10), Number.parseInt(right.text, 10)];
  const answers: Readonly<Record<string, boolean>> = {
    ...{ "==": a === b, "!=": a !== b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b },
  };
  return answers[sign];
}
