import { sitesAround } from "../../syntax/site-syntax.ts";
import { findEscape, type HoledText, nodesIn, tokenSpan } from "../../syntax/containment.ts";
import { codeTokens, isCode, lexRust } from "../../syntax/lex.ts";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";
import type { Draft, RefusalReason, Skeleton, Verdict } from "../../stages.ts";
import { loopsForType } from "./compile-time-loops.ts";
import { layDraft, type LaidText, type Piece } from "../text/laid-text.ts";
import type { KnownNames } from "./known-names.ts";
import { neverReturns } from "./never-returns.ts";
import { onlyPanics } from "./only-panics.ts";
import { saysItIsOpen } from "./open-by-word.ts";
import { delegatesToItself } from "./delegation.ts";
import { type Refusal, refuseTokens } from "./tokens.ts";
import { inWindow, readSite, type SiteReading } from "../text/site-reading.ts";
import { type CallGraph, callsInDocument, surroundingsOf } from "./surroundings.ts";

type Refused = Extract<Verdict, { kind: "refused" }>;

/** A draft that is refused whatever the compiler would say of it, or undefined. */
export function refusalOf(
  syntax: RustSyntax,
  skeleton: Skeleton,
  draft: Draft,
  known: KnownNames,
): Refused | undefined {
  const reading = readSite(syntax, skeleton);
  const laid = inWindow(layDraft(skeleton, draft), skeleton, reading.window);
  const refused = (hole: string, reason: RefusalReason, message: string): Refused => ({
    kind: "refused",
    draft,
    hole: hole.split(".")[0] ?? hole,
    reason,
    message,
  });
  const escape = findEscape(syntax, frameOf(reading), holed(laid, draft));
  if (escape !== undefined) return refused(escape.hole, escape.reason, escape.message);
  const filled = laid.pieces.filter(({ isFilled, kind }) => isFilled && kind !== "written");
  for (const piece of filled) {
    const tokens = lexRust(laid.text.slice(piece.span.start, piece.span.end)) ?? [];
    const refusal = refuseTokens(tokens.filter(isCode), known);
    if (refusal !== undefined) return refused(piece.id, refusal.reason, refusal.message);
  }
  const calls = () => callsInDocument(syntax, skeleton);
  return syntax.read(laid.text, (root) => {
    for (const piece of filled) {
      const refusal =
        refuseBody(root, piece, laid, { known, reading, calls }) ??
        refuseBehindWildcard(root, skeleton, piece, reading);
      if (refusal !== undefined) return refused(piece.id, refusal.reason, refusal.message);
    }
    return undefined;
  });
}

/** One object per site, so that what is learnt of it is kept with it. */
const frames = new WeakMap<SiteReading, HoledText>();

function frameOf(reading: SiteReading): HoledText {
  const frame = frames.get(reading) ?? holed(reading.nothing);
  frames.set(reading, frame);
  return frame;
}

/** Binders belong to the foreign text too, where a draft names them. */
function holed(laid: LaidText, draft?: Draft): HoledText {
  const named = new Set(
    [...(draft?.fillings.values() ?? [])].flatMap(({ binders }) => [...(binders?.keys() ?? [])]),
  );
  const holes = laid.pieces
    .filter(({ kind }) => kind !== "written")
    .map(({ id, kind, span, isFilled }) => ({ id, kind, span, isFilled: isFilled || named.has(id) }));
  return { text: laid.text, holes };
}

interface BodyContext {
  readonly known: KnownNames;
  readonly reading: SiteReading;
  /** Of the document without the draft. */
  readonly calls: () => CallGraph;
}

function refuseBody(
  root: SyntaxNode,
  piece: Piece,
  { text, pieces }: LaidText,
  { known, reading, calls }: BodyContext,
): Refusal | undefined {
  const filling = text.slice(piece.span.start, piece.span.end);
  const span = tokenSpan(lexRust(filling) ?? [], piece.span.start);
  const nodes = span === undefined ? [] : nodesIn(root, span);
  if (loopsForType(nodes)) {
    return { reason: "runs-at-compile-time", message: "it loops while the compiler works out a type" };
  }
  if (piece.kind !== "body" && piece.kind !== "constant") return undefined;
  const filled = pieces.filter(({ isFilled }) => isFilled).map((filledPiece) => filledPiece.span);
  const around = surroundingsOf(root, piece.span, calls, filled);
  if (around?.isUnsafe === true && nodes.some(reachesOut)) {
    return {
      reason: "unsafe-code",
      message: "it stands in unsafe code, where what it calls is left to people",
    };
  }
  const returns = around?.returnType ?? "";
  // In a test a panic says that it failed, and what returns `!` has nothing else to do.
  if (!reading.isTest && returns !== "!" && panicsOnly(nodes, filling, known, returns)) {
    return { reason: "not-a-body", message: "it only panics, loops or exits" };
  }
  if (saysItIsOpen(filling)) {
    return { reason: "not-a-body", message: "it says itself that it is not written yet" };
  }
  if (around === undefined || !delegatesToItself(nodes, around)) return undefined;
  return { reason: "delegates-to-itself", message: `it only calls ${around.name} again` };
}

/** Calls something or follows a pointer: what needs no word of its own to be unsafe in unsafe code. */
function reachesOut(node: SyntaxNode): boolean {
  return node
    .descendantsOfType(["call_expression", "macro_invocation", "unary_expression"])
    .some(({ type, text }) => type !== "unary_expression" || text.startsWith("*"));
}

function panicsOnly(
  nodes: readonly SyntaxNode[],
  filling: string,
  known: KnownNames,
  returnType: string,
): boolean {
  const isNever = (name: string) => known.neverReturns(name);
  if (neverReturns(nodes, { isNever, mayWorkForGood: returnType === "" || returnType === "()" })) return true;
  return onlyPanics(codeTokens(filling), isNever);
}

function refuseBehindWildcard(
  root: SyntaxNode,
  { site }: Skeleton,
  piece: Piece,
  { window }: SiteReading,
): Refusal | undefined {
  if (site.kind !== "match") return undefined;
  const start = site.keyword - window.start;
  const entries = sitesAround(root, start).find(({ keyword }) => keyword === start)?.entries ?? [];
  const isBehind = entries.some(({ catchesAll, span }) => catchesAll && span.end <= piece.span.start);
  if (!isBehind) return undefined;
  return {
    reason: "new-wildcard",
    message: "the arm stands after one that matches everything and never runs",
  };
}
