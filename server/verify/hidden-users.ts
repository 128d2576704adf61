import type { CheckRun } from "./cargo-check.ts";
import { isAsked } from "./coverage.ts";
import { errorsOf, type PlacedMessage } from "./diagnostics.ts";
import { type CargoPackage, targetLabel } from "./metadata.ts";

/** Missing arms (E0004) and missing members (E0046): rustc goes on with every other body (seen on 1.96). */
const localErrors = new Set<string | undefined>(["E0004", "E0046"]);

/**
 * What may have kept the compiler from seeing that a user of the site is wrong now: an error that ends the reading
 * of its crate, or a target that cargo did not come to. undefined: every user was seen.
 * @param packages Those that the check asked for.
 */
export function hiddenUsers(
  run: CheckRun,
  placed: readonly PlacedMessage[],
  packages: readonly CargoPackage[],
  allTargets: boolean,
): string | undefined {
  const errors = placed.filter(({ message }) => errorsOf([message]).length > 0);
  const ending = errors.find(({ message }) => !localErrors.has(message.code))?.diagnostic;
  if (ending !== undefined) return `${ending.message} (${ending.path}:${ending.line})`;
  if (errors.length === 0) return undefined;
  for (const { id, name, targets } of packages) {
    const said = new Set([...run.artifacts, ...run.messages].filter(isOf(id)).map(({ target }) => target));
    const missed = targets
      .filter((target) => !target.kind.includes("custom-build") && isAsked(target, allTargets))
      .find((target) => !said.has(targetLabel(target)));
    if (missed !== undefined)
      return `cargo did not come to ${targetLabel(missed)} of ${name}, since another target is red`;
  }
  return undefined;
}

function isOf(packageId: string) {
  return (said: { readonly packageId: string }) => said.packageId === packageId;
}
