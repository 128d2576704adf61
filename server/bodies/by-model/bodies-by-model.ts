import type { Settings } from "../../../protocol/settings.ts";
import type { Log } from "../../base/log.ts";
import type { Facts, Verdict } from "../../stages.ts";
import type { Bodies } from "../write-bodies.ts";
import { createBodyModel } from "./body-model.ts";
import type { ModelChoice } from "./choice.ts";

export interface BodiesByModelOptions {
  readonly choice: ModelChoice;
  readonly settings: Settings["model"];
  readonly stateDirectory: string;
  readonly log: Log;
}

/** Bodies by the model that the user named. */
export function bodiesByModel(options: BodiesByModelOptions): Bodies {
  const model = createBodyModel({ ...options, now: () => new Date() });
  return {
    write: (facts, { signal, report }) => model.propose({ facts, signal, report }),
    repair(facts, verdicts, round, { signal, report }) {
      const failures = verdicts
        .filter((verdict) => verdict.kind !== "accepted")
        .map((verdict) => ({ draft: verdict.draft, verdict }));
      const repair = { round, failures, alternatives: alternativesFor(facts, verdicts) };
      return model.propose({ facts, repair, signal, report });
    },
  };
}

/** E0599 no such method or variant, E0609 no such field, E0425 and E0433 no such name, E0026 no such field in a pattern. */
const inventedName = new Set(["E0599", "E0609", "E0425", "E0433", "E0026"]);

/** What really exists, where the compiler missed a name: inventing names is how models fail most. */
function alternativesFor(facts: Facts, verdicts: readonly Verdict[]): readonly string[] {
  const isInvented = verdicts.some(
    (verdict) =>
      verdict.kind === "rejected" &&
      verdict.diagnostics.some(({ code }) => code !== undefined && inventedName.has(code)),
  );
  if (!isInvented) return [];
  const variants =
    facts.subject?.variants.map((variant) => `${facts.subject?.name ?? ""}::${variant.name}`) ?? [];
  const fields = facts.subject?.fields.map((field) => `self.${field.name}: ${field.type}`) ?? [];
  const implemented = facts.thisImpl === undefined ? facts.typeImpls : [facts.thisImpl, ...facts.typeImpls];
  const methods = implemented.flatMap((found) => found.methods.map((method) => method.signature));
  return [...variants, ...fields, ...methods].slice(0, 60);
}
