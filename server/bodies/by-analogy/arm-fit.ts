import { firstOf, keyOf, renamingLocals, type Replace, rewrite, usesLocal } from "./rewrite.ts";
import type { OwnArm, OwnSlot, SourceArm } from "./arms.ts";
import type { Vote } from "./votes.ts";

const unchanged: Replace = () => undefined;

/**
 * The source's body in terms of the own arm's binders. `undefined` where the body uses a binder that the own
 * arm has none for, or where a name would shadow something else that the body needs.
 * @param replace Further replacements, tried before the renaming of binders.
 */
export function fitToArm(source: SourceArm, own: OwnArm, replace: Replace = unchanged): Vote | undefined {
  const used = usedBinders(source);
  const names = new Map<number, string>();
  const renames = new Map<string, string>();
  for (const { name, position, field, mode } of used) {
    const slot = slotFor(own.slots, position, field);
    const target = slot === undefined ? undefined : own.slots[slot];
    if (slot === undefined || target === undefined) return undefined;
    const chosen = chooseName(source, target, name);
    if (chosen === undefined) return undefined;
    names.set(slot, mode + chosen);
    renames.set(name, chosen);
  }
  const isTwice = new Set(renames.values()).size < names.size;
  if (isTwice || names.size < used.length) return undefined;
  const slots = new Map(
    used.map(({ name, position, field }) => [name, `$${slotFor(own.slots, position, field)}`]),
  );
  return {
    key: keyOf(source.code, firstOf(replace, renamingLocals(slots))),
    text: rewrite(source.code, firstOf(replace, renamingLocals(renames))),
    names,
    place: source.place,
    tokens: source.code.tokens.length,
  };
}

interface UsedBinder {
  readonly name: string;
  readonly position: number;
  readonly field: string | undefined;
  readonly mode: string;
}

/** The binders of the pattern that the body mentions. */
export function usedBinders(source: SourceArm): UsedBinder[] {
  return source.pattern.slots.flatMap(({ name, position, field, mode }) =>
    name !== undefined && usesLocal(source.code, name) ? [{ name, position, field, mode }] : [],
  );
}

/** The record field of the same name, otherwise the same position. */
function slotFor(slots: readonly OwnSlot[], position: number, field: string | undefined): number | undefined {
  const named = field === undefined ? -1 : slots.findIndex((slot) => slot.field === field);
  if (named !== -1) return named;
  return position < slots.length ? position : undefined;
}

function chooseName(source: SourceArm, slot: OwnSlot, sourceName: string): string | undefined {
  if (slot.binder === undefined)
    return slot.name === undefined || isTaken(source, slot.name) ? undefined : slot.name;
  const wanted = [slot.name, sourceName].filter((name) => name !== undefined);
  return wanted.find((name) => name === sourceName || !isTaken(source, name));
}

/** The body uses this name for something else than a payload. */
function isTaken(source: SourceArm, name: string): boolean {
  const isBinder = source.pattern.slots.some((slot) => slot.name === name);
  return !isBinder && usesLocal(source.code, name);
}
