import type { Draft, Skeleton, Span, Verdict } from "../../stages.ts";
import { findEscape, type HoledText, nodesIn, tokenSpan } from "../../syntax/containment.ts";
import { functionAround } from "../../syntax/function-items.ts";
import { codeTokens, lexRust } from "../../syntax/lex.ts";
import { readOpened } from "../../syntax/macro-arguments.ts";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";
import { sitesAround } from "../../syntax/site-syntax.ts";
import { layDraft, type LaidText, type Piece } from "../text/laid-text.ts";
import { inWindow, readSite, type SiteReading } from "../text/site-reading.ts";
import { panicsWhateverIsAsked } from "./asks-nothing.ts";
import { loopsForType } from "./compile-time-loops.ts";
import { delegatesToItself } from "./delegation.ts";
import type { KnownSources } from "./known-sources.ts";
import { endOf, isSuspect, mayNotReturn } from "./may-not-return.ts";
import { saysItIsOpen } from "./open-by-word.ts";
import {
  callsOf,
  type DocumentFacts,
  documentFacts,
  isUnsafeAround,
  siblingBodies,
  surroundingsOf,
} from "./surroundings.ts";
import { type Refusal, refuseTokens } from "./tokens.ts";

type Refused = Extract<Verdict, { kind: "refused" }>;

/** What is known of a draft before the compiler sees it. */
export interface Reading {
  /** Whatever the compiler would say of it. */
  readonly refused: Refused | undefined;
  /** Holes of which rustc is asked whether their bodies ever give a value. */
  readonly asked: ReadonlySet<string>;
}

export interface RefusalRules {
  readonly known: KnownSources;
  /** The user's `verify.allowUnsafe`. */
  readonly allowUnsafe: boolean;
}

export function readDraft(
  syntax: RustSyntax,
  skeleton: Skeleton,
  draft: Draft,
  { known, allowUnsafe }: RefusalRules,
): Reading {
  const reading = readSite(syntax, skeleton);
  const laid = inWindow(layDraft(skeleton, draft), skeleton, reading.window);
  const asked = new Set<string>();
  const refused = (hole: string, { reason, message }: Refusal): Reading => ({
    refused: { kind: "refused", draft, hole: hole.split(".")[0] ?? hole, reason, message },
    asked,
  });
  const escape = findEscape(syntax, frameOf(reading), holed(laid, draft));
  if (escape !== undefined) return refused(escape.hole, escape);
  const pieces = laid.pieces.filter(({ isFilled, kind }) => isFilled && kind !== "written");
  const filled = pieces.map(({ span }) => span);
  const document = () => documentFacts(syntax, skeleton);
  const start = skeleton.site.keyword - reading.window.start;
  return readOpened(syntax, laid.text, { start, end: start }, (root) => {
    for (const piece of pieces) {
      const mayBeUnsafe = allowUnsafe && isUnsafeHere(root, piece.span, filled);
      const tokens = codeTokens(laid.text.slice(piece.span.start, piece.span.end));
      const refusal =
        refuseTokens(tokens, { known, mayBeUnsafe, taken: () => document().names }) ??
        refuseBody(root, piece, laid, {
          known,
          allowUnsafe,
          reading,
          filled,
          document,
          mayBeUnsafe,
          asked,
        }) ??
        refuseBehindWildcard(root, skeleton, piece, reading);
      if (refusal !== undefined) return refused(piece.id, refusal);
    }
    return { refused: undefined, asked };
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

interface BodyContext extends RefusalRules {
  readonly reading: SiteReading;
  readonly filled: readonly Span[];
  readonly document: () => DocumentFacts;
  readonly mayBeUnsafe: boolean;
  /** Gets the hole's id where rustc is to be asked. */
  readonly asked: Set<string>;
}

function refuseBody(
  root: SyntaxNode,
  piece: Piece,
  { text }: LaidText,
  context: BodyContext,
): Refusal | undefined {
  const { known, reading, filled, document, mayBeUnsafe, asked } = context;
  const filling = text.slice(piece.span.start, piece.span.end);
  const span = tokenSpan(lexRust(filling) ?? [], piece.span.start);
  const nodes = span === undefined ? [] : nodesIn(root, span);
  if (loopsForType(nodes)) {
    return { reason: "runs-at-compile-time", message: "it loops while the compiler works out a type" };
  }
  if (piece.kind !== "body" && piece.kind !== "constant") return undefined;
  if (!mayBeUnsafe && isUnsafeAround(root, piece.span) && nodes.some(reachesOut)) {
    const message = "it stands in unsafe code, where what it calls is left to people";
    return { reason: "unsafe-code", message };
  }
  const around = surroundingsOf(root, piece.span);
  const end = endOf(nodes);
  // What returns `!` has nothing else to do; in a test a panic says that it failed.
  const isMeant =
    reading.isTest ||
    around?.returnType.trim() === "!" ||
    (end !== "" &&
      (siblingBodies(root, piece.span, filled).some((body) => endOf([body]) === end) ||
        isOwnEnd(end, document)));
  const mayEnd = isSuspect(filling, known);
  if (!isMeant && (panicsWhateverIsAsked(nodes, filling, mayEnd) || known.onlyPanics(end))) {
    return { reason: "not-a-body", message: "it only panics, loops or exits" };
  }
  if (!isMeant && mayEnd && mayNotReturn(nodes, filling, around?.returnType ?? "", known))
    asked.add(piece.id);
  if (saysItIsOpen(filling)) {
    return { reason: "not-a-body", message: "it says itself that it is not written yet" };
  }
  const calls = () =>
    new Map([
      ...document().calls(around?.type ?? ""),
      ...callsOf(functionsAround(root, filled), around?.type ?? ""),
    ]);
  if (around === undefined || !delegatesToItself(nodes, around, calls)) return undefined;
  return { reason: "delegates-to-itself", message: `it only calls ${around.name} again` };
}

/** A function or macro of the program's own that arms of this document end in: that is how it panics here. */
function isOwnEnd(end: string, document: () => DocumentFacts): boolean {
  return !/^(?:panic!|unreachable!|exit|abort)$/.test(end) && document().ends.has(end);
}

function functionsAround(root: SyntaxNode, spans: readonly Span[]): readonly SyntaxNode[] {
  const found = spans.flatMap((span) => functionAround(root, span) ?? []);
  return found.filter((node, at) => found.findIndex(({ id }) => id === node.id) === at);
}

/** Unsafe only where the code around is, or a body beside it. */
function isUnsafeHere(root: SyntaxNode, span: Span, filled: readonly Span[]): boolean {
  return (
    isUnsafeAround(root, span) ||
    siblingBodies(root, span, filled).some((body) => body.descendantsOfType("unsafe_block").length > 0)
  );
}

/** Calls something or follows a pointer: what needs no word of its own to be unsafe in unsafe code. */
function reachesOut(node: SyntaxNode): boolean {
  return node
    .descendantsOfType(["call_expression", "macro_invocation", "unary_expression"])
    .some(({ type, text }) => type !== "unary_expression" || text.startsWith("*"));
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
