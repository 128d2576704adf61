/**
 * Places of published code cut out as people meet them (all arms of a match, one arm, one member, all members of an
 * impl), and what their authors wrote there, as a model would say it: bodies, and binders with their modes.
 */
import type { Span } from "../../server/stages.ts";
import type { RustSyntax, SyntaxNode } from "../../server/syntax/parse.ts";
import { allSites, type EntrySyntax, type SiteSyntax } from "../../server/syntax/site-syntax.ts";
import { isCompiled } from "./author-conditions.ts";
import { parametersOf } from "./author-parameters.ts";
import { linesOf, nodeOf, type SourceFile } from "./real-sites.ts";

export const cutKinds = ["arm list", "single arm", "method", "impl"] as const;
export type CutKind = (typeof cutKinds)[number];

export interface AuthorSite {
  readonly kind: CutKind;
  /** Relative to the project's root, with the 1-based line of the keyword. */
  readonly place: string;
  readonly path: string;
  /** The file without what was cut out. */
  readonly text: string;
  /** Of the keyword. */
  readonly offset: number;
  /** By the hole's name. */
  readonly answers: ReadonlyMap<string, AuthorAnswer>;
}

export interface AuthorAnswer {
  readonly body: string;
  /** What stands for each field in the pattern: by its name, or by its place where it has none. */
  readonly binders: PatternBinders;
  /** Of a function, as its author named them. */
  readonly parameters: readonly string[];
}

interface PatternBinders {
  readonly byField: ReadonlyMap<string, string>;
  /** `..` stands for as many `_` as are missing. */
  readonly byPlace: readonly string[];
}

/** Members that a trait wants, by its name. */
export type RequiredMembers = ReadonlyMap<string, ReadonlySet<string>>;

/** Longer bodies make no better test and slower ones. */
const longestBody = 1_200;
const mostHoles = 12;
/** Refused whatever stands around it, so that it tells nothing of frames. */
const refusedOnPurpose = /\b(?:unsafe|panic!|unreachable!|todo!|unimplemented!|include_\w+!|env!)/;

const ofStd: Readonly<Record<string, string>> = {
  ...{ Clone: "clone", Default: "default", PartialEq: "eq", PartialOrd: "partial_cmp", Ord: "cmp" },
  ...{ Hash: "hash", Drop: "drop", Display: "fmt", Debug: "fmt", From: "from", AsRef: "as_ref" },
  ...{ AsMut: "as_mut", Borrow: "borrow", Iterator: "Item next", IntoIterator: "Item IntoIter into_iter" },
  ...{
    DoubleEndedIterator: "next_back",
    Deref: "Target deref",
    DerefMut: "deref_mut",
    Index: "Output index",
  },
  ...{ IndexMut: "index_mut", TryFrom: "Error try_from", FromStr: "Err from_str", Add: "Output add" },
  ...{ Sub: "Output sub", Mul: "Output mul", Neg: "Output neg", Not: "Output not", AddAssign: "add_assign" },
  ...{ SubAssign: "sub_assign", Extend: "extend", FromIterator: "from_iter", Read: "read" },
  ...{ Write: "write flush", Hasher: "finish write", Future: "Output poll", Serialize: "serialize" },
};

/** Macros of the crate that panic, as its own word for that. */
export function panickingMacros(syntax: RustSyntax, files: readonly SourceFile[]): ReadonlySet<string> {
  const names = files.flatMap(({ text }) =>
    syntax.read(text, (root) =>
      root
        .descendantsOfType("macro_definition")
        .filter(({ text: rules }) => refusedOnPurpose.test(rules))
        .map((macro) => macro.childForFieldName("name")?.text ?? ""),
    ),
  );
  return new Set(names);
}

export function requiredMembers(syntax: RustSyntax, files: readonly SourceFile[]): RequiredMembers {
  const required = new Map(
    Object.entries(ofStd).map(([name, members]) => [name, new Set(members.split(" "))]),
  );
  for (const { text } of files) {
    const traits = syntax.read(text, (root) => root.descendantsOfType("trait_item").map(readTrait));
    for (const { name, members } of traits) required.set(name, new Set(members));
  }
  return required;
}

function readTrait(node: SyntaxNode | null): { name: string; members: readonly string[] } {
  const members = node?.childForFieldName("body")?.namedChildren ?? [];
  const wanted = members.filter((member) => {
    if (member.type === "function_signature_item") return true;
    const isOpen = member.childForFieldName("value") === null && member.childForFieldName("type") !== null;
    return member.type === "associated_type" || (member.type === "const_item" && isOpen);
  });
  return {
    name: node?.childForFieldName("name")?.text ?? "",
    members: wanted.map((member) => member.childForFieldName("name")?.text ?? ""),
  };
}

/** What is known of the whole crate. */
export interface CrateFacts {
  readonly required: RequiredMembers;
  readonly panicking: ReadonlySet<string>;
  readonly features: readonly string[];
}

/** Every place of the file that can be cut out in this way. */
export function authorSitesIn(
  syntax: RustSyntax,
  file: SourceFile,
  { required, panicking, features }: CrateFacts,
): readonly AuthorSite[] {
  const cuts = syntax.read(file.text, (root) =>
    allSites(root, { start: 0, end: file.text.length }).flatMap((site) => {
      const node = nodeOf(root, site);
      if (node === undefined || node.hasError || !isCompiled(node, features)) return [];
      return (site.kind === "match" ? matchCuts : implCuts)({ file, site, node, required, panicking });
    }),
  );
  return cuts.flatMap(({ kind, site, span, text, entries }) => {
    const answers = answersOf(syntax, file.text, entries);
    if (answers === undefined || answers.size === 0 || answers.size > mostHoles) return [];
    const place = `${file.name}:${file.text.slice(0, site.keyword).split("\n").length}`;
    const cut = file.text.slice(0, span.start) + text + file.text.slice(span.end);
    return [{ kind, place, path: file.path, text: cut, offset: site.keyword, answers }];
  });
}

interface Around {
  readonly file: SourceFile;
  readonly site: SiteSyntax;
  readonly node: SyntaxNode;
  readonly required: RequiredMembers;
  readonly panicking: ReadonlySet<string>;
}

interface Cut {
  readonly kind: CutKind;
  readonly site: SiteSyntax;
  readonly span: Span;
  /** What is left in its place. */
  readonly text: string;
  readonly entries: readonly EntrySyntax[];
}

function matchCuts({ file: { text }, site, node, panicking }: Around): readonly Cut[] {
  const { entries } = site;
  if (entries.some(({ catchesAll }) => catchesAll)) return [];
  const names = entries.flatMap(({ ownerSpan }) => namesIn(text.slice(ownerSpan.start, ownerSpan.end)));
  const isAlone = ({ ownerSpan }: EntrySyntax) =>
    namesIn(text.slice(ownerSpan.start, ownerSpan.end)).every(
      (name) => names.filter((other) => other === name).length === 1,
    );
  const simple = entries.filter((entry) => isFit(entry, text, panicking) && isAlone(entry));
  const list = (simple.length === entries.length ? [emptied("arm list", site, text)] : []).flat();
  const last = simple.at(-1);
  const lines = last === undefined || entries.length < 2 ? undefined : linesAround(node, last, text);
  const single: Cut[] =
    last === undefined || lines === undefined
      ? []
      : [{ kind: "single arm", site, span: lines, text: "", entries: [last] }];
  return [...list, ...single];
}

function implCuts({ file: { text }, site, node, required, panicking }: Around): readonly Cut[] {
  const { entries, trait } = site;
  const name = /(\w+)\s*(?:<[^]*)?$/.exec(text.slice(trait?.start, trait?.end))?.[1] ?? "";
  const wanted = required.get(name);
  if (
    wanted === undefined ||
    entries.length === 0 ||
    !entries.every((entry) => isFit(entry, text, panicking))
  )
    return [];
  // Under different conditions: which one is meant depends on the build.
  if (new Set(entries.map((entry) => entry.name)).size < entries.length) return [];
  const areAllWanted = entries.every((entry) => wanted.has(entry.name));
  const last = entries.findLast(({ kind, name: member }) => kind === "function" && wanted.has(member));
  const lines = last === undefined || entries.length < 2 ? undefined : linesAround(node, last, text);
  return [
    ...(areAllWanted ? [emptied("impl", site, text)] : []),
    ...(last === undefined || lines === undefined
      ? []
      : [{ kind: "method" as const, site, span: lines, text: "", entries: [last] }]),
  ];
}

function emptied(kind: CutKind, site: SiteSyntax, text: string): Cut {
  const lineStart = text.lastIndexOf("\n", site.keyword - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  const span = { start: site.braces.start + 1, end: site.braces.end };
  return { kind, site, span, text: `\n${indentation}`, entries: site.entries };
}

function isFit({ value, open, kind }: EntrySyntax, text: string, panicking: ReadonlySet<string>): boolean {
  if (value === undefined || open !== undefined || kind === "other") return false;
  const body = text.slice(value.start, value.end);
  const called = [...body.matchAll(/\b(\w+)!/g)].map(([, name = ""]) => name);
  const isRefused = refusedOnPurpose.test(body) || called.some((name) => panicking.has(name));
  return body.length <= longestBody && !isRefused;
}

function linesAround(node: SyntaxNode, entry: EntrySyntax, text: string): Span | undefined {
  const list = node.childForFieldName("body")?.namedChildren ?? [];
  const member = list.find((child) => child.startIndex === entry.span.start);
  return member === undefined ? undefined : linesOf(member, text);
}

/** Names of the variants that a pattern has, on its outer level. */
function namesIn(pattern: string): readonly string[] {
  const flat = pattern.replace(/\([^]*?\)|\{[^]*?\}/g, "");
  return flat.split("|").map((part) => /(\w+)\s*$/.exec(part)?.[1] ?? "");
}

/** undefined where a pattern says more than a frame can: nested ones, literals, guards. */
function answersOf(
  syntax: RustSyntax,
  text: string,
  entries: readonly EntrySyntax[],
): ReadonlyMap<string, AuthorAnswer> | undefined {
  const answers = new Map<string, AuthorAnswer>();
  for (const { kind, name, value, ownerSpan } of entries) {
    const whole = text.slice(value?.start, value?.end);
    if (kind !== "arm") {
      const isFunction = kind === "function";
      const body = isFunction ? whole.slice(1, -1).trim() : whole;
      const signature = text.slice(ownerSpan.start, ownerSpan.end);
      const parameters = isFunction ? parametersOf(syntax, signature) : [];
      answers.set(name, { body, binders: { byField: new Map(), byPlace: [] }, parameters });
      continue;
    }
    const patterns = patternsOf(syntax, text.slice(ownerSpan.start, ownerSpan.end));
    if (patterns === undefined) return undefined;
    for (const pattern of patterns)
      answers.set(pattern.name, { body: whole, binders: pattern, parameters: [] });
  }
  return answers;
}

interface NamedPattern extends PatternBinders {
  readonly name: string;
}

function patternsOf(syntax: RustSyntax, owner: string): readonly NamedPattern[] | undefined {
  return syntax.read(`fn f() { match x { ${owner} => 0 } }`, (root) => {
    const arm = root.descendantsOfType("match_arm")[0]?.childForFieldName("pattern");
    if (arm == null || arm.childForFieldName("condition") !== null) return undefined;
    const outer = arm.firstNamedChild;
    if (outer === null) return undefined;
    const all = alternativesOf(outer).map((pattern) => namedPattern(pattern, false));
    return all.some((pattern) => pattern === undefined) ? undefined : all.filter((one) => one !== undefined);
  });
}

function alternativesOf(pattern: SyntaxNode): readonly SyntaxNode[] {
  return pattern.type === "or_pattern" ? pattern.namedChildren.flatMap(alternativesOf) : [pattern];
}

/** @param isBehind Behind a `&`, where a plain name is a copy and `ref` says what a frame without `&` says by itself. */
function namedPattern(pattern: SyntaxNode, isBehind: boolean): NamedPattern | undefined {
  const none = { byField: new Map<string, string>(), byPlace: [] };
  const path = pattern.childForFieldName("type") ?? pattern;
  const name = /(\w+)\s*(?:::<[^]*>)?$/.exec(path.text)?.[1] ?? "";
  // `_` has a node without a name.
  const parts = pattern.children.filter(
    (child) => child.startIndex >= path.endIndex && (child.isNamed || child.text === "_") && !child.isExtra,
  );
  switch (pattern.type) {
    case "reference_pattern": {
      const inner = pattern.lastNamedChild;
      return inner === null || isBehind ? undefined : namedPattern(inner, true);
    }
    case "identifier":
    case "scoped_identifier":
      return /^[A-Z]/.test(name) ? { name, ...none } : undefined;
    case "tuple_struct_pattern": {
      const binders = parts.map((part) => binderOf(part, isBehind));
      const byPlace = binders.filter((binder) => binder !== undefined);
      return byPlace.length < binders.length ? undefined : { name, ...none, byPlace };
    }
    case "struct_pattern": {
      const fields = parts.filter(({ type }) => type !== "remaining_field_pattern");
      const byField = new Map<string, string>();
      for (const field of fields) {
        const binder = fieldBinder(field, isBehind);
        if (binder === undefined) return undefined;
        byField.set(...binder);
      }
      return { name, byField, byPlace: [] };
    }
    default:
      return undefined;
  }
}

/** `{ ref name }`, `{ name: ref other }`, `{ name: _ }` */
function fieldBinder(field: SyntaxNode, isBehind: boolean): [string, string] | undefined {
  const name = field.childForFieldName("name")?.text ?? "";
  const inner = field.childForFieldName("pattern");
  const binder = inner === null ? withMode(field.text, isBehind) : binderOf(inner, isBehind);
  return binder === undefined ? undefined : [name, binder];
}

function binderOf(pattern: SyntaxNode, isBehind: boolean): string | undefined {
  return /^(?:_|\.\.|(?:ref\s+)?(?:mut\s+)?[a-z_]\w*|&\s*[a-z_]\w*)$/.test(pattern.text)
    ? withMode(pattern.text, isBehind)
    : undefined;
}

function withMode(binder: string, isBehind: boolean): string | undefined {
  if (!isBehind || /^(?:_|\.\.)$/.test(binder)) return binder;
  if (binder.startsWith("ref ")) return binder.slice("ref ".length);
  return binder.startsWith("mut ") || binder.startsWith("&") ? undefined : `&${binder}`;
}

/** A name for each binder of the hole, which lists its fields in their order. */
export function bindersFor({ binders }: AuthorAnswer, listed: readonly string[]): readonly string[] {
  const { byField, byPlace } = binders;
  if (byPlace.length === 0) return listed.map((field) => byField.get(field) ?? "_");
  const rest = byPlace.indexOf("..");
  if (rest < 0) return byPlace;
  const missing = Math.max(0, listed.length - byPlace.length + 1);
  return [...byPlace.slice(0, rest), ...Array<string>(missing).fill("_"), ...byPlace.slice(rest + 1)];
}
