import type { Outcome } from "../stages.ts";
import type { Asked } from "../trigger/asked.ts";
import type { ViewContext } from "./view-context.ts";

export interface JoinJobOptions {
  readonly signal: AbortSignal;
  readonly keepsRunning: boolean;
}

/** Joins the job for these texts where a person waits for it: shown as progress, which can be cancelled. */
export function joinJob(context: ViewContext, asked: Asked, options: JoinJobOptions): Promise<Outcome> {
  return context.progress.show({
    title: `Armature: ${asked.sites[0]?.label ?? ""}`,
    work: (report) => context.jobs.join(asked, { ...options, report }),
    cancel: () => context.jobs.cancel(asked),
  });
}
