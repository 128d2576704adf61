import type { Hole } from "../../stages.ts";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";

/** A body cut out of the arm or member that a model wrote once more. */
export interface Repeated {
  readonly text: string;
  /** Names that the repeated arm's pattern binds, by their place in it. */
  readonly binders: readonly string[];
}

/** `text` is the hole's arm, pattern and all. A guard is not part of the frame, so an arm with one is none. */
export function repeatedArm(syntax: RustSyntax, hole: Hole, text: string): Repeated | undefined {
  return syntax.read(`fn f(){match x {${text}\n}}`, (root) => {
    if (root.hasError || root.namedChildCount !== 1) return undefined;
    const arms = root.descendantsOfType("match_block")[0]?.namedChildren ?? [];
    const [arm] = arms.filter((child) => !child.type.endsWith("_comment"));
    const pattern = arm?.childForFieldName("pattern");
    const value = arm?.childForFieldName("value");
    if (arms.length !== 1 || !pattern || !value || pattern.childForFieldName("condition")) return undefined;
    const inner = pattern.firstNamedChild ?? pattern;
    if (lastSegment(inner.text) !== lastSegment(hole.owner)) return undefined;
    return { text: value.text, binders: bindersOf(inner) };
  });
}

/** `text` is the hole's function, associated type or constant, signature and all. */
export function repeatedMember(syntax: RustSyntax, hole: Hole, text: string): Repeated | undefined {
  return syntax.read(`impl T for S {${text}\n}`, (root) => {
    if (root.hasError || root.namedChildCount !== 1) return undefined;
    const members = root.firstNamedChild?.childForFieldName("body")?.namedChildren ?? [];
    const [member] = members;
    if (members.length !== 1 || member?.childForFieldName("name")?.text !== hole.name) return undefined;
    const field = { function_item: "body", type_item: "type", const_item: "value" }[member.type];
    const value = field === undefined ? null : member.childForFieldName(field);
    return value === null ? undefined : { text: value.text, binders: [] };
  });
}

/** `Circle` of `Shape::Circle(_)`; for a pattern without a path the whole of it. */
function lastSegment(pattern: string): string {
  return /^[\w\s:]*?(\w+)\s*(?:[({]|$)/.exec(pattern)?.[1] ?? pattern.replace(/\s+/g, "");
}

function bindersOf(pattern: SyntaxNode): readonly string[] {
  const path = pattern.childForFieldName("type");
  return pattern.namedChildren
    .filter((child) => path === null || child.startIndex >= path.endIndex)
    .map((child) => child.childForFieldName("pattern") ?? child)
    .map((child) => child.text);
}
