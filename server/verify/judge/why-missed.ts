import type { Span } from "../../stages.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { surroundingCode } from "../../syntax/surrounding-code.ts";
import type { Checked, MissedIn } from "./bench.ts";
import { firstErrorOf } from "../cargo/cargo.ts";
import { isConfiguredIn } from "../cargo/cfg-predicate.ts";
import type { Compilation } from "../cargo/compilation.ts";
import type { CargoPackage } from "../cargo/metadata.ts";
import type { CheckPlan, CheckRun } from "../check/cargo-check.ts";
import { knownCfg } from "./configured-out.ts";
import type { PlacedMessage } from "../check/diagnostics.ts";
import type { LaidText } from "../text/laid-text.ts";
import type { PlanOptions } from "../check/plan.ts";
import { configuredFlags, flagsOf } from "../check/resolve-workspace.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { whyNoTarget } from "./why-no-target.ts";
import { whyNotReached } from "./why-not-live.ts";

export interface CheckedDocument {
  readonly laid: LaidText;
  readonly run: CheckRun;
  readonly placed: readonly PlacedMessage[];
  readonly site: Span;
  /** Real path of the document. */
  readonly path: string;
  readonly syntax: RustSyntax;
  readonly shadow: Shadow;
  readonly plan: CheckPlan;
  readonly prepared: PlanOptions;
  readonly environment: NodeJS.ProcessEnv;
}

/** What a check and the syntax tell of code that was not reached, each once, however many drafts ask. */
export function missedIn(document: CheckedDocument): Pick<Checked, "whyMissed" | "isLeftOut"> {
  return {
    whyMissed: once((missed, hole) => explain(document, missed, hole)),
    isLeftOut: once((of, hole, build) => isLeftOut(document, { ...of, ...build }, hole)),
  };
}

function once<Arguments extends readonly unknown[], Answer>(
  answer: (...questions: Arguments) => Answer,
): (...questions: Arguments) => Answer {
  const known = new Map<string, { readonly answer: Answer }>();
  return (...questions) => {
    const key = JSON.stringify(questions);
    const found = known.get(key) ?? { answer: answer(...questions) };
    known.set(key, found);
    return found.answer;
  };
}

function isLeftOut(document: CheckedDocument, of: Compilation, hole: string): boolean {
  const { laid, syntax, plan } = document;
  const known = knownCfg(plan.asked(packageOf(plan, of)), of);
  const { attributes } = syntax.read(laid.text, (root) => surroundingCode(root, spanOf(document, hole)));
  return attributes.some(({ text }) => isConfiguredIn(text, known) === false);
}

function explain(document: CheckedDocument, missed: MissedIn | undefined, hole: string | undefined): string {
  const { run, laid, placed, path, syntax, shadow, plan, prepared, environment } = document;
  const { metadata, settings } = plan;
  if (missed === undefined) {
    const { asked, containing } = plan;
    return whyNoTarget({
      ...{ syntax, path, asked, containing },
      targetDirectories: prepared.workspace.targetDirectories,
      place: shadow.placeOf(path),
      ownPlaceOf: (place) => shadow.ownPlaces.of(place),
      userPathOf: (place) => shadow.userPathOf(place) ?? place,
    });
  }
  const flags = flagsOf({ ...environment, ...settings.extraEnvironment });
  return whyNotReached({
    ...{ syntax, placed, missed, settings, text: laid.text },
    asked: plan.asked(packageOf(plan, missed)),
    hole: spanOf(document, hole),
    rustFlags: [...configuredFlags(metadata), ...flags],
    failure: run.isSuccess === false ? firstErrorOf(run.stderr) : undefined,
  });
}

function packageOf({ containing }: CheckPlan, { packageId }: Pick<Compilation, "packageId">): CargoPackage {
  return containing.find(({ id }) => id === packageId) ?? containing[0];
}

function spanOf({ laid, site }: CheckedDocument, hole: string | undefined): Span {
  return laid.pieces.find(({ id }) => id === hole)?.span ?? site;
}
