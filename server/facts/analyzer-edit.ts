import { z } from "zod";
import { offsetAt, type PositionEncoding } from "../base/positions.ts";
import type { Splice } from "../syntax/splice.ts";

const position = z.looseObject({ line: z.number(), character: z.number() });

const textEdit = z.looseObject({
  range: z.looseObject({ start: position, end: position }),
  newText: z.string(),
  insertTextFormat: z.number().optional(),
});

const workspaceEdit = z.looseObject({
  documentChanges: z.array(z.looseObject({ edits: z.array(textEdit).optional() })).optional(),
  changes: z.record(z.string(), z.array(textEdit)).optional(),
});

/** What an edit of rust-analyzer does to a text, in text order and as plain text. undefined: not an edit. */
export function splicesOf(
  edit: unknown,
  text: string,
  encoding: PositionEncoding,
): readonly Splice[] | undefined {
  const parsed = workspaceEdit.safeParse(edit);
  if (!parsed.success) return undefined;
  const edits = [
    ...(parsed.data.documentChanges ?? []).flatMap((change) => change.edits ?? []),
    ...Object.values(parsed.data.changes ?? {}).flat(),
  ];
  const splices = edits.map(({ range, newText, insertTextFormat }): Splice => ({
    span: { start: offsetAt(text, range.start, encoding), end: offsetAt(text, range.end, encoding) },
    // `insertTextFormat: 2` is rust-analyzer's own snippetTextEdit extension (its docs/book lsp-extensions).
    text: insertTextFormat === 2 ? plainText(newText) : newText,
  }));
  return splices.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** A snippet with its tab stops replaced by what they show: `${1:todo!()}` -> `todo!()`, `\}` -> `}`. */
export function plainText(snippet: string): string {
  let text = "";
  let depth = 0;
  for (let at = 0; at < snippet.length; at += 1) {
    const rest = snippet.slice(at);
    const opening = /^\$\{\d+:/.exec(rest);
    const stop = /^\$(\d+|\{\d+\})/.exec(rest);
    if (/^\\[\\$}]/.test(rest)) {
      text += snippet.charAt(at + 1);
      at += 1;
    } else if (opening !== null) {
      depth += 1;
      at += opening[0].length - 1;
    } else if (stop !== null) {
      at += stop[0].length - 1;
    } else if (depth > 0 && rest.startsWith("}")) {
      depth -= 1;
    } else {
      text += snippet.charAt(at);
    }
  }
  return text;
}
