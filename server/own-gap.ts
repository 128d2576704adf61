/** What rustc says of a match as its user has it, where rust-analyzer sees less or more than it. */
import { AbortedError, withDeadline } from "./base/abort.ts";
import { armsFor } from "./facts/mend/uncovered.ts";
import type { Facts, Site, Skeleton } from "./stages.ts";
import { coveredVariants } from "./syntax/covered-variants.ts";
import type { RustSyntax } from "./syntax/parse.ts";
import { type EntrySyntax, siteAt } from "./syntax/site-syntax.ts";
import type { PipelineContext } from "./tries.ts";

/** What rustc misses in a match: nothing, these patterns, or what nobody lists (ranges of values), in its own words. */
export type OwnGap =
  | { readonly kind: "none" }
  | { readonly kind: "patterns"; readonly patterns: readonly string[] }
  | { readonly kind: "unlisted"; readonly message: string };

/** undefined: it cannot be told. */
export async function gapOf(site: Site, context: PipelineContext): Promise<OwnGap | undefined> {
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
    const [first] = gaps;
    if (first === undefined) return isGreen ? { kind: "none" } : undefined;
    const arms = armsOf(context.syntax, site);
    const patterns = [...new Set(gaps.flatMap(({ message }) => armsFor(message, arms)))];
    return patterns.length > 0 && patterns.every(isOfVariants)
      ? { kind: "patterns", patterns: patterns.map((pattern) => besideConfigured(pattern, arms)) }
      : { kind: "unlisted", message: first.message };
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

/** Where an arm takes the rest in some builds only, the others have the new arms. */
function besideConfigured(pattern: string, arms: readonly EntrySyntax[]): string {
  const cfg = arms.find(({ catchesRestIf }) => catchesRestIf !== undefined)?.catchesRestIf;
  return cfg === undefined ? pattern : `#[cfg(not(${cfg}))]\n${pattern}`;
}

/** An arm under `#[cfg(…)]` takes whatever is left, where it is compiled. */
export function hasRestInSomeBuilds(syntax: RustSyntax, site: Site): boolean {
  return (
    site.kind === "match" && armsOf(syntax, site).some(({ catchesRestIf }) => catchesRestIf !== undefined)
  );
}

/** rust-analyzer lists arms for values that cannot be; rustc wants none. */
export function mayHaveNoValue({ skeleton, scrutinee, subject, function: around }: Facts): boolean {
  if (skeleton.site.kind !== "match" || skeleton.added === 0) return false;
  const type = `${scrutinee?.type ?? around?.signature ?? ""} ${subject?.text ?? ""}`;
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
