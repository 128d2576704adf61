import type { Draft, Skeleton } from "../../stages.ts";
import { readBinding } from "../../syntax/binding.ts";
import { nodesIn, tokenSpan } from "../../syntax/containment.ts";
import { lexRust } from "../../syntax/lex.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { layDraft } from "../text/laid-text.ts";
import { inWindow, readSite } from "../text/site-reading.ts";
import { globImports, type SourceWords, wordsOf } from "./source-words.ts";
import { unknownNames } from "./unknown-names.ts";

/** Drafts with a name that stands nowhere else: to be checked after the others, and not beside them. */
export function draftsWithNewNames(
  syntax: RustSyntax,
  skeleton: Skeleton,
  drafts: readonly Draft[],
  words: SourceWords,
): ReadonlySet<Draft> {
  const { text } = skeleton.site.document;
  if (drafts.length < 2 || hasNamesOfOthers(text, words)) return new Set();
  const own = wordsOf(text + skeleton.text);
  const isKnown = (name: string) => own.has(name) || words.has(name);
  return new Set(drafts.filter((draft) => inventsNames(syntax, skeleton, draft, isKnown)));
}

/** Names may be in scope here that no file of the package ever says. */
function hasNamesOfOthers(text: string, words: SourceWords): boolean {
  const globs = globImports(text);
  return globs.some(({ isForeign }) => isForeign) || (globs.length > 0 && words.passesOnForeignNames);
}

function inventsNames(
  syntax: RustSyntax,
  skeleton: Skeleton,
  draft: Draft,
  isKnown: (name: string) => boolean,
): boolean {
  const binders = new Set(
    [...draft.fillings.values()].flatMap(({ binders }) =>
      [...(binders?.values() ?? [])].map((text) => readBinding(text)?.name ?? text),
    ),
  );
  const laid = inWindow(layDraft(skeleton, draft), skeleton, readSite(syntax, skeleton).window);
  return syntax.read(laid.text, (root) =>
    laid.pieces.some(({ isFilled, kind, span }) => {
      if (!isFilled || kind === "binder" || kind === "written") return false;
      const tokens = tokenSpan(lexRust(laid.text.slice(span.start, span.end)) ?? [], span.start);
      const nodes = tokens === undefined ? [] : nodesIn(root, tokens);
      return unknownNames(nodes, (name) => binders.has(name) || isKnown(name)).length > 0;
    }),
  );
}
