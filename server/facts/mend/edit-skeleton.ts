import type { Hole, Skeleton, Span } from "../../stages.ts";
import { indentationAt, layoutOf } from "../../syntax/layout.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { allSites, type EntrySyntax } from "../../syntax/site-syntax.ts";
import { documentWith, spliceText, type Splice } from "../../syntax/splice.ts";

/** What is to be changed about a skeleton. Spans are offsets into its text. */
export interface FrameEdit {
  readonly splices: readonly Splice[];
  /** How the names in these binder holes must bind. */
  readonly modes: ReadonlyMap<string, NonNullable<Hole["mode"]>>;
  /** Arms or members to stand behind the last one: patterns or signatures, each with attributes that go before it. */
  readonly entries: readonly { readonly head: string; readonly attributes: readonly string[] }[];
  /** Bodies among the skeleton's written ones that become holes. */
  readonly opened: readonly Span[];
}

/** The arms or members of the site, those of the user's too, as offsets into the skeleton's text. */
export function entriesOf(syntax: RustSyntax, skeleton: Skeleton): readonly EntrySyntax[] {
  const { site, replaced, text } = skeleton;
  return syntax.read(documentWith(skeleton, text), (root) => {
    const at = { start: site.keyword, end: site.keyword };
    const entries = allSites(root, at).find(({ kind }) => kind === site.kind)?.entries ?? [];
    return entries.map((entry) => movedEntry(entry, -replaced.start));
  });
}

/** The skeleton after the edit; holes whose place is gone are gone. Undefined where it could not be read any more. */
export function editSkeleton(syntax: RustSyntax, skeleton: Skeleton, edit: FrameEdit): Skeleton | undefined {
  const before = entriesOf(syntax, skeleton);
  const added = edit.entries.length === 0 ? [] : [entriesBehind(skeleton, before, edit.entries)];
  const openings = edit.opened.map((body) => ({ span: insideOf(skeleton.text, body), text: "todo!()" }));
  const splices = [...edit.splices, ...openings, ...added];
  if (hasOverlap(splices)) return undefined;
  const { text, spans, moved } = spliceText(skeleton.text, splices);
  const isGone = ({ span }: Hole) =>
    edit.splices.some((splice) => splice.span.start <= span.start && splice.span.end >= span.end);
  const move = ({ start, end }: Span) => ({ start: moved(start), end: moved(end) });
  // What is put right behind a hole is no part of it.
  const moveWhole = ({ start, end }: Span) => ({ start: moved(start), end: moved(start) + end - start });
  const kept = skeleton.holes
    .filter((hole) => !isGone(hole))
    .map((hole) => withMode({ ...hole, span: moveWhole(hole.span) }, edit.modes));
  const written = skeleton.written.filter((body) => !edit.opened.includes(body)).map(move);
  const moveless: Skeleton = { ...skeleton, text, written, holes: kept };
  const entries = entriesOf(syntax, moveless);
  const newEntries = added.length === 0 ? undefined : spans.at(-1);
  const isNew = ({ span }: EntrySyntax) =>
    edit.opened.some((body) => isWithin(move(body), span)) ||
    (newEntries !== undefined && span.start >= newEntries.start && span.end <= newEntries.end + 1);
  if (!kept.every((hole) => entries.some(({ span }) => isWithin(hole.span, span)))) return undefined;
  const lastId = Math.max(0, ...skeleton.holes.map(({ id }) => Number(/^h(\d+)/.exec(id)?.[1] ?? 0)));
  const fresh = entries
    .filter(isNew)
    .flatMap((entry, index) => holesOf(entry, `h${lastId + 1 + index}`, text));
  if (fresh.length < edit.entries.length) return undefined;
  const renamed = kept.map((hole) => {
    const entry = entries.find(({ span }) => isWithin(hole.span, span));
    return entry === undefined ? hole : { ...hole, owner: entry.owner };
  });
  const holes = [...renamed, ...fresh].sort((a, b) => a.span.start - b.span.start);
  return { ...moveless, holes, added: skeleton.added + edit.entries.length };
}

/** What is in the braces of a block, else the whole. */
function insideOf(text: string, { start, end }: Span): Span {
  const body = text.slice(start, end);
  if (!body.startsWith("{") || !body.endsWith("}")) return { start, end };
  const inner = body.slice(1, -1);
  const from = start + 1 + inner.length - inner.trimStart().length;
  return { start: from, end: from + inner.trim().length };
}

/** The whole lines of an entry, which go with it. */
export function linesOf({ text }: Skeleton, { span }: EntrySyntax): Span {
  const start = text.slice(0, span.start).trimEnd().length;
  return { start: text[start] === "\r" || text[start] === "\n" ? start : span.start, end: span.end };
}

function entriesBehind(
  skeleton: Skeleton,
  entries: readonly EntrySyntax[],
  added: FrameEdit["entries"],
): Splice {
  const document = documentWith(skeleton, skeleton.text);
  const inText = entries.filter(({ span }) => span.start >= 0 && span.end <= skeleton.text.length);
  const last = inText.at(-1);
  const at = last?.span.end ?? skeleton.text.trimEnd().length;
  const beside = (last ?? entries[0])?.span.start;
  const layout = layoutOf(document);
  const indentation =
    beside === undefined
      ? indentationAt(document, skeleton.site.keyword) + layout.unit
      : indentationAt(document, beside + skeleton.replaced.start);
  const isMatch = skeleton.site.kind === "match";
  const comma = !isMatch || last === undefined || /[,}]$/.test(skeleton.text.slice(0, at)) ? "" : ",";
  const lines = added.flatMap(({ head, attributes }) =>
    isMatch
      ? [...attributes, `${head} => todo!(),`]
      : ["", ...attributes, `${head} {`, `${layout.unit}todo!()`, "}"],
  );
  const text = lines.map((line) => layout.lineBreak + (line === "" ? "" : indentation + line)).join("");
  return { span: { start: at, end: at }, text: comma + text };
}

function holesOf(entry: EntrySyntax, id: string, text: string): readonly Hole[] {
  const { owner, name, open, binders } = entry;
  if (open === undefined) return [];
  const named = binders.map((binder, index): Hole => {
    const placeholder = text.slice(binder.span.start, binder.span.end);
    const base = { id: `${id}.b${index + 1}`, kind: "binder", span: binder.span, owner, name } as const;
    if (binder.field !== undefined) return { ...base, field: binder.field };
    return placeholder === "_" ? base : { ...base, suggestion: placeholder };
  });
  return [...named, { id, kind: "body", span: open, owner, name: name === "" ? owner : name }];
}

function withMode(hole: Hole, modes: FrameEdit["modes"]): Hole {
  const mode = modes.get(hole.id);
  return mode === undefined ? hole : { ...hole, mode };
}

function movedEntry(entry: EntrySyntax, by: number): EntrySyntax {
  const move = ({ start, end }: Span) => ({ start: start + by, end: end + by });
  return {
    ...entry,
    span: move(entry.span),
    ownerSpan: move(entry.ownerSpan),
    open: entry.open === undefined ? undefined : move(entry.open),
    value: entry.value === undefined ? undefined : move(entry.value),
    valueAt: entry.valueAt + by,
    binders: entry.binders.map((binder) => ({ ...binder, span: move(binder.span) })),
  };
}

function hasOverlap(splices: readonly Splice[]): boolean {
  const ordered = [...splices].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return ordered.some(({ span }, index) => span.start < (ordered[index - 1]?.span.end ?? 0));
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
