import type { CheckPlan, CheckRun } from "./cargo-check.ts";
import { errorsOf, type PlacedMessage } from "./diagnostics.ts";
import { targetLabel } from "../cargo/metadata.ts";
import { isAsked } from "./target-choice.ts";

/**
 * After these rustc reads nothing more of a crate: what cannot be parsed or expanded (errors without a code), crates
 * that are not found or do not fit. After all others it goes on with every other body (seen on 1.95 and 1.96).
 */
const fatalErrors = new Set<string | undefined>([undefined, "E0460", "E0461", "E0463", "E0514"]);

/**
 * What may have kept the compiler from seeing that a user of the site is wrong now: an error that ends the reading
 * of its crate, or a target that cargo did not come to. undefined: every user was seen.
 * Members that are checked only for the features they turn on are no users.
 */
export function hiddenUsers(
  run: CheckRun,
  placed: readonly PlacedMessage[],
  { packages, asked }: Pick<CheckPlan, "packages" | "asked">,
): string | undefined {
  const errors = placed.filter(({ message }) => errorsOf([message]).length > 0);
  const ids = new Set(packages.map(({ id }) => id));
  const isEnding = ({ message }: PlacedMessage) =>
    ids.has(message.packageId) && fatalErrors.has(message.code);
  const ending = errors.find(isEnding)?.diagnostic;
  if (ending !== undefined) return `${ending.message} (${ending.path}:${ending.line})`;
  if (errors.length === 0) return undefined;
  for (const user of packages) {
    const { id, name, targets } = user;
    const said = new Set([...run.artifacts, ...run.messages].filter(isOf(id)).map(({ target }) => target));
    const missed = targets
      .filter((target) => isAsked(target, asked(user)))
      .find((target) => !said.has(targetLabel(target)));
    if (missed !== undefined)
      return `cargo did not come to ${targetLabel(missed)} of ${name}, since another target is red`;
  }
  return undefined;
}

function isOf(packageId: string) {
  return (said: { readonly packageId: string }) => said.packageId === packageId;
}
