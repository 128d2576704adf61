import type { ItemForm } from "../offer/item-edits.ts";
import type { ClientProfile } from "../relay/client-profile.ts";

/**
 * What this client makes of an item of several lines: by what it announces, and by name where it makes something else
 * of it (seen in the editors themselves, clients/README.md). undefined: it takes the first line alone.
 */
export function itemFormOf({
  name,
  snippetSupport,
  insertTextModeSupport,
}: ClientProfile): ItemForm | undefined {
  // Plug-ins for it announce `asIs` too, and hand the snippet to the same function.
  if (/^neovim/i.test(name)) return snippetSupport ? "snippet-indented-after" : undefined;
  if (!snippetSupport) return "plain";
  if (/^helix/i.test(name)) return "snippet-indented-before";
  const asIs = 1;
  return insertTextModeSupport?.includes(asIs) === true ? "snippet-as-is" : "snippet-indented-after";
}
