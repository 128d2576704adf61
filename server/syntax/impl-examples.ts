import type { ImplExample, MethodExample, Parameter } from "../stages.ts";
import { isOpenBody } from "./open-bodies.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";

/** An `impl_item` with what it holds, open methods left out; `undefined` for negative and half-written ones. */
export function readImpl(node: SyntaxNode, path: string, firstLine: number): ImplExample | undefined {
  const type = node.childForFieldName("type");
  if (type === null || node.children.some((child) => child.type === "!")) return undefined;
  const trait = node.childForFieldName("trait");
  const members = namedChildrenOf(node.childForFieldName("body"));
  return {
    path,
    line: node.startPosition.row + firstLine,
    trait: trait === null ? "" : lastSegment(trait),
    type: type.text,
    methods: members.filter(isWrittenMethod).map(readMethod),
    types: members
      .filter((member) => member.type === "type_item")
      .map((member) => ({ name: fieldText(member, "name"), value: fieldText(member, "type") })),
    constants: members
      .filter((member) => member.type === "const_item" && member.childForFieldName("value") !== null)
      .map((member) => ({
        name: fieldText(member, "name"),
        type: fieldText(member, "type"),
        value: fieldText(member, "value"),
      })),
  };
}

/** Name, parameters and result of a signature as text (`fn area(&self) -> f64`). */
export function readSignature(syntax: RustSyntax, signature: string): MethodExample | undefined {
  return syntax.read(`impl T for U{${signature}{}}`, (root) => {
    if (root.hasError) return undefined;
    const method = root.descendantsOfType("function_item")[0];
    return method === undefined ? undefined : readMethod(method);
  });
}

function isWrittenMethod(member: SyntaxNode): boolean {
  if (member.type !== "function_item") return false;
  const body = member.childForFieldName("body");
  return body !== null && !isOpenBody(body);
}

function readMethod(method: SyntaxNode): MethodExample {
  const body = method.childForFieldName("body");
  const end = body === null ? undefined : body.startIndex - method.startIndex;
  return {
    name: fieldText(method, "name"),
    signature: method.text.slice(0, end).trimEnd(),
    parameters: namedChildrenOf(method.childForFieldName("parameters")).flatMap(readParameter),
    returnType: fieldText(method, "return_type"),
    body: body?.text ?? "",
  };
}

function readParameter(node: SyntaxNode): Parameter[] {
  if (node.type === "self_parameter") return [{ name: "self", type: node.text }];
  if (node.type !== "parameter") return [];
  const pattern = node.childForFieldName("pattern");
  return [{ name: pattern?.text ?? "_", type: fieldText(node, "type") }];
}

/** The trait's last segment with its generic arguments: `Display` of `fmt::Display`, `From<A>` of `a::From<A>`. */
function lastSegment(trait: SyntaxNode): string {
  if (trait.type === "generic_type") {
    const type = trait.childForFieldName("type");
    return `${type === null ? "" : lastSegment(type)}${fieldText(trait, "type_arguments")}`;
  }
  return trait.childForFieldName("name")?.text ?? trait.text;
}

function fieldText(node: SyntaxNode, field: string): string {
  return node.childForFieldName(field)?.text ?? "";
}

function namedChildrenOf(node: SyntaxNode | null): SyntaxNode[] {
  return node === null ? [] : node.namedChildren;
}
