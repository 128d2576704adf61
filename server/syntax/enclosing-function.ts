import type { EnclosingFunction, Parameter } from "../stages.ts";
import type { SyntaxNode } from "./parse.ts";

/** The innermost function around the offset, with the impl it stands in. */
export function enclosingFunction(root: SyntaxNode, offset: number): EnclosingFunction | undefined {
  for (let node = root.descendantForIndex(offset, offset); node !== null; node = node.parent) {
    if (node.type === "function_item") return describe(node);
  }
  return undefined;
}

function describe(node: SyntaxNode): EnclosingFunction {
  const body = node.childForFieldName("body");
  return {
    name: node.childForFieldName("name")?.text ?? "",
    signature: node.text.slice(0, (body?.startIndex ?? node.endIndex) - node.startIndex).trim(),
    parameters: parametersOf(node),
    returnType: node.childForFieldName("return_type")?.text ?? "",
    impl: implAround(node),
  };
}

/** `self` is among them, its name "self" and its type as written ("&mut self"). */
export function parametersOf(functionNode: SyntaxNode): readonly Parameter[] {
  const list = functionNode.childForFieldName("parameters")?.namedChildren ?? [];
  return list.flatMap((parameter) => {
    if (parameter?.type === "self_parameter") return [{ name: "self", type: parameter.text }];
    if (parameter?.type !== "parameter") return [];
    return [
      {
        name: parameter.childForFieldName("pattern")?.text ?? "",
        type: parameter.childForFieldName("type")?.text ?? "",
      },
    ];
  });
}

function implAround(node: SyntaxNode): EnclosingFunction["impl"] {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === "function_item") return undefined;
    if (parent.type !== "impl_item") continue;
    return {
      trait: parent.childForFieldName("trait")?.text ?? "",
      type: parent.childForFieldName("type")?.text ?? "",
    };
  }
  return undefined;
}
