import { AbortedError, withDeadline } from "../base/abort.ts";
import { describeError, type Log } from "../base/log.ts";
import type { PositionEncoding } from "../base/positions.ts";
import type {
  AskAnalyzer,
  DocumentSnapshot,
  Facts,
  NoOffer,
  OpenDocuments,
  Site,
  Skeleton,
  TypeDefinition,
} from "../stages.ts";
import { nameOffset, typeDefinitionAt } from "../syntax/definition-at.ts";
import { enclosingFunction } from "../syntax/enclosing-function.ts";
import { type FileExamples, readExamples } from "../syntax/examples.ts";
import { openedAt, readOpened } from "../syntax/macro-arguments.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { allSites, type SiteSyntax } from "../syntax/site-syntax.ts";
import type { Splice } from "../syntax/splice.ts";
import { type AnalyzerAccess, analyzerEdit } from "./analyzer-action.ts";
import { placeOf, typeOfExpression } from "./analyzer-types.ts";
import { declaredEdit, traitOf } from "./declared-edit.ts";
import { lastSegment, similarTo } from "./similar-facts.ts";
import { buildSkeleton } from "./skeleton.ts";
import type { SourceIndex } from "./source-index.ts";
import { whyNothing } from "./why-nothing.ts";
import { workspaceRoot } from "./workspace-root.ts";

export interface FactSources {
  readonly ask: AskAnalyzer;
  readonly encoding: PositionEncoding;
  readonly index: SourceIndex;
}

interface GatherOptions {
  readonly syntax: RustSyntax;
  readonly document: DocumentSnapshot;
  readonly documents: OpenDocuments;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** match: what is missing, where it is known already and rust-analyzer need not be asked. */
  readonly patterns?: readonly string[];
}

/** One for all questions behind the skeleton: what is late is left out and said so. */
const deadlineMilliseconds = 3_000;
const traitTextLimit = 6_000;

/** The skeleton is exact or there is no offer; everything else is gathered as far as it comes in time. */
export async function gatherFacts(
  site: Site,
  sources: FactSources,
  options: GatherOptions,
): Promise<Facts | NoOffer> {
  const access: AnalyzerAccess = { ...sources, document: options.document, signal: options.signal };
  const edit =
    options.patterns === undefined
      ? await editAt(access, site, options)
      : editWith(options.patterns, site, options.syntax);
  if (edit !== undefined && "stage" in edit) return edit;
  const skeleton = buildSkeleton(options.syntax, site, edit);
  const here = siteSyntax(options.syntax, site);
  if (here === undefined) return analyzerFailed(site, "the site could not be read again");
  if ("stage" in skeleton)
    return (await truerReason(skeleton, here, site, access, options.syntax)) ?? skeleton;

  const deadline = withDeadline(options.signal, deadlineMilliseconds);
  try {
    const missing: string[] = [];
    const within: GatherOptions = { ...options, signal: deadline.signal };
    return await factsFor(skeleton, here, {
      sources,
      options: within,
      access: { ...access, signal: deadline.signal },
      missing,
    });
  } finally {
    deadline.clear();
  }
}

/** Instead of "nothing missing", where something else is known; rust-analyzer may take a while over a large document. */
async function truerReason(
  { reason }: NoOffer,
  here: SiteSyntax,
  site: Site,
  access: AnalyzerAccess,
  syntax: RustSyntax,
): Promise<NoOffer | undefined> {
  if (reason !== "nothing-missing") return undefined;
  const deadline = withDeadline(access.signal, deadlineMilliseconds);
  try {
    return await whyNothing({ ...access, signal: deadline.signal }, site, here, syntax);
  } catch (error) {
    if (error instanceof AbortedError && error.abortCause === "deadline") return undefined;
    throw error;
  } finally {
    deadline.clear();
  }
}

interface Gathering {
  readonly sources: FactSources;
  readonly options: GatherOptions;
  readonly access: AnalyzerAccess;
  readonly missing: string[];
}

async function factsFor(skeleton: Skeleton, here: SiteSyntax, gathering: Gathering): Promise<Facts> {
  const { options } = gathering;
  const { site } = skeleton;
  const { text, path } = site.document;
  const keyword = { start: site.keyword, end: site.keyword };
  const own = readExamples(options.syntax, openedAt(options.syntax, text, keyword), path);
  const line = text.slice(0, site.keyword).split("\n").length;
  const ownMatch = own.matches.find((match) => match.line === line);
  const ownImpl = own.impls.find((found) => found.line === line);
  const functionAround = options.syntax.read(text, (root) => enclosingFunction(root, site.keyword));

  const [subject, scrutineeType, traitText, files] = await Promise.all([
    attempt(gathering, "the type's definition", () => subjectOf(here, gathering)),
    site.kind === "match"
      ? attempt(gathering, "the scrutinee's type", () => typeOfExpression(gathering.access, here.subject))
      : undefined,
    site.kind === "impl"
      ? attempt(gathering, "the trait", () =>
          traitOf(here, { ...options, access: gathering.access }, traitTextLimit),
        )
      : undefined,
    attempt(gathering, "similar code", () => examplesFor(skeleton, here, gathering)),
  ]);
  const similar = similarTo(skeleton, here, {
    files: files ?? [],
    subject,
    ownMatch,
    functionName: functionAround?.name,
  });
  return {
    skeleton,
    root: workspaceRoot(path),
    function: functionAround,
    scrutinee:
      site.kind === "match"
        ? { text: text.slice(here.subject.start, here.subject.end), type: scrutineeType }
        : undefined,
    traitText,
    siblingArms: ownMatch?.arms ?? [],
    thisImpl: ownImpl,
    locals: functionAround?.parameters ?? [],
    missing: gathering.missing,
    ...similar,
  };
}

async function examplesFor(
  skeleton: Skeleton,
  here: SiteSyntax,
  { sources, options, missing }: Gathering,
): Promise<readonly FileExamples[]> {
  const { document } = skeleton.site;
  const text = document.text;
  const names =
    here.trait === undefined
      ? skeleton.holes.map((hole) => hole.name)
      : [lastSegment(text.slice(here.trait.start, here.trait.end)).replace(/<.*$/s, "")];
  const type = lastSegment(text.slice(here.subject.start, here.subject.end)).replace(/<.*$/s, "");
  const found = await sources.index.examplesNear({
    path: document.path,
    root: workspaceRoot(document.path),
    overlays: options.documents.map((open) => (open.uri === document.uri ? document : open)),
    mentioning: [...new Set([...names, ...(here.kind === "impl" ? [type] : [])])].filter(
      (name) => name !== "",
    ),
    signal: options.signal,
  });
  missing.push(...found.leftOut.map((what) => `similar code in ${what}`));
  return found.files;
}

async function subjectOf(
  here: SiteSyntax,
  { options, access }: Gathering,
): Promise<TypeDefinition | undefined> {
  const subject = access.document.text.slice(here.subject.start, here.subject.end);
  const offset = here.subject.start + nameOffset(options.syntax, subject);
  const question = here.kind === "match" ? "textDocument/typeDefinition" : "textDocument/definition";
  const place = await placeOf(access, question, offset, options.documents);
  return place === undefined ? undefined : typeDefinitionAt(options.syntax, place);
}

/** A fact that fails or comes late is missing, not fatal; only the run's own end is. */
async function attempt<T>(
  gathering: Gathering,
  what: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    gathering.missing.push(what);
    if (!(error instanceof AbortedError))
      gathering.options.log.debug(`facts: ${what}: ${describeError(error)}`);
    return undefined;
  }
}

/** The same from rustc: arms at the end of the editor's list, as rust-analyzer would add them. */
function editWith(
  patterns: readonly string[],
  site: Site,
  syntax: RustSyntax,
): readonly Splice[] | undefined {
  const here = siteSyntax(syntax, site);
  if (here === undefined) return undefined;
  const { healed, healedText } = site;
  const at = here.braces.end - (healedText.length - (healed.end - healed.start));
  const comma = here.entries.at(-1)?.needsComma === true ? "," : "";
  const arms = patterns.map((pattern) => `\n${pattern} => todo!(),`).join("");
  return [{ span: { start: at, end: at }, text: `${comma}${arms}\n` }];
}

async function editAt(
  access: AnalyzerAccess,
  site: Site,
  { syntax, documents, log }: GatherOptions,
): Promise<readonly Splice[] | undefined | NoOffer> {
  try {
    const edit = await analyzerEdit(access, site);
    const here = edit === undefined ? siteSyntax(syntax, site) : undefined;
    return here === undefined ? edit : await declaredEdit(site, here, { syntax, documents, access });
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    log.warn(`facts: ${describeError(error)}`);
    return analyzerFailed(site, `rust-analyzer did not answer: ${describeError(error)}`);
  }
}

function siteSyntax(syntax: RustSyntax, site: Site): SiteSyntax | undefined {
  const at = { start: site.keyword, end: site.keyword };
  return readOpened(syntax, site.document.text, at, (root) =>
    allSites(root, at).find((found) => found.kind === site.kind),
  );
}

function analyzerFailed(site: Site, message: string): NoOffer {
  return { kind: "none", stage: "facts", reason: "analyzer-failed", message, site: site.label };
}
