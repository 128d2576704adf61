import type { NoOfferReason } from "../../protocol/methods.ts";
import type { NoOffer, Site } from "../stages.ts";
import { openedAt } from "../syntax/macro-arguments.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import type { SiteSyntax } from "../syntax/site-syntax.ts";
import { surroundingCode } from "../syntax/surrounding-code.ts";
import { typeOfExpression } from "./analyzer-types.ts";
import { unknownToAnalyzer } from "./known-crate.ts";
import type { AnalyzerAccess } from "./analyzer-action.ts";
import { type Finding, findingsOf } from "./analyzer-findings.ts";

/**
 * Why rust-analyzer lists nothing to add at a site, where "nothing is missing" would not be the truth: it answers the
 * same for code that it does not know, does not compile, or reports itself as incomplete. undefined: nothing else is known.
 */
export async function whyNothing(
  access: AnalyzerAccess,
  site: Site,
  here: SiteSyntax,
  syntax: RustSyntax,
): Promise<NoOffer | undefined> {
  const unknown = await unknownToAnalyzer(access, site);
  if (unknown !== undefined) return unknown;
  const findings = await findingsOf(access);
  const reason = (reason: NoOfferReason, message: string): NoOffer => {
    return { kind: "none", stage: "facts", reason, message, site: site.label };
  };
  const inactive = findings.find(
    ({ code, start, end }) => code === "inactive-code" && start <= site.keyword && site.keyword < end,
  );
  if (inactive !== undefined) {
    return reason(
      "configured-out",
      `rust-analyzer leaves this code out (${inactive.message.replace(/^.*directives: /, "")}): change its settings (cargo.features, cargo.cfgs or cargo.target) to work on it`,
    );
  }
  const isIn = (start: number, end: number) => (finding: Finding) =>
    finding.isError && finding.start >= start && finding.start < end;
  const gap = findings
    .filter(isIn(here.span.start, here.braces.start))
    .find(({ code }) => code === "E0004" || code === "E0046");
  if (gap !== undefined) {
    const what = site.kind === "match" ? "arm" : "member";
    return reason(
      "action-not-found",
      `rust-analyzer reports it (${gap.message}) but lists no action that adds it: write the ${what} with todo!() as its body and ask again`,
    );
  }
  const error = findings.find(isIn(here.span.start, here.span.end));
  if (error !== undefined) {
    return reason(
      "error-at-site",
      `an error in this ${site.kind} keeps rust-analyzer from seeing what is missing: ${error.message}`,
    );
  }
  const name = macroAround(syntax, site);
  if (name !== undefined) {
    return reason(
      "in-macro",
      `rust-analyzer sees nothing missing in this match, but not all that the macro ${name}! makes of it: write the arm with todo!() as its body and ask again`,
    );
  }
  const value = await unlistedValue(access, here);
  if (value === undefined) return undefined;
  return reason(
    "analyzer-sees-less",
    `rust-analyzer lists no patterns for ${value}, rustc may: write the arm with todo!() as its body and ask again`,
  );
}

/** The macro whose call holds the match. */
function macroAround(syntax: RustSyntax, { document: { text }, keyword }: Site): string | undefined {
  if (openedAt(syntax, text, { start: keyword, end: keyword }) === text) return undefined;
  return syntax.read(text, (root) => surroundingCode(root, { start: keyword, end: keyword }).macro?.name);
}

/**
 * What is matched on, where rust-analyzer cannot list its values, for they are too many or it does not know its type,
 * and no arm takes the rest.
 */
async function unlistedValue(access: AnalyzerAccess, here: SiteSyntax): Promise<string | undefined> {
  if (here.kind !== "match" || here.entries.some(({ catchesAll }) => catchesAll)) return undefined;
  const type = await typeOfExpression(access, here.subject).catch(() => undefined);
  if (type === undefined) return undefined;
  if (type.includes("{unknown}")) return "a value whose type it does not know";
  return listless.test(type) ? `a value of type ${type}` : undefined;
}

const listless =
  /^[&\s]*(?:mut )?(?:[iu](?:8|16|32|64|128|size)|f(?:16|32|64|128)|char|str|String\b.*|\[.*\])$/s;
