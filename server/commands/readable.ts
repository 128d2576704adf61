import { createTwoFilesPatch } from "diff";
import type { FillOffer } from "../../protocol/methods.ts";
import { offsetAt } from "../base/positions.ts";
import { authorOf } from "../offer/evidence.ts";
import { z } from "zod";

const position = z.object({ line: z.number(), character: z.number() });
const documentEdits = z.array(
  z.looseObject({
    edits: z.array(
      z.looseObject({ range: z.object({ start: position, end: position }), newText: z.string() }),
    ),
  }),
);

/** The text with an offer's edits in it. The edits are in UTF-8 positions, as the headless editor negotiates. */
export function appliedText(text: string, offer: FillOffer): string {
  return appliedTexts(text, [offer]);
}

/** The same with several offers, all made for this text. */
export function appliedTexts(text: string, offers: readonly FillOffer[]): string {
  const edits = offers
    .flatMap((offer) => documentEdits.parse(offer.edit.documentChanges ?? []))
    .flatMap((change) => change.edits);
  const placed = edits.map(({ range, newText }) => ({
    start: offsetAt(text, range.start, "utf-8"),
    end: offsetAt(text, range.end, "utf-8"),
    newText,
  }));
  return placed
    .sort((a, b) => b.start - a.start)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.newText + result.slice(edit.end), text);
}

export function diffOf(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 2 });
  // Behind the line of "=" that separates patches of several files.
  return patch.slice(patch.indexOf("--- "));
}

export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}

/** Skeleton, bodies with who wrote them, verdict and what it does not say, each as a line or more. */
export function readableEvidence({ evidence }: FillOffer): string {
  const { command, targets, milliseconds, drafts, holes, elsewhere, notChecked } = evidence;
  const owners = holes.map(({ owner }) => owner.replace(/;$/, "")).filter((owner) => owner !== "");
  const seconds = (milliseconds / 1000).toFixed(1);
  const lines = [
    ...owners.map((owner, index) => `${index === 0 ? "skeleton:   " : "            "} ${oneLine(owner)}`),
    ...holes.map(
      (hole, index) =>
        `${index === 0 ? "bodies:     " : "            "} ${oneLine(hole.text)}   (${authorOf(hole)})`,
    ),
    `${elsewhere.errors === 0 ? "verified:   " : "no new error:"} ${command} (${targets.join(", ")}), ${seconds} s, ${drafts.accepted} of ${drafts.tried} drafts accepted`,
    `not checked: ${notChecked.join("; ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The diff has the whole of it. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 70 ? line : `${line.slice(0, 69)}…`;
}
