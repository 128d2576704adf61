import { z } from "zod";
import { fillCommand } from "../../protocol/methods.ts";
import { Abort } from "../base/abort.ts";
import { describeError } from "../base/log.ts";
import { workspaceEditOf } from "../offer/fill-result.ts";
import { AnswerError, errorCodes } from "../relay/message.ts";
import type { Outcome } from "../stages.ts";
import { labelOf } from "../offer/evidence.ts";
import { isStale } from "./fill.ts";
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
 * `workspace/applyEdit` when the compiler has accepted it. undefined: not our command.
 */
export function executeCommand(context: ViewContext, params: unknown): Promise<unknown> | undefined {
  const parsed = executeCommandParams.safeParse(params);
  if (!parsed.success || parsed.data.command !== fillCommand) return undefined;
  const place = documentPosition.safeParse(parsed.data.arguments?.[0]);
  if (!place.success) {
    const message = `${fillCommand} needs one argument with a textDocument and a position`;
    return Promise.reject(new AnswerError(errorCodes.invalidParams, message));
  }
  void fillByEdit(context, place.data).catch((error: unknown) => {
    context.log.error(`${fillCommand}: ${describeError(error)}`);
  });
  return Promise.resolve(null);
}

async function fillByEdit(context: ViewContext, place: DocumentPosition): Promise<void> {
  const { signal } = new Abort();
  const asked = await askedAt(context, place);
  if ("stage" in asked) {
    tell(context, asked.message);
    return;
  }
  const outcome: Outcome = await joinJob(context, asked, { signal, keepsRunning: true });
  if (outcome.kind === "none") {
    tell(context, outcome.message);
    return;
  }
  const best = outcome.offers[0];
  // Neovim applies an edit for version 0 whatever the document's version is: the last look is ours.
  if (best === undefined || isStale(context, asked)) {
    tell(context, "the document changed while it was checked; ask again");
    return;
  }
  const edit = workspaceEditOf(best, context.encoding());
  const refusal = await applyEdit(context, { label: labelOf(best), edit }, signal);
  if (refusal !== undefined) tell(context, `the editor did not apply the edit (${refusal})`);
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

/** The person picked an action and waits, so the reason is shown: as a message, the only channel all editors have. */
function tell(context: ViewContext, message: string): void {
  context.log.info(`no offer: ${message}`);
  context.notifyEditor("window/showMessage", { type: 3, message: `Armature: ${message}` });
}
