/** What is wrong with an offer, by what plain cargo says of the user's text and of the same text with the offer in it. */
import { basename } from "node:path";
import type { Span } from "../../../server/stages.ts";
import type { RustSyntax, SyntaxNode } from "../../../server/syntax/parse.ts";
import { allSites, type SiteSyntax } from "../../../server/syntax/site-syntax.ts";
import { spliceText } from "../../../server/syntax/splice.ts";
import { addedTo, type Said } from "./plain-cargo.ts";

export interface HeldOffer<T = { readonly route: string; readonly says: string; readonly after: string }> {
  readonly offer: T;
  /** None: it holds. */
  readonly faults: readonly string[];
}

/** Runs of cargo with the same flags, each where it is needed: where nothing is said, nothing is new. */
export interface Runs {
  readonly before: () => Promise<readonly Said[]>;
  readonly after: readonly Said[];
  /**
   * Texts that show what the site's own gap hid: the offer with every body open again, and where the gap was cut out,
   * what stood there. Open bodies hide some of it themselves: they turn a constant red that is computed by them, and an
   * import that nothing is left to use is told in other words.
   */
  readonly whole: readonly (() => Promise<readonly Said[]>)[];
}

export interface OfferText {
  readonly says: string;
  /** Absolute, in the copy. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Each message that the offer has brought, with why it may not. What touches the offer, and for a match whatever is
 * said in its function, is the offer's own. What stands elsewhere and comes with the open frame too was only hidden by
 * the gap: then the offer must have said that something is left there.
 */
export async function faultsOf(syntax: RustSyntax, offer: OfferText, runs: Runs): Promise<readonly string[]> {
  if (runs.after.length === 0) return [];
  const before = await runs.before();
  const open = openEntries(syntax, offer.after);
  const isOfOpen = ({ level, places }: Said) =>
    level === "warning" &&
    places.length > 0 &&
    open.some((entry) =>
      places.every(
        ({ file, start, end }) => isFile(offer.path, file) && entry.start <= start && end <= entry.end,
      ),
    );
  const added = addedTo(before, runs.after).filter((said) => !isOfOpen(said));
  if (added.length === 0) return [];
  const region = bytesOf(offer.after, ownRegion(syntax, offer));
  const lines = bytesOf(offer.after, changedLines(offer));
  const touches = ({ places }: Said, own: Span) =>
    places.some(({ file, start, end }) => isFile(offer.path, file) && start <= own.end && own.start <= end);
  // Who uses a function is not told in it, and what is left for the user to write may use its parameters yet.
  const isAroundAlone = ({ level, key }: Said) =>
    level === "warning" && (key.startsWith("warning dead_code ") || open.length > 0);
  const isOwn = (said: Said) => said.isCargosOwn || touches(said, isAroundAlone(said) ? lines : region);
  const own = added.filter(isOwn);
  const elsewhere = added.filter((said) => !isOwn(said));
  const isSaid = (said: Said) => saysOfElsewhere[said.level].test(offer.says);
  const unsaid = elsewhere.filter((said) => !isSaid(said));
  // A label speaks for the packages that its command names.
  const beside = await notHidden(
    unsaid.filter((said) => !isNamed(said, offer)),
    runs,
  );
  const silent = unsaid.filter((said) => isNamed(said, offer) || beside.includes(said));
  const admitted = elsewhere.filter(isSaid);
  const caused = await notHidden(admitted, runs);
  return [
    ...own.map(({ rendered }) => `touches the offer: ${rendered}`),
    ...silent.map(({ rendered }) => `stands elsewhere, and the offer does not say so: ${rendered}`),
    ...caused.map(({ rendered }) => `stands elsewhere, and the gap did not hide it: ${rendered}`),
  ];
}

function isNamed({ directory }: Said, { says }: OfferText): boolean {
  const named = [...says.matchAll(/ -p ([\w-]+)/g)].map(([, name]) => name);
  return named.length === 0 || named.includes(basename(directory));
}

/** Those that are said more often with the offer than with any of the texts that hide nothing. */
async function notHidden(admitted: readonly Said[], { after, whole }: Runs): Promise<readonly Said[]> {
  let left = admitted;
  for (const run of whole) {
    if (left.length === 0) break;
    const added = new Set(addedTo(await run(), after));
    left = left.filter((said) => added.has(said));
  }
  return left;
}

/** "adds no error; 2 elsewhere: …", "verified by cargo check; 1 warning elsewhere"; the verifier's verdict has no label. */
const saysOfElsewhere = {
  error: /adds no error|"errors":\[\{/,
  warning: /[1-9]\d* warnings? elsewhere|"warnings":[1-9]/,
};

/** What is left for the user to write uses nothing yet: its binders and parameters may warn. */
function openEntries(syntax: RustSyntax, text: string): readonly Span[] {
  const spans = syntax.read(text, (root) =>
    allSites(root, { start: 0, end: text.length }).flatMap(({ entries }) =>
      entries.filter(({ open }) => open !== undefined).map(({ span }) => span),
    ),
  );
  return spans.map((span) => bytesOf(text, span));
}

/** The text with each body that the offer brings replaced by `todo!()`. */
export function withOpenBodies(
  syntax: RustSyntax,
  { before, after }: Pick<OfferText, "before" | "after">,
): string {
  const changed = changedIn(before, after);
  const bodies = syntax.read(after, (root) =>
    allSites(root, { start: 0, end: after.length }).flatMap((site) => bodiesWithin(site, changed, after)),
  );
  const outermost = bodies.filter(
    (body) => !bodies.some((other) => other !== body && other.start <= body.start && body.end <= other.end),
  );
  return spliceText(
    after,
    outermost.map((span) => ({ span, text: "{ todo!() }" })),
  ).text;
}

/** The text with an empty function in place of the one that holds the offer: nothing that it does hides anything. */
export function withOpenFunction(
  syntax: RustSyntax,
  { before, after }: Pick<OfferText, "before" | "after">,
): string {
  const changed = changedIn(before, after);
  const body = syntax.read(after, (root) => {
    const around = functionAround(root, changed);
    const isItsOwnType =
      around !== undefined && /\bconst fn\b|->\s*impl\b/.test(after.slice(around.start, changed.start));
    if (around === undefined || isItsOwnType) return undefined;
    const items = root.descendantsOfType("function_item");
    const own = items.find((item) => item?.startIndex === around.start && item.endIndex === around.end);
    const block = own?.childForFieldName("body");
    return block == null ? undefined : { start: block.startIndex, end: block.endIndex };
  });
  if (body === undefined) return withOpenBodies(syntax, { before, after });
  return spliceText(after, [{ span: body, text: "{ todo!() }" }]).text;
}

/** The one stretch of the text behind that is not in the text before; it may be empty. */
export function changedIn(before: string, after: string): Span {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { start, end: after.length - tail };
}

/** An opaque type and a constant's value need their body: without it they mean something else. */
function bodiesWithin(site: SiteSyntax, changed: Span, text: string): readonly Span[] {
  return site.entries.flatMap(({ kind, value, ownerSpan }) => {
    if (value === undefined || (kind !== "arm" && kind !== "function")) return [];
    if (value.start < changed.start || value.end > changed.end) return [];
    if (/\bconst fn\b|->\s*impl\b/.test(text.slice(ownerSpan.start, ownerSpan.end))) return [];
    return [value];
  });
}

/** A match is part of its function, which is only checked as a whole. */
function ownRegion(syntax: RustSyntax, { before, after }: OfferText): Span {
  const changed = changedIn(before, after);
  return syntax.read(after, (root) => functionAround(root, changed)) ?? changedLines({ before, after });
}

function changedLines({ before, after }: Pick<OfferText, "before" | "after">): Span {
  const changed = changedIn(before, after);
  const lineEnd = after.indexOf("\n", changed.end);
  return {
    start: after.lastIndexOf("\n", changed.start - 1) + 1,
    end: lineEnd < 0 ? after.length : lineEnd,
  };
}

function functionAround(root: SyntaxNode, { start, end }: Span): Span | undefined {
  let found: Span | undefined;
  for (let node = root.descendantForIndex(start, end); node !== null; node = node.parent) {
    if (node.type === "impl_item" || node.type === "trait_item") break;
    if (node.type === "function_item") found = { start: node.startIndex, end: node.endIndex };
  }
  return found;
}

function bytesOf(text: string, { start, end }: Span): Span {
  const at = (offset: number) => Buffer.byteLength(text.slice(0, offset));
  return { start: at(start), end: at(end) };
}

/** rustc names a file relative to the workspace's root, or in full. */
function isFile(path: string, named: string): boolean {
  const plain = named.replace(/^(?:\.\.?\/)+/, "");
  return path === named || path.endsWith(`/${plain}`);
}
