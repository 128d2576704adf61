import type { Span } from "../stages.ts";
import { enclosingFunction } from "../syntax/enclosing-function.ts";
import { functionAround } from "../syntax/function-items.ts";
import type { SyntaxNode } from "../syntax/parse.ts";
import type { Surroundings } from "./refuse-delegation.ts";

/** Bodies of trait methods, "Trait::method" -> text. */
export type MethodBodies = ReadonlyMap<string, string>;

/** What the refusals need to know of the function that holds a filling; `outside` is what stands beyond `root`. */
export function surroundingsOf(
  root: SyntaxNode,
  span: Span,
  outside: MethodBodies,
): Surroundings | undefined {
  const node = functionAround(root, span);
  const found = enclosingFunction(root, span.start);
  if (node === undefined || found === undefined) return undefined;
  const body = node.childForFieldName("body");
  const inner = body === null ? "" : body.text.slice(1, -1);
  const before = body === null ? "" : inner.slice(0, span.start - body.startIndex - 1);
  const after = body === null ? "" : inner.slice(span.end - body.startIndex - 1);
  const type = lastSegment(found.impl?.type ?? "");
  return {
    name: found.name,
    trait: lastSegment(found.impl?.trait ?? ""),
    type,
    parameters: found.parameters.map(({ name }) => name.replace(/^mut /, "")),
    isWholeBody: before.trim() === "" && after.trim() === "",
    others:
      type === "" ? new Map() : new Map([...outside, ...methodBodies(root, type, (at) => at.id !== node.id)]),
  };
}

/** Trait methods of the type whose impl holds the span, in impls that do not touch `except`. */
export function bodiesOfSameType(root: SyntaxNode, span: Span, except: Span): MethodBodies {
  const type = lastSegment(implAround(root, span)?.childForFieldName("type")?.text ?? "");
  const isOutside = (node: SyntaxNode) => node.endIndex <= except.start || node.startIndex >= except.end;
  return type === "" ? new Map() : methodBodies(root, type, isOutside);
}

function implAround(root: SyntaxNode, span: Span): SyntaxNode | undefined {
  const smallest = root.descendantForIndex(span.start, Math.max(span.start, span.end - 1));
  for (let node = smallest; node !== null; node = node.parent) if (node.type === "impl_item") return node;
  return undefined;
}

function methodBodies(
  root: SyntaxNode,
  type: string,
  isWanted: (method: SyntaxNode) => boolean,
): MethodBodies {
  const bodies = new Map<string, string>();
  for (const impl of root.descendantsOfType("impl_item")) {
    const trait = impl?.childForFieldName("trait");
    if (impl == null || trait == null) continue;
    if (lastSegment(impl.childForFieldName("type")?.text ?? "") !== type) continue;
    for (const method of impl.childForFieldName("body")?.namedChildren ?? []) {
      if (method?.type !== "function_item" || !isWanted(method)) continue;
      const name = method.childForFieldName("name")?.text ?? "";
      bodies.set(`${lastSegment(trait.text)}::${name}`, method.childForFieldName("body")?.text ?? "");
    }
  }
  return bodies;
}

function lastSegment(path: string): string {
  return (
    path
      .replace(/<[\s\S]*>$/, "")
      .split("::")
      .at(-1)
      ?.trim() ?? ""
  );
}
