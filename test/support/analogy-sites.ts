import { similarImpls, similarMatches } from "../../server/facts/similar-code.ts";
import type {
  Facts,
  Hole,
  ImplExample,
  MatchExample,
  Site,
  Skeleton,
  TypeDefinition,
} from "../../server/stages.ts";
import { enclosingFunction } from "../../server/syntax/enclosing-function.ts";
import { type FileExamples, readExamples } from "../../server/syntax/examples.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import type { Pattern } from "../../server/syntax/patterns.ts";
import { allSites, type SiteSyntax } from "../../server/syntax/site-syntax.ts";

/** A body of a real crate, hidden, with the facts that its surroundings give. */
export interface HiddenBody {
  readonly facts: Facts;
  readonly hole: Hole;
  readonly truth: string;
  /** The pattern as its author wrote it, of an arm. */
  readonly pattern: Pattern | undefined;
}

interface Source {
  readonly path: string;
  readonly text: string;
}

export interface SiteReading {
  readonly syntax: RustSyntax;
  readonly sources: readonly Source[];
  readonly pattern: (text: string) => Pattern | undefined;
}

/** Arms of matches with two or more variant arms: each hidden in turn, or all of its match at once. */
export function hiddenArms(reading: SiteReading, hide: "one" | "all"): HiddenBody[] {
  const files = reading.sources.map(({ text, path }) => readExamples(reading.syntax, text, path));
  return sitesOf(reading, files, "match").flatMap(({ source, here, file }) => {
    const line = lineOf(source.text, here.keyword);
    const match = file.matches.find((found) => found.line === line);
    if (match === undefined) return [];
    const site = siteOf(source, here);
    const around = reading.syntax.read(source.text, (root) => enclosingFunction(root, here.keyword));
    const targets = match.arms.filter((arm) => isPlain(arm, match, reading, here));
    if (targets.length < 2) return [];
    const enumName = match.arms
      .map((arm) => lastSegment(arm.qualifier))
      .find((name) => name !== "" && name !== "Self");
    const variants = [...new Set(match.arms.map((arm) => arm.variant))];
    const subject = definitionFor(files, enumName ?? around?.impl?.type, variants);
    const otherMatches = similarMatches(files, {
      enumName: enumName ?? subject?.name,
      variants: subject?.variants.map((variant) => variant.name) ?? variants,
      site,
      functionName: around?.name,
    });
    return targets.map((arm) => {
      const pattern = reading.pattern(arm.pattern)!;
      const hole: Hole = {
        id: "h1",
        kind: "body",
        span: { start: 0, end: 0 },
        owner: skeletonPattern(pattern),
        name: arm.variant,
      };
      const binders = pattern.slots.map((slot, index): Hole => ({
        id: `h1.b${index + 1}`,
        kind: "binder",
        span: hole.span,
        owner: hole.owner,
        name: slot.field ?? String(index),
        ...(slot.field === undefined ? {} : { field: slot.field }),
      }));
      return {
        hole,
        truth: arm.body,
        pattern,
        facts: {
          ...noFacts(site, [hole, ...binders]),
          function: around,
          subject,
          siblingArms: hide === "all" ? [] : match.arms.filter((other) => other.pattern !== arm.pattern),
          otherMatches,
        },
      };
    });
  });
}

/** Methods of trait impls, each hidden in turn. */
export function hiddenMethods(reading: SiteReading): HiddenBody[] {
  const files = reading.sources.map(({ text, path }) => readExamples(reading.syntax, text, path));
  return sitesOf(reading, files, "impl").flatMap(({ source, here, file }) => {
    const line = lineOf(source.text, here.keyword);
    const found = file.impls.find((candidate) => candidate.line === line);
    if (found === undefined || found.trait === "") return [];
    const site = siteOf(source, here);
    const subject = definitionFor(files, found.type, []);
    const similar = similarImpls(files, { trait: found.trait, type: found.type, site });
    return found.methods.map((method) => {
      const hole: Hole = {
        id: "h1",
        kind: "body",
        span: { start: 0, end: 0 },
        owner: method.signature,
        name: method.name,
      };
      const thisImpl: ImplExample = { ...found, methods: found.methods.filter((other) => other !== method) };
      return {
        hole,
        truth: method.body,
        pattern: undefined,
        facts: { ...noFacts(site, [hole]), subject, thisImpl, ...similar },
      };
    });
  });
}

function sitesOf({ syntax, sources }: SiteReading, files: readonly FileExamples[], kind: "match" | "impl") {
  return sources.flatMap((source, index) => {
    const file = files[index]!;
    const sites = syntax.read(source.text, (root) => allSites(root, { start: 0, end: source.text.length }));
    return sites.filter((here) => here.kind === kind).map((here) => ({ source, here, file }));
  });
}

/** Not guarded, no alternatives, no patterns inside, and the only arm with its pattern. */
function isPlain(
  arm: MatchExample["arms"][number],
  match: MatchExample,
  reading: SiteReading,
  here: SiteSyntax,
): boolean {
  const pattern = reading.pattern(arm.pattern);
  if (arm.guarded || pattern === undefined || !pattern.isPath || !pattern.isFlat) return false;
  if (!here.entries.some((entry) => entry.owner === arm.pattern)) return false;
  return match.arms.filter((other) => other.pattern === arm.pattern).length === 1;
}

/** The pattern as rust-analyzer writes it: `_` in tuples, the field's name in records. */
function skeletonPattern(pattern: Pattern): string {
  const path = pattern.qualifier === "" ? pattern.variant : `${pattern.qualifier}::${pattern.variant}`;
  if (pattern.shape === "unit") return path;
  const slots = pattern.slots.map((slot) => slot.field ?? "_").join(", ");
  return pattern.shape === "tuple" ? `${path}(${slots})` : `${path} { ${slots} }`;
}

function definitionFor(
  files: readonly FileExamples[],
  type: string | undefined,
  variants: readonly string[],
): TypeDefinition | undefined {
  const name = lastSegment((type ?? "").replace(/<.*$/s, "").replace(/^&\s*('\w+ )?(mut )?/, ""));
  const named = files.flatMap((file) => file.types).filter((definition) => definition.name === name);
  return (
    named.find((definition) =>
      variants.some((variant) => definition.variants.some((own) => own.name === variant)),
    ) ?? (variants.length === 0 ? named[0] : undefined)
  );
}

function siteOf(source: Source, here: SiteSyntax): Site {
  return {
    kind: here.kind,
    document: { uri: `file://${source.path}`, path: source.path, version: 1, text: source.text },
    healed: { start: 0, end: 0 },
    unhealed: "",
    healedText: "",
    span: here.span,
    keyword: here.keyword,
    insertAt: undefined,
    label: here.label,
  };
}

function noFacts(site: Site, holes: readonly Hole[]): Facts {
  const skeleton: Skeleton = { site, replaced: site.span, text: "", holes, added: holes.length, written: [] };
  return {
    skeleton,
    root: "/",
    function: undefined,
    scrutinee: undefined,
    subject: undefined,
    traitText: undefined,
    siblingArms: [],
    otherMatches: [],
    thisImpl: undefined,
    otherImpls: [],
    typeImpls: [],
    locals: [],
    missing: [],
  };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function lastSegment(path: string): string {
  const cut = path.lastIndexOf("::");
  return cut === -1 ? path : path.slice(cut + 2);
}
