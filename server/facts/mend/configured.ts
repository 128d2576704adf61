import type { FrameError, Hole } from "../../stages.ts";
import type { DefinitionPart } from "../../syntax/definition-parts.ts";
import { indentationAt, layoutOf } from "../../syntax/layout.ts";
import type { EntrySyntax } from "../../syntax/site-syntax.ts";
import { documentWith, type Splice } from "../../syntax/splice.ts";
import type { Mend, MendContext } from "./mend.ts";

/** Variants and members that are not there. */
const absent = new Set(["E0599", "E0407", "E0437", "E0438"]);

/** What only some compilations have stands under the `#[cfg(…)]` of its definition; fields that they lack become `..`. */
export function configured(error: FrameError, context: MendContext): Mend | undefined {
  const entry = entryAt(error, context);
  if (entry === undefined) return undefined;
  if (error.code === "E0026") return withoutFields(error, entry, context);
  if (error.code === "E0023") return withoutTupleFields(entry, context);
  if (!absent.has(error.code ?? "")) return undefined;
  const attributes = cfgsOf(context.definition.find(({ name }) => name === entry.name));
  if (attributes.length === 0) return undefined;
  return { splices: [attributesBefore(entry, attributes, context)] };
}

/** The arm or member that the error points into. */
export function entryAt({ places }: FrameError, { entries }: MendContext): EntrySyntax | undefined {
  const [primary] = places;
  return entries.find(
    ({ span }) => primary !== undefined && primary.span.start >= span.start && primary.span.end <= span.end,
  );
}

export function cfgsOf(part: DefinitionPart | undefined): readonly string[] {
  return part?.attributes.filter((text) => /^#\[\s*cfg\s*\(/.test(text)) ?? [];
}

function attributesBefore(
  { span }: EntrySyntax,
  attributes: readonly string[],
  { skeleton }: MendContext,
): Splice {
  const document = documentWith(skeleton, skeleton.text);
  const indentation = indentationAt(document, span.start + skeleton.replaced.start);
  const lineBreak = layoutOf(document).lineBreak + indentation;
  return {
    span: { start: span.start, end: span.start },
    text: attributes.map((attribute) => attribute + lineBreak).join(""),
  };
}

function withoutFields(
  { message }: FrameError,
  entry: EntrySyntax,
  { skeleton }: MendContext,
): Mend | undefined {
  const named = [...message.matchAll(/`(\w+)`/g)].map((match) => match[1]);
  const { holes, text } = skeleton;
  const gone = holes.filter(
    ({ kind, field, span }) => kind === "binder" && named.includes(field) && isIn(span.start, entry),
  );
  if (gone.length === 0) return undefined;
  const pattern = text.slice(entry.ownerSpan.start, entry.ownerSpan.end);
  const close = pattern.lastIndexOf("}");
  if (close < 0) return undefined;
  const end = entry.ownerSpan.start + close;
  const before = text.slice(0, end).trimEnd();
  const rest = /\.\.$/.test(before) ? [] : [restBehind(before, gone)];
  return { splices: [...gone.map((hole) => ({ span: withComma(hole, text), text: "" })), ...rest] };
}

/** The end of the fields, with a comma only where a field is left that has none. */
function restBehind(before: string, gone: readonly Hole[]): Splice {
  const at = { start: before.length, end: before.length };
  const isLastGone = gone.some(({ span }) => span.end === before.length);
  if (isLastGone) return { span: at, text: ".." };
  return { span: at, text: before.endsWith(",") ? " .." : ", .." };
}

/** A field with the comma behind it. */
function withComma({ span }: Hole, text: string): Splice["span"] {
  const comma = /^\s*,\s*/.exec(text.slice(span.end))?.[0].length ?? 0;
  return { start: span.start, end: span.end + comma };
}

/** Tuple fields take no attribute: those that are configured, and all between them, become one `..`. */
function withoutTupleFields(entry: EntrySyntax, { skeleton, definition }: MendContext): Mend | undefined {
  const fields = definition.find(({ name }) => name === entry.name)?.fields ?? [];
  const isConfigured = fields.map((field) => cfgsOf(field).length > 0);
  const binders = entry.binders.filter(({ field }) => field === undefined);
  const [first, last] = [isConfigured.indexOf(true), isConfigured.lastIndexOf(true)];
  const [from, to] = [binders[first], binders[last]];
  // Alternatives by attribute (`#[cfg(a)] u8, #[cfg(not(a))] u16`) have fewer binders than fields.
  if (first < 0 || binders.length !== fields.length || from === undefined || to === undefined)
    return undefined;
  const span = { start: from.span.start, end: to.span.end };
  return skeleton.text.slice(span.start, span.end) === ".." ? undefined : { splices: [{ span, text: ".." }] };
}

function isIn(offset: number, { span }: EntrySyntax): boolean {
  return offset >= span.start && offset < span.end;
}
