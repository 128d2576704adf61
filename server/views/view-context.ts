import { z } from "zod";
import type { NoOfferReason, StatusParams } from "../../protocol/methods.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Log } from "../base/log.ts";
import type { PositionEncoding } from "../base/positions.ts";
import type { Documents } from "../relay/documents.ts";
import type { ClientProfile } from "../relay/handshake.ts";
import type { Readiness } from "../relay/readiness.ts";
import type { NoOffer, OpenDocuments } from "../stages.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { askAt } from "../trigger/ask.ts";
import type { Asked } from "../trigger/asked.ts";
import type { Jobs } from "../trigger/jobs.ts";
import type { Asks } from "./asks.ts";
import type { Progress } from "./progress.ts";

/** What the editor-facing views share. All of it belongs to the session. */
export interface ViewContext {
  readonly documents: Documents;
  readonly readiness: Readiness;
  readonly jobs: Jobs;
  readonly log: Log;
  /** Both are known once rust-analyzer has answered initialize. */
  readonly client: () => ClientProfile;
  readonly encoding: () => PositionEncoding;
  readonly settings: () => Settings;
  /** Asking costs requests to a model, or runs what rust-analyzer is kept from running: only a person starts a job. */
  readonly startsOnlyByHand: () => boolean;
  readonly syntax: () => Promise<RustSyntax>;
  readonly askEditor: (
    method: string,
    params: unknown,
    options: { readonly signal: AbortSignal },
  ) => Promise<unknown>;
  readonly notifyEditor: (method: string, params: unknown) => void;
  readonly progress: Pick<Progress, "show" | "cancelled">;
  readonly asks: Pick<Asks, "fruitless" | "at" | "tell">;
  readonly status: () => StatusParams;
}

const position = z.object({ line: z.number().int().min(0), character: z.number().int().min(0) });

/** The params of every request that names a place in a document. */
export const documentPosition = z.looseObject({
  textDocument: z.looseObject({ uri: z.string() }),
  position,
});
export type DocumentPosition = z.infer<typeof documentPosition>;

/** What a place asks about, or why nothing can be asked there. */
export async function askedAt(context: ViewContext, place: DocumentPosition): Promise<Asked | NoOffer> {
  if (!context.settings().enable)
    return noOffer("turned-off", "Armature is turned off (setting `armature.enable`)");
  const document = context.documents.get(place.textDocument.uri);
  if (document === undefined) return noOffer("not-a-site", "the document is not open, or is no Rust file");
  if (!context.readiness.quiescent) return noOffer("analyzer-not-ready", notReady(context.readiness));
  const documents: OpenDocuments = context.documents.all();
  const cursor = { document, position: place.position, encoding: context.encoding(), documents };
  return askAt(await context.syntax(), cursor);
}

function notReady({ message }: Readiness): string {
  const why = message === undefined ? "" : ` (it says: ${message.split("\n")[0] ?? ""})`;
  return `rust-analyzer has not finished loading the workspace${why}; ask again when it has`;
}

function noOffer(reason: NoOfferReason, message: string): NoOffer {
  return { kind: "none", stage: "trigger", reason, message };
}
