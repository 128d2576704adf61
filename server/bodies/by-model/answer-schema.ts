import type { AskedHole } from "./asked-holes.ts";

/**
 * The JSON schema of an answer: one required key per hole and nothing else, as structured output with `strict`
 * demands it. `null` stands for a body that stays open.
 */
export function answerSchema(asked: readonly AskedHole[]): Record<string, unknown> {
  const properties = Object.fromEntries(
    asked.map(({ hole, binders }) => [hole.id, holeSchema(binders.length > 0)]),
  );
  return closedObject(properties);
}

function holeSchema(hasBinders: boolean): Record<string, unknown> {
  const body = { type: ["string", "null"] };
  if (!hasBinders) return closedObject({ body });
  return closedObject({ binders: { type: "array", items: { type: "string" } }, body });
}

function closedObject(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
