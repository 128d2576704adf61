import type { SyntaxNode } from "../../syntax/parse.ts";

/**
 * Whether a value holds nothing whatever the program does, so that taking something out of it always panics:
 * `None`, `Err(…)`, `Vec::new().pop()`, `"".chars().next()`. `known`: names of the draft's own that hold such a value.
 */
export function isEmptyValue(node: SyntaxNode, known: ReadonlySet<string>): boolean {
  switch (node.type) {
    case "parenthesized_expression":
    case "reference_expression":
    case "type_cast_expression":
      return isEmptyValue(node.childForFieldName("value") ?? node.namedChild(0) ?? node, known);
    case "identifier":
      return node.text === "None" || known.has(node.text);
    case "scoped_identifier":
      return node.childForFieldName("name")?.text === "None";
    case "generic_function":
      return isEmptyValue(node.childForFieldName("function") ?? node, known);
    case "array_expression":
      return node.namedChildCount === 0 || node.childForFieldName("length")?.text === "0";
    case "string_literal":
      return node.text === '""';
    case "macro_invocation":
      return /^vec!\s*(?:\[\s*\]|\(\s*\)|\{\s*\})$/.test(node.text);
    case "call_expression":
      return isEmptyCall(node, known);
    default:
      return false;
  }
}

function isEmptyCall(node: SyntaxNode, known: ReadonlySet<string>): boolean {
  const called = node.childForFieldName("function");
  const plain = called?.type === "generic_function" ? called.childForFieldName("function") : called;
  if (plain == null) return false;
  if (plain.type !== "field_expression")
    return /(?:^|::)(?:Err|empty)$|^(?:Vec|String|Option)(?:::<.*>)?::(?:new|default)$/.test(plain.text);
  const receiver = plain.childForFieldName("value");
  const method = plain.childForFieldName("field")?.text ?? "";
  if (receiver === null) return false;
  if (method === "filter") return /\|[^|]*\|\s*false\s*\)$/.test(node.text) || isEmptyValue(receiver, known);
  return staysEmpty.has(method) && isEmptyValue(receiver, known);
}

/** What these make of nothing is nothing. */
const staysEmpty = new Set([
  ...[
    "map",
    "and_then",
    "copied",
    "cloned",
    "as_ref",
    "as_mut",
    "as_deref",
    "take",
    "zip",
    "inspect",
    "ok",
    "map_err",
  ],
  ...[
    "ok_or",
    "ok_or_else",
    "first",
    "last",
    "pop",
    "next",
    "iter",
    "into_iter",
    "chars",
    "bytes",
    "as_bytes",
  ],
  ...[
    "as_str",
    "as_slice",
    "get",
    "min",
    "max",
    "peekable",
    "rev",
    "flatten",
    "lines",
    "clone",
    "to_vec",
    "drain",
  ],
]);
