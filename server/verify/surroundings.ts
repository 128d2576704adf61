import type { Span } from "../stages.ts";
import { enclosingFunction } from "../syntax/enclosing-function.ts";
import { functionAround } from "../syntax/function-items.ts";
import type { SyntaxNode } from "../syntax/parse.ts";
import type { Surroundings } from "./refuse-delegation.ts";

/** What the refusals need to know of the function that holds a filling. */
export function surroundingsOf(root: SyntaxNode, span: Span): Surroundings | undefined {
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
    others: type === "" ? new Map() : otherBodies(root, type, node),
  };
}

/** Bodies of the trait methods of this type, "Trait::method" -> text. */
function otherBodies(root: SyntaxNode, type: string, except: SyntaxNode): ReadonlyMap<string, string> {
  const bodies = new Map<string, string>();
  for (const impl of root.descendantsOfType("impl_item")) {
    const trait = impl?.childForFieldName("trait");
    if (impl == null || trait == null) continue;
    if (lastSegment(impl.childForFieldName("type")?.text ?? "") !== type) continue;
    for (const method of impl.childForFieldName("body")?.namedChildren ?? []) {
      if (method?.type !== "function_item" || method.id === except.id) continue;
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
