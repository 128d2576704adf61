/** Edits and completion items applied to a text as editors do it. */
import { z } from "zod";
import { offsetAt, type PositionEncoding } from "../../../server/base/positions.ts";
import { plainText } from "../../../server/facts/analyzer-edit.ts";

const position = z.object({ line: z.number(), character: z.number() });
const textEdit = z.object({ range: z.object({ start: position, end: position }), newText: z.string() });

export type TextEdit = Readonly<z.infer<typeof textEdit>>;

export interface Completion {
  readonly label: string;
  readonly textEdit: TextEdit;
  readonly additionalTextEdits?: readonly TextEdit[] | undefined;
}

const workspaceEdit = z.looseObject({
  documentChanges: z.array(z.looseObject({ edits: z.array(textEdit) })).default([]),
});

export const completionItem: z.ZodType<Completion> = z.object({
  label: z.string(),
  textEdit,
  additionalTextEdits: z.array(textEdit).optional(),
});

/** The text with a WorkspaceEdit of one document in it. */
export function applied(text: string, edit: unknown, encoding: PositionEncoding = "utf-16"): string {
  const { documentChanges } = workspaceEdit.parse(edit);
  return withEdits(
    text,
    documentChanges.flatMap(({ edits }) => edits),
    encoding,
  );
}

export function withEdits(text: string, edits: readonly TextEdit[], encoding: PositionEncoding): string {
  return edits
    .map(({ range, newText }) => ({
      start: offsetAt(text, range.start, encoding),
      end: offsetAt(text, range.end, encoding),
      newText,
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

/** The text after the item was accepted: a snippet's later lines get the indentation of the line it lands on. */
export function acceptedItem(
  text: string,
  { textEdit: { range, newText }, additionalTextEdits = [] }: Completion,
  encoding: PositionEncoding = "utf-16",
): string {
  const line = text.split("\n")[range.start.line] ?? "";
  const indentation = /^[ \t]*/.exec(line)?.[0] ?? "";
  const inserted = plainText(newText).replace(/\n(?=[^\n])/g, `\n${indentation}`);
  return withEdits(text, [{ range, newText: inserted }, ...additionalTextEdits], encoding);
}
