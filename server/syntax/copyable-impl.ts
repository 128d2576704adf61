import { lexRust } from "./lex.ts";
import type { SyntaxNode } from "./parse.ts";

/** An impl's head, for a second impl of another trait for the same type. */
export interface CopyableImpl {
  /** `<'a, T: Clone>` and `<'a, T>`, "" where it has none. */
  readonly parameters: string;
  readonly arguments: string;
  /** What the copy's trait builds on, so that `Self::Item` means the same: "" for an inherent impl. */
  readonly trait: string;
  readonly type: string;
  /** "where …", or "". */
  readonly where: string;
}

/** "unclear" for heads that no second impl can have: negative, constant or default ones. */
export function readImpl(node: SyntaxNode): CopyableImpl | "unclear" {
  const [parameters, trait, type] = ["type_parameters", "trait", "type"].map((field) =>
    node.childForFieldName(field),
  );
  const inner = node.childForFieldName("body")?.namedChildren ?? [];
  if (type == null || inner.some((child) => child?.type === "inner_attribute_item")) return "unclear";
  if (/^(?:default\b|impl\s*(?:<[\s\S]*?>)?\s*(?:!|const\b))/.test(node.text)) return "unclear";
  const generics = parameters == null ? { parameters: [], names: [] } : genericsOf(parameters);
  const named = trait == null ? { text: "", isElided: false } : withNamedLifetimes(trait.text);
  if (generics === undefined || named === undefined) return "unclear";
  const extra = named.isElided ? [ownLifetime] : [];
  const list = (names: readonly string[]) => (names.length === 0 ? "" : `<${names.join(", ")}>`);
  return {
    parameters: list([...extra, ...generics.parameters]),
    arguments: list([...extra, ...generics.names]),
    trait: named.text,
    type: type.text,
    where: node.namedChildren.find((child) => child?.type === "where_clause")?.text ?? "",
  };
}

const ownLifetime = "'armature";

function genericsOf(
  list: SyntaxNode,
): { readonly parameters: readonly string[]; readonly names: readonly string[] } | undefined {
  const nodes = list.namedChildren.filter((node) => node !== null && !node.isExtra);
  if (nodes.some((node) => node?.type === "attribute_item")) return undefined;
  const names = nodes.map((node) => /^(?:const\s+)?('?(?:r#)?\w+)/.exec(node?.text ?? "")?.[1]);
  if (names.some((name) => name === undefined)) return undefined;
  return { parameters: nodes.map((node) => node?.text ?? ""), names: names.map((name) => name ?? "") };
}

/**
 * A trait's head may leave out no lifetime, an impl's may. All that are left out get one name, which says less than
 * the impl does; undefined for types of functions, where a lifetime left out means something else.
 */
function withNamedLifetimes(text: string): { readonly text: string; readonly isElided: boolean } | undefined {
  const tokens = lexRust(text) ?? [];
  const isElided = tokens.some(
    ({ text: token }, index) =>
      token === "'_" || (token === "&" && !(tokens[index + 1]?.text ?? "").startsWith("'")),
  );
  if (!isElided) return { text, isElided };
  if (tokens.some(({ text: token }) => /^(?:fn|Fn|FnMut|FnOnce|dyn)$/.test(token))) return undefined;
  const named = text.replace(/'_\b/g, ownLifetime).replace(/&(?!\s*')/g, `&${ownLifetime} `);
  return { text: named, isElided };
}
