import { allSites } from "../syntax/site-syntax.ts";
import { findEscape, type HoledText, nodesIn, tokenSpan } from "../syntax/containment.ts";
import { lexRust } from "../syntax/lex.ts";
import type { RustSyntax, SyntaxNode } from "../syntax/parse.ts";
import type { Draft, RefusalReason, Skeleton, Verdict } from "../stages.ts";
import { layDraft, type LaidText, type Piece } from "./laid-text.ts";
import type { KnownNames } from "./known-names.ts";
import { neverReturns } from "./never-returns.ts";
import { delegatesToItself } from "./refuse-delegation.ts";
import { type Refusal, refuseTokens } from "./refuse-tokens.ts";
import { inWindow, readSite, type SiteReading } from "./site-reading.ts";
import { surroundingsOf } from "./surroundings.ts";

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
    const solid = tokens.filter(({ kind }) => !kind.endsWith("comment"));
    const refusal = refuseTokens(solid, known);
    if (refusal !== undefined) return refused(piece.id, refusal.reason, refusal.message);
  }
  return syntax.read(laid.text, (root) => {
    for (const piece of filled) {
      const refusal =
        refuseBody(root, piece, laid, { known, reading }) ??
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

function refuseBody(
  root: SyntaxNode,
  piece: Piece,
  { text }: LaidText,
  { known, reading }: { readonly known: KnownNames; readonly reading: SiteReading },
): Refusal | undefined {
  if (piece.kind !== "body" && piece.kind !== "constant") return undefined;
  const span = tokenSpan(lexRust(text.slice(piece.span.start, piece.span.end)) ?? [], piece.span.start);
  const nodes = span === undefined ? [] : nodesIn(root, span);
  if (neverReturns(nodes, (name) => known.neverReturns(name))) {
    return { reason: "not-a-body", message: "it only panics, loops or exits" };
  }
  const around = surroundingsOf(root, piece.span, reading.others);
  if (around === undefined || !delegatesToItself(nodes, around)) return undefined;
  return { reason: "delegates-to-itself", message: `it only calls ${around.name} again` };
}

function refuseBehindWildcard(
  root: SyntaxNode,
  { site }: Skeleton,
  piece: Piece,
  { window }: SiteReading,
): Refusal | undefined {
  if (site.kind !== "match") return undefined;
  const start = site.keyword - window.start;
  const entries =
    allSites(root, { start, end: start }).find(({ keyword }) => keyword === start)?.entries ?? [];
  const isBehind = entries.some(({ catchesAll, span }) => catchesAll && span.end <= piece.span.start);
  if (!isBehind) return undefined;
  return {
    reason: "new-wildcard",
    message: "the arm stands after one that matches everything and never runs",
  };
}
