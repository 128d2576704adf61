import type { Skeleton, Span } from "../../stages.ts";
import { functionAround, hasModifier } from "../../syntax/function-items.ts";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";
import type { OwnParameter } from "./own-values.ts";
import { alwaysCalls } from "./self-calls.ts";

/**
 * What functions of one type always call on a value of it: "Trait::method", "::method" for the type's own and
 * "fn name" for free functions that take one, each with its calls. Of what stands there twice nothing is known.
 */
export type CallGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** The function a filling stands in. */
export interface Surroundings {
  readonly name: string;
  /** Last segment of the impl's trait without arguments, "" where there is none. */
  readonly trait: string;
  /** Last segment of the impl's type without arguments, "" outside an impl. */
  readonly type: string;
  /** As written, "" where there is none. */
  readonly returnType: string;
  /** In order, `self` among them; without those whose name is another value's where the filling stands. */
  readonly parameters: readonly OwnParameter[];
  /** Unsafe operations are allowed where it stands. */
  readonly isUnsafe: boolean;
  /** The filling is all of the function's body, not one arm of a match in it. */
  readonly isWholeBody: boolean;
  /** Called again with the same arguments, the function comes to the filling again. */
  readonly isSettled: boolean;
  /** Of the functions of the same type in this file. Read when asked, since a file can be large. */
  readonly others: () => CallGraph;
}

/**
 * What the refusals need to know of the function that holds a filling. `known`: the calls of all functions of its type
 * before the draft; `filled`: places of the draft's fillings, whose functions are read anew.
 */
export function surroundingsOf(
  root: SyntaxNode,
  span: Span,
  known: () => CallGraph,
  filled: readonly Span[],
): Surroundings | undefined {
  const node = functionAround(root, span);
  if (node === undefined) return undefined;
  const impl = implAround(node);
  const type = baseType(impl?.childForFieldName("type")?.text ?? "");
  const body = node.childForFieldName("body");
  const inner = body === null ? "" : body.text.slice(1, -1);
  const before = body === null ? "" : inner.slice(0, span.start - body.startIndex - 1);
  const after = body === null ? "" : inner.slice(span.end - body.startIndex - 1);
  const isWholeBody = before.trim() === "" && after.trim() === "";
  const shadowed = isWholeBody ? new Set<string>() : namesBoundAround(root, span, node);
  return {
    name: node.childForFieldName("name")?.text ?? "",
    trait: baseType(impl?.childForFieldName("trait")?.text ?? ""),
    type,
    returnType: node.childForFieldName("return_type")?.text ?? "",
    parameters: parametersOf(node, impl, type).filter(({ name }) => !shadowed.has(name)),
    isUnsafe: isUnsafe(root, span, node),
    isWholeBody,
    isSettled: isWholeBody || isSettled(root, span, node),
    others: () => new Map([...known(), ...callsOf(functionsAround(root, filled), type)]),
  };
}

function functionsAround(root: SyntaxNode, spans: readonly Span[]): readonly SyntaxNode[] {
  const found = new Map<number, SyntaxNode>();
  for (const node of spans.map((span) => functionAround(root, span)))
    if (node !== undefined) found.set(node.id, node);
  return [...found.values()];
}

/** The last segment of the type whose impl holds the offset, "" outside of one. */
function typeAround(root: SyntaxNode, offset: number): string {
  const node = root.descendantForIndex(offset, offset);
  return node === null ? "" : baseType(implAround(node)?.childForFieldName("type")?.text ?? "");
}

function implAround(from: SyntaxNode): SyntaxNode | undefined {
  for (let node: SyntaxNode | null = from; node !== null; node = node.parent) {
    if (node.type === "impl_item") return node;
  }
  return undefined;
}

const graphs = new WeakMap<Skeleton, CallGraph>();

/** What functions of the document call on a value of the type that the site's impl is for. Read once. */
export function callsInDocument(syntax: RustSyntax, skeleton: Skeleton): CallGraph {
  const { document, keyword } = skeleton.site;
  const graph =
    graphs.get(skeleton) ??
    syntax.read(document.text, (root) =>
      callsOf(root.descendantsOfType("function_item"), typeAround(root, keyword)),
    );
  graphs.set(skeleton, graph);
  return graph;
}

function callsOf(functions: readonly SyntaxNode[], type: string): CallGraph {
  const graph = new Map<string, ReadonlySet<string>>();
  for (const node of type === "" ? [] : functions) {
    const body = node.childForFieldName("body");
    if (body === null) continue;
    const impl = node.parent?.type === "declaration_list" ? implAround(node) : undefined;
    if (impl !== undefined && baseType(impl.childForFieldName("type")?.text ?? "") !== type) continue;
    const parameters = parametersOf(node, impl, type);
    if (!parameters.some(({ isOwnType }) => isOwnType)) continue;
    const name = node.childForFieldName("name")?.text ?? "";
    const trait = impl?.childForFieldName("trait");
    const key = impl === undefined ? `fn ${name}` : `${trait == null ? "" : baseType(trait.text)}::${name}`;
    graph.set(key, graph.has(key) ? new Set() : alwaysCalls([body], parameters));
  }
  return graph;
}

function parametersOf(
  node: SyntaxNode,
  impl: SyntaxNode | undefined,
  ownType: string,
): readonly OwnParameter[] {
  const isReference = impl?.childForFieldName("type")?.type === "reference_type";
  const list = node.childForFieldName("parameters")?.namedChildren ?? [];
  return list.flatMap((parameter): OwnParameter[] => {
    if (parameter.type === "self_parameter") {
      const level = parameter.text.startsWith("&") ? 1 : 0;
      return [{ name: "self", level, isOwnType: true, lowest: isReference ? level : 0 }];
    }
    const type = parameter.childForFieldName("type")?.text ?? "";
    const name = (parameter.childForFieldName("pattern")?.text ?? "").replace(/^mut /, "");
    const level = /^(?:&\s*(?:'\w+\s*)?(?:mut\s+)?)*/.exec(type)?.[0].match(/&/g)?.length ?? 0;
    const isOwnType = ["Self", ownType].includes(baseType(type)) && baseType(type) !== "";
    return parameter.type === "parameter" ? [{ name, level, isOwnType, lowest: 0 }] : [];
  });
}

function isUnsafe(root: SyntaxNode, span: Span, around: SyntaxNode): boolean {
  for (
    let node = root.descendantForIndex(span.start, span.start);
    node !== null && node.id !== around.id;
    node = node.parent
  ) {
    if (node.type === "unsafe_block") return true;
  }
  return hasModifier(around, "unsafe");
}

/** What the function is asked decides which arm runs, and nothing before the match changes it. */
function isSettled(root: SyntaxNode, span: Span, around: SyntaxNode): boolean {
  const matches: SyntaxNode[] = [];
  for (
    let node = root.descendantForIndex(span.start, span.start);
    node !== null && node.id !== around.id;
    node = node.parent
  ) {
    if (node.type === "match_expression") matches.push(node);
    if (separate.has(node.type)) return false;
  }
  const isPlace = ({ text }: SyntaxNode) => /^[\s&*()]*(?:mut )?[\w.]+[\s)]*$/.test(text);
  if (!matches.every((match) => isPlace(match.childForFieldName("value") ?? match))) return false;
  const body = around.childForFieldName("body");
  const first = body?.namedChildren.find(({ type }) => !type.endsWith("_comment"));
  const changes = /\bmut\b/.test(around.childForFieldName("parameters")?.text ?? "");
  const outermost = matches.at(-1);
  return (
    !changes || (outermost !== undefined && first !== undefined && first.startIndex === outermost.startIndex)
  );
}

const separate = new Set([
  "closure_expression",
  "async_block",
  "loop_expression",
  "while_expression",
  "for_expression",
]);

/** Names that patterns and `let` give to something else between the function's head and the filling. */
function namesBoundAround(root: SyntaxNode, span: Span, around: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (pattern: SyntaxNode | null | undefined) => {
    for (const name of pattern?.text.match(/\b[a-z_]\w*\b/g) ?? []) names.add(name);
  };
  for (
    let node = root.descendantForIndex(span.start, span.start);
    node !== null && node.id !== around.id;
    node = node.parent
  ) {
    bind(node.childForFieldName("pattern"));
    bind(node.childForFieldName("condition"));
    if (node.type === "closure_expression") bind(node.childForFieldName("parameters"));
    for (let before = node.previousNamedSibling; before !== null; before = before.previousNamedSibling) {
      if (before.type === "let_declaration") bind(before.childForFieldName("pattern"));
    }
  }
  return names;
}

/** `S` of `&'a mut a::S<T>`. */
export function baseType(type: string): string {
  const plain = type.replace(/^(?:&\s*(?:'\w+\s*)?(?:mut\s+)?)*/, "").replace(/<[\s\S]*>$/, "");
  return plain.split("::").at(-1)?.trim() ?? "";
}
