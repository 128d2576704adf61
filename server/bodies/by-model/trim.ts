import type { Hole } from "../../stages.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { readCode } from "../../syntax/tokens.ts";
import { type Repeated, repeatedArm, repeatedMember } from "./repeated-owner.ts";
import { hasReturnType, isExpression, isSingleStatement } from "./rust-form.ts";

export interface Trimmed extends Repeated {
  /** It has the form its hole wants. What has not is kept as it came: its refusal is told, not hidden. */
  readonly fits: boolean;
}

/**
 * A model's text for a hole without what models wrap around it: code fences, `=>`, the arm or member once
 * more, a trailing comma or semicolon. Each is taken off only where the syntax tree says that the rest fits.
 */
export function trimBody(syntax: RustSyntax, hole: Hole, isMember: boolean, text: string): Trimmed {
  const bare = withoutFence(text)
    .replace(/^=>\s*/, "")
    .trim();
  const form = isMember && hole.kind === "body" ? trimMember : hole.kind === "body" ? trimArm : trimValue;
  return form(syntax, hole, bare) ?? { text: bare, binders: [], fits: false };
}

function withoutFence(text: string): string {
  const fenced = /^\s*```\w*[^\S\n]*\n([\s\S]*?)\n?[^\S\n]*```\s*$/.exec(text);
  return (fenced?.[1] ?? text).trim();
}

/** An arm wants one expression. */
function trimArm(syntax: RustSyntax, hole: Hole, text: string): Trimmed | undefined {
  if (isExpression(syntax, text)) return fitting(text);
  const arm = repeatedArm(syntax, hole, text);
  if (arm !== undefined) return { ...arm, fits: true };
  const bare = withoutEnd(text, ",") ?? withoutEnd(text, ";");
  if (bare !== undefined && isExpression(syntax, bare)) return fitting(bare);
  if (text === "" || readCode(syntax, text, "expression") === undefined) return undefined;
  return fitting(text.includes("\n") ? `{\n${text}\n}` : `{ ${text} }`);
}

/** A member's body wants what stands between its braces; braces around it are fine. */
function trimMember(syntax: RustSyntax, hole: Hole, text: string): Trimmed | undefined {
  const member = repeatedMember(syntax, hole, text);
  if (member !== undefined) return { ...member, fits: true };
  const bare = withoutEnd(text, ",");
  const inner = bare !== undefined && readCode(syntax, bare, "expression") !== undefined ? bare : text;
  if (inner === "" || readCode(syntax, inner, "expression") === undefined) return undefined;
  const value = withoutEnd(inner, ";");
  const lostItsValue =
    value !== undefined && hasReturnType(syntax, hole.owner) && isSingleStatement(syntax, inner);
  return fitting(lostItsValue ? value : inner);
}

/** An associated type or a constant. */
function trimValue(syntax: RustSyntax, hole: Hole, text: string): Trimmed | undefined {
  const member = repeatedMember(syntax, hole, text);
  if (member !== undefined) return { ...member, fits: true };
  const bare = text.replace(/^=\s*/, "");
  const value = withoutEnd(bare, ";") ?? withoutEnd(bare, ",") ?? bare;
  const fits =
    hole.kind === "type" ? readCode(syntax, value, "type") !== undefined : isExpression(syntax, value);
  return fits && value !== "" ? fitting(value) : undefined;
}

function fitting(text: string): Trimmed {
  return { text, binders: [], fits: true };
}

function withoutEnd(text: string, end: string): string | undefined {
  return text.endsWith(end) ? text.slice(0, -end.length).trimEnd() : undefined;
}
