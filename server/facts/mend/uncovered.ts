import type { FrameError } from "../../stages.ts";
import { cfgsOf } from "./configured.ts";
import type { Mend, MendContext } from "./mend.ts";

/** Arms for the witnesses that rustc names. */
export function uncovered(
  error: FrameError,
  { entries, definition, skeleton }: MendContext,
): Mend | undefined {
  if (error.code !== "E0004" || skeleton.site.kind !== "match") return undefined;
  const arms = witnessesIn(error.message).map((witness) => {
    const pattern = asArmsSay(witness, entries);
    const name = /^(?:\w+::)*(\w+)/.exec(pattern)?.[1];
    return { head: pattern, attributes: cfgsOf(definition.find((part) => part.name === name)) };
  });
  return arms.length === 0 ? undefined : { entries: arms };
}

/** "non-exhaustive patterns: `A`, `B` and 2 more not covered" */
export function witnessesIn(message: string): readonly string[] {
  const list = /^non-exhaustive patterns?: (.*) not covered$/s.exec(message)?.[1] ?? "";
  return [...list.matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? []);
}

/** rustc writes every reference out; arms seldom do. */
export function asArmsSay(witness: string, arms: readonly { readonly owner: string }[]): string {
  return arms.some(({ owner }) => owner.includes("&")) ? witness : witness.replace(/&(?:mut )?/g, "");
}
