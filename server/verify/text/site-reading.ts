import type { Skeleton, Span } from "../../stages.ts";
import { attributesOf } from "../../syntax/attributes.ts";
import { type CopyableCode, copyableCode } from "../../syntax/copyable.ts";
import { itemAround, outermostItem } from "../../syntax/function-items.ts";
import { openedAt, readOpened } from "../../syntax/macro-arguments.ts";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";
import { isTestCode } from "../../syntax/examples.ts";
import { sitesAround, type SiteSyntax } from "../../syntax/site-syntax.ts";
import { layNothing, type LaidText } from "./laid-text.ts";

/** Where the text of a site is new and where it was there before, as offsets into the skeleton's own document. */
export interface NewText {
  /** Arms and members that rust-analyzer added. */
  readonly added: readonly Span[];
  /** The function, constant or impl around the holes. */
  readonly item: Span;
}

/** What the document around a site says. It is the same for every draft, so it is read once. */
export interface SiteReading {
  /** The outermost item around the site, as offsets into the editor's document; all of it where there is none. */
  readonly window: Span;
  /** Where the innermost function, constant or impl around the site starts. */
  readonly itemStart: number | undefined;
  /** What of the document with every hole open is new, and the item it belongs to. */
  readonly newText: NewText;
  /** What can be copied for this site, as offsets into the document with every hole open. */
  readonly copyable: CopyableCode | undefined;
  /** rustfmt has been told to leave the code alone. */
  readonly isFormattedByHand: boolean;
  /** It is in a test or in what only tests are built of, where a panic is how something is said. */
  readonly isTest: boolean;
  /** The window with every hole open. */
  readonly nothing: LaidText;
}

const readings = new WeakMap<Skeleton, SiteReading>();

/** Reading a large document takes some 50 ms and more, its window a few. */
export function readSite(syntax: RustSyntax, skeleton: Skeleton): SiteReading {
  const known = readings.get(skeleton);
  if (known !== undefined) return known;
  const { site } = skeleton;
  const whole = layNothing(skeleton);
  const growth = whole.text.length - site.document.text.length;
  const at = { start: site.keyword, end: site.keyword };
  const before = readOpened(syntax, site.document.text, at, (root) => entriesAt(root, site.keyword));
  const owners = new Set(before.map(({ owner }) => owner));
  const opened = openedAt(syntax, whole.text, at);
  const reading = syntax.read(opened, (root): SiteReading => {
    const span = { start: site.span.start, end: site.span.end + growth };
    const { start, end } = windowOf(root, skeleton, growth);
    const window = { start, end: end - growth };
    return {
      window,
      itemStart: itemAround(root, span)?.start,
      newText: {
        added: entriesAt(root, site.keyword).flatMap((entry) =>
          owners.has(entry.owner) ? [] : [entry.span],
        ),
        item: itemAround(root, span) ?? span,
      },
      // A macro may make an item of its own of each call.
      copyable: opened === whole.text ? copyableCode(root, span, site.kind, placesOf(whole)) : undefined,
      isFormattedByHand: isFormattedByHand(root, span),
      isTest: isInTests(root, skeleton),
      nothing: inWindow(whole, skeleton, window),
    };
  });
  readings.set(skeleton, reading);
  return reading;
}

/** The part of a laid document that the window has become, with places counted from the window's start. */
export function inWindow(laid: LaidText, { site }: Skeleton, { start, end }: Span): LaidText {
  const growth = laid.text.length - site.document.text.length;
  const pieces = laid.pieces.map((piece) => ({
    ...piece,
    span: { start: piece.span.start - start, end: piece.span.end - start },
  }));
  return { text: laid.text.slice(start, end + growth), pieces };
}

function placesOf({ pieces }: LaidText): readonly Span[] {
  return pieces.map(({ span }) => span);
}

function entriesAt(root: SyntaxNode, keyword: number): SiteSyntax["entries"] {
  return sitesAround(root, keyword).find((site) => site.keyword === keyword)?.entries ?? [];
}

/** `#[rustfmt::skip]` on something around the site, or within the file itself. */
function isFormattedByHand(root: SyntaxNode, { start, end }: Span): boolean {
  const isSkip = (text: string) => /\brustfmt(?:::|_)skip\b/.test(text);
  for (let node = root.descendantForIndex(start, end - 1); node !== null; node = node.parent) {
    if (attributesOf(node).some(({ text }) => isSkip(text))) return true;
  }
  return root.namedChildren.some((child) => child?.type === "inner_attribute_item" && isSkip(child.text));
}

function isInTests(root: SyntaxNode, { site }: Skeleton): boolean {
  if (/(?:^|[\\/])(?:tests|benches)[\\/]|[\\/]tests?\.rs$/.test(site.document.path)) return true;
  for (let node = root.descendantForIndex(site.keyword, site.keyword); node !== null; node = node.parent) {
    if (isTestCode(node)) return true;
  }
  return false;
}

/** As offsets into the document with every hole open. */
function windowOf(root: SyntaxNode, { site, replaced }: Skeleton, growth: number): Span {
  const start = Math.min(site.span.start, replaced.start);
  const end = Math.max(site.span.end, replaced.end) + growth;
  return outermostItem(root, { start, end }) ?? { start: 0, end: site.document.text.length + growth };
}
