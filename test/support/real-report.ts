/** What the run on real projects has shown, as text for people. */
import { writeFileSync } from "node:fs";
import type { Compared, Difference } from "./real-batch.ts";
import type { LineReport } from "./real-line.ts";
import type { OracleReport } from "./real-oracle.ts";

/** All that one project has shown; a part that did not run is undefined. */
export interface ProjectFigures {
  readonly name: string;
  readonly shape: string;
  readonly downloaded: readonly string[];
  compared: readonly Compared[];
  line: LineReport | undefined;
  oracle: OracleReport | undefined;
}

export interface Totals {
  readonly projects: number;
  readonly sites: number;
  readonly drafts: number;
  /** Sites of which one run of cargo judged several drafts. */
  readonly together: number;
  /** Sites with more than one draft to judge. */
  readonly severalDrafts: number;
  readonly offerDifferences: readonly Difference[];
  readonly verdictDifferences: readonly Difference[];
  readonly offers: number;
  readonly oracleAccepted: number;
  /** Of offers, as plain cargo sees them. */
  readonly newWarnings: readonly string[];
}

export function totalsOf(figures: readonly ProjectFigures[]): Totals {
  const compared = figures.flatMap((project) => project.compared).filter(({ none }) => none === undefined);
  const several = compared.filter(({ tried }) => tried > 1);
  const differences = compared.flatMap((site) => site.differences);
  const oracles = figures.flatMap(({ oracle }) => oracle ?? []);
  return {
    projects: figures.filter((project) => project.compared.some(({ none }) => none === undefined)).length,
    sites: compared.length,
    drafts: sum(compared.map(({ tried }) => tried)),
    together: several.filter(({ isTogether }) => isTogether).length,
    severalDrafts: several.length,
    offerDifferences: differences.filter(({ kind }) => kind === "offer"),
    verdictDifferences: differences.filter(({ kind }) => kind === "verdict"),
    offers: sum(oracles.map(({ offers }) => offers)),
    oracleAccepted: sum(oracles.map(({ offers, failures }) => offers - failures.length)),
    newWarnings: oracles.flatMap(({ warnings }) => warnings),
  };
}

export function reportOf(figures: readonly ProjectFigures[]): string {
  return [
    ...batchTable(figures),
    ...varietyLines(figures),
    ...differenceLines(figures),
    ...lineTable(figures),
    ...oracleTable(figures),
    ...totalLines(totalsOf(figures)),
  ].join("\n");
}

/** Writes it where ARMATURE_REPORT names a file. */
export function save(report: string): void {
  const file = process.env.ARMATURE_REPORT;
  if (file !== undefined && file !== "") writeFileSync(file, `${report}\n`);
}

function batchTable(figures: readonly ProjectFigures[]): readonly string[] {
  const rows = figures
    .filter(({ compared }) => compared.length > 0)
    .map(({ name, compared }) => {
      const judged = compared.filter(({ none }) => none === undefined);
      const total = (of: (site: Compared) => number) => sum(judged.map(of));
      const drafts = total(({ tried }) => tried);
      return [
        ...[name, judged.length, drafts, total(({ refused }) => refused.length)],
        judged.filter(({ isTogether }) => isTogether).length,
        ...[total(({ checks }) => checks.together), total(({ checks }) => checks.alone)],
        seconds(total(({ milliseconds }) => milliseconds.together)),
        seconds(total(({ milliseconds }) => milliseconds.alone)),
        judged.filter(({ offered }) => offered !== undefined).length,
        total(({ differences }) => differences.filter(({ kind }) => kind === "offer").length),
        total(({ differences }) => differences.filter(({ kind }) => kind === "verdict").length),
      ];
    });
  const heads = ["drafts at once and one by one", "sites", "drafts", "refused", "in one check"];
  const costs = ["cargo runs at once", "one by one", "s at once", "one by one"];
  return table([...heads, ...costs, "sites with an offer", "other offer", "other verdict"], rows);
}

function varietyLines(figures: readonly ProjectFigures[]): readonly string[] {
  const sites = figures.flatMap(({ compared }) => compared).filter(({ none }) => none === undefined);
  if (sites.length === 0) return [];
  const varieties = counted(sites.flatMap(({ site }) => [...site.varieties, `${site.cut} text`]));
  const drafts = counted(sites.flatMap(({ verdicts }) => verdicts.map(({ what }) => what)));
  const said = counted(
    sites.flatMap(({ verdicts }) => verdicts.map((verdict) => shortVerdict(verdict.said))),
  );
  const refused = counted(
    sites.flatMap((site) =>
      site.refused.map(({ what, reason }) => (what === "authors" ? `authors' own: ${reason}` : reason)),
    ),
  );
  return [`sites: ${varieties}`, `drafts: ${drafts}`, `verdicts: ${said}`, `refused: ${refused}`, ""];
}

function differenceLines(figures: readonly ProjectFigures[]): readonly string[] {
  return figures.flatMap(({ name, compared }) => [
    ...compared.flatMap(({ site, verdicts }) =>
      verdicts
        .filter(({ what, said }) => what === "authors" && said !== "accepted")
        .map(({ said }) => `the authors' own bodies in ${name}, ${site.place}: ${said}`),
    ),
    ...compared
      .filter(({ none, tried, isTogether }) => none === undefined && tried > 1 && !isTogether)
      .map(
        ({ site, tried, checks }) =>
          `not in one check in ${name}, ${site.place}: ${tried} drafts, ${checks.together} runs of cargo`,
      ),
    ...compared
      .filter(({ none }) => none !== undefined)
      .map(({ site, none }) => `no verdict in ${name}, ${site.place}: ${none ?? ""}`),
    ...compared
      .flatMap(({ differences }) => differences)
      .map(
        ({ kind, place, what, together, alone }) =>
          `other ${kind} in ${name}, ${place}, ${what}\n  at once:    ${together}\n  one by one: ${alone}`,
      ),
  ]);
}

function lineTable(figures: readonly ProjectFigures[]): readonly string[] {
  const rows = figures.flatMap(({ name, line, oracle }) => {
    if (line === undefined) return [];
    const own = line.sites.flatMap(({ offers }) => offers.map(({ what }) => what));
    const failed = oracle?.failures.filter(({ what }) => own.includes(what)).length ?? 0;
    const none = line.sites.map(({ outcome }) => outcome).filter((outcome) => outcome.includes("/"));
    const times = line.sites.map(({ milliseconds }) => milliseconds);
    return [
      [
        ...[name, line.sites.length],
        ...["whole", "partial"].map((kind) => line.sites.filter(({ outcome }) => outcome === kind).length),
        none.length === 0 ? "0" : `${none.length} (${counted(none)})`,
        ...[line.checks, Math.round(median(times))],
        oracle === undefined ? "not asked" : `${own.length - failed} of ${own.length}`,
      ],
    ];
  });
  const heads = [
    "the built product",
    "sites",
    "whole",
    "partial",
    "none",
    "cargo runs",
    "median ms",
    "accepted by the oracle",
  ];
  return [...table(heads, rows), ...noneLines(figures)];
}

/** Each reason once a project, with what a user reads. */
function noneLines(figures: readonly ProjectFigures[]): readonly string[] {
  const lines = figures.flatMap(({ name, line }) => {
    const none = line?.sites.filter(({ outcome }) => outcome.includes("/")) ?? [];
    const first = none.filter(
      ({ outcome }, index) => none.findIndex((one) => one.outcome === outcome) === index,
    );
    return first.map(({ outcome, place, message }) => `none in ${name}, ${place}: ${outcome}: ${message}`);
  });
  return lines.length === 0 ? [] : [...lines, ""];
}

function oracleTable(figures: readonly ProjectFigures[]): readonly string[] {
  const asked = figures.flatMap(({ name, oracle }) => (oracle === undefined ? [] : [{ name, ...oracle }]));
  const rows = asked.map(({ name, untouched, offers, different, failures, ...rest }) => [
    ...[name, untouched, offers, different, offers - failures.length],
    ...[rest.warnings.length, rest.oldWarnings, rest.runs, seconds(rest.milliseconds)],
  ]);
  const failures = asked.flatMap(({ name, failures: failed }) =>
    failed.map(
      ({ what, file, errors, change }) =>
        `the oracle refuses in ${name}, ${file}, ${what}:\n  ${errors.join("\n  ")}\n${indented(change)}`,
    ),
  );
  const warnings = asked.flatMap(({ name, warnings: added }) =>
    added.map((one) => `an offer warns in ${name}: ${one}`),
  );
  const heads = [
    "plain cargo, clean copies",
    "untouched",
    "offers",
    "not as published",
    "accepted",
    "new warnings",
    "that open places give too",
    "runs",
    "s",
  ];
  return [...table(heads, rows), ...failures, ...warnings];
}

function totalLines(totals: Totals): readonly string[] {
  const share = (part: number, whole: number) =>
    whole === 0 ? "none" : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
  return [
    `${totals.drafts} drafts at ${totals.sites} sites of ${totals.projects} projects were judged both ways`,
    `one run of cargo judged several drafts at ${share(totals.together, totals.severalDrafts)} of the sites`,
    `another offer at ${totals.offerDifferences.length} sites, another verdict for ${totals.verdictDifferences.length} drafts`,
    `plain cargo accepts ${share(totals.oracleAccepted, totals.offers)} of the offers`,
  ];
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const cells = [heads, ...rows.map((row) => row.map(String))];
  const widths = heads.map((_head, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  return [...cells.map(line), ""];
}

/** "rejected E0308", "unknown not-live", "accepted" */
function shortVerdict(said: string): string {
  const [kind = "", second = "", code = ""] = said.replaceAll(":", "").split(" ");
  return kind === "rejected" ? `${kind} ${code}` : kind === "accepted" ? kind : `${kind} ${second}`;
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, first], [b, second]) => second - first || a.localeCompare(b));
  return sorted.map(([name, count]) => `${count} ${name}`).join(", ");
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(1);
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
