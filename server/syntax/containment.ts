import type { Span } from "../stages.ts";
import { type FrameOutline, outlineOf } from "./frame-outline.ts";
import { isCode, lexRust, type Token } from "./lex.ts";
import { readOpened } from "./macro-arguments.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";
import { misreadable } from "./misreadable.ts";

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
    const escape = escapeByTokens(hole, after.text);
    if (escape !== undefined) return escape;
  }
  const [first] = filled;
  if (first === undefined) return undefined;
  const expected = frameOf(syntax, before);
  return readOpened(syntax, after.text, firstPlace(after), (root) => {
    for (const hole of filled) {
      const escape = escapeByTree(root, hole, after.text);
      if (escape !== undefined) return escape;
    }
    const frame = outlineOf(root, after.holes);
    if (frame.errors.length > expected.errors.length)
      return fails(holeOf(frame, filled) ?? first, unreadable);
    if (frame.nodes === expected.nodes) return undefined;
    return leaves(first, "the code around the hole reads otherwise with this text in it");
  });
}

/** Kept, since every draft of a skeleton is compared with the same frame. */
const frames = new WeakMap<HoledText, FrameOutline>();

function frameOf(syntax: RustSyntax, before: HoledText): FrameOutline {
  const known = frames.get(before);
  if (known !== undefined) return known;
  const frame = readOpened(syntax, before.text, firstPlace(before), (root) => outlineOf(root, before.holes));
  frames.set(before, frame);
  return frame;
}

function firstPlace({ holes }: HoledText): Span {
  const start = Math.min(...holes.map(({ span }) => span.start));
  return { start, end: start };
}

/** The hole that the first error is in, or right behind. */
function holeOf({ errors }: FrameOutline, holes: readonly HolePlace[]): HolePlace | undefined {
  return holes.find(({ span }) => errors.some((error) => error >= span.start && error <= span.end));
}

/** The text of a hole without comments and white space at its ends. */
export function tokenSpan(tokens: readonly Token[], start: number): Span | undefined {
  const solid = tokens.filter(isCode);
  const [first] = solid;
  const last = solid.at(-1);
  return first === undefined || last === undefined
    ? undefined
    : { start: start + first.start, end: start + last.end };
}

/** The nodes that fill a hole: one expression or type, or the statements of a block that holds nothing else. */
export function nodesIn(root: SyntaxNode, span: Span): readonly SyntaxNode[] {
  const smallest = root.descendantForIndex(span.start, Math.max(span.start, span.end - 1));
  let whole: SyntaxNode | undefined;
  for (let node = smallest; node !== null && node.startIndex >= span.start; node = node.parent) {
    if (node.startIndex === span.start && node.endIndex === span.end && node.isNamed) whole = node;
  }
  if (whole !== undefined) return [whole];
  if (smallest?.type !== "block") return [];
  const inside = smallest.namedChildren.flatMap((child) => (child === null ? [] : [child]));
  const isWithin = (node: SyntaxNode) => node.startIndex >= span.start && node.endIndex <= span.end;
  const solid = inside.filter(({ type }) => !type.endsWith("_comment"));
  return solid.every(isWithin) ? solid : [];
}

function escapeByTokens(hole: HolePlace, document: string): Escape | undefined {
  const text = document.slice(hole.span.start, hole.span.end);
  const reason = misreadable(text, hole.kind);
  if (reason !== undefined) return leaves(hole, reason);
  const tokens = lexRust(text) ?? [];
  const isLineOver = /^[ \t]*\r?\n/.test(document.slice(hole.span.end, hole.span.end + 200));
  if (tokens.at(-1)?.kind === "line-comment" && !isLineOver) return leaves(hole, "it ends in a line comment");
  if (!tokens.some(isCode)) return fails(hole, "there is no code in it");
  const isName = /^(?:_|(?:(?:r#)?\w+: )?(?:&|ref )?(?:mut )?(?:r#)?[\p{XID_Start}_][\p{XID_Continue}]*)$/u;
  if (hole.kind === "binder" && !isName.test(text)) return leaves(hole, "a binder is one name");
  return undefined;
}

function escapeByTree(root: SyntaxNode, hole: HolePlace, text: string): Escape | undefined {
  if (hole.kind === "binder") return undefined;
  const span = tokenSpan(lexRust(text.slice(hole.span.start, hole.span.end)) ?? [], hole.span.start);
  const nodes = span === undefined ? [] : nodesIn(root, span);
  const [first] = nodes;
  if (first === undefined) return leaves(hole, "it is not one expression, block or type");
  if (nodes.some((node) => node.hasError || node.isError || node.isMissing)) return fails(hole, unreadable);
  if (isDeep(nodes)) return fails(hole, tooDeep);
  if (nodes.length > 1 && hole.kind !== "body") return leaves(hole, "it is more than one expression or type");
  return undefined;
}

/** By a cursor, since what calls itself for each level is what this is to protect. */
function isDeep(nodes: readonly SyntaxNode[]): boolean {
  return nodes.some((node) => {
    const cursor = node.walk();
    try {
      for (;;) {
        if (cursor.currentDepth > maximumDepth) return true;
        if (cursor.gotoFirstChild() || cursor.gotoNextSibling()) continue;
        do if (!cursor.gotoParent()) return false;
        while (!cursor.gotoNextSibling());
      }
    } finally {
      cursor.delete();
    }
  });
}

/** Levels of the syntax tree. A call in a chain of methods is two; the deepest of 36,000 bodies of published crates has 66. */
const maximumDepth = 400;
const unreadable = "it does not parse";
const tooDeep = "it nests too deep to be read";

function leaves({ id }: HolePlace, message: string): Escape {
  return { hole: id, reason: "leaves-its-hole", message };
}

function fails({ id }: HolePlace, message: string): Escape {
  return { hole: id, reason: "does-not-parse", message };
}
