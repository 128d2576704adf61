import type { ArmExample, Facts, Hole, MatchExample } from "../../stages.ts";
import type { Code } from "../../syntax/tokens.ts";
import type { Pattern } from "../../syntax/patterns.ts";
import { binderHolesOf } from "../binders.ts";
import type { Reader } from "./reader.ts";

/** One place of the new arm's payload. */
export interface OwnSlot {
  /** What it is called where a name has to be found: the record field, or the name that stands in the pattern. */
  readonly name: string | undefined;
  readonly field: string | undefined;
  /** The payload's type as written in the enum's definition, where that is known. */
  readonly type: string | undefined;
  /** Position among the hole's binder holes; `undefined` where the pattern is as it is and no name can be chosen. */
  readonly binder: number | undefined;
}

/** The arm whose body is looked for. */
export interface OwnArm {
  readonly hole: Hole;
  readonly variant: string;
  readonly qualifier: string;
  readonly slots: readonly OwnSlot[];
}

/** A written arm, ready to learn from. */
export interface SourceArm {
  readonly variant: string;
  readonly pattern: Pattern;
  readonly code: Code;
  readonly place: string;
  readonly path: string;
  readonly functionName: string;
}

/** The arm of a body hole; `undefined` where its pattern cannot be read or is no path. */
export function ownArm(facts: Facts, hole: Hole, reader: Reader): OwnArm | undefined {
  const pattern = reader.pattern(hole.owner);
  if (pattern === undefined || !pattern.isPath) return undefined;
  const variant = facts.subject?.variants.find(({ name }) => name === pattern.variant);
  const binders = binderHolesOf(facts.skeleton, hole);
  const taken = new Set<Hole>();
  const slots = pattern.slots.map((slot): OwnSlot => {
    const binder = binders.findIndex((candidate) =>
      slot.field === undefined
        ? candidate.field === undefined && candidate.suggestion === slot.name && !taken.has(candidate)
        : candidate.field === slot.field,
    );
    const bound = binders[binder];
    if (bound !== undefined) taken.add(bound);
    const type = variant?.fields.find(({ name }) => name === (slot.field ?? String(slot.position)))?.type;
    return {
      name: slot.name ?? slot.field,
      field: slot.field,
      type,
      binder: bound === undefined ? undefined : binder,
    };
  });
  return { hole, variant: pattern.variant, qualifier: pattern.qualifier, slots };
}

/**
 * The arms of a match that can be learned from: unguarded, with a flat path pattern, readable.
 * @param wanted Variants to read; reading costs 0.1 ms an arm, and large enums have hundreds.
 */
export function sourceArms(match: MatchExample, reader: Reader, wanted?: ReadonlySet<string>): SourceArm[] {
  return match.arms
    .filter((arm) => wanted?.has(arm.variant) ?? true)
    .flatMap((arm) => sourceArm(arm, match, reader) ?? []);
}

function sourceArm(arm: ArmExample, match: MatchExample, reader: Reader): SourceArm | undefined {
  if (arm.guarded) return undefined;
  const pattern = reader.pattern(arm.pattern);
  const code = reader.code(arm.body);
  if (pattern === undefined || code === undefined || !pattern.isPath || !pattern.isFlat) return undefined;
  return {
    variant: arm.variant,
    pattern,
    code,
    place: `${match.path}:${match.line}`,
    path: match.path,
    functionName: match.functionName,
  };
}
