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
  if ("stage" in asked) return logged(context, asked);
  const outcome = await joinJob(context, asked, { signal, keepsRunning: false });
  if (isStale(context, asked)) return fillResultOf(stale(outcome), context.encoding());
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

/** Whether the document has moved on since it was asked about: an edit for it would land in the wrong place. */
export function isStale(context: ViewContext, asked: Asked): boolean {
  return context.documents.get(asked.document.uri)?.text !== asked.document.text;
}

function stale(outcome: Outcome): NoOffer {
  const site = outcome.kind === "offers" ? outcome.site.label : outcome.site;
  const message = "the document changed while it was checked; ask again";
  return { kind: "none", stage: "offer", reason: "stale", message, ...(site === undefined ? {} : { site }) };
}

function logged(context: ViewContext, none: NoOffer): NoOffer {
  context.log.info(`no offer: ${none.stage}/${none.reason}: ${none.message}`);
  return none;
}

/** Throws the answer for params that name no place. */
function placeIn(params: unknown): DocumentPosition {
  const place = documentPosition.safeParse(params);
  if (place.success) return place.data;
  throw new AnswerError(errorCodes.invalidParams, "a textDocument with its uri and a position are needed");
}
