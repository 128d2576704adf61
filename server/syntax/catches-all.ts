import type { SyntaxNode } from "./parse.ts";

/** Whether a pattern, as it is written, takes every value: `_`, a name, `all @ _`, `&_`, `(_, ..)`, `E::A | _`. */
export function catchesAll(pattern: SyntaxNode): boolean {
  const inner = pattern.children.filter(({ type }) => !/^[(),|]$/.test(type));
  switch (pattern.type) {
    case "_":
    case "ref_pattern":
    case "mut_pattern":
      return true;
    case "identifier":
      // A lower-case name binds; an upper-case one may be a unit variant or a constant.
      return /^[\p{Ll}_]/u.test(pattern.text);
    case "captured_pattern":
    case "reference_pattern":
      return pattern.lastChild !== null && catchesAll(pattern.lastChild);
    case "or_pattern":
      return inner.some(catchesAll);
    case "tuple_pattern":
      return inner.every((one) => one.type === "remaining_field_pattern" || catchesAll(one));
    default:
      return false;
  }
}
