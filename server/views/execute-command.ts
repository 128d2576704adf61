import { z } from "zod";
import { fillCommand, whyCommand } from "../../protocol/methods.ts";
import { Abort } from "../base/abort.ts";
import { describeError } from "../base/log.ts";
import { workspaceEditOf } from "../offer/fill-result.ts";
import { AnswerError, errorCodes } from "../relay/message.ts";
import type { NoOffer, Outcome } from "../stages.ts";
import { labelOf } from "../offer/evidence.ts";
import { isStale, reasonAt, stale } from "./fill.ts";
import { joinJob } from "./join-job.ts";
import { askedAt, documentPosition, type DocumentPosition, type ViewContext } from "./view-context.ts";

const executeCommandParams = z.looseObject({
  command: z.string(),
  arguments: z.array(z.unknown()).optional(),
});

const notApplied = z.looseObject({
  applied: z.literal(false),
  failureReason: z.string().catch("it gave no reason"),
});

/**
 * `armature.fill`: answered at once (eglot and lsp-mode wait for the answer), the edit follows by
 * `workspace/applyEdit` when the compiler has accepted it. `armature.why`: shown as a message. undefined: not ours.
 */
export function executeCommand(context: ViewContext, params: unknown): Promise<unknown> | undefined {
  const parsed = executeCommandParams.safeParse(params);
  if (!parsed.success) return undefined;
  const { command, arguments: [argument] = [] } = parsed.data;
  const run = command === fillCommand ? fillByEdit : command === whyCommand ? tellWhy : undefined;
  if (run === undefined) return undefined;
  const place = documentPosition.safeParse(argument);
  if (!place.success) {
    const message = `${command} needs one argument with a textDocument and a position`;
    return Promise.reject(new AnswerError(errorCodes.invalidParams, message));
  }
  void run(context, place.data).catch((error: unknown) => {
    context.log.error(`${command}: ${describeError(error)}`);
  });
  return Promise.resolve(null);
}

async function tellWhy(context: ViewContext, place: DocumentPosition): Promise<void> {
  context.asks.tell(await reasonAt(context, place));
}

async function fillByEdit(context: ViewContext, place: DocumentPosition): Promise<void> {
  const { signal } = new Abort();
  const asked = await askedAt(context, place);
  if ("stage" in asked) {
    giveUp(context, place, asked);
    return;
  }
  const outcome: Outcome = await joinJob(context, asked, { signal, keepsRunning: true });
  if (outcome.kind === "none") {
    giveUp(context, place, outcome);
    return;
  }
  const best = outcome.offers[0];
  // Neovim applies an edit for version 0 whatever the document's version is: the last look is ours.
  if (best === undefined || isStale(context, asked)) {
    giveUp(context, place, stale(outcome));
    return;
  }
  const edit = workspaceEditOf(best, context.encoding());
  const refusal = await applyEdit(context, { label: labelOf(best), edit }, signal);
  if (refusal !== undefined) context.asks.tell(`the editor did not apply the edit (${refusal})`);
}

/** The person picked an action and waits, so the reason is shown. */
function giveUp(context: ViewContext, place: DocumentPosition, none: NoOffer): void {
  context.asks.fruitless(place, none);
  context.asks.tell(none.message);
}

/** Why the editor did not take it; undefined where it did. */
async function applyEdit(
  context: ViewContext,
  params: object,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const refused = notApplied.safeParse(await context.askEditor("workspace/applyEdit", params, { signal }));
    return refused.success ? refused.data.failureReason : undefined;
  } catch (error) {
    return describeError(error);
  }
}
