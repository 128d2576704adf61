import type { Span } from "../stages.ts";
import { conditionOfArm } from "./attributes.ts";
import { catchesAll } from "./catches-all.ts";
import { oneLine } from "./layout.ts";
import type { SyntaxNode } from "./parse.ts";

/** One arm of a match or one member of an impl, as written. */
export interface EntrySyntax {
  readonly span: Span;
  /** The arm's pattern (with its guard), or the member's signature up to its body. */
  readonly owner: string;
  readonly ownerSpan: Span;
  /** The last segment of the arm's path, or the member's name; "" where there is none. */
  readonly name: string;
  /** `todo!()` where the arm's value or the whole member body is just that. */
  readonly open: Span | undefined;
  /** The arm's value, the member's block, or the type or constant after `=`; undefined where there is none. */
  readonly value: Span | undefined;
  /** Where ` = value` goes for a type or constant that has none. */
  readonly valueAt: number;
  readonly kind: "arm" | "function" | "type" | "constant" | "other";
  /** An unguarded arm that matches whatever is left (`_`, a plain name). */
  readonly catchesAll: boolean;
  /** The condition of `#[cfg(…)]` on an arm that would match whatever is left: only some builds have it. */
  readonly catchesRestIf?: string | undefined;
  /** An arm that needs a comma before another may follow. */
  readonly needsComma: boolean;
  /** Binders of the arm's pattern that may be renamed: `_` in tuple patterns, shorthand fields in record patterns. */
  readonly binders: readonly { readonly span: Span; readonly field?: string }[];
}

/** A match expression or an impl block, cut from the tree as plain data. */
export interface SiteSyntax {
  readonly kind: "match" | "impl";
  readonly span: Span;
  readonly keyword: number;
  /** Offsets of `{` and of `}`. */
  readonly braces: Span;
  readonly entries: readonly EntrySyntax[];
  /** There is a syntax error in it. */
  readonly hasError: boolean;
  readonly label: string;
  /** match: the scrutinee. impl: the type. */
  readonly subject: Span;
  /** impl: the trait. */
  readonly trait: Span | undefined;
}

/** Every match and trait impl around the offset, innermost first. Those with unreadable braces are left out. */
export function sitesAround(root: SyntaxNode, offset: number): readonly SiteSyntax[] {
  const sites: SiteSyntax[] = [];
  for (let node = root.descendantForIndex(offset, offset); node !== null; node = node.parent) {
    const site = siteOf(node);
    if (site !== undefined) sites.push(site);
  }
  return sites;
}

/** Every match and trait impl whose keyword lies in the span, in text order. */
export function allSites(root: SyntaxNode, within: Span): readonly SiteSyntax[] {
  return root
    .descendantsOfType(["match_expression", "impl_item"])
    .filter(isPresent)
    .filter((node) => node.endIndex > within.start && node.startIndex <= within.end)
    .map(siteOf)
    .filter(isPresent)
    .filter((site) => site.keyword >= within.start && site.keyword <= within.end);
}

/** The match or trait impl whose keyword stands at the offset. */
export function siteAt(root: SyntaxNode, kind: SiteSyntax["kind"], keyword: number): SiteSyntax | undefined {
  const sites = allSites(root, { start: keyword, end: keyword });
  return sites.find((site) => site.kind === kind && site.keyword === keyword);
}

function siteOf(node: SyntaxNode): SiteSyntax | undefined {
  if (node.type === "match_expression") return matchSite(node);
  if (node.type === "impl_item" && node.childForFieldName("trait") !== null) return implSite(node);
  return undefined;
}

function matchSite(node: SyntaxNode): SiteSyntax | undefined {
  const scrutinee = node.childForFieldName("value");
  const body = node.childForFieldName("body");
  const braces = bracesOf(body);
  if (scrutinee === null || body === null || braces === undefined) return undefined;
  return {
    kind: "match",
    span: spanOf(node),
    keyword: node.startIndex,
    braces,
    entries: childrenThroughErrors(body, "match_arm").map(armEntry),
    hasError: node.hasError,
    label: `match on \`${oneLine(scrutinee.text, 40)}\``,
    subject: spanOf(scrutinee),
    trait: undefined,
  };
}

function implSite(node: SyntaxNode): SiteSyntax | undefined {
  const trait = node.childForFieldName("trait");
  const type = node.childForFieldName("type");
  const body = node.childForFieldName("body");
  const braces = bracesOf(body);
  if (trait === null || type === null || body === null || braces === undefined) return undefined;
  const keyword = node.children.find((child) => child?.type === "impl") ?? node;
  return {
    kind: "impl",
    span: spanOf(node),
    keyword: keyword.startIndex,
    braces,
    entries: body.namedChildren.filter(isPresent).map(memberEntry).filter(isPresent),
    hasError: node.hasError,
    label: `impl \`${oneLine(trait.text, 40)}\` for \`${oneLine(type.text, 40)}\``,
    subject: spanOf(type),
    trait: spanOf(trait),
  };
}

export function armEntry(arm: SyntaxNode): EntrySyntax {
  const matchPattern = arm.childForFieldName("pattern");
  const value = arm.childForFieldName("value");
  const pattern = matchPattern?.firstChild ?? null;
  const readable = value?.isMissing === true ? null : value;
  const isGuarded = matchPattern?.childForFieldName("condition") != null;
  const isRest = !isGuarded && pattern !== null && catchesAll(pattern);
  const cfg = isRest ? conditionOfArm(arm) : undefined;
  return {
    span: spanOf(arm),
    owner: matchPattern?.text ?? "",
    ownerSpan: matchPattern === null ? spanOf(arm) : spanOf(matchPattern),
    name: pattern === null ? "" : lastSegment(pattern),
    open: readable !== null && isTodo(readable) ? spanOf(readable) : undefined,
    value: readable === null ? undefined : spanOf(readable),
    valueAt: arm.endIndex,
    kind: "arm",
    catchesAll: isRest && cfg === undefined,
    catchesRestIf: cfg,
    // rustfmt writes none behind a block.
    needsComma:
      !arm.children.some((child) => child?.type === ",") && !/^(?:unsafe_)?block$/.test(readable?.type ?? ""),
    binders: pattern === null ? [] : bindersOf(pattern),
  };
}

export function memberEntry(member: SyntaxNode): EntrySyntax | undefined {
  const kind = memberKinds[member.type];
  if (kind === undefined) return undefined;
  const value = member.childForFieldName(kind === "type" ? "type" : kind === "constant" ? "value" : "body");
  const signatureEnd = kind === "function" ? value?.startIndex : undefined;
  const signature = member.text.slice(0, (signatureEnd ?? member.endIndex) - member.startIndex).trim();
  return {
    span: spanOf(member),
    owner: signature,
    ownerSpan: { start: member.startIndex, end: signatureEnd ?? member.endIndex },
    name: member.childForFieldName("name")?.text ?? "",
    open: openBody(value),
    value: value === null ? undefined : spanOf(value),
    valueAt: valuePosition(member),
    kind,
    catchesAll: false,
    needsComma: false,
    binders: [],
  };
}

const memberKinds: Readonly<Record<string, EntrySyntax["kind"]>> = {
  function_item: "function",
  function_signature_item: "function",
  type_item: "type",
  associated_type: "type",
  const_item: "constant",
};

/** `todo!()` alone in a block, or alone as a value. */
function openBody(value: SyntaxNode | null): Span | undefined {
  if (value === null) return undefined;
  if (value.type !== "block") return isTodo(value) ? spanOf(value) : undefined;
  const inner = value.namedChildren.filter(isPresent).filter((child) => !child.isExtra);
  const only = inner.length === 1 ? inner[0] : undefined;
  if (only === undefined) return undefined;
  const expression = only.type === "expression_statement" ? only.firstChild : only;
  return expression !== null && isTodo(expression) ? spanOf(expression) : undefined;
}

/** Before a where clause (rustc prefers it behind the value), else before the semicolon. */
function valuePosition(member: SyntaxNode): number {
  const end = member.children.find((child) => child?.type === "where_clause" || child?.type === ";");
  const before = end?.previousSibling;
  return before?.endIndex ?? end?.startIndex ?? member.endIndex;
}

/** What rust-analyzer writes where somebody has to: `todo!()`, or `_` by `assist.expressionFillDefault`. */
export function isTodo(node: SyntaxNode): boolean {
  if (node.text === "_") return true;
  if (node.type !== "macro_invocation") return false;
  return node.childForFieldName("macro")?.text === "todo";
}

function bindersOf(pattern: SyntaxNode): EntrySyntax["binders"] {
  if (pattern.type === "tuple_struct_pattern") return tupleBinders(pattern);
  if (pattern.type !== "struct_pattern") return [];
  return pattern.namedChildren.filter(isPresent).flatMap((child) => {
    const shorthand = child.type === "field_pattern" && child.childForFieldName("pattern") === null;
    const name = child.childForFieldName("name");
    return shorthand && name !== null ? [{ span: spanOf(name), field: name.text }] : [];
  });
}

function tupleBinders(pattern: SyntaxNode): EntrySyntax["binders"] {
  const path = pattern.childForFieldName("type");
  return pattern.children
    .filter(isPresent)
    .filter((child) => child.startIndex >= (path?.endIndex ?? 0))
    .filter((child) => child.type === "_" || child.type === "identifier")
    .map((child) => ({ span: spanOf(child) }));
}

function lastSegment(pattern: SyntaxNode): string {
  const path = pattern.childForFieldName("type") ?? pattern;
  const name = path.childForFieldName("name") ?? path;
  return /^(?:r#)?[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(name.text) ? name.text : "";
}

/** Half-written code puts an ERROR node between a list and its entries. */
export function childrenThroughErrors(node: SyntaxNode, type: string): readonly SyntaxNode[] {
  return node.namedChildren.filter(isPresent).flatMap((child) => {
    if (child.type === type) return [child];
    return child.type === "ERROR" ? childrenThroughErrors(child, type) : [];
  });
}

function bracesOf(body: SyntaxNode | null): Span | undefined {
  const open = body?.firstChild;
  const close = body?.lastChild;
  if (open?.type !== "{" || close?.type !== "}" || close.isMissing) return undefined;
  return { start: open.startIndex, end: close.startIndex };
}

export function spanOf(node: SyntaxNode): Span {
  return { start: node.startIndex, end: node.endIndex };
}

function isPresent<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
