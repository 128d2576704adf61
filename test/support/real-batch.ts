/** The same drafts at once and one by one: what is offered must be the same. */
import { Abort, withDeadline } from "../../server/base/abort.ts";
import type { Verdict } from "../../server/stages.ts";
import type { CheckSettings } from "../../server/verify/settings/check-settings.ts";
import type { Verifier } from "../../server/verify/verifier.ts";
import type { NamedDraft } from "./real-drafts.ts";
import type { RealSite } from "./real-sites.ts";

export interface Difference {
  /** offer: another draft is offered. verdict: one says accepted, or why it is wrong, otherwise than the other. */
  readonly kind: "offer" | "verdict";
  readonly place: string;
  readonly what: string;
  readonly together: string;
  readonly alone: string;
  readonly text: string;
}

export interface Compared {
  readonly site: RealSite;
  /** Drafts that a check was wanted for: not refused. */
  readonly tried: number;
  readonly refused: readonly { readonly what: string; readonly reason: string; readonly text: string }[];
  /** Reason of no verdict at all; undefined where there was a report. */
  readonly none: string | undefined;
  /** More drafts were judged than cargo was run, so one run judged several. */
  readonly isTogether: boolean;
  readonly checks: { readonly together: number; readonly alone: number };
  readonly milliseconds: { readonly together: number; readonly alone: number };
  readonly differences: readonly Difference[];
  /** Texts found by either way, each with the draft it is. */
  readonly offers: readonly { readonly what: string; readonly text: string }[];
  readonly verdicts: readonly { readonly what: string; readonly said: string }[];
  readonly offered: string | undefined;
}

export interface CompareOptions {
  readonly verifier: Verifier;
  readonly settings: CheckSettings;
}

export async function compareSite(
  site: RealSite,
  drafts: readonly NamedDraft[],
  options: CompareOptions,
): Promise<Compared> {
  const together = await verify(site, drafts, options);
  const alone: Answer[] = [];
  for (const draft of drafts) alone.push(await verify(site, [draft], options));
  const verdictOf = (answer: Answer, { draft }: NamedDraft) =>
    answer.verdicts.find((verdict) => verdict.draft.rank === draft.rank);
  const single = drafts.map((draft, index) => verdictOf(alone[index]!, draft));
  const batch = drafts.map((draft) => verdictOf(together, draft));
  const pairs = drafts.map((draft, index) => ({
    what: draft.what,
    together: batch[index],
    alone: single[index],
    text: textOf(draft),
  }));
  const firstOf = (verdicts: readonly (Verdict | undefined)[]) =>
    drafts.find((_draft, index) => verdicts[index]?.kind === "accepted");
  const [offered, offeredAlone] = [firstOf(batch), firstOf(single)];
  const refused = batch.flatMap((verdict, index) =>
    verdict?.kind === "refused"
      ? [{ what: drafts[index]!.what, reason: verdict.reason, text: textOf(drafts[index]!) }]
      : [],
  );
  const judged = batch.filter((verdict) => verdict !== undefined && verdict.kind !== "refused");
  const none = together.none ?? alone.find((answer) => answer.none !== undefined)?.none;
  return {
    site,
    tried: drafts.length - refused.length,
    refused,
    none,
    isTogether: judged.length > together.checks,
    checks: { together: together.checks, alone: sum(alone.map(({ checks }) => checks)) },
    milliseconds: {
      together: together.milliseconds,
      alone: sum(alone.map(({ milliseconds }) => milliseconds)),
    },
    differences: [
      ...(offered === offeredAlone ? [] : [offerDifference(site, pairs, [offered, offeredAlone])]),
      ...pairs.filter(haveOtherTexts).map((pair): Difference => ({
        ...{ kind: "offer", place: site.place, what: `${pair.what}, laid out otherwise`, text: pair.text },
        together: acceptedText(pair.together),
        alone: acceptedText(pair.alone),
      })),
      ...pairs.filter(differ).map((pair): Difference => ({
        ...{ kind: "verdict", place: site.place, what: pair.what, text: pair.text },
        together: describeVerdict(pair.together),
        alone: describeVerdict(pair.alone),
      })),
    ],
    offers: drafts.flatMap(({ what }, index) => {
      const texts = [batch[index], single[index]].flatMap((verdict) =>
        verdict?.kind === "accepted" ? [verdict.text] : [],
      );
      return [...new Set(texts)].map((text) => ({ what, text }));
    }),
    verdicts: pairs.map(({ what, alone: said }) => ({ what, said: describeVerdict(said) })),
    offered: offered?.what,
  };
}

interface Answer {
  readonly verdicts: readonly Verdict[];
  readonly checks: number;
  readonly milliseconds: number;
  readonly none: string | undefined;
}

async function verify(
  { skeleton }: RealSite,
  drafts: readonly NamedDraft[],
  { verifier, settings }: CompareOptions,
): Promise<Answer> {
  const deadline = withDeadline(new Abort().signal, 300_000);
  try {
    const started = performance.now();
    const answer = await verifier.verify({
      skeleton,
      drafts: drafts.map(({ draft }) => draft),
      documents: [skeleton.site.document],
      settings,
      signal: deadline.signal,
      report: () => {},
    });
    const milliseconds = performance.now() - started;
    if (answer.kind === "none")
      return { verdicts: [], checks: 0, milliseconds, none: `${answer.reason}: ${answer.message}` };
    return { verdicts: answer.verdicts, checks: answer.checks, milliseconds, none: undefined };
  } finally {
    deadline.clear();
  }
}

interface Pair {
  readonly what: string;
  readonly together: Verdict | undefined;
  readonly alone: Verdict | undefined;
  readonly text: string;
}

/** A verdict that nobody needed any more (the offer was found) differs from none. */
function differ({ together, alone }: Pair): boolean {
  return together !== undefined && alone !== undefined && together.kind !== alone.kind;
}

function haveOtherTexts({ together, alone }: Pair): boolean {
  const areAccepted = together?.kind === "accepted" && alone?.kind === "accepted";
  return areAccepted && together.text !== alone.text;
}

function acceptedText(verdict: Verdict | undefined): string {
  return verdict?.kind === "accepted" ? verdict.text : "";
}

function offerDifference(
  site: RealSite,
  pairs: readonly Pair[],
  [together, alone]: readonly (NamedDraft | undefined)[],
): Difference {
  const cause = pairs.find(
    (pair) => (pair.together?.kind === "accepted") !== (pair.alone?.kind === "accepted"),
  );
  return {
    ...{ kind: "offer", place: site.place, what: `${together?.what ?? "none"} / ${alone?.what ?? "none"}` },
    together: `${cause?.what ?? ""}: ${describeVerdict(cause?.together)}`,
    alone: `${cause?.what ?? ""}: ${describeVerdict(cause?.alone)}`,
    text: cause?.text ?? "",
  };
}

export function describeVerdict(verdict: Verdict | undefined): string {
  if (verdict === undefined) return "no verdict";
  if (verdict.kind === "accepted") return "accepted";
  if (verdict.kind !== "rejected") return `${verdict.kind} ${verdict.reason}: ${verdict.message}`;
  const [first] = verdict.diagnostics;
  return `rejected ${first?.hole ?? "-"} ${first?.code ?? "-"}: ${first?.message ?? ""}`;
}

function textOf({ draft }: NamedDraft): string {
  return [...draft.fillings].map(([hole, { text }]) => `${hole}: ${text}`).join("\n");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
