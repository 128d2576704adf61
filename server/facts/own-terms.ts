import type { Site } from "../stages.ts";
import { enclosingFunction } from "../syntax/enclosing-function.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { readArmPatterns } from "../syntax/patterns.ts";
import type { SiteSyntax } from "../syntax/site-syntax.ts";
import { spliceText } from "../syntax/splice.ts";
import type { AddedEntry } from "./added-entries.ts";
import type { EntryText } from "./laid-entries.ts";

/** New arms say `Self::` where every arm here does: rust-analyzer names the type, unless it is told otherwise. */
export function inOwnTerms(
  syntax: RustSyntax,
  site: Site,
  here: SiteSyntax,
  added: readonly AddedEntry[],
): readonly EntryText[] {
  const asTheyAre = added.map(({ source, entry }) => ({ source, span: entry.span }));
  if (site.kind === "impl" || added.length === 0) return asTheyAre;
  const paths = here.entries
    .flatMap(({ owner }) => readArmPatterns(syntax, owner))
    .filter((one) => one.isPath);
  if (paths.length === 0 || !paths.every(({ qualifier }) => qualifier === "Self")) return asTheyAre;
  const around = syntax.read(site.document.text, (root) => enclosingFunction(root, site.keyword));
  const self = lastName(around?.impl?.type ?? "");
  return added.map(({ source, entry }) => {
    const qualifier = readArmPatterns(syntax, entry.owner)[0]?.qualifier ?? "";
    // An associated constant reads like a variant; `Self` is this enum only where both have its name.
    const isSelf = self !== "" && lastName(qualifier) === self && entry.owner.startsWith(`${qualifier}::`);
    if (!isSelf) return { source, span: entry.span };
    const { start } = entry.ownerSpan;
    const { text, moved } = spliceText(source, [
      { span: { start, end: start + qualifier.length }, text: "Self" },
    ]);
    return { source: text, span: { start: entry.span.start, end: moved(entry.span.end) } };
  });
}

/** `Light` of `crate::Light<T>`. */
function lastName(path: string): string {
  return /(\w+)\s*(?:::)?\s*(?:<.*>)?$/s.exec(path)?.[1] ?? "";
}
