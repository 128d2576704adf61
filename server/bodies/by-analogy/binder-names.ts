import { isKeyword } from "../../syntax/names.ts";
import type { OwnArm, OwnSlot, SourceArm } from "./arms.ts";
import { snakeCase } from "./spelling.ts";

/**
 * The arm with a name of its own for each payload where its siblings call theirs differently (`Scanned(hub)`,
 * `Moved(vehicle)`): after the type of the payload, else after the variant. Where all siblings use one name, that
 * name is the custom here and stays.
 */
export function withOwnNames(own: OwnArm, siblings: readonly SourceArm[]): OwnArm {
  const slots = own.slots.map((slot, position): OwnSlot => {
    if (slot.name !== undefined || slot.binder === undefined) return slot;
    const customs = new Set(siblings.flatMap((sibling) => sibling.pattern.slots[position]?.name ?? []));
    const name = customs.size > 1 ? nameFor(slot, own) : undefined;
    return name === undefined ? slot : { ...slot, name };
  });
  return { ...own, slots };
}

function nameFor(slot: OwnSlot, own: OwnArm): string | undefined {
  const isPlainType = slot.type !== undefined && /^[A-Z]\w+$/.test(slot.type);
  if (!isPlainType && own.slots.length > 1) return undefined;
  const name = snakeCase(isPlainType ? (slot.type ?? "") : own.variant);
  return isKeyword(name) || !/^[a-z_]\w*$/.test(name) ? undefined : name;
}
