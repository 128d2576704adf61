import type { Span } from "../stages.ts";
import { attributesOf, type Attribute } from "./attributes.ts";
import { hasModifier, returnsImpl, smallestAround } from "./function-items.ts";
import { type CopyableImpl, readImpl } from "./copyable-impl.ts";
import { lexRust } from "./lex.ts";
import type { SyntaxNode } from "./parse.ts";

/** Code that may stand once more at the end of its module, under other names, and means the same to rustc there. */
export interface CopyableCode {
  /** Where copies go. At the end of a module they move no other code: rustc's incremental cache holds (measured). */
  readonly at: number;
  /** A method with a body in a trait's definition: its copy is one more of them. Else copies are items of their own. */
  readonly isProvided: boolean;
  /** The attributes that decide whether and how strictly it is compiled, each as written, outermost first. */
  readonly attributes: readonly string[];
  readonly members: readonly CopyableMember[];
  /** The impl whose members these are; a copy of them is the impl of a trait of its own. */
  readonly impl: CopyableImpl | undefined;
  /** Its type shows what its body is: a call of itself would see that of the other copy. */
  readonly isOpaque: boolean;
}

export interface CopyableMember {
  readonly kind: "function" | "constant";
  /** From its first keyword to its end: without attributes and visibility. */
  readonly span: Span;
  readonly name: Span;
  /** Its own attributes of the same sort. */
  readonly attributes: readonly string[];
  /** Text before and after the name in a declaration without a body. */
  readonly declaration: { readonly before: string; readonly after: string };
}

/**
 * The function or constant around the match at `span`, or the members of the impl at `span` that hold one of
 * `places`. Undefined where copies would not be judged as the code itself is.
 */
export function copyableCode(
  root: SyntaxNode,
  span: Span,
  kind: "match" | "impl",
  places: readonly Span[],
): CopyableCode | undefined {
  const owner = ownerOf(root, span, kind);
  if (owner === undefined) return undefined;
  const nodes = kind === "match" ? [owner] : membersWith(owner, places);
  const implNode = kind === "impl" ? owner : implOf(owner);
  const members = nodes?.map((node) => memberOf(node, implNode !== undefined));
  if (members === undefined || members.length === 0) return undefined;
  const item = implNode ?? owner;
  const place = placeFor(item);
  const impl = implNode === undefined ? undefined : readImpl(implNode);
  const attributes = implNode === undefined ? [] : compilingAttributes(implNode);
  if (place === undefined || attributes === undefined || impl === "unclear") return undefined;
  const known = members.filter((member) => member !== undefined);
  if (known.length < members.length || !isAllKnownAbove(item)) return undefined;
  const isOpaque = nodes?.some(returnsImpl) ?? false;
  if (isOpaque && nodes?.some(namesItself) === true) return undefined;
  // In a trait it would capture more lifetimes than in an impl of the type's own.
  if (isOpaque && impl?.trait === "") return undefined;
  return { ...place, attributes, members: known, impl, isOpaque };
}

function ownerOf(root: SyntaxNode, span: Span, kind: "match" | "impl"): SyntaxNode | undefined {
  const wanted = kind === "match" ? ["function_item", "const_item"] : ["impl_item"];
  for (let node = smallestAround(root, span); node !== null; node = node.parent) {
    if (wanted.includes(node.type)) return node.hasError ? undefined : node;
    if (node.type === "static_item") return undefined;
  }
  return undefined;
}

/** Functions and constants that hold a place; undefined where a place stands in another kind of member. */
function membersWith(impl: SyntaxNode, places: readonly Span[]): readonly SyntaxNode[] | undefined {
  const members = impl.childForFieldName("body")?.namedChildren ?? [];
  const holds = (node: SyntaxNode, place: Span) =>
    node.startIndex <= place.start && place.end <= node.endIndex;
  const found = members.filter((node) => node !== null && places.some((place) => holds(node, place)));
  return found.flatMap((node) => (node === null || node.type === "type_item" ? [] : [node]));
}

/** The impl a member stands in. One of a trait's own definition has none: its copy stands beside it. */
function implOf(member: SyntaxNode): SyntaxNode | undefined {
  const around = member.parent?.parent;
  return around?.type === "impl_item" && member.parent?.type === "declaration_list" ? around : undefined;
}

/** The end of the innermost module; in a block, or in a trait, the end of the item itself. */
function placeFor(item: SyntaxNode): Pick<CopyableCode, "at" | "isProvided"> | undefined {
  const list = item.parent;
  if (list?.type === "source_file") return { at: list.endIndex, isProvided: false };
  if (list?.type === "block") return { at: item.endIndex, isProvided: false };
  if (list?.type !== "declaration_list") return undefined;
  if (list.parent?.type === "mod_item") return { at: list.endIndex - 1, isProvided: false };
  const isProvided = list.parent?.type === "trait_item" && item.type === "function_item";
  return isProvided ? { at: item.endIndex, isProvided } : undefined;
}

function memberOf(node: SyntaxNode, isInImpl: boolean): CopyableMember | undefined {
  const name = node.childForFieldName("name");
  const attributes = compilingAttributes(node);
  const declaration = node.type === "const_item" ? constantHead(node) : functionHead(node);
  if (name === null || attributes === undefined || declaration === undefined) return undefined;
  if (node.type === "function_item" && !isCopyableFunction(node, isInImpl)) return undefined;
  const visibility = node.namedChildren.find((child) => child?.type === "visibility_modifier");
  return {
    kind: node.type === "const_item" ? "constant" : "function",
    span: { start: visibility?.nextSibling?.startIndex ?? node.startIndex, end: node.endIndex },
    name: { start: name.startIndex, end: name.endIndex },
    attributes,
    declaration,
  };
}

function isCopyableFunction(node: SyntaxNode, isInImpl: boolean): boolean {
  if (hasModifier(node, "unsafe") || hasModifier(node, "extern")) return false;
  // No trait can hold a constant function.
  if (isInImpl && hasModifier(node, "const")) return false;
  return node.descendantsOfType(["impl_item", "foreign_mod_item"]).length === 0;
}

function functionHead(node: SyntaxNode): CopyableMember["declaration"] | undefined {
  const [name, parameters, body] = ["name", "parameters", "body"].map((field) =>
    node.childForFieldName(field),
  );
  if (name == null || parameters == null || body == null) return undefined;
  const types = parameters.namedChildren.filter((node) => node?.isExtra === false).map(parameterType);
  if (types.some((type) => type === undefined)) return undefined;
  const cut = (start: number, end: number) => node.text.slice(start - node.startIndex, end - node.startIndex);
  const generics = cut(name.endIndex, parameters.startIndex);
  return {
    before: `${node.namedChildren.some(isModifiers) ? "async " : ""}fn `,
    after: `${generics}(${types.join(", ")})${cut(parameters.endIndex, body.startIndex).trimEnd()};`,
  };
}

/** Its name stands in its text once more. */
function namesItself(node: SyntaxNode): boolean {
  const name = node.childForFieldName("name")?.text ?? "";
  return (lexRust(node.text) ?? []).filter(({ text }) => text === name).length > 1;
}

function isModifiers(node: SyntaxNode | null): boolean {
  return node?.type === "function_modifiers" && /\basync\b/.test(node.text);
}

/** Patterns are not allowed where there is no body. */
function parameterType(node: SyntaxNode | null): string | undefined {
  if (node?.type === "self_parameter") return node.text.replace(/^mut\s+/, "");
  const type = node?.type === "parameter" ? node.childForFieldName("type") : undefined;
  if (type == null) return undefined;
  const isSelf = /^(?:mut\s+)?self$/.test(node?.childForFieldName("pattern")?.text ?? "");
  return `${isSelf ? "self" : "_"}: ${type.text}`;
}

function constantHead(node: SyntaxNode): CopyableMember["declaration"] | undefined {
  const type = node.childForFieldName("type");
  return type === null ? undefined : { before: "const ", after: `: ${type.text};` };
}

/** What stands around the item: a macro could treat copies in it otherwise, a foreign block cannot hold them. */
function isAllKnownAbove(item: SyntaxNode): boolean {
  for (let outer = item.parent; outer !== null; outer = outer.parent) {
    if (["foreign_mod_item", "macro_invocation", "ERROR", "const_item", "static_item"].includes(outer.type))
      return false;
    if (compilingAttributes(outer) === undefined) return false;
  }
  return true;
}

/** Attributes of an item that matter for a copy, as it must carry them; undefined where one is not known. */
function compilingAttributes(node: SyntaxNode): readonly string[] | undefined {
  const attributes = attributesOf(node).filter(({ names }) => !names.every((name) => passive.has(name)));
  if (!attributes.every(({ names }) => names.every((name) => carried.has(name)))) return undefined;
  return attributes.map(asCarried);
}

/** A test is compiled in tests only, which its copy shows otherwise; an expectation is met at its own place only. */
function asCarried({ text, names }: Attribute): string {
  if (names.includes("test")) return "#[cfg(test)]";
  return names.includes("expect") ? text.replaceAll(/\bexpect\b/g, "allow") : text;
}

const carried = new Set(["cfg", "test", "allow", "warn", "deny", "expect", "forbid"]);
const passive = new Set([
  ...["doc", "inline", "must_use", "cold", "track_caller", "deprecated", "ignore", "should_panic"],
  ...["path", "macro_use", "automatically_derived", "rustfmt::skip"],
]);
