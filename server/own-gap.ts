/** What rustc says of a match as its user has it, where rust-analyzer sees less or more than it. */
import { AbortedError, withDeadline } from "./base/abort.ts";
import { asArmsSay, witnessesIn } from "./facts/mend/uncovered.ts";
import type { Facts, Site, Skeleton } from "./stages.ts";
import { coveredVariants } from "./syntax/covered-variants.ts";
import type { RustSyntax } from "./syntax/parse.ts";
import { type EntrySyntax, siteAt } from "./syntax/site-syntax.ts";
import type { PipelineContext } from "./tries.ts";

/**
 * Patterns that rustc names as not covered; none where it takes the match as it is. undefined: it cannot be told, or
 * what is left is a range of values, which nobody lists.
 */
export async function gapOf(site: Site, context: PipelineContext): Promise<readonly string[] | undefined> {
  const end = site.span.end;
  const own: Skeleton = { site, replaced: { start: end, end }, text: "", holes: [], added: 0, written: [] };
  const { verifier, documents, checkSettings: settings, report, verifyMilliseconds } = context;
  const deadline = withDeadline(context.signal, verifyMilliseconds);
  report(`asking rustc about ${site.label}`);
  try {
    const request = { skeleton: own, drafts: [], documents, settings, signal: deadline.signal, report };
    const checked = await verifier.verify(request);
    if (checked.kind === "none" || checked.asItStands === undefined) return undefined;
    const { errors, isGreen } = checked.asItStands;
    const gaps = errors.filter(({ code }) => code === "E0004");
    const witnesses = [...new Set(gaps.flatMap(({ message }) => witnessesIn(message)))];
    if (witnesses.length === 0) return isGreen ? [] : undefined;
    const arms = armsOf(context.syntax, site);
    return witnesses.every(isOfVariants) ? witnesses.map((witness) => asArmsSay(witness, arms)) : undefined;
  } catch (error) {
    if (!(error instanceof AbortedError) || error.abortCause !== "deadline") throw error;
    return undefined;
  } finally {
    deadline.clear();
  }
}

/** An arm that takes only a part of what it names hides from rust-analyzer that the rest of it is missing. */
export function mayHideAGap(syntax: RustSyntax, site: Site): boolean {
  const entries = site.kind === "match" ? armsOf(syntax, site) : [];
  if (entries.some(({ catchesAll }) => catchesAll)) return false;
  const covered = coveredVariants(
    syntax,
    entries.map(({ owner }) => owner),
  );
  return entries.some(({ name }) => !covered.has(name));
}

/** rust-analyzer lists arms for values that cannot be; rustc wants none. */
export function mayHaveNoValue({ skeleton, scrutinee, function: around }: Facts): boolean {
  if (skeleton.site.kind !== "match" || skeleton.added === 0) return false;
  const type = scrutinee?.type ?? around?.signature ?? "";
  return /\b(?:Infallible|Never|Void)\b|(?:^|[<(,&\s])!(?=$|[>),\s])/.test(type);
}

/** Not a number, a range or a text, and not everything. */
function isOfVariants(witness: string): boolean {
  return /[A-Z]\w*/.test(witness) && !/['"]|\.\.=|\b\d/.test(witness);
}

function armsOf(syntax: RustSyntax, { kind, keyword, document }: Site): readonly EntrySyntax[] {
  return syntax.read(document.text, (root) => {
    return siteAt(root, kind, keyword)?.entries ?? [];
  });
}
