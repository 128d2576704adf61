import type { OpenDocuments, Site } from "../stages.ts";
import { attributesOf, isBuiltInAttribute } from "../syntax/attributes.ts";
import { declaredMembers, membersWanted } from "../syntax/declared-members.ts";
import { nameOffset, traitTextAt } from "../syntax/definition-at.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import type { SiteSyntax } from "../syntax/site-syntax.ts";
import type { Splice } from "../syntax/splice.ts";
import type { AnalyzerAccess } from "./analyzer-action.ts";
import { placeOf } from "./analyzer-types.ts";

interface TraitOptions {
  readonly syntax: RustSyntax;
  readonly documents: OpenDocuments;
  readonly access: AnalyzerAccess;
}

/**
 * What rust-analyzer would add to an impl under an attribute macro, if it looked at one: the members that the trait's
 * definition, which it does find, leaves to the impl. undefined where none of them is missing.
 */
export async function declaredEdit(
  site: Site,
  here: SiteSyntax,
  options: TraitOptions,
): Promise<readonly Splice[] | undefined> {
  if (here.kind !== "impl" || !hasAttributeMacro(options.syntax, site)) return undefined;
  const trait = await traitOf(here, options);
  if (trait === undefined) return undefined;
  const reference = site.document.text.slice(here.trait?.start, here.trait?.end);
  const missing = membersWanted(options.syntax, trait).filter((name) =>
    here.entries.every((entry) => entry.name !== name),
  );
  const members = declaredMembers(options.syntax, trait, reference, missing) ?? [];
  if (members.length === 0) return undefined;
  const { healed, healedText } = site;
  const at = here.braces.end - (healedText.length - (healed.end - healed.start));
  return [{ span: { start: at, end: at }, text: members.map((text) => `\n${text}\n`).join("") }];
}

/** The trait of an impl, as its definition is written, up to `limit` UTF-16 units. */
export async function traitOf(
  here: SiteSyntax,
  { syntax, documents, access }: TraitOptions,
  limit = Infinity,
): Promise<string | undefined> {
  if (here.trait === undefined) return undefined;
  // As an expression, `Store<Key>` would be a comparison with another name at its end.
  const path = access.document.text.slice(here.trait.start, here.trait.end).replace(/<[^]*$/, "");
  const offset = here.trait.start + nameOffset(syntax, path);
  const place = await placeOf(access, "textDocument/definition", offset, documents);
  return place === undefined ? undefined : traitTextAt(syntax, place, limit);
}

function hasAttributeMacro(syntax: RustSyntax, { document, keyword }: Site): boolean {
  return syntax.read(document.text, (root) => {
    let node = root.descendantForIndex(keyword, keyword);
    while (node !== null && node.type !== "impl_item") node = node.parent;
    const names = node === null ? [] : attributesOf(node).flatMap(({ names }) => names);
    return names.some((name) => !isBuiltInAttribute(name));
  });
}
