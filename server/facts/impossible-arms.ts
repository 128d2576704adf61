import { AbortedError } from "../base/abort.ts";
import type { Facts, NoOffer } from "../stages.ts";
import type { SiteSyntax } from "../syntax/site-syntax.ts";
import type { AnalyzerAccess } from "./analyzer-action.ts";
import { findingsOf } from "./analyzer-findings.ts";

/**
 * Why nothing is missing in a match although rust-analyzer lists arms: its list goes by the names of variants, also
 * of those that no value can have (`Err` of a `Result<_, Infallible>`). Its own errors know better, as rustc does.
 */
export async function onlyImpossible(
  { skeleton, scrutinee }: Facts,
  here: SiteSyntax,
  access: AnalyzerAccess,
): Promise<NoOffer | undefined> {
  const { site, added } = skeleton;
  const isAsWritten = site.document.text === access.document.text;
  if (site.kind !== "match" || added === 0 || !isAsWritten || !hasNoValues.test(scrutinee?.type ?? ""))
    return;
  if (here.entries.some(({ open }) => open !== undefined)) return;
  const findings = await findingsOf(access).catch((error: unknown) => {
    if (error instanceof AbortedError && error.abortCause === "deadline") return undefined;
    throw error;
  });
  const isGap = findings?.some(
    ({ code, start }) => code === "E0004" && start >= here.span.start && start < here.braces.start,
  );
  if (isGap !== false) return;
  const message = "rust-analyzer lists an arm, but no value can be what it matches: nothing is missing here";
  return { kind: "none", stage: "facts", reason: "nothing-missing", message, site: site.label };
}

const hasNoValues = /\bInfallible\b|(?<![^<(,&\s])!(?![^>),\s])/;
