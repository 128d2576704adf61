import type { FillResult, WhyResult } from "../../protocol/methods.ts";
import type { NoOffer, Outcome } from "../stages.ts";
import { droppedDrafts, fillResultOf } from "../offer/fill-result.ts";
import { AnswerError, errorCodes } from "../relay/message.ts";
import type { Asked } from "../trigger/asked.ts";
import { joinJob } from "./join-job.ts";
import { askedAt, documentPosition, type DocumentPosition, type ViewContext } from "./view-context.ts";

/** `armature/fill`: waits for the job; the request's own signal cancels it. */
export async function fill(context: ViewContext, params: unknown, signal: AbortSignal): Promise<FillResult> {
  const place = placeIn(params);
  const asked = await askedAt(context, place);
  if ("stage" in asked) return fruitless(context, place, asked);
  const outcome = await joinJob(context, asked, { signal, keepsRunning: false });
  if (isStale(context, asked)) return fruitless(context, place, stale(outcome));
  if (outcome.kind === "none") return fruitless(context, place, outcome);
  return fillResultOf(outcome, context.encoding());
}

/** `armature/why`: the last outcome at this site, or null. */
export async function why(context: ViewContext, params: unknown): Promise<WhyResult> {
  const asked = await askedAt(context, placeIn(params));
  if ("stage" in asked)
    return { outcome: fillResultOf(asked, context.encoding()), dropped: [], milliseconds: 0 };
  const last = context.jobs.last(asked);
  if (last === undefined) return null;
  return {
    outcome: fillResultOf(last.outcome, context.encoding()),
    dropped: droppedDrafts(last.outcome),
    milliseconds: last.milliseconds,
  };
}

/** One sentence for a person: why nothing is offered here, or that something is. */
export async function reasonAt(context: ViewContext, place: DocumentPosition): Promise<string> {
  const asked = await askedAt(context, place);
  if ("stage" in asked) return asked.message;
  const outcome = context.jobs.last(asked)?.outcome ?? context.asks.at(place);
  if (outcome === undefined)
    return `nothing has been asked for at ${asked.sites[0]?.label ?? "this place"} yet`;
  if (outcome.kind === "none") return outcome.message;
  return `${outcome.offers.length === 1 ? "an offer is" : `${outcome.offers.length} offers are`} ready for ${outcome.site.label}`;
}

/** Whether the document has moved on since it was asked about: an edit for it would land in the wrong place. */
export function isStale(context: ViewContext, asked: Asked): boolean {
  return context.documents.get(asked.document.uri)?.text !== asked.document.text;
}

export function stale(outcome: Outcome): NoOffer {
  const site = outcome.kind === "offers" ? outcome.site.label : outcome.site;
  const message = "the document changed while it was checked; ask again";
  return { kind: "none", stage: "offer", reason: "stale", message, ...(site === undefined ? {} : { site }) };
}

function fruitless(context: ViewContext, place: DocumentPosition, none: NoOffer): FillResult {
  context.asks.fruitless(place, none);
  return fillResultOf(none, context.encoding());
}

/** Throws the answer for params that name no place. */
export function placeIn(params: unknown): DocumentPosition {
  const place = documentPosition.safeParse(params);
  if (place.success) return place.data;
  throw new AnswerError(errorCodes.invalidParams, "a textDocument with its uri and a position are needed");
}
