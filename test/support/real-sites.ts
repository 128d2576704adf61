/** Sites of published code: bodies that their authors wrote, taken out, and the skeleton that is left. */
import { buildSkeleton } from "../../server/facts/skeleton.ts";
import type { DocumentSnapshot, Site, Skeleton, Span } from "../../server/stages.ts";
import { isOpenBody } from "../../server/syntax/open-bodies.ts";
import type { RustSyntax, SyntaxNode } from "../../server/syntax/parse.ts";
import { allSites, type EntrySyntax, type SiteSyntax } from "../../server/syntax/site-syntax.ts";
import { type Splice, spliceText } from "../../server/syntax/splice.ts";
import { insertedEdit } from "./inserted-edit.ts";

export interface RealSite {
  /** Relative to the project's root, with the 1-based line of the keyword in the published file. */
  readonly place: string;
  readonly path: string;
  /** The file as published. */
  readonly published: string;
  readonly skeleton: Skeleton;
  /** What its authors wrote, by hole. */
  readonly authors: ReadonlyMap<string, string>;
  /** "free function", "trait method", "whole impl", "generic", "async", … */
  readonly varieties: readonly string[];
  /** missing: whole arms or members are gone. open: their bodies are `todo!()`. */
  readonly cut: "missing" | "open";
}

/** Longer bodies make no better test and slower ones. */
const longestBody = 1_200;
const mostHoles = 8;
const passiveAttributes = /^#\[(?:inline|doc|must_use|cold|allow|track_caller)\b/;

export interface SourceFile {
  readonly path: string;
  /** Relative to the project's root. */
  readonly name: string;
  readonly text: string;
}

/** A site that may be cut; cutting reads the file again, so it is done for those that are chosen. */
export interface Candidate {
  readonly place: string;
  readonly varieties: readonly string[];
  /** Arms or members of it. */
  readonly entries: number;
  /** `missing` and `open` in turns where both fit; undefined where neither does. At most so many are taken out. */
  cut(most?: number): RealSite | undefined;
}

/** Every match and every impl of a trait in the file that its authors have filled. */
export function candidatesIn(syntax: RustSyntax, file: SourceFile): readonly Candidate[] {
  const found = syntax.read(file.text, (root) =>
    allSites(root, { start: 0, end: file.text.length }).flatMap((here) => {
      const node = nodeOf(root, here);
      if (node === undefined || node.hasError) return [];
      const entries = cuttable(node, here, file.text);
      return entries.length === 0 ? [] : [{ here, entries, varieties: varietiesOf(node, here, file.name) }];
    }),
  );
  return found.map(({ here, entries, varieties }, index) => {
    const place = `${file.name}:${file.text.slice(0, here.keyword).split("\n").length}`;
    const ways = index % 2 === 0 ? (["missing", "open"] as const) : (["open", "missing"] as const);
    const cut = (most = mostHoles): RealSite | undefined => {
      for (const way of ways) {
        const made = cutSite(syntax, { file, here, entries, most }, way);
        if (made === undefined) continue;
        return { place, path: file.path, published: file.text, varieties, cut: way, ...made };
      }
      return undefined;
    };
    return { place, varieties, entries: here.entries.length, cut };
  });
}

interface Cuttable {
  readonly entry: EntrySyntax;
  /** The entry with its comments and attributes, by whole lines; undefined where it shares a line with others. */
  readonly lines: Span | undefined;
}

function cuttable(node: SyntaxNode, here: SiteSyntax, text: string): readonly Cuttable[] {
  if (here.entries.some(({ open }) => open !== undefined)) return [];
  const list = node.childForFieldName("body")?.namedChildren ?? [];
  return here.entries.flatMap((entry) => {
    const member = list.find((child) => child?.startIndex === entry.span.start);
    if (member == null || entry.value === undefined || entry.kind === "other") return [];
    const value = text.slice(entry.value.start, entry.value.end);
    const body = member.childForFieldName(entry.kind === "arm" ? "value" : "body");
    const isBody = entry.kind === "arm" || entry.kind === "function";
    if (value.length > longestBody || (isBody && (body === null || isOpenBody(body)))) return [];
    // Refused whatever stands beside it; it would leave nothing of its site to be checked.
    if (/^[{(\s]*(?:\w+::)*(?:panic|unreachable)!/.test(value)) return [];
    return [{ entry, lines: linesOf(member, text) }];
  });
}

export function linesOf(member: SyntaxNode, text: string): Span | undefined {
  if (member.type === "match_arm" && member.firstChild?.type === "attribute_item") return undefined;
  let start = member.startIndex;
  for (let before = member.previousNamedSibling; before !== null; before = before.previousNamedSibling) {
    const isDocumentation = before.type === "line_comment" && before.text.startsWith("///");
    if (before.type === "attribute_item") {
      if (!passiveAttributes.test(before.text.replace(/\s/g, ""))) return undefined;
    } else if (!isDocumentation) break;
    start = before.startIndex;
  }
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const comma = /^\s*,/.exec(text.slice(member.endIndex))?.[0].length ?? 0;
  const end = member.endIndex + (member.type === "match_arm" ? comma : 0);
  const lineEnd = text.indexOf("\n", end);
  const isAlone = text.slice(lineStart, start).trim() === "" && text.slice(end, lineEnd).trim() === "";
  return isAlone && lineEnd >= 0 ? { start: lineStart, end: lineEnd + 1 } : undefined;
}

interface Cut {
  readonly skeleton: Skeleton;
  readonly authors: ReadonlyMap<string, string>;
}

interface Cutting {
  readonly file: SourceFile;
  readonly here: SiteSyntax;
  readonly entries: readonly Cuttable[];
  readonly most: number;
}

/** The last ones go: those before them are what a body can be learnt from. */
function cutSite(
  syntax: RustSyntax,
  { file, here, entries, most }: Cutting,
  cut: "missing" | "open",
): Cut | undefined {
  const chosen = (cut === "missing" ? missable(here, entries) : openable(entries)).slice(-most);
  if (chosen.length === 0) return undefined;
  const { text } = file;
  const splices = chosen.map(({ entry, lines }): Splice => {
    if (cut === "missing") return { span: lines ?? entry.span, text: "" };
    return { span: entry.value ?? entry.span, text: openBody(text, entry) };
  });
  const blanked = spliceText(text, splices).text;
  const document: DocumentSnapshot = {
    uri: `file://${file.path}`,
    path: file.path,
    version: 1,
    text: blanked,
  };
  const site = siteIn(syntax, document, here);
  if (site === undefined) return undefined;
  const inserted =
    cut === "missing" ? chosen.map(({ entry }) => insertedText(text, entry)).join("\n") : undefined;
  const edit = inserted === undefined ? undefined : insertedEdit(syntax, site, inserted);
  const skeleton = buildSkeleton(syntax, site, edit);
  if ("stage" in skeleton) return undefined;
  const holes = skeleton.holes.filter(({ kind }) => kind !== "binder");
  if (holes.length !== chosen.length || skeleton.written.length > 0) return undefined;
  const authors = holes.map(({ id }, index) => [id, valueText(text, chosen[index]!.entry)] as const);
  return { skeleton, authors: new Map(authors) };
}

/** Nobody's arm may be lost behind one that catches all, and no comment may be left of a member. */
function missable(here: SiteSyntax, entries: readonly Cuttable[]): readonly Cuttable[] {
  if (here.entries.some(({ catchesAll }) => catchesAll)) return [];
  const alone = entries.filter(({ lines }) => lines !== undefined);
  const isFlat = ({ entry }: Cuttable) => !entry.owner.includes("\n") && entry.name !== "";
  return here.kind === "match" ? alone.filter(isFlat) : alone.length === here.entries.length ? alone : [];
}

/** A type or constant cannot be open where it stands already. */
function openable(entries: readonly Cuttable[]): readonly Cuttable[] {
  return entries.filter(({ entry }) => entry.kind === "arm" || entry.kind === "function");
}

function openBody(text: string, entry: EntrySyntax): string {
  if (entry.kind === "function") return "{\n        todo!()\n    }";
  const hasComma = /^\s*,/.test(text.slice(entry.value?.end)) || text[entry.span.end - 1] === ",";
  return hasComma ? "todo!()" : "todo!(),";
}

/** As rust-analyzer writes it: the pattern or the signature, and `todo!()`. */
function insertedText(text: string, entry: EntrySyntax): string {
  const owner = text.slice(entry.ownerSpan.start, entry.ownerSpan.end).trim();
  if (entry.kind === "arm") return `${owner} => todo!(),`;
  if (entry.kind === "function") return `${owner} {\n    todo!()\n}\n`;
  return `${text.slice(entry.span.start, entry.value?.start).replace(/=\s*$/, "").trim()};`;
}

function valueText(text: string, entry: EntrySyntax): string {
  return text.slice(entry.value?.start, entry.value?.end);
}

function siteIn(syntax: RustSyntax, document: DocumentSnapshot, published: SiteSyntax): Site | undefined {
  const at = { start: published.keyword, end: published.keyword };
  const here = syntax.read(document.text, (root) =>
    allSites(root, at).find(({ kind }) => kind === published.kind),
  );
  if (here === undefined) return undefined;
  const { kind, span, keyword, label } = here;
  const healed = { healed: { start: 0, end: 0 }, unhealed: "", healedText: "" };
  return { kind, document, ...healed, span, keyword, insertAt: undefined, label };
}

export function nodeOf(root: SyntaxNode, here: SiteSyntax): SyntaxNode | undefined {
  const type = here.kind === "match" ? "match_expression" : "impl_item";
  let node = root.descendantForIndex(here.keyword, here.keyword);
  while (node !== null && node.type !== type) node = node.parent;
  return node ?? undefined;
}

/** What makes a site another case for the verifier. */
function varietiesOf(node: SyntaxNode, here: SiteSyntax, file: string): readonly string[] {
  const found = new Set<string>();
  if (here.kind === "impl") found.add(here.entries.length > 1 ? "whole impl, several members" : "whole impl");
  let functions = 0;
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.type === "closure_expression" && functions === 0) found.add("closure");
    if (at.type === "async_block") found.add("async");
    if (at.type === "mod_item" && isTestModule(at)) found.add("tests module");
    if (at.type === "function_item") {
      if (functions === 0 && here.kind === "match") found.add(functionKind(at));
      functions += 1;
      const modifiers = at.namedChildren.find((child) => child?.type === "function_modifiers")?.text ?? "";
      if (modifiers.includes("async")) found.add("async");
      if (modifiers.includes("const")) found.add("const fn");
    }
    const parameters = at.childForFieldName("type_parameters")?.text ?? "";
    if (/'\w/.test(parameters)) found.add("lifetimes");
    if (/[<,]\s*(?:const\s+)?[A-Z]/.test(parameters)) found.add("generic");
  }
  if (functions > 1) found.add("nested function");
  if (/^(?:[\w-]+\/)?(?:tests|benches|examples)\//.test(file)) found.add("other target");
  if (here.entries.some(({ kind }) => kind === "type" || kind === "constant")) found.add("associated items");
  return [...found];
}

function isTestModule(node: SyntaxNode): boolean {
  return /#\s*\[\s*cfg\s*\(.*\btest\b/.test(node.previousNamedSibling?.text ?? "");
}

function functionKind(node: SyntaxNode): string {
  const owner = node.parent?.parent;
  if (owner?.type === "trait_item") return "trait method";
  if (owner?.type !== "impl_item") return "free function";
  return owner.childForFieldName("trait") === null ? "inherent method" : "trait method";
}
