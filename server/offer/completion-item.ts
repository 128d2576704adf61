import type { CompletionItem, Position } from "vscode-languageserver";
import { offsetAt, type PositionEncoding } from "../base/positions.ts";
import type { Offer } from "../stages.ts";
import { editorText } from "../syntax/splice.ts";
import { textWithOffer, toRange, toTextEdit } from "./edits.ts";
import { claimedBy, markdownOf, shortLabelOf } from "./evidence.ts";
import { itemEdits, type ItemForm, wordBefore } from "./item-edits.ts";
import { snippetOf } from "./snippet.ts";

export interface ItemOptions {
  readonly encoding: PositionEncoding;
  readonly position: Position;
  readonly form: ItemForm;
  readonly labelDetails: boolean;
  /** A person asked, so the item is selected; on ordinary typing Tab would insert it. */
  readonly isAskedByHand: boolean;
}

/**
 * The offer as a completion item. undefined where it does not touch the cursor's line, or where this client would make
 * another text of it: the code action carries it then.
 */
export function completionItemOf(offer: Offer, options: ItemOptions): CompletionItem | undefined {
  const { encoding, form, labelDetails, isAskedByHand } = options;
  const before = editorText(offer.skeleton.site);
  const cursor = offsetAt(before, options.position, encoding);
  const toSnippet = (text: string) => snippetOf(text, openTypesOf(offer));
  const edits = itemEdits(before, textWithOffer(offer), { cursor, form, toSnippet });
  if (edits === undefined) return undefined;
  const { main, isSnippet, additional } = edits;
  const label = shortLabelOf(offer);
  const typed = wordBefore(before.slice(0, cursor));
  return {
    label,
    ...(labelDetails && { labelDetails: { description: claimedBy(offer) } }),
    kind: 2,
    ...(!labelDetails && { detail: claimedBy(offer) }),
    documentation: { kind: "markdown", value: markdownOf(offer) },
    // rust-analyzer's sort texts are eight hexadecimal digits; "!" sorts before all of them.
    sortText: "!",
    // Neovim writes it into the document while the item is selected: so it is what stands there already.
    filterText: typed === "" ? label : typed,
    // All items of rust-analyzer have it at a pattern, and one of them would be selected instead.
    ...(isAskedByHand && { preselect: true }),
    insertTextFormat: isSnippet ? 2 : 1,
    ...((form === "snippet-as-is" || form === "plain") && { insertTextMode: 1 }),
    textEdit: { range: toRange(before, main.span, encoding), newText: main.text },
    additionalTextEdits: additional.map((part) => toTextEdit(before, part, encoding)),
    data: { armature: { site: offer.skeleton.site.label } },
  };
}

function openTypesOf({ skeleton, open }: Offer): readonly string[] {
  return skeleton.holes
    .filter(({ id, kind }) => kind === "type" && open.includes(id))
    .map(({ name }) => name);
}
