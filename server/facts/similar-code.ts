import type { ImplExample, MatchExample, Site } from "../stages.ts";
import type { FileExamples } from "../syntax/examples.ts";

/** More would be voted on by strangers: code from far away is right in 1 of 50 cases. */
const maximumMatches = 60;
const maximumImpls = 200;

export interface MatchQuery {
  /** The enum's last segment, where it is known. */
  readonly enumName: string | undefined;
  /** Names of its variants (or of those that the site's arms name). */
  readonly variants: readonly string[];
  readonly site: Site;
  /** Of the function the site stands in: matches in functions of the same name follow, whatever their enum. */
  readonly functionName?: string | undefined;
}

/**
 * Matches whose arms name the same enum, then those in functions of the same name. In the order of the files
 * (nearest first), the site itself left out.
 */
export function similarMatches(files: readonly FileExamples[], query: MatchQuery): MatchExample[] {
  const line = lineOf(query.site.document.text, query.site.keyword);
  const all = files
    .flatMap((file) => file.matches)
    .filter((match) => match.path !== query.site.document.path || match.line !== line);
  const same = all.filter((match) => isOnEnum(match, query));
  const named =
    query.functionName === undefined
      ? []
      : all.filter((match) => match.functionName === query.functionName && !same.includes(match));
  return [...same.slice(0, maximumMatches), ...named.slice(0, maximumMatches)];
}

/** By the qualifier where the arms have one; unqualified arms (`Some`, imported variants) by their names. */
function isOnEnum(match: MatchExample, { enumName, variants }: MatchQuery): boolean {
  const paths = match.arms.filter((arm) => startsUpperCase(arm.variant));
  const known = paths.filter((arm) => variants.includes(arm.variant));
  if (known.length === 0) return false;
  const qualifiers = known.map((arm) => lastSegment(arm.qualifier)).filter((qualifier) => qualifier !== "");
  if (enumName !== undefined && qualifiers.includes(enumName)) return true;
  // `Self::A` and aliases: the names must all be the enum's.
  const isForeign = enumName !== undefined && qualifiers.some((qualifier) => qualifier !== "Self");
  return !isForeign && known.length === paths.length;
}

export interface ImplQuery {
  /** The trait's last segment, with or without generic arguments; undefined or "" for an inherent impl. */
  readonly trait: string | undefined;
  /** The type as written. */
  readonly type: string;
  readonly site: Site;
}

export interface SimilarImpls {
  /** Other impls of the same trait. */
  readonly otherImpls: readonly ImplExample[];
  /** Other impls of the same type, inherent ones included. */
  readonly typeImpls: readonly ImplExample[];
}

/** In the order of the files (nearest first), the site itself left out. */
export function similarImpls(files: readonly FileExamples[], query: ImplQuery): SimilarImpls {
  const line = lineOf(query.site.document.text, query.site.keyword);
  const all = files
    .flatMap((file) => file.impls)
    .filter((found) => found.path !== query.site.document.path || found.line !== line);
  const trait = withoutGenerics(query.trait ?? "");
  const type = typeName(query.type);
  return {
    otherImpls:
      trait === ""
        ? []
        : all.filter((found) => withoutGenerics(found.trait) === trait).slice(0, maximumImpls),
    typeImpls: all.filter((found) => type !== "" && typeName(found.type) === type).slice(0, maximumImpls),
  };
}

/** `Shape` of `&'a crate::Shape<T>`; "" for a generic parameter, which stands for any type. */
function typeName(type: string): string {
  const name = lastSegment(withoutGenerics(type.replace(/^&\s*('\w+\s+)?(mut\s+)?/, "")));
  return name.length === 1 ? "" : name;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function lastSegment(path: string): string {
  const cut = path.lastIndexOf("::");
  return cut === -1 ? path : path.slice(cut + 2);
}

function withoutGenerics(type: string): string {
  const open = type.indexOf("<");
  return (open === -1 ? type : type.slice(0, open)).trim();
}

function startsUpperCase(text: string): boolean {
  const first = text.charAt(0);
  return first !== first.toLowerCase();
}
