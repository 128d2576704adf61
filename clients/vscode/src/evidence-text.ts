import type { FillNone, FillOffer, HoleEvidence, WhyOutcome, WhyResult } from "../../../protocol/methods.ts";

/** What a person reads about a place: the offers with their evidence, or the reason for none, and what was dropped. */
export function evidenceText(place: string, result: WhyResult): string {
  if (result === null)
    return `# ${place}\n\nNothing has been asked for here yet. "Armature: Fill here" asks.\n`;
  const { outcome } = result;
  const parts = [
    outcome.kind === "offers"
      ? `# ${outcome.site}\n\n${place}`
      : `# ${outcome.site ?? place}\n\n${outcome.site === undefined ? "" : `${place}\n\n`}${noneText(outcome)}`,
    ...(outcome.kind === "offers" ? outcome.offers.map(offerText) : []),
    ...droppedText(result),
  ];
  return `${parts.join("\n\n")}\n`;
}

function noneText({ message, stage, reason }: FillNone): string {
  return `**No offer**: ${message}\n\n(${stage}: \`${reason}\`)`;
}

function offerText({ label, evidence }: FillOffer): string {
  const { command, targets, milliseconds, drafts, rounds, elsewhere } = evidence;
  const facts = [
    `- checked by \`${command}\` (${targets.join(", ")}), ${seconds(milliseconds)}`,
    `- ${drafts.accepted} of ${drafts.tried} ${drafts.tried === 1 ? "draft" : "drafts"} accepted${rounds > 0 ? `, after ${rounds} more ${rounds === 1 ? "round" : "rounds"} with the model` : ""}`,
    ...(elsewhere.errors > 0 ? [`- ${elsewhere.errors} errors stay elsewhere in what was checked`] : []),
    ...(elsewhere.warnings > 0 ? [`- ${elsewhere.warnings} warnings elsewhere in what was checked`] : []),
    `- not checked: ${evidence.notChecked.join("; ")}`,
  ];
  return [`## ${label}`, facts.join("\n"), ...evidence.holes.map(holeText)].join("\n\n");
}

function holeText(hole: HoleEvidence): string {
  return `**${hole.owner}**, ${author(hole)}\n\n${fenced(hole.text)}`;
}

function author({ by, rule, place, model }: HoleEvidence): string {
  switch (by) {
    case "analyzer":
      return "written by rust-analyzer";
    case "analogy":
      return `by analogy${rule === undefined ? "" : `: ${rule}`}${place === undefined ? "" : ` (${place})`}`;
    case "model":
      return `by ${model ?? "the model"}`;
    case "open":
      return "open, yours to write";
  }
}

function droppedText({ dropped, milliseconds }: WhyOutcome): string[] {
  if (dropped.length === 0) return [];
  const drafts = dropped.map(({ verdict, reason, text }) => `- ${verdict}: ${reason}\n\n${fenced(text)}`);
  return [`## Not offered (${dropped.length}, in ${seconds(milliseconds)})`, ...drafts];
}

/** A fence longer than any in the text, which would end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}rust\n${text}\n${fence}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
