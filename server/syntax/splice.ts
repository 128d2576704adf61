import type { Draft, Hole, Site, Skeleton, Span } from "../stages.ts";
import { type BindingMode, fieldPattern, readBinding } from "./binding.ts";
import { lexRust } from "./lex.ts";

export interface Splice {
  readonly span: Span;
  readonly text: string;
}

/** Replaces parts of a text. `spans` are the parts' new places, in the order of `splices`. */
export function spliceText(
  text: string,
  splices: readonly Splice[],
): { readonly text: string; readonly spans: readonly Span[]; readonly moved: (offset: number) => number } {
  const ordered = splices.map((splice, index) => ({ ...splice, index })).sort(byStart);
  const spans: Span[] = splices.map(({ span }) => span);
  let result = "";
  let at = 0;
  for (const { span, text: replacement, index } of ordered) {
    result += text.slice(at, span.start);
    spans[index] = { start: result.length, end: result.length + replacement.length };
    result += replacement;
    at = span.end;
  }
  const moved = (offset: number) =>
    ordered.reduce(
      (sum, { span, text: replacement }) =>
        span.end <= offset ? sum + replacement.length - (span.end - span.start) : sum,
      offset,
    );
  return { text: result + text.slice(at), spans, moved };
}

/** The text that the editor had when the site was found (half-typed words included). */
export function editorText({ healed, healedText, unhealed, document: { text } }: Site): string {
  return text.slice(0, healed.start) + unhealed + text.slice(healed.start + healedText.length);
}

export interface FilledText {
  /** What replaces `skeleton.replaced`. */
  readonly text: string;
  /** Every hole, filled or open, as offsets into {@link text}. */
  readonly holes: ReadonlyMap<string, Span>;
  /** `skeleton.written`, as offsets into {@link text}. */
  readonly written: readonly Span[];
}

/** The skeleton's text with a draft's fillings in its holes; a hole without a filling keeps its placeholder. */
export function applyDraft(skeleton: Skeleton, draft: Draft): FilledText {
  const names = binderNames(draft);
  const splices = skeleton.holes.map((hole) => ({
    span: hole.span,
    text: fillingOf(skeleton, hole, draft, names),
  }));
  const { text, spans, moved } = spliceText(skeleton.text, splices);
  const holes = new Map<string, Span>();
  for (const [index, hole] of skeleton.holes.entries()) holes.set(hole.id, spans[index] ?? hole.span);
  const written = skeleton.written.map(({ start, end }) => ({ start: moved(start), end: moved(end) }));
  return { text, holes, written };
}

/** The whole document with the filled text in place. Offsets of the filled text move by `skeleton.replaced.start`. */
export function documentWith(skeleton: Skeleton, filledText: string): string {
  const { text } = skeleton.site.document;
  return text.slice(0, skeleton.replaced.start) + filledText + text.slice(skeleton.replaced.end);
}

function binderNames(draft: Draft): ReadonlyMap<string, string> {
  return new Map([...draft.fillings.values()].flatMap((filling) => [...(filling.binders ?? [])]));
}

function fillingOf(skeleton: Skeleton, hole: Hole, draft: Draft, names: ReadonlyMap<string, string>): string {
  const placeholder = skeleton.text.slice(hole.span.start, hole.span.end);
  if (hole.kind === "binder") return binderText(hole, names.get(hole.id) ?? placeholder, placeholder);
  const filling = draft.fillings.get(hole.id);
  return filling === undefined ? placeholder : indentedAt(skeleton, hole.span.start, filling.text.trim());
}

/** A record field's shorthand can only take another name as `field: name`. */
function binderText({ field, mode }: Hole, said: string, placeholder: string): string {
  const binding = readBinding(said);
  if (binding === undefined || binding.name === "_") return withField(field, said, placeholder);
  const bound = mode === undefined ? binding : { ...binding, mode: modeBeside(binding.mode, mode) };
  return field === undefined ? bound.mode + bound.name : fieldPattern(field, bound);
}

function withField(field: string | undefined, said: string, placeholder: string): string {
  return field === undefined || said === placeholder || said.includes(":") ? said : `${field}: ${said}`;
}

/** What the compiler asked of this place ("" takes `ref` away), unless the draft says as much itself. */
function modeBeside(own: BindingMode, asked: BindingMode): BindingMode {
  if (asked === "") return own.startsWith("ref") ? "" : own;
  return own === "ref mut " ? own : asked;
}

/** A filling's further lines at the indentation of the line its hole stands on. */
function indentedAt(skeleton: Skeleton, offset: number, filling: string): string {
  // White space inside a literal is part of its value.
  const literalOverLines = lexRust(filling)?.some(
    ({ kind, text }) => kind === "string" && text.includes("\n"),
  );
  if (!filling.includes("\n") || literalOverLines !== false) return filling;
  const before = documentWith(skeleton, skeleton.text).slice(0, skeleton.replaced.start + offset);
  const indentation = /^[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1))?.[0] ?? "";
  const [first = "", ...rest] = filling.replaceAll("\r\n", "\n").split("\n");
  const own = rest.filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const common = Math.min(...own);
  const lineBreak = before.includes("\r\n") ? "\r\n" : "\n";
  const lines = rest.map((line) => (line.trim() === "" ? "" : indentation + line.slice(common)));
  return [first, ...lines].join(lineBreak);
}

function byStart(a: Splice, b: Splice): number {
  return a.span.start - b.span.start || a.span.end - b.span.end;
}
