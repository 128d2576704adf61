import { splitNode } from "../cargo/feature-tree.ts";
import type { CheckPlan } from "./cargo-check.ts";
import { planCheck, type PlanOptions, type Reach } from "./plan.ts";
import { takesDevDependencies } from "./target-choice.ts";

/** A check of the library and the binaries only, where that compiles something with fewer features. */
export interface PlainBuild {
  readonly plan: CheckPlan;
  /** "side/extra": what only dev-dependencies turn on. */
  readonly features: readonly string[];
}

/**
 * Where tests are checked, cargo builds everything with the features that dev-dependencies turn on; who builds the
 * package plainly has not got them. A dependency has fewer variants and items then, so a body for one of them is red.
 */
export async function planPlainBuild(
  options: PlanOptions,
  reach: Reach,
  { compiled }: CheckPlan,
): Promise<PlainBuild | undefined> {
  const { settings, metadata } = options;
  const hasDevDependencies = metadata.resolve?.nodes.some(({ deps }) =>
    deps.some(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === "dev")),
  );
  if (!takesDevDependencies(settings.targetFlags) || hasDevDependencies === false) return undefined;
  const plan = await planCheck({ ...options, settings: { ...settings, targetFlags: [] } }, reach);
  const lacking = [...plan.compiled].filter((node) => !compiled.has(node));
  if (lacking.length === 0) return undefined;
  return { plan, features: lacking.flatMap((node) => featuresLost(node, compiled)) };
}

function featuresLost(node: string, compiled: ReadonlySet<string>): readonly string[] {
  const { head, features } = splitNode(node);
  const name = head.split(" ")[0] ?? head;
  const full = [...compiled].map(splitNode).filter((other) => other.head === head);
  const lost = full.flatMap((other) => other.features.filter((feature) => !features.includes(feature)));
  return [...new Set(lost)].map((feature) => `${name}/${feature}`);
}
