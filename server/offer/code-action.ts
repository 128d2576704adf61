import type { CodeAction, Command } from "vscode-languageserver";
import { z } from "zod";
import { fillCommand, type FillParams, whyCommand } from "../../protocol/methods.ts";
import type { PositionEncoding } from "../base/positions.ts";
import type { Offer, Site } from "../stages.ts";
import { labelOf } from "./evidence.ts";
import { workspaceEditOf } from "./fill-result.ts";

/** How a client takes an action whose edit is not there yet (reference/editors.md §8). */
export type LazyForm = "resolve" | "command" | "none";

/** An offer that is ready: legal and instant in every client. */
export function readyAction(offer: Offer, encoding: PositionEncoding): CodeAction {
  return {
    title: labelOf(offer),
    kind: "quickfix",
    isPreferred: true,
    edit: workspaceEditOf(offer, encoding),
    data: { armature: { ready: true } },
  };
}

/** A site nobody has asked about: picking the action starts the job, listing it does not. */
export function lazyAction(site: Site, params: FillParams, form: LazyForm): CodeAction | undefined {
  if (form === "none") return undefined;
  const title = `Fill ${site.label} (check with cargo first)`;
  const action: CodeAction = { title, kind: "quickfix", data: { armature: params } };
  if (form === "resolve") return action;
  const command: Command = { title, command: fillCommand, arguments: [params] };
  return { ...action, command };
}

/** Where somebody has just asked by hand and got nothing. Picking it shows the reason, and changes nothing. */
export function whyAction(params: FillParams, form: LazyForm): CodeAction | undefined {
  if (form === "none") return undefined;
  const title = "Armature: why is nothing offered here?";
  const action: CodeAction = { title, kind: "quickfix", data: { armature: { ...params, why: true } } };
  if (form === "resolve") return action;
  return { ...action, command: { title, command: whyCommand, arguments: [params] } };
}

const ownAction = z.looseObject({ data: z.looseObject({ armature: z.looseObject({}) }) });

/** Whether an action or completion item that comes back for resolve is one of ours. */
export function isOwn(item: unknown): boolean {
  return ownAction.safeParse(item).success;
}
