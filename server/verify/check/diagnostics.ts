import { resolve } from "node:path";
import type { CompilerDiagnostic, Span } from "../../stages.ts";
import type { CompilerMessage, MessageSpan, Suggestion } from "../cargo/message.ts";
import { type LaidText, pieceAt, skeletonOffset } from "../text/laid-text.ts";
import type { Shadow } from "../shadow/shadow.ts";

/** A message of rustc with its places found in the document that was checked. */
export interface PlacedMessage {
  readonly message: CompilerMessage;
  readonly diagnostic: CompilerDiagnostic;
  /** Offsets into the checked document of each span that lies in it, the primary ones first. */
  readonly spans: readonly Span[];
  /** The same for what its notes and helps point at. */
  readonly noteSpans: readonly Span[];
  /** The same for a message about the same thing in a check of another draft. */
  readonly key: string;
  /** What rustc proposes to change in the document, best first. */
  readonly fixes: readonly Fix[];
}

/** Changes of a laid document that belong together. */
export interface Fix {
  readonly isMachineApplicable: boolean;
  readonly parts: readonly { readonly span: Span; readonly text: string }[];
}

export interface Placement {
  readonly shadow: Shadow;
  /** The directory cargo ran in. */
  readonly directory: string;
  /** Real path of the document in the user's file system. */
  readonly path: string;
  readonly laid: LaidText;
  /** Offset in the laid text of a byte offset in it. */
  readonly offsetAt: (byte: number) => number;
}

export function placeMessage(message: CompilerMessage, placement: Placement): PlacedMessage {
  const places = message.spans.map((span) => placeOf(span, placement));
  const primary = places.find(({ isPrimary }) => isPrimary) ?? places[0];
  const inDocument = places.filter(({ path }) => path === placement.path);
  const spans = [
    ...inDocument.filter(({ isPrimary }) => isPrimary),
    ...inDocument.filter((p) => !p.isPrimary),
  ].map(({ span }) => offsetsOf(span, placement));
  const first = primary?.path === placement.path ? spans[0] : undefined;
  const piece = first === undefined ? undefined : pieceAt(placement.laid, first);
  const hole =
    piece === undefined || piece.kind === "written" ? undefined : (piece.id.split(".")[0] ?? piece.id);
  const at =
    first === undefined
      ? `${primary?.path ?? ""}:${primary?.span.byteStart ?? ""}`
      : (piece?.id ?? String(skeletonOffset(placement.laid, first.start)));
  return {
    message,
    diagnostic: {
      level: message.level === "warning" ? "warning" : "error",
      code: message.code,
      message: message.message,
      path: primary?.path ?? "",
      line: primary?.span.line ?? 1,
      hole,
      rendered: message.rendered,
    },
    spans,
    noteSpans: message.noteSpans
      .map((span) => placeOf(span, placement))
      .flatMap(({ path, span }) => (path === placement.path ? [offsetsOf(span, placement)] : [])),
    fixes: message.suggestions.flatMap((suggestion) => fixOf(suggestion, placement)),
    key: [message.code ?? "", withoutPlaces(message.message), at].join("\0"),
  };
}

/** Types of closures are named by line and column, which a text above them moves. */
function withoutPlaces(message: string): string {
  return message.replace(/@[^\s@]+:\d+:\d+(?:: \d+:\d+)?/g, "@");
}

function fixOf({ isMachineApplicable, parts }: Suggestion, placement: Placement): readonly Fix[] {
  if (!parts.every(({ span }) => pathOf(span, placement) === placement.path)) return [];
  const placed = parts.map(({ span, text }) => ({ span: offsetsOf(span, placement), text }));
  return [{ isMachineApplicable, parts: placed }];
}

/** Errors of a check; rustc's closing count of errors is none of its own. */
export function errorsOf(messages: readonly CompilerMessage[]): readonly CompilerMessage[] {
  return messages.filter(
    ({ level, message }) => level.startsWith("error") && !/^aborting due to /.test(message),
  );
}

/** Those that `known` does not have as often of the same target. */
export function newAmong(
  messages: readonly PlacedMessage[],
  known: readonly PlacedMessage[],
): PlacedMessage[] {
  const left = new Map<string, number>();
  for (const said of known) left.set(keyInTarget(said), (left.get(keyInTarget(said)) ?? 0) + 1);
  return messages.filter((said) => {
    const count = left.get(keyInTarget(said)) ?? 0;
    left.set(keyInTarget(said), count - 1);
    return count <= 0;
  });
}

function keyInTarget({ message, key }: PlacedMessage): string {
  return [message.packageId, message.target, key].join("\0");
}

/** Each once, although a library and its tests both report it. */
export function distinct(messages: readonly PlacedMessage[]): readonly CompilerDiagnostic[] {
  const first = new Map(messages.map(({ key, diagnostic }) => [key, diagnostic]));
  return [...first.values()];
}

interface Place {
  readonly path: string;
  readonly span: MessageSpan;
  readonly isPrimary: boolean;
}

/** Code from a macro counts in the hole that calls it, else where it stands in the document, else at the outermost call. */
function placeOf(span: MessageSpan, placement: Placement): Place {
  const chain = withCallSites(span).map((at) => ({ path: pathOf(at, placement), span: at }));
  const inDocument = chain.filter(({ path }) => path === placement.path);
  const inPiece = inDocument.find(
    ({ span: at }) => pieceAt(placement.laid, offsetsOf(at, placement)) !== undefined,
  );
  const best = inPiece ?? inDocument[0] ?? chain.at(-1);
  return { path: best?.path ?? span.file, span: best?.span ?? span, isPrimary: span.isPrimary };
}

function withCallSites(span: MessageSpan): readonly MessageSpan[] {
  return span.callSite === undefined ? [span] : [span, ...withCallSites(span.callSite)];
}

function pathOf(span: MessageSpan, { shadow, directory, path }: Placement): string {
  const file = resolve(directory, span.file);
  // The user's own file, by an absolute path: not the text that was checked.
  return shadow.userPathOf(shadow.ownPlaces.of(file)) ?? (file === path ? `${file} (on disk)` : span.file);
}

function offsetsOf(span: MessageSpan, { offsetAt }: Placement): Span {
  return { start: offsetAt(span.byteStart), end: offsetAt(span.byteEnd) };
}
