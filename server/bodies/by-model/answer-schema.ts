import { type AskedHole, mayStayOpen } from "./asked-holes.ts";

/**
 * The JSON schema of an answer: one required key per hole and nothing else, as structured output with `strict`
 * demands it. `null` stands for a body that stays open, where one may.
 */
export function answerSchema(asked: readonly AskedHole[]): Record<string, unknown> {
  const properties = Object.fromEntries(asked.map((one) => [one.hole.id, holeSchema(one)]));
  return closedObject(properties);
}

function holeSchema({ hole, binders }: AskedHole): Record<string, unknown> {
  const body = { type: mayStayOpen(hole) ? ["string", "null"] : "string" };
  if (binders.length === 0) return closedObject({ body });
  return closedObject({ binders: { type: "array", items: { type: "string" } }, body });
}

function closedObject(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
