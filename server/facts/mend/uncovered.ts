import type { FrameError } from "../../stages.ts";
import { cfgsOf } from "./configured.ts";
import type { Mend, MendContext } from "./mend.ts";

/** Arms for the witnesses that rustc names. */
export function uncovered(
  error: FrameError,
  { entries, definition, skeleton }: MendContext,
): Mend | undefined {
  if (error.code !== "E0004" || skeleton.site.kind !== "match") return undefined;
  const arms = armsFor(error.message, entries).map((pattern) => {
    const name = /^(?:\w+::)*(\w+)/.exec(pattern)?.[1];
    return { head: pattern, attributes: cfgsOf(definition.find((part) => part.name === name)) };
  });
  return arms.length === 0 ? undefined : { entries: arms };
}

/** A pattern for each witness, as the arms that are there would say it: a range of values is what is left of them. */
export function armsFor(message: string, arms: readonly { readonly owner: string }[]): readonly string[] {
  return [...new Set(witnessesIn(message).map((witness) => withoutValues(asArmsSay(witness, arms))))];
}

/** `Key::Number(1_u8..=u8::MAX)` is `Key::Number(_)` behind an arm for `Key::Number(0)`; a range alone stays one. */
function withoutValues(witness: string): string {
  const general = witness.replace(ranges, "_");
  return /^&*_$/.test(general) ? witness : general;
}

const value =
  /(?<![\w:])(?:'(?:\\.[^']*|[^'\\])'|"(?:\\.|[^"\\])*"|-?\d(?:\w|\.\d)*|[iu](?:8|16|32|64|128|size)::M(?:AX|IN))/
    .source;
const ranges = new RegExp(`${value}(?:\\.\\.=?(?:${value})?)?`, "g");

/** "non-exhaustive patterns: `A`, `B` and 2 more not covered" */
function witnessesIn(message: string): readonly string[] {
  const list = /^non-exhaustive patterns?: (.*) not covered$/s.exec(message)?.[1] ?? "";
  return [...list.matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? []);
}

/** rustc writes every reference out; arms seldom do. */
function asArmsSay(witness: string, arms: readonly { readonly owner: string }[]): string {
  return arms.some(({ owner }) => owner.includes("&")) ? witness : witness.replace(/&(?:mut )?/g, "");
}
