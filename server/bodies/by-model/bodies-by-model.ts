import type { Settings } from "../../../protocol/settings.ts";
import type { Log } from "../../base/log.ts";
import type { Facts, Verdict } from "../../stages.ts";
import type { Bodies } from "../write-bodies.ts";
import { realAlternatives } from "./alternatives.ts";
import { type BodyModel, createBodyModel } from "./body-model.ts";
import type { ModelChoice } from "./choice.ts";
import type { RepairRound } from "./repair-sections.ts";

export interface BodiesByModelOptions {
  readonly choice: ModelChoice;
  readonly settings: Settings["model"];
  readonly stateDirectory: string;
  readonly log: Log;
}

/** The writer of bodies behind a model: the first round, and rounds with what the compiler said. */
export function bodiesByModel(options: BodiesByModelOptions): Bodies {
  return bodiesOf(createBodyModel({ ...options, now: () => new Date() }));
}

export function bodiesOf(model: BodyModel): Bodies {
  return {
    model: () => ({ name: model.name, ...model.status() }),
    write: (facts, { signal, report }) => model.propose({ facts, signal, report }),
    repair: (facts, verdicts, round, { signal, report }) =>
      model.propose({ facts, signal, report, repair: repairRound(facts, verdicts, round) }),
  };
}

/** The latest verdicts first: they are about the bodies that the earlier errors led to. */
function repairRound(facts: Facts, verdicts: readonly Verdict[], round: number): RepairRound {
  const failures = verdicts
    .filter((verdict) => verdict.kind === "rejected" || verdict.kind === "refused")
    .toReversed()
    .map((verdict) => ({ draft: verdict.draft, verdict }));
  return {
    round,
    failures,
    alternatives: realAlternatives(
      facts,
      failures.map(({ verdict }) => verdict),
    ),
  };
}
