import type { Site } from "../../server/stages.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import { siteAt } from "../../server/syntax/site-syntax.ts";
import type { Splice } from "../../server/syntax/splice.ts";

/** rust-analyzer's edit of the editor's text that puts `inserted` behind the site's last entry, or into its empty list. */
export function insertedEdit(
  syntax: RustSyntax,
  { kind, keyword, document, healed, unhealed, healedText }: Site,
  inserted: string,
): readonly Splice[] {
  const here = syntax.read(document.text, (root) => siteAt(root, kind, keyword));
  const last = here?.entries.at(-1);
  const at = last?.span.end ?? (here?.braces.start ?? 0) + 1;
  const comma = last?.needsComma === true && !inserted.startsWith(",") ? "," : "";
  const isBehind = at > healed.start;
  const start = isBehind ? at + unhealed.length - healedText.length : at;
  return [{ span: { start, end: start }, text: comma + inserted }];
}
