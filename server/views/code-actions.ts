import { z } from "zod";
import { isOwn, type LazyForm, lazyAction, readyAction, whyAction } from "../offer/code-action.ts";
import { workspaceEditOf } from "../offer/fill-result.ts";
import type { ClientProfile } from "../relay/handshake.ts";
import type { NoOffer, Site } from "../stages.ts";
import { siteAt } from "../syntax/site-syntax.ts";
import type { Asked } from "../trigger/asked.ts";
import { isStale, reasonAt, stale } from "./fill.ts";
import { joinJob } from "./join-job.ts";
import { askedAt, documentPosition, type ViewContext } from "./view-context.ts";

const diagnostic = z.looseObject({ code: z.union([z.string(), z.number()]).optional() });
const codeActionParams = z.looseObject({
  textDocument: z.looseObject({ uri: z.string() }),
  range: z.looseObject({ start: documentPosition.shape.position }),
  context: z
    .looseObject({ only: z.array(z.string()).optional(), diagnostics: z.array(diagnostic).catch([]) })
    .optional(),
});

const lazyItem = z.looseObject({
  data: z.looseObject({ armature: documentPosition.extend({ why: z.boolean().optional() }) }),
});

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
    const form = lazyFormOf(client);
    const plausible = await plausibleSite(context, asked, [
      ...listed,
      ...(parsed.data.context?.diagnostics ?? []),
    ]);
    const lazy = plausible === undefined ? undefined : lazyAction(plausible, place, form);
    const why = context.asks.at(place) === undefined ? undefined : whyAction(place, form);
    const own = [lazy, why].filter((action) => action !== undefined);
    return own.length === 0 ? undefined : [...own, ...listed];
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

/** Without an offer the edit is empty and the reason a message: an error is shown in red and cut to one line. */
async function resolveLazily(
  context: ViewContext,
  item: z.infer<typeof lazyItem>,
  signal: AbortSignal,
): Promise<unknown> {
  const place = item.data.armature;
  const nothing = { ...item, edit: { documentChanges: [] } };
  if (place.why === true) {
    context.asks.tell(await reasonAt(context, place));
    return nothing;
  }
  const giveUp = (none: NoOffer) => {
    context.asks.fruitless(place, none);
    context.asks.tell(none.message);
    return nothing;
  };
  const asked = await askedAt(context, place);
  if ("stage" in asked) return giveUp(asked);
  const outcome = await joinJob(context, asked, { signal, keepsRunning: true });
  if (outcome.kind === "none") return giveUp(outcome);
  const best = outcome.offers[0];
  if (best === undefined || isStale(context, asked)) return giveUp(stale(outcome));
  return { ...item, edit: workspaceEditOf(best, context.encoding()) };
}

/** reference/editors.md §8, "Choosing from `initialize`". */
export function lazyFormOf(client: ClientProfile): LazyForm {
  if (client.codeActionGroup) return "resolve";
  if (client.codeActionResolvesEdit && /^neovim/i.test(client.name)) return "resolve";
  return client.applyEdit && client.codeActionResolvesEdit ? "command" : "none";
}

const telling = z.looseObject({
  title: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  data: z.looseObject({ id: z.string().optional() }).optional().catch(undefined),
});

/** Told without a question to rust-analyzer, which a listing must not cost: by what is written, and by what it said. */
async function plausibleSite(
  context: ViewContext,
  { sites }: Asked,
  said: readonly unknown[],
): Promise<Site | undefined> {
  const syntax = await context.syntax();
  const words = said.map((one) => telling.safeParse(one).data);
  return sites.find((site) => {
    const { entries = [] } =
      syntax.read(site.document.text, (root) => siteAt(root, site.kind, site.keyword)) ?? {};
    if (entries.length === 0 || entries.some(({ open }) => open !== undefined)) return true;
    const missing =
      site.kind === "match"
        ? /missing match arm|add_missing_match_arms|^E0004$/i
        : /missing members|add_impl_missing_members|^E0046$/i;
    return words.some((word) =>
      [word?.title, word?.code, word?.data?.id].some((text) => missing.test(String(text))),
    );
  });
}
