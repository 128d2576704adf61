import type { RustSyntax, SyntaxNode } from "./parse.ts";
import { plainName } from "./names.ts";

/**
 * Whether some value could match both: an arm with the one pattern, without a guard, would take it from an arm below
 * with the other. By what is written: a name may be a constant's or an import's under another name, so only what
 * cannot be the same is told apart.
 */
export function mayOverlap(syntax: RustSyntax, above: readonly string[], below: string): boolean {
  const source = [...above, below].map((pattern) => `${pattern}=>{}`).join("\n");
  return syntax.read(`fn f(){match x{${source}}}`, (root) => {
    if (root.hasError) return true;
    const patterns = root.descendantsOfType("match_pattern").map((node) => node?.firstChild ?? undefined);
    const last = patterns.pop();
    if (last === undefined || patterns.length !== above.length) return true;
    return patterns.some((pattern) => pattern === undefined || overlap(pattern, last));
  });
}

function overlap(a: SyntaxNode, b: SyntaxNode): boolean {
  const [left, right] = [alternatives(a), alternatives(b)];
  if (left.length > 1 || right.length > 1)
    return left.some((one) => right.some((other) => overlap(one, other)));
  const [one, other] = [left[0] ?? a, right[0] ?? b];
  if (one.type === "tuple_pattern" && other.type === "tuple_pattern") return overlapByPlace(one, other);
  const [name, otherName] = [variantOf(one), variantOf(other)];
  if (name === undefined || otherName === undefined) {
    return !(isBoolean(one) && isBoolean(other) && one.text !== other.text);
  }
  if (name !== otherName) return false;
  const areTuples = one.type === "tuple_struct_pattern" && other.type === "tuple_struct_pattern";
  return !areTuples || overlapByPlace(one, other);
}

function overlapByPlace(a: SyntaxNode, b: SyntaxNode): boolean {
  const [left, right] = [payloadOf(a), payloadOf(b)];
  const hasRest = [...left, ...right].some(({ type }) => type === "remaining_field_pattern");
  if (hasRest || left.length !== right.length) return true;
  return left.every((one, place) => {
    const other = right[place];
    return other === undefined || overlap(one, other);
  });
}

function payloadOf(node: SyntaxNode): readonly SyntaxNode[] {
  const type = node.childForFieldName("type");
  return node.children.filter((child) => child.id !== type?.id && (child.isNamed || child.type === "_"));
}

/** Without what binds or borrows around it. */
function alternatives(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === "or_pattern")
    return node.children.filter(({ type }) => type !== "|").flatMap(alternatives);
  const inner = node.lastChild;
  const isAround = node.type === "reference_pattern" || node.type === "captured_pattern";
  return isAround && inner !== null ? alternatives(inner) : [node];
}

/** The variant that a path with a qualifier names, or one of the prelude's; constants are written in capitals. */
function variantOf(node: SyntaxNode): string | undefined {
  const hasPayload = node.type === "tuple_struct_pattern" || node.type === "struct_pattern";
  const path = hasPayload ? node.childForFieldName("type") : node;
  const isQualified = path?.type === "scoped_identifier" || path?.type === "scoped_type_identifier";
  const name = plainName((isQualified ? path.childForFieldName("name") : path)?.text ?? "");
  if (isQualified) return /^[A-Z][A-Z0-9_]+$/.test(name) && !hasPayload ? undefined : name;
  return prelude.has(name) ? name : undefined;
}

const prelude = new Set(["Some", "None", "Ok", "Err"]);

function isBoolean({ type }: SyntaxNode): boolean {
  return type === "boolean_literal";
}
