import type { Span } from "../stages.ts";
import { bracketsClose, lexRust, type Token } from "./lex.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";

/** A document with holes at known places. */
export interface HoledText {
  readonly text: string;
  readonly holes: readonly HolePlace[];
}

export interface HolePlace {
  readonly id: string;
  readonly kind: "body" | "type" | "constant" | "binder" | "written";
  readonly span: Span;
  /** Its text is foreign and to be contained; the others stand as they were. */
  readonly isFilled: boolean;
}

export interface Escape {
  readonly hole: string;
  readonly reason: "leaves-its-hole" | "does-not-parse";
  readonly message: string;
}

/**
 * Whether every filled hole holds just one expression, block (or the statements of a function's own block),
 * type or name, and nothing around the holes reads otherwise than in `before`. Judged twice, by tokens and by the
 * syntax tree: what one of them misreads the other must misread in the same way to get through.
 */
export function findEscape(syntax: RustSyntax, before: HoledText, after: HoledText): Escape | undefined {
  const filled = after.holes.filter(({ isFilled }) => isFilled);
  for (const hole of filled) {
    const escape = escapeByTokens(hole, after.text.slice(hole.span.start, hole.span.end));
    if (escape !== undefined) return escape;
  }
  const [first] = filled;
  if (first === undefined) return undefined;
  const expected = outlineOfFrame(syntax, before);
  return syntax.read(after.text, (root) => {
    for (const hole of filled) {
      const escape = escapeByTree(root, hole, after.text);
      if (escape !== undefined) return escape;
    }
    if (outlineOf(root, after.holes) === expected) return undefined;
    return leaves(first, "the code around the hole reads otherwise with this text in it");
  });
}

/** Kept, since every draft of a skeleton is compared with the same frame. */
const outlines = new WeakMap<HoledText, string>();

function outlineOfFrame(syntax: RustSyntax, before: HoledText): string {
  const known = outlines.get(before);
  if (known !== undefined) return known;
  const outline = syntax.read(before.text, (root) => outlineOf(root, before.holes));
  outlines.set(before, outline);
  return outline;
}

/** The text of a hole without comments and white space at its ends. */
export function tokenSpan(tokens: readonly Token[], start: number): Span | undefined {
  const solid = tokens.filter(isSolid);
  const [first] = solid;
  const last = solid.at(-1);
  return first === undefined || last === undefined
    ? undefined
    : { start: start + first.start, end: start + last.end };
}

/** The nodes that fill a hole: one expression or type, or the statements of a block that holds nothing else. */
export function nodesIn(root: SyntaxNode, span: Span): readonly SyntaxNode[] {
  const smallest = root.descendantForIndex(span.start, Math.max(span.start, span.end - 1));
  for (let node = smallest; node !== null && node.startIndex >= span.start; node = node.parent) {
    if (node.startIndex === span.start && node.endIndex === span.end && node.isNamed) return [node];
  }
  if (smallest?.type !== "block") return [];
  const inside = smallest.namedChildren.flatMap((child) => (child === null ? [] : [child]));
  const isWithin = (node: SyntaxNode) => node.startIndex >= span.start && node.endIndex <= span.end;
  const solid = inside.filter(({ isExtra }) => !isExtra);
  return solid.every(isWithin) ? solid : [];
}

function escapeByTokens(hole: HolePlace, text: string): Escape | undefined {
  const tokens = lexRust(text);
  if (tokens === undefined) return leaves(hole, "a literal or comment in it does not end");
  if (!bracketsClose(tokens)) return leaves(hole, "its brackets do not close");
  if (tokens.at(-1)?.kind === "line-comment") return leaves(hole, "it ends in a line comment");
  if (!tokens.some(isSolid)) return fails(hole, "there is no code in it");
  const isName = /^(?:_|(?:\w+: )?(?:ref )?(?:mut )?(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*)$/u;
  if (hole.kind === "binder" && !isName.test(text)) return leaves(hole, "a binder is one name");
  return undefined;
}

function escapeByTree(root: SyntaxNode, hole: HolePlace, text: string): Escape | undefined {
  if (hole.kind === "binder") return undefined;
  const span = tokenSpan(lexRust(text.slice(hole.span.start, hole.span.end)) ?? [], hole.span.start);
  const nodes = span === undefined ? [] : nodesIn(root, span);
  const [first] = nodes;
  if (first === undefined) return leaves(hole, "it is not one expression, block or type");
  if (nodes.some((node) => node.hasError || node.isMissing)) return fails(hole, "it does not parse");
  if (nodes.length > 1 && hole.kind !== "body") return leaves(hole, "it is more than one expression or type");
  return undefined;
}

/** Types and places of all nodes around the holes, places counted as if each hole were empty. */
function outlineOf(root: SyntaxNode, holes: readonly HolePlace[]): string {
  const lines: string[] = [];
  const first = Math.min(...holes.map(({ span }) => span.start));
  const last = Math.max(...holes.map(({ span }) => span.end));
  const place = (offset: number) => {
    const inside = holes.find(({ span }) => offset > span.start && offset < span.end);
    if (inside !== undefined) return `in ${inside.id}`;
    return String(
      holes.reduce((sum, { span }) => (span.end <= offset ? sum - (span.end - span.start) : sum), offset),
    );
  };
  const visit = (node: SyntaxNode, depth: number) => {
    const isInHole = holes.some(({ span }) => node.startIndex >= span.start && node.endIndex <= span.end);
    if (isInHole && node.endIndex > node.startIndex) return;
    lines.push(`${depth} ${node.type} ${place(node.startIndex)} ${place(node.endIndex)}`);
    if (node.endIndex < first || node.startIndex > last) return;
    for (const child of node.children) if (child !== null) visit(child, depth + 1);
  };
  visit(root, 0);
  return lines.join("\n");
}

function isSolid({ kind }: Token): boolean {
  return kind !== "line-comment" && kind !== "block-comment";
}

function leaves({ id }: HolePlace, message: string): Escape {
  return { hole: id, reason: "leaves-its-hole", message };
}

function fails({ id }: HolePlace, message: string): Escape {
  return { hole: id, reason: "does-not-parse", message };
}
