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
  readonly insertTextFormat?: number | undefined;
  readonly insertTextMode?: number | undefined;
}

/** What an editor does with the later lines of a snippet. */
export type Landing =
  /** It takes `insertTextMode: asIs`. */
  | "as it is"
  /**
   * It puts the indentation of the line before them, empty ones too, as that is after the additional edits; and
   * spaces for the snippet's own tabs.
   */
  | "indented after"
  /** The same, as the line was before. */
  | "indented before";

const workspaceEdit = z.looseObject({
  documentChanges: z.array(z.looseObject({ edits: z.array(textEdit) })).default([]),
});

export const completionItem: z.ZodType<Completion> = z.object({
  label: z.string(),
  textEdit,
  additionalTextEdits: z.array(textEdit).optional(),
  insertTextFormat: z.number().optional(),
  insertTextMode: z.number().optional(),
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
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

/** The text after the item was accepted. */
export function acceptedItem(
  text: string,
  item: Completion,
  encoding: PositionEncoding = "utf-16",
  landing: Landing = "indented after",
): string {
  const { range, newText } = item.textEdit;
  const additional = item.additionalTextEdits ?? [];
  const isSnippet = item.insertTextFormat === 2;
  const plain = isSnippet ? plainText(newText) : newText;
  if (landing === "indented before") {
    // Helix makes the others in the text that has the main one already, with the ranges as they are.
    const [, indentation = ""] = /^([ \t]*)/.exec(text.split("\n")[range.start.line] ?? "") ?? [];
    const landed = isSnippet ? plain.replaceAll("\n", `\n${indentation}`) : plain;
    return withEdits(withEdits(text, [{ range, newText: landed }], encoding), additional, encoding);
  }
  if (!isSnippet || landing === "as it is")
    return withEdits(text, [{ range, newText: plain }, ...additional], encoding);
  const mark = "\0";
  const marked = withEdits(text, [{ range, newText: mark }, ...additional], encoding);
  const [line = ""] = marked.slice(marked.lastIndexOf("\n", marked.indexOf(mark)) + 1).split("\n");
  const indentation = /^[ \t]*/.exec(line.replace(mark, ""))?.[0] ?? "";
  return marked.replace(mark, () => plain.replaceAll("\t", "    ").replaceAll("\n", `\n${indentation}`));
}

/** By the name and the capabilities of `initialize`: what was seen in the editors themselves. */
export function landingOf(name: string, insertTextModes: readonly number[]): Landing {
  if (/^neovim/i.test(name)) return "indented after";
  if (/^helix/i.test(name)) return "indented before";
  return insertTextModes.includes(1) ? "as it is" : "indented after";
}
