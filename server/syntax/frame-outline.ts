import type { Span } from "../stages.ts";
import type { SyntaxNode } from "./parse.ts";

/** What a text with holes says outside of them, so that two fillings can be compared. */
export interface FrameOutline {
  /** Types and places of all nodes around the holes, places counted as if each hole were empty. */
  readonly nodes: string;
  /** Places where something is unreadable or missing, in the holes too. */
  readonly errors: readonly number[];
}

export function outlineOf(
  root: SyntaxNode,
  holes: readonly { readonly id: string; readonly span: Span }[],
): FrameOutline {
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
    for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return { nodes: lines.join("\n"), errors: errorsIn(root) };
}

/** A list instead of a function that calls itself: what cannot be read can nest without end. */
function errorsIn(root: SyntaxNode): readonly number[] {
  const errors: number[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.isError || node.isMissing) errors.push(node.startIndex);
    if (node.hasError) open.push(...node.children.filter((child) => child.hasError || child.isMissing));
  }
  return errors.sort((one, other) => one - other);
}
