import { z } from "zod";
import { offsetAt } from "../base/positions.ts";
import { Abort, withDeadline } from "../base/abort.ts";
import { isOwn } from "../offer/code-action.ts";
import { completionItemOf } from "../offer/completion-item.ts";
import type { Transform } from "../relay/rewrites.ts";
import type { Outcome } from "../stages.ts";
import type { Asked } from "../trigger/asked.ts";
import { type CompletionAsk, holdMilliseconds, isAskedByHand, startsJob } from "../trigger/rhythm.ts";
import { stillSameSite } from "../trigger/staleness.ts";
import { mayTakeItem, takesItem } from "./completion-place.ts";
import { itemFormOf } from "./item-form.ts";
import { joinJob } from "./join-job.ts";
import { askedAt, documentPosition, type ViewContext } from "./view-context.ts";

const completionParams = documentPosition.extend({
  context: z.looseObject({ triggerKind: z.number(), triggerCharacter: z.string().optional() }).optional(),
});
type CompletionParams = z.infer<typeof completionParams>;

const completionList = z.looseObject({ items: z.array(z.unknown()) });

/**
 * Adds our item to rust-analyzer's completion answer. undefined, at once: no arm and no member goes here, which is
 * the case for nearly every completion. Resolves with undefined where nothing is ready and nobody asked by hand.
 * Either way the answer passes untouched.
 */
export function completionTransform(
  context: ViewContext,
  params: unknown,
  signal: AbortSignal,
): Promise<Transform | undefined> | undefined {
  const parsed = completionParams.safeParse(params);
  const settings = context.settings();
  if (!parsed.success || !settings.enable || !settings.completion.enable) return undefined;
  if (itemFormOf(context.client()) === undefined) return undefined;
  const document = context.documents.get(parsed.data.textDocument.uri);
  if (document === undefined) return undefined;
  const offset = offsetAt(document.text, parsed.data.position, context.encoding());
  const byHand = isAskedByHand(askOf(parsed.data, document.text, offset));
  if (!mayTakeItem(document.text, offset, byHand)) return undefined;
  return transformFor(context, parsed.data, signal);
}

async function transformFor(
  context: ViewContext,
  params: CompletionParams,
  signal: AbortSignal,
): Promise<Transform | undefined> {
  const ready = await outcomeFor(context, params, signal);
  return ready?.outcome.kind !== "offers" ? undefined : (result) => withItems(context, params, ready, result);
}

interface ReadyOutcome {
  readonly asked: Asked;
  readonly outcome: Outcome;
  readonly isAskedByHand: boolean;
}

/** Ours are whole from the start: echoed from memory, since Helix waits for this answer with its screen frozen. */
export function resolveCompletion(item: unknown): Promise<unknown> | undefined {
  return isOwn(item) ? Promise.resolve(item) : undefined;
}

/** The outcome to show with this answer: ready at once, or after a bounded wait where it was asked for by hand. */
async function outcomeFor(
  context: ViewContext,
  params: CompletionParams,
  signal: AbortSignal,
): Promise<ReadyOutcome | undefined> {
  const document = context.documents.get(params.textDocument.uri);
  if (document === undefined) return undefined;
  const offset = offsetAt(document.text, params.position, context.encoding());
  const request = askOf(params, document.text, offset);
  const byHand = isAskedByHand(request);
  const asked = await askedAt(context, params);
  if ("stage" in asked) {
    if (byHand) context.asks.fruitless(params, asked);
    return undefined;
  }
  const [site] = asked.sites;
  if (site === undefined || !takesItem(await context.syntax(), site, offset)) return undefined;
  const ready = context.jobs.ready(asked);
  if (ready !== undefined) return { asked, outcome: ready, isAskedByHand: byHand };
  if (!startsJob(request, context.startsOnlyByHand())) return undefined;
  if (byHand) return held(context, asked, params, signal);
  // Typing starts what the next key or ask finds done, and says nothing of it.
  if (!context.jobs.isFruitless(asked)) {
    void context.jobs.join(asked, { signal: new Abort().signal, keepsRunning: true, report: () => {} });
  }
  return undefined;
}

function askOf({ context }: CompletionParams, text: string, offset: number): CompletionAsk {
  return { ...context, lineBefore: text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset) };
}

/** Waits, but not beyond the bound nor beyond the next edit: rust-analyzer's list is due then, and the job goes on. */
async function held(
  context: ViewContext,
  asked: Asked,
  params: CompletionParams,
  signal: AbortSignal,
): Promise<ReadyOutcome | undefined> {
  const hold = holdMilliseconds(context.client().name, context.settings().completion);
  const deadline = withDeadline(signal, hold);
  const edited = new Abort();
  const forget = context.documents.onChange((uri) => {
    if (uri === asked.document.uri) edited.abort("stale");
  });
  const waits = AbortSignal.any([deadline.signal, edited.signal]);
  try {
    const outcome = await joinJob(context, asked, { signal: waits, keepsRunning: true });
    if (outcome.kind === "none") context.asks.fruitless(params, outcome);
    return { asked, outcome, isAskedByHand: true };
  } catch (error) {
    if (!waits.aborted) throw error;
    context.log.info(
      `${asked.sites[0]?.label ?? "the site"} is still being checked; asked again, it is ready`,
    );
    return undefined;
  } finally {
    forget();
    deadline.clear();
  }
}

function withItems(
  context: ViewContext,
  params: CompletionParams,
  ready: ReadyOutcome,
  result: unknown,
): unknown {
  const { asked, outcome, isAskedByHand } = ready;
  const form = itemFormOf(context.client());
  const current = context.documents.get(asked.document.uri);
  const site = asked.sites[0];
  if (outcome.kind !== "offers" || current === undefined || site === undefined || form === undefined)
    return undefined;
  if (!stillSameSite(site, asked.document, current.text)) return undefined;
  const items = outcome.offers.slice(0, 3).flatMap((offer) => {
    const item = completionItemOf(offer, {
      encoding: context.encoding(),
      position: params.position,
      form,
      labelDetails: context.client().labelDetails,
      // One of them.
      isAskedByHand: isAskedByHand && offer === outcome.offers[0],
    });
    return item === undefined ? [] : [item];
  });
  if (items.length === 0) return undefined;
  if (Array.isArray(result)) return { isIncomplete: true, items: [...items, ...(result as unknown[])] };
  // rust-analyzer may have nothing to say here: then the list is ours alone.
  if (result === null) return { isIncomplete: true, items };
  const list = completionList.safeParse(result);
  // From the result itself: a parsed object has its keys in another order.
  return list.success ? { ...(result as object), items: [...items, ...list.data.items] } : undefined;
}
