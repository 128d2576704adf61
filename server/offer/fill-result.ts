import type { WorkspaceEdit } from "vscode-languageserver";
import type { DroppedDraft, FillResult } from "../../protocol/methods.ts";
import type { PositionEncoding } from "../base/positions.ts";
import type { Offer, Outcome, Verdict } from "../stages.ts";
import { editorText } from "../syntax/splice.ts";
import { replacements, textWithOffer, toTextEdit } from "./edits.ts";
import { evidenceOf, labelOf } from "./evidence.ts";

/** The answer of `armature/fill`. */
export function fillResultOf(outcome: Outcome, encoding: PositionEncoding): FillResult {
  if (outcome.kind === "none") {
    const { kind, stage, reason, message, site } = outcome;
    return { kind, stage, reason, message, ...(site === undefined ? {} : { site }) };
  }
  return {
    kind: "offers",
    site: outcome.site.label,
    offers: outcome.offers.map((offer) => ({
      label: labelOf(offer),
      edit: workspaceEditOf(offer, encoding),
      open: offer.open.length,
      evidence: evidenceOf(offer),
    })),
  };
}

/** Versioned, so that an editor that checks versions refuses an edit whose document has moved on. */
export function workspaceEditOf(offer: Offer, encoding: PositionEncoding): WorkspaceEdit {
  const { site } = offer.skeleton;
  const before = editorText(site);
  const edits = replacements(before, textWithOffer(offer)).map((part) => toTextEdit(before, part, encoding));
  return {
    documentChanges: [{ textDocument: { uri: site.document.uri, version: site.document.version }, edits }],
  };
}

/** For `armature/why`: what was tried and not offered. */
export function droppedDrafts(outcome: Outcome): readonly DroppedDraft[] {
  return (outcome.rejected ?? []).flatMap((verdict): DroppedDraft[] => {
    const text = [...verdict.draft.fillings.values()].map((filling) => filling.text).join("\n");
    switch (verdict.kind) {
      case "accepted":
        return [];
      case "refused":
        return [
          { verdict: "refused", reason: `${verdict.reason}: ${verdict.message}`, hole: verdict.hole, text },
        ];
      case "unknown":
        return [{ verdict: "unknown", reason: `${verdict.reason}: ${verdict.message}`, text }];
      case "rejected":
        return [{ verdict: "rejected", text, ...firstDiagnostic(verdict) }];
    }
  });
}

function firstDiagnostic(verdict: Extract<Verdict, { kind: "rejected" }>): { reason: string; hole?: string } {
  const first = verdict.diagnostics[0];
  const code = first?.code === undefined ? "" : `${first.code}: `;
  const hole = first?.hole === undefined ? {} : { hole: first.hole };
  return { reason: `${code}${first?.message ?? "the check reported an error"}`, ...hole };
}
