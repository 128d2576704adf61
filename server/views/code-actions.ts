import { z } from "zod";
import { isOwn, type LazyForm, lazyAction, readyAction } from "../offer/code-action.ts";
import { workspaceEditOf } from "../offer/fill-result.ts";
import type { ClientProfile } from "../relay/handshake.ts";
import { AnswerError } from "../relay/message.ts";
import { isStale } from "./fill.ts";
import { joinJob } from "./join-job.ts";
import { askedAt, documentPosition, type ViewContext } from "./view-context.ts";

const codeActionParams = z.looseObject({
  textDocument: z.looseObject({ uri: z.string() }),
  range: z.looseObject({ start: documentPosition.shape.position }),
  context: z.looseObject({ only: z.array(z.string()).optional() }).optional(),
});

const lazyItem = z.looseObject({ data: z.looseObject({ armature: documentPosition }) });

/** Adds our action to rust-analyzer's. A listing never starts a job: some editors list on every move. */
export function codeActionTransform(
  context: ViewContext,
  params: unknown,
): ((result: unknown) => Promise<unknown>) | undefined {
  const parsed = codeActionParams.safeParse(params);
  const client = context.client();
  // rust-analyzer 1.96 answers such a client with null, and we announced more for questions of our own.
  if (!client.codeActionLiterals) return () => Promise.resolve(null);
  const settings = context.settings();
  if (!parsed.success || !settings.enable || !settings.codeAction.enable) return undefined;
  const only = parsed.data.context?.only;
  if (only !== undefined && !only.some((kind) => kind === "" || kind === "quickfix")) return undefined;
  if (context.documents.get(parsed.data.textDocument.uri) === undefined) return undefined;
  const place = { textDocument: parsed.data.textDocument, position: parsed.data.range.start };
  return async (result) => {
    const listed: unknown[] = Array.isArray(result) ? result : [];
    if (result !== null && !Array.isArray(result)) return undefined;
    const asked = await askedAt(context, place);
    if ("stage" in asked) return undefined;
    const ready = context.jobs.ready(asked);
    if (ready?.kind === "offers" && !isStale(context, asked)) {
      return [...ready.offers.slice(0, 3).map((offer) => readyAction(offer, context.encoding())), ...listed];
    }
    // What is offered must be plausible without a question to rust-analyzer: its own action tells that.
    const site = asked.sites.find((candidate) => isPlausible(listed, candidate.kind));
    const lazy = site === undefined ? undefined : lazyAction(site, place, lazyFormOf(client));
    return lazy === undefined ? undefined : [lazy, ...listed];
  };
}

/** `codeAction/resolve` of our own: form R does its work here, the others are echoed at once (Helix would freeze). */
export function resolveCodeAction(
  context: ViewContext,
  item: unknown,
  signal: AbortSignal,
): Promise<unknown> | undefined {
  if (!isOwn(item)) return undefined;
  const lazy = lazyItem.safeParse(item);
  if (!lazy.success || "edit" in lazy.data || "command" in lazy.data) return Promise.resolve(item);
  return resolveLazily(context, lazy.data, signal);
}

async function resolveLazily(
  context: ViewContext,
  item: z.infer<typeof lazyItem>,
  signal: AbortSignal,
): Promise<unknown> {
  const asked = await askedAt(context, item.data.armature);
  if ("stage" in asked) throw noEdit(asked.message);
  const outcome = await joinJob(context, asked, { signal, keepsRunning: true });
  if (outcome.kind === "none") throw noEdit(outcome.message);
  const best = outcome.offers[0];
  if (best === undefined || isStale(context, asked))
    throw noEdit("the document changed while it was checked; ask again");
  return { ...item, edit: workspaceEditOf(best, context.encoding()) };
}

/** An answer without an edit would look as if nothing was wrong; an error is shown (RequestFailed, LSP 3.17). */
function noEdit(message: string): AnswerError {
  const requestFailed = -32803;
  return new AnswerError(requestFailed, `Armature: ${message}`);
}

/** reference/editors.md §8, "Choosing from `initialize`". */
export function lazyFormOf(client: ClientProfile): LazyForm {
  if (client.codeActionGroup) return "resolve";
  if (client.codeActionResolvesEdit && /^neovim/i.test(client.name)) return "resolve";
  return client.applyEdit && client.codeActionResolvesEdit ? "command" : "none";
}

const titled = z.looseObject({ title: z.string(), data: z.looseObject({ id: z.string() }).optional() });

function isPlausible(listed: readonly unknown[], kind: "match" | "impl"): boolean {
  const wanted =
    kind === "match"
      ? /missing match arm|add_missing_match_arms/i
      : /missing members|add_impl_missing_members/i;
  return listed.some((action) => {
    const parsed = titled.safeParse(action);
    return parsed.success && wanted.test(`${parsed.data.title} ${parsed.data.data?.id ?? ""}`);
  });
}
