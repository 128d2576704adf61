import type { InlineCompletionItem } from "vscode-languageserver";
import { z } from "zod";
import { Abort, withDeadline } from "../base/abort.ts";
import { offsetAt, type Position } from "../base/positions.ts";
import { itemEdits } from "../offer/item-edits.ts";
import { textWithOffer, toRange } from "../offer/edits.ts";
import type { Offer, Outcome } from "../stages.ts";
import { editorText } from "../syntax/splice.ts";
import type { Asked } from "../trigger/asked.ts";
import { isStale } from "./fill.ts";
import { joinJob } from "./join-job.ts";
import { mayStandInList } from "./list-position.ts";
import { askedAt, documentPosition, type ViewContext } from "./view-context.ts";

/** LSP 3.18, InlineCompletionTriggerKind. */
const invoked = 1;
const inlineParams = documentPosition.extend({
  context: z.looseObject({ triggerKind: z.number() }).optional(),
});

interface InlineAnswer {
  readonly items: readonly InlineCompletionItem[];
}

const nothing: InlineAnswer = { items: [] };

/**
 * `textDocument/inlineCompletion`: ghost text. A ready offer at once. An automatic request never asks a model; asked by
 * hand it waits as a completion does.
 */
export class InlineCompletions {
  readonly #context: ViewContext;
  #newest: Abort | undefined;

  constructor(context: ViewContext) {
    this.#context = context;
  }

  /** Never null but where a newer request has come: an editor that gets null keeps what it shows. */
  async complete(params: unknown, signal: AbortSignal): Promise<InlineAnswer | null> {
    this.#newest?.abort("superseded");
    const newest = new Abort();
    this.#newest = newest;
    const parsed = inlineParams.safeParse(params);
    const { enable, completion } = this.#context.settings();
    if (!parsed.success || !enable || !completion.enable) return nothing;
    const answer = await this.#answer(parsed.data, AbortSignal.any([signal, newest.signal]));
    return newest.signal.aborted ? null : answer;
  }

  async #answer(params: z.infer<typeof inlineParams>, signal: AbortSignal): Promise<InlineAnswer> {
    const context = this.#context;
    const document = context.documents.get(params.textDocument.uri);
    if (document === undefined) return nothing;
    const offset = offsetAt(document.text, params.position, context.encoding());
    const isByHand = params.context?.triggerKind === invoked;
    if (!mayStandInList(document.text, offset)) return nothing;
    const asked = await askedAt(context, params);
    if ("stage" in asked) {
      if (isByHand) context.asks.fruitless(params, asked);
      return nothing;
    }
    if (asked.sites[0]?.insertAt === undefined) return nothing;
    const outcome = context.jobs.ready(asked) ?? (await this.#waited(asked, isByHand, signal));
    if (outcome?.kind === "none" && isByHand) context.asks.fruitless(params, outcome);
    if (outcome?.kind !== "offers" || isStale(context, asked)) return nothing;
    return { items: outcome.offers.slice(0, 3).flatMap((offer) => this.#itemOf(offer, params.position)) };
  }

  async #waited(asked: Asked, isByHand: boolean, signal: AbortSignal): Promise<Outcome | undefined> {
    const context = this.#context;
    if (!isByHand && (context.startsOnlyByHand() || context.jobs.isFruitless(asked))) return undefined;
    const deadline = withDeadline(signal, context.settings().completion.holdMilliseconds);
    const options = { signal: deadline.signal, keepsRunning: true };
    try {
      if (isByHand) return await joinJob(context, asked, options);
      return await context.jobs.join(asked, { ...options, report: () => {} });
    } catch (error) {
      if (deadline.signal.aborted) return undefined;
      throw error;
    } finally {
      deadline.clear();
    }
  }

  /** Inserted word for word by every client, so with all its indentation. None where lines elsewhere change too. */
  #itemOf(offer: Offer, position: Position): readonly InlineCompletionItem[] {
    const encoding = this.#context.encoding();
    const before = editorText(offer.skeleton.site);
    const cursor = offsetAt(before, position, encoding);
    const edits = itemEdits(before, textWithOffer(offer), {
      cursor,
      form: "plain",
      toSnippet: (text) => text,
    });
    if (edits === undefined || edits.additional.length > 0) return [];
    return [{ insertText: edits.main.text, range: toRange(before, edits.main.span, encoding) }];
  }
}
