import { z } from "zod";

const textEdit = z.looseObject({ newText: z.string(), insertTextFormat: z.number().optional() });

const workspaceEdit = z.looseObject({
  documentChanges: z.array(z.looseObject({ edits: z.array(textEdit).optional() })).optional(),
  changes: z.record(z.string(), z.array(textEdit)).optional(),
});

/** The texts that an edit of rust-analyzer inserts, in its order, as plain text. undefined: not an edit. */
export function insertedTexts(edit: unknown): readonly string[] | undefined {
  const parsed = workspaceEdit.safeParse(edit);
  if (!parsed.success) return undefined;
  const edits = [
    ...(parsed.data.documentChanges ?? []).flatMap((change) => change.edits ?? []),
    ...Object.values(parsed.data.changes ?? {}).flat(),
  ];
  // `insertTextFormat: 2` is rust-analyzer's own snippetTextEdit extension (its docs/book lsp-extensions).
  return edits.map(({ newText, insertTextFormat }) =>
    insertTextFormat === 2 ? plainText(newText) : newText,
  );
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
