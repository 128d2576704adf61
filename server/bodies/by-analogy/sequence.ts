import type { Candidate } from "./ladder.ts";
import type { OwnArm, SourceArm } from "./arms.ts";

/**
 * Continues numbers that count along with the enum's variants (S5): `A => 10, B => 11` gives 12 for the next.
 * @param order The variants' names as the enum declares them.
 */
export function fromSequence(
  siblings: readonly SourceArm[],
  own: OwnArm,
  order: readonly string[],
): Candidate[] {
  const points = siblings.flatMap((sibling) => {
    const at = order.indexOf(sibling.variant);
    const value = onlyNumber(sibling);
    return at === -1 || value === undefined ? [] : [{ at, value, place: sibling.place }];
  });
  const [first, second] = points;
  const ownAt = order.indexOf(own.variant);
  if (first === undefined || second === undefined || ownAt === -1) return [];
  if (points.length < siblings.length) return [];
  const step = (second.value - first.value) / (second.at - first.at);
  const valueAt = (at: number) => first.value + step * (at - first.at);
  if (step === 0 || !points.every(({ at, value }) => valueAt(at) === value)) return [];
  const value = valueAt(ownAt);
  if (!Number.isInteger(value) || value < 0) return [];
  return [
    {
      key: String(value),
      text: String(value),
      rule: "sibling arms, sequence continued",
      place: first.place,
      places: [first.place],
      chance: points.length >= 3 ? 0.7 : 0.45,
    },
  ];
}

function onlyNumber(arm: SourceArm): number | undefined {
  const [token] = arm.code.tokens;
  if (arm.code.tokens.length !== 1 || token?.role !== "number") return undefined;
  const value = Number(token.text);
  return Number.isInteger(value) ? value : undefined;
}
