import type { Skeleton, Span } from "../../stages.ts";
import { functionAround, hasModifier } from "../../syntax/function-items.ts";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";
import { namesTaken } from "./local-items.ts";
import { endOf } from "./may-not-return.ts";
import { ownCalls } from "./own-calls.ts";
import type { OwnParameter } from "./own-values.ts";

/** What functions call on what they are given: "Trait::method", "::method" for a type's own and "fn name", each with its calls. */
export type CallGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** The function a filling stands in. */
export interface Surroundings {
  readonly node: SyntaxNode;
  readonly name: string;
  /** Last segment of the impl's trait without arguments, "" where there is none. */
  readonly trait: string;
  /** Last segment of the impl's type without arguments, "" outside an impl. */
  readonly type: string;
  /** As written, "" where there is none. */
  readonly returnType: string;
  /** In order, `self` among them; without those whose name is another value's where the filling stands. */
  readonly parameters: readonly OwnParameter[];
  /** The filling is all of the function's body, not one arm of a match in it. */
  readonly isWholeBody: boolean;
  /** Called again with the same arguments, the function comes to the filling again. */
  readonly isSettled: boolean;
}

/** What the refusals need to know of the function that holds a filling. */
export function surroundingsOf(root: SyntaxNode, span: Span): Surroundings | undefined {
  const node = functionAround(root, span);
  if (node === undefined) return undefined;
  const impl = implAround(node);
  const type = baseType(impl?.childForFieldName("type")?.text ?? "");
  const body = node.childForFieldName("body");
  const inner = body === null ? "" : body.text.slice(1, -1);
  const before = body === null ? "" : inner.slice(0, span.start - body.startIndex - 1);
  const isWholeBody = body !== null && (before + inner.slice(span.end - body.startIndex - 1)).trim() === "";
  const ancestors = isWholeBody ? [] : ancestorsOf(root.descendantForIndex(span.start, span.start), node);
  const parameters = parametersOf(node, impl, type);
  const bound = new Set(ancestors.flatMap(namesBoundAt));
  return {
    node,
    name: node.childForFieldName("name")?.text ?? "",
    trait: baseType(impl?.childForFieldName("trait")?.text ?? ""),
    type,
    returnType: node.childForFieldName("return_type")?.text ?? "",
    parameters: parameters.filter(({ name }) => !bound.has(name)),
    isWholeBody,
    isSettled: isWholeBody || isSettled(ancestors, node, parameters),
  };
}

/** What the document says without a draft. */
export interface DocumentFacts {
  /** Names that an item inside a body would hide. */
  readonly names: ReadonlySet<string>;
  /** What arms of matches end in. */
  readonly ends: ReadonlySet<string>;
  readonly calls: (type: string) => CallGraph;
}

const facts = new WeakMap<Skeleton, DocumentFacts>();

/** Read once for all drafts, since a document can be large. */
export function documentFacts(syntax: RustSyntax, skeleton: Skeleton): DocumentFacts {
  const { text } = skeleton.site.document;
  const graphs = new Map<string, CallGraph>();
  const found = facts.get(skeleton) ?? {
    ...syntax.read(text, (root) => ({
      names: namesTaken(root),
      ends: new Set(
        root.descendantsOfType("match_arm").map((arm) => endOf([arm.childForFieldName("value") ?? arm])),
      ),
    })),
    calls: (type) => {
      const graph =
        graphs.get(type) ??
        syntax.read(text, (root) => callsOf(root.descendantsOfType("function_item"), type));
      graphs.set(type, graph);
      return graph;
    },
  };
  facts.set(skeleton, found);
  return found;
}

/** Of free functions and of those in impls of the type. Of what stands there twice nothing is known. */
export function callsOf(functions: readonly SyntaxNode[], type: string): CallGraph {
  const graph = new Map<string, ReadonlySet<string>>();
  for (const node of functions) {
    const body = node.childForFieldName("body");
    const impl = node.parent?.type === "declaration_list" ? implAround(node) : undefined;
    if (
      body === null ||
      (impl !== undefined && baseType(impl.childForFieldName("type")?.text ?? "") !== type)
    )
      continue;
    const name = node.childForFieldName("name")?.text ?? "";
    const trait = baseType(impl?.childForFieldName("trait")?.text ?? "");
    const key = impl === undefined ? `fn ${name}` : `${trait}::${name}`;
    graph.set(key, graph.has(key) ? new Set() : ownCalls([body], parametersOf(node, impl, type)));
  }
  return graph;
}

/** Values of the arms and bodies of the members beside a filling, those that are filled too left out. */
export function siblingBodies(root: SyntaxNode, span: Span, filled: readonly Span[]): readonly SyntaxNode[] {
  const ancestors = ancestorsOf(root.descendantForIndex(span.start, span.start), root);
  const list = ancestors.find(({ type }) => type === "match_block" || type === "declaration_list");
  return (list?.namedChildren ?? []).flatMap((child) => {
    const body = child.childForFieldName(child.type === "match_arm" ? "value" : "body");
    const isFilled = filled.some(
      ({ start, end }) => start < (body?.endIndex ?? 0) && end > (body?.startIndex ?? 0),
    );
    return body === null || isFilled ? [] : [body];
  });
}

function parametersOf(
  node: SyntaxNode,
  impl: SyntaxNode | undefined,
  ownType: string,
): readonly OwnParameter[] {
  const isReference = impl?.childForFieldName("type")?.type === "reference_type";
  const list = node.childForFieldName("parameters")?.namedChildren ?? [];
  return list.flatMap((parameter): OwnParameter[] => {
    const mayChange = /\bmut\b/.test(parameter.text);
    if (parameter.type === "self_parameter") {
      const level = parameter.text.startsWith("&") ? 1 : 0;
      return [{ name: "self", level, isOwnType: true, lowest: isReference ? level : 0, mayChange }];
    }
    const type = parameter.childForFieldName("type")?.text ?? "";
    const name = (parameter.childForFieldName("pattern")?.text ?? "").replace(/^mut /, "");
    const level = references.exec(type)?.[0].match(/&/g)?.length ?? 0;
    const isOwnType = ownType === "" || ["Self", ownType].includes(baseType(type));
    return parameter.type === "parameter" ? [{ name, level, isOwnType, lowest: 0, mayChange }] : [];
  });
}

const references = /^(?:&\s*(?:'\w+\s*)?(?:mut\s+)?)*/;

/** `S` of `&'a mut a::S<T>`. */
function baseType(type: string): string {
  return (
    type
      .replace(references, "")
      .replace(/<[\s\S]*>$/, "")
      .split("::")
      .at(-1)
      ?.trim() ?? ""
  );
}

function implAround(from: SyntaxNode): SyntaxNode | undefined {
  for (let node: SyntaxNode | null = from; node !== null; node = node.parent)
    if (node.type === "impl_item") return node;
  return undefined;
}

/** From the inside out, the function itself left out. */
function ancestorsOf(from: SyntaxNode | null, around: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let node = from; node !== null && node.id !== around.id; node = node.parent) found.push(node);
  return found;
}

/** Names that patterns and `let` give to something else between the function's head and the filling. */
function namesBoundAt(node: SyntaxNode): readonly string[] {
  const fields = ["pattern", "condition", ...(node.type === "closure_expression" ? ["parameters"] : [])];
  const patterns = fields.map((field) => node.childForFieldName(field));
  for (let before = node.previousNamedSibling; before !== null; before = before.previousNamedSibling)
    if (before.type === "let_declaration") patterns.push(before.childForFieldName("pattern"));
  return patterns.flatMap((pattern) => pattern?.text.match(/\b[a-z_]\w*\b/g) ?? []);
}

/** What the function is asked decides which arm runs, and nothing before the match changes it. */
function isSettled(
  ancestors: readonly SyntaxNode[],
  around: SyntaxNode,
  parameters: readonly OwnParameter[],
): boolean {
  if (ancestors.some(({ type }) => separate.test(type))) return false;
  const matches = ancestors.filter(({ type }) => type === "match_expression");
  const isPlace = (match: SyntaxNode) =>
    /^[\s&*()]*(?:mut )?[\w.]+[\s)]*$/.test(match.childForFieldName("value")?.text ?? "()");
  const first = around
    .childForFieldName("body")
    ?.namedChildren.find(({ type }) => !type.endsWith("_comment"));
  const isFirst = first !== undefined && first.startIndex === matches.at(-1)?.startIndex;
  return matches.every(isPlace) && (isFirst || !parameters.some(({ mayChange }) => mayChange));
}

const separate = /^(?:closure_expression|async_block|(?:loop|while|for)_expression)$/;

/** The code around is unsafe itself, by its own word or as the bodies beside it are. */
export function isUnsafeAround(root: SyntaxNode, span: Span): boolean {
  const around = functionAround(root, span);
  const ancestors =
    around === undefined ? [] : ancestorsOf(root.descendantForIndex(span.start, span.start), around);
  // A block that begins where the filling does is the filling's own.
  const isAroundAndUnsafe = ({ type, startIndex }: SyntaxNode) =>
    type === "unsafe_block" && startIndex < span.start;
  return (around !== undefined && hasModifier(around, "unsafe")) || ancestors.some(isAroundAndUnsafe);
}
