import type { Draft, Verdict } from "../../stages.ts";
import { endsTrying, type Judge } from "./judge.ts";

/** One by one, until one is accepted. */
export async function judgeInTurn(judge: Judge, drafts: readonly Draft[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const draft of drafts) {
    const verdict = await judge.judge(draft);
    verdicts.push(verdict);
    if (endsTrying(verdict)) break;
  }
  return verdicts;
}
