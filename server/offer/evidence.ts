import { basename } from "node:path";
import type { Evidence, HoleEvidence } from "../../protocol/methods.ts";
import type { Filling, Hole, Offer } from "../stages.ts";

/** What a person may rely on, and what not. */
export function evidenceOf(offer: Offer): Evidence {
  return {
    command: offer.check.command,
    targets: offer.check.targets,
    milliseconds: Math.round(offer.check.milliseconds),
    drafts: offer.drafts,
    rounds: offer.rounds,
    holes: [
      ...offer.skeleton.holes.flatMap((hole) => holeEvidence(hole, offer.draft.fillings.get(hole.id))),
      ...offer.skeleton.written.map((span): HoleEvidence => ({
        kind: "written",
        owner: "",
        text: offer.skeleton.text.slice(span.start, span.end),
        by: "analyzer",
      })),
    ],
    elsewhere: { errors: offer.check.errors.length, warnings: offer.check.warnings },
    notChecked: notChecked(offer),
  };
}

/** "Fill 5 match arms (verified by cargo check)", "Fill 3 match arms, leave 2 open (verified by cargo check)". */
export function labelOf(offer: Offer): string {
  const { filled, open } = countOf(offer);
  const noun = offer.skeleton.site.kind === "match" ? "match arm" : "impl member";
  const rest = open === 0 ? "" : `, leave ${open} open`;
  return `Fill ${filled} ${noun}${filled === 1 ? "" : "s"}${rest} (${claimedBy(offer)})`;
}

/**
 * For a list of narrow rows: "✓ fill 5 arms", "✓ fill 3 members, 2 open"; "~" where the check claims less than
 * verified. No letter first: some clients write a label that begins like an identifier into the document.
 */
export function shortLabelOf(offer: Offer): string {
  const { filled, open } = countOf(offer);
  const noun = offer.skeleton.site.kind === "match" ? "arm" : "member";
  const rest = open === 0 ? "" : `, ${open} open`;
  const mark = offer.check.errors.length === 0 ? "✓" : "~";
  return `${mark} fill ${filled} ${noun}${filled === 1 ? "" : "s"}${rest}`;
}

function countOf({ skeleton, open }: Offer): { readonly filled: number; readonly open: number } {
  const holes = skeleton.holes.filter((hole) => hole.kind !== "binder").length;
  return { filled: holes + skeleton.written.length - open.length, open: open.length };
}

/** What the check may claim: "verified" only where nothing else is red. */
export function claimedBy({ check: { command, errors, warnings } }: Offer): string {
  const [first] = errors;
  if (first !== undefined) {
    const code = first.code === undefined ? "" : `${first.code} at `;
    return `adds no error; ${errors.length} elsewhere: ${code}${basename(first.path)}:${first.line}`;
  }
  const tool = /^cargo (?:\+\S+ )?clippy\b/.test(command) ? "cargo clippy" : "cargo check";
  if (warnings === 0) return `verified by ${tool}`;
  return `verified by ${tool}; ${warnings} warning${warnings === 1 ? "" : "s"} elsewhere`;
}

/** The evidence as Markdown, the code first: it is the preview. */
export function markdownOf(offer: Offer): string {
  const evidence = evidenceOf(offer);
  const lines = evidence.holes.map((hole) => `- \`${hole.owner || "written"}\`: ${authorOf(hole)}`);
  return [
    "```rust",
    withoutIndentation(offer.text),
    "```",
    `${claimOf(offer)} (${evidence.targets.join(", ")}; ${evidence.milliseconds} ms; ${evidence.drafts.accepted} of ${evidence.drafts.tried} drafts).`,
    "",
    ...lines,
    "",
    ...againstSettings(offer),
    `Not checked: ${evidence.notChecked.join("; ")}.`,
  ].join("\n");
}

function againstSettings({ check: { against = [] } }: Offer): readonly string[] {
  if (against.length === 0) return [];
  const names = against.map((name) => `\`${name}\``).join(" and ");
  return [
    `Build scripts and macros were run for this check, though ${names} keep rust-analyzer from it.`,
    "",
  ];
}

function claimOf({ check: { command, errors } }: Offer): string {
  const [first] = errors;
  if (first === undefined) return `**Verified**: \`${command}\` accepted exactly this text`;
  const more = errors.length === 1 ? "" : `, and ${errors.length - 1} more`;
  return (
    `**Adds no error**: \`${command}\` is red elsewhere with this text as without it: ` +
    `${first.message} (${first.path}:${first.line})${more}`
  );
}

export function authorOf(hole: HoleEvidence): string {
  switch (hole.by) {
    case "open":
      return "open, yours to write";
    case "analyzer":
      return "written by rust-analyzer";
    case "model":
      return `written by ${hole.model ?? "a model"}`;
    case "analogy":
      return `by analogy: ${hole.rule ?? ""}${hole.place === undefined || hole.place === "" ? "" : `, ${hole.place}`}`;
  }
}

function holeEvidence(hole: Hole, filling: Filling | undefined): readonly HoleEvidence[] {
  if (hole.kind === "binder") return [];
  const base = { kind: hole.kind, owner: hole.owner };
  if (filling === undefined) return [{ ...base, text: "todo!()", by: "open" }];
  const { author, text } = filling;
  if (author.by === "model") return [{ ...base, text, by: "model", model: author.model }];
  return [{ ...base, text, by: "analogy", rule: author.rule, place: author.place }];
}

function notChecked(offer: Offer): readonly string[] {
  const open = offer.open.length;
  const [first] = offer.check.errors;
  return [
    ...(first === undefined
      ? []
      : [
          `what the compiler looks at only in code without errors, late lints among it: ${first.message} (${first.path}:${first.line})`,
        ]),
    "whether the bodies do what you mean",
    "tests were not run",
    "other features, targets and platforms",
    ...conditionsIn(offer).map((condition) => `what \`${condition}\` leaves out of a body in this build`),
    ...(open === 0 ? [] : [`${open} bod${open === 1 ? "y" : "ies"} left todo!()`]),
  ];
}

/** Of code inside the bodies: what it leaves out, no check has seen. */
function conditionsIn({ draft }: Offer): readonly string[] {
  const texts = [...draft.fillings.values()].map(({ text }) => text);
  return [...new Set(texts.flatMap((text) => text.match(/#\s*\[\s*cfg\s*\([^\]]*\]/g) ?? []))];
}

export function withoutIndentation(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const indented = lines.slice(1).filter((line) => line.trim() !== "");
  const common = Math.min(...indented.map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0), 200);
  return lines
    .map((line) =>
      (/^[ \t]*/.exec(line)?.[0].length ?? 0) >= common && indented.length > 0 ? line.slice(common) : line,
    )
    .join("\n")
    .trim();
}
