import type { RustSyntax, SyntaxNode } from "./parse.ts";

export interface PatternSlot {
  /** Position among the payload patterns. */
  readonly position: number;
  /** Of a record pattern. */
  readonly field: string | undefined;
  /** The name it binds; `undefined` for `_` and for patterns inside it. */
  readonly name: string | undefined;
  /** How it binds, as written before the name: "ref ", "ref mut ", "mut ", "&", or "" for a plain name. */
  readonly mode: string;
}

/** One alternative of an arm's pattern. */
export interface Pattern {
  readonly text: string;
  readonly isPath: boolean;
  /** The last segment, or the text where it is no path. */
  readonly variant: string;
  readonly qualifier: string;
  readonly shape: "unit" | "tuple" | "record";
  readonly slots: readonly PatternSlot[];
  /** No slot holds a pattern of its own (`Some(Ok(x))` is not flat). */
  readonly isFlat: boolean;
  /** Every name bound at any depth, in order, with the record field it lies in. */
  readonly binders: readonly { readonly name: string; readonly field: string | undefined }[];
}

/** Reads a pattern without its guard. `undefined` where it has a syntax error. */
export function readPatternText(syntax: RustSyntax, text: string): Pattern | undefined {
  return syntax.read(`fn f(){match x{${text}=>{}}}`, (root) => {
    if (root.hasError) return undefined;
    const pattern = root.descendantsOfType("match_pattern")[0];
    return pattern === undefined ? undefined : readPatterns(pattern)[0];
  });
}

/** The alternatives of an arm's pattern, which may have a guard; none where it has a syntax error. */
export function readArmPatterns(syntax: RustSyntax, owner: string): readonly Pattern[] {
  return syntax.read(`fn f(){match x{${owner}=>{}}}`, (root) => {
    const pattern = root.hasError ? undefined : root.descendantsOfType("match_pattern")[0];
    return pattern === undefined ? [] : readPatterns(pattern);
  });
}

/** The alternatives of a `match_pattern` node. */
export function readPatterns(matchPattern: SyntaxNode): readonly Pattern[] {
  const pattern = matchPattern.firstChild;
  return pattern === null ? [] : alternativesOf(pattern).map(readPattern);
}

function alternativesOf(node: SyntaxNode): SyntaxNode[] {
  if (node.type !== "or_pattern") return [node];
  return node.children.filter((child) => child.type !== "|").flatMap(alternativesOf);
}

function readPattern(node: SyntaxNode): Pattern {
  const inner = withoutReference(node);
  const path = pathOf(inner);
  const slots = slotsOf(inner);
  return {
    text: node.text,
    isPath: path !== undefined,
    variant: path?.variant ?? node.text,
    qualifier: path?.qualifier ?? "",
    shape:
      inner.type === "tuple_struct_pattern" ? "tuple" : inner.type === "struct_pattern" ? "record" : "unit",
    slots: slots.map(({ position, field, node: slot }) => ({
      position,
      field,
      name: simpleBinder(slot),
      mode: bindingMode(slot),
    })),
    isFlat: slots.every(({ node: slot }) => slot === undefined || slot.type === "_" || isSimple(slot)),
    binders:
      path === undefined
        ? bindersIn(inner, undefined)
        : slots.flatMap(({ field, node: slot }) => (slot === undefined ? [] : bindersIn(slot, field))),
  };
}

function withoutReference(node: SyntaxNode): SyntaxNode {
  const last = node.lastChild;
  return node.type === "reference_pattern" && last !== null ? withoutReference(last) : node;
}

function pathOf(node: SyntaxNode): { variant: string; qualifier: string } | undefined {
  if (node.type === "tuple_struct_pattern" || node.type === "struct_pattern") {
    const type = node.childForFieldName("type");
    return type === null ? undefined : splitPath(type);
  }
  if (node.type === "scoped_identifier") return splitPath(node);
  // A lone capitalised name is a variant in scope (`None`); rustc warns of a binder written so.
  if (node.type === "identifier" && startsUpperCase(node.text)) return splitPath(node);
  return undefined;
}

function splitPath(node: SyntaxNode): { variant: string; qualifier: string } {
  const name = node.childForFieldName("name");
  if (name === null) return { variant: node.text, qualifier: "" };
  return { variant: name.text, qualifier: node.childForFieldName("path")?.text ?? "" };
}

interface SlotNode {
  readonly position: number;
  readonly field: string | undefined;
  /** The pattern in the slot; the field's own name for a record's shorthand. */
  readonly node: SyntaxNode | undefined;
}

function slotsOf(node: SyntaxNode): SlotNode[] {
  const type = node.childForFieldName("type");
  const children = node.children.filter((child) => child.id !== type?.id);
  if (node.type === "tuple_struct_pattern") {
    const patterns = children.filter((child) => child.isNamed || child.type === "_");
    return patterns.flatMap((slot, position) =>
      slot.type === "remaining_field_pattern" ? [] : [{ position, field: undefined, node: slot }],
    );
  }
  if (node.type !== "struct_pattern") return [];
  const fields = children.filter((child) => child.type === "field_pattern");
  return fields.map((field, position) => {
    const name = field.childForFieldName("name");
    const pattern = field.childForFieldName("pattern") ?? name;
    return { position, field: name?.text, node: pattern ?? undefined };
  });
}

const nameTypes = new Set(["identifier", "shorthand_field_identifier"]);

function isSimple(node: SyntaxNode): boolean {
  return simpleBinder(node) !== undefined;
}

/** The name of `x`, `mut x`, `ref x`, `&x`; `undefined` for anything deeper. */
function simpleBinder(node: SyntaxNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (["ref_pattern", "mut_pattern", "reference_pattern"].includes(node.type))
    return simpleBinder(node.lastChild ?? undefined);
  return nameTypes.has(node.type) && !startsUpperCase(node.text) ? node.text : undefined;
}

function bindingMode(node: SyntaxNode | undefined): string {
  const name = simpleBinder(node);
  return name === undefined || node === undefined ? "" : node.text.slice(0, node.text.length - name.length);
}

function bindersIn(
  node: SyntaxNode,
  field: string | undefined,
): { name: string; field: string | undefined }[] {
  if (nameTypes.has(node.type)) return startsUpperCase(node.text) ? [] : [{ name: node.text, field }];
  if (node.type === "scoped_identifier" || node.type.endsWith("_literal")) return [];
  const type = node.childForFieldName("type");
  const names = node.type === "field_pattern" ? node.childForFieldName("name") : null;
  const skipName = names !== null && node.childForFieldName("pattern") !== null;
  return node.children
    .filter((child) => child.id !== type?.id && !(skipName && child.id === names?.id))
    .flatMap((child) => bindersIn(child, field));
}

function startsUpperCase(text: string): boolean {
  const first = text.charAt(0);
  return first !== first.toLowerCase();
}
