import { Abort, untilAborted } from "../base/abort.ts";
import type { Outcome } from "../stages.ts";
import type { Asked } from "../trigger/asked.ts";
import type { ViewContext } from "./view-context.ts";

export interface JoinJobOptions {
  readonly signal: AbortSignal;
  readonly keepsRunning: boolean;
}

/**
 * Joins the job for these texts where a person waits for it: shown as progress, which can be cancelled. A job that goes
 * on when the wait ends is shown until it ends itself.
 */
export function joinJob(
  { jobs, progress }: ViewContext,
  asked: Asked,
  { signal, keepsRunning }: JoinJobOptions,
): Promise<Outcome> {
  const [site] = asked.sites;
  const until = keepsRunning ? new Abort().signal : signal;
  const shown = progress.show({
    key: `${asked.document.uri}#${site?.keyword ?? 0}`,
    title: `Armature: ${site?.label ?? ""}`,
    work: (report) => jobs.join(asked, { signal: until, keepsRunning, report }),
    cancel: () => jobs.cancel(asked),
  });
  return keepsRunning ? untilAborted(shown, signal) : shown;
}
