import type { Span } from "../../stages.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import type { Checked } from "./bench.ts";
import { firstErrorOf } from "../cargo/cargo.ts";
import type { CheckPlan, CheckRun } from "../check/cargo-check.ts";
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

/** Says once what a check tells of code that was not reached, however many drafts ask. */
export function whyMissedIn(document: CheckedDocument): Checked["whyMissed"] {
  const known = new Map<string, string>();
  return (target, hole) => {
    const key = `${target ?? ""}\0${hole ?? ""}`;
    const message = known.get(key) ?? explain(document, target, hole);
    known.set(key, message);
    return message;
  };
}

function explain(document: CheckedDocument, target: string | undefined, hole: string | undefined): string {
  const { run, laid, placed, site, path, syntax, shadow, plan, prepared, environment } = document;
  const { metadata, settings } = plan;
  const [own] = plan.packages;
  const asked = plan.asked(own);
  if (target === undefined) {
    return whyNoTarget({
      ...{ syntax, path, asked, package: own, packages: metadata.packages },
      targetDirectories: prepared.workspace.targetDirectories,
      place: shadow.placeOf(path),
      ownPlaceOf: (place) => shadow.ownPlaces.of(place),
      userPathOf: (place) => shadow.userPathOf(place) ?? place,
    });
  }
  const flags = flagsOf({ ...environment, ...settings.extraEnvironment });
  return whyNotReached({
    ...{ syntax, placed, target, asked, settings, package: own, text: laid.text },
    hole: laid.pieces.find(({ id }) => id === hole)?.span ?? site,
    rustFlags: [...configuredFlags(metadata), ...flags],
    failure: run.isSuccess === false ? firstErrorOf(run.stderr) : undefined,
  });
}
