import { z } from "zod";
import { type PositionEncoding, positionAt } from "../base/positions.ts";
import type { AskAnalyzer, DocumentSnapshot, NoOffer, Site } from "../stages.ts";
import type { Splice } from "../syntax/splice.ts";
import { splicesOf } from "./analyzer-edit.ts";

export interface AnalyzerAccess {
  readonly ask: AskAnalyzer;
  readonly encoding: PositionEncoding;
  /** The document as rust-analyzer has it: the editor's text, not the healed one. */
  readonly document: DocumentSnapshot;
  readonly signal: AbortSignal;
}

/**
 * Neither is API: the id is there only where the client announced resolveSupport, the title is for people. 1.95 says
 * "Fill match arms", 1.96 "Add 2 missing match arms" or "Add missing match arm `E::B`".
 */
const actions = {
  match: { id: "add_missing_match_arms", title: /^(?:fill|.*missing) match arms?(?: `.*`)?$/is },
  impl: { id: "add_impl_missing_members", title: /^implement missing members$/i },
} as const;

const codeAction = z.looseObject({
  title: z.string(),
  edit: z.unknown().optional(),
  data: z.looseObject({ id: z.string().optional() }).optional(),
});

/** What rust-analyzer would do to its document at the site; undefined where it sees nothing missing. */
export async function analyzerEdit(
  access: AnalyzerAccess,
  site: Site,
): Promise<readonly Splice[] | undefined | NoOffer> {
  const position = positionAt(access.document.text, site.keyword, access.encoding);
  const answer = await askTwice(access, "textDocument/codeAction", {
    textDocument: { uri: access.document.uri },
    range: { start: position, end: position },
    context: { diagnostics: [], only: ["quickfix"] },
  });
  const listed = z.array(codeAction).nullable().safeParse(answer);
  if (!listed.success) return unclear(site, "the list of code actions could not be read");
  if (listed.data === null) return notListed(site);
  const wanted = actions[site.kind];
  const action = listed.data.find(
    ({ data, title }) => data?.id?.startsWith(`${wanted.id}:`) ?? wanted.title.test(title),
  );
  if (action === undefined) return undefined;
  const edit = action.edit ?? (await resolvedEdit(access, action));
  const splices = splicesOf(edit, access.document.text, access.encoding);
  if (splices === undefined || splices.length === 0)
    return unclear(site, `"${action.title}" came without an edit`);
  return splices;
}

async function resolvedEdit(access: AnalyzerAccess, action: unknown): Promise<unknown> {
  const resolved = codeAction.safeParse(await askTwice(access, "codeAction/resolve", action));
  return resolved.success ? resolved.data.edit : undefined;
}

/** A question in flight dies with ContentModified when the user types; once more is enough (design §4). */
export async function askTwice(access: AnalyzerAccess, method: string, params: unknown): Promise<unknown> {
  try {
    return await access.ask(method, params, { signal: access.signal });
  } catch (error) {
    const contentModified = -32801;
    if (!(error instanceof Error) || !("code" in error) || error.code !== contentModified) throw error;
    return access.ask(method, params, { signal: access.signal });
  }
}

/** Its answer to a client without literal actions, which is announced for every client. */
function notListed(site: Site): NoOffer {
  const message =
    "rust-analyzer lists no code actions for what this editor announces (textDocument.codeAction.codeActionLiteralSupport)";
  return { kind: "none", stage: "facts", reason: "actions-not-listed", message, site: site.label };
}

function unclear(site: Site, message: string): NoOffer {
  return { kind: "none", stage: "facts", reason: "skeleton-unclear", message, site: site.label };
}
