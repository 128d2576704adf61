import type { EndpointError } from "./endpoint-error.ts";

/** What an endpoint understands of a request. Learned from its refusals, kept as long as the process lives. */
export interface Abilities {
  readonly format: "json_schema" | "json_object" | "text";
  /** The name under which it takes the bound on an answer's length. */
  readonly bound: "max_tokens" | "max_completion_tokens" | "none";
  /** Several answers to one request. */
  readonly several: boolean;
}

/** `max_tokens` is the older name and the one that local servers know. */
export const fullAbilities: Abilities = { format: "json_schema", bound: "max_tokens", several: true };

/**
 * What to try after a refusal; undefined where the refusal is not about the form of the request. Each answer
 * asks for less than before, so a caller that repeats comes to an end.
 */
export function relearn(abilities: Abilities, { status, detail }: EndpointError): Abilities | undefined {
  if (status === undefined || !formStatuses.has(status)) return undefined;
  if (abilities.bound !== "none" && /max_(completion_)?tokens/i.test(detail)) {
    return { ...abilities, bound: abilities.bound === "max_tokens" ? "max_completion_tokens" : "none" };
  }
  if (abilities.several && severalRefused.test(detail)) return { ...abilities, several: false };
  if (abilities.format === "text") return undefined;
  // Servers that fail inside their grammar say 500; any other 500 has nothing to do with us.
  const isAboutFormat = formatRefused.test(detail);
  if (!isAboutFormat && (status >= 500 || otherCause.test(detail))) return undefined;
  return { ...abilities, format: abilities.format === "json_schema" ? "json_object" : "text" };
}

const formStatuses: ReadonlySet<number> = new Set([400, 415, 422, 500, 501]);
const severalRefused = /['"`]n['"`]|\bn (?:must|should|is|>|=)|(?:multiple|several) (?:choices|completions)/i;
const formatRefused = /response_format|json_schema|json_object|schema|grammar|structured|guided/i;
const otherCause = /context|\btoo (?:long|large|many)|\bkey\b|\bmodel\b/i;
