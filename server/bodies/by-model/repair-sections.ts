import type { CompilerDiagnostic, Draft, Verdict } from "../../stages.ts";
import { isSecretFile } from "./secret-files.ts";
import { quote, type Section } from "./section.ts";

/** What goes back to the model after a check: never the bare text again, always with new facts. */
export interface RepairRound {
  /** 1 for the first. */
  readonly round: number;
  readonly failures: readonly { readonly draft: Draft; readonly verdict: Verdict }[];
  /** Members or variants that really exist where one was invented. */
  readonly alternatives: readonly string[];
}

/** Two drafts and two errors of each say what is wrong; more of them bury it. */
const failuresShown = 2;
const diagnosticsShown = 2;
const renderedLines = 14;
const answerCharacters = 2_000;
const errorCharacters = 2_500;

export function repairSections(repair: RepairRound, exclude: readonly string[]): readonly Section[] {
  const failures = repair.failures
    .slice(0, failuresShown)
    .flatMap(({ draft, verdict }, index) => [
      quote(`failed answer ${index + 1}`, answerText(draft), answerCharacters),
      quote(`what is wrong with it ${index + 1}`, verdictText(verdict, exclude), errorCharacters),
    ]);
  if (repair.alternatives.length === 0) return failures;
  return [...failures, quote("what really exists there", repair.alternatives.join("\n"), errorCharacters)];
}

function answerText(draft: Draft): string {
  return JSON.stringify(
    Object.fromEntries([...draft.fillings].map(([id, { text }]) => [id, { body: text }])),
  );
}

function verdictText(verdict: Verdict, exclude: readonly string[]): string {
  switch (verdict.kind) {
    case "rejected":
      return verdict.diagnostics
        .filter(({ level }) => level === "error")
        .slice(0, diagnosticsShown)
        .map((diagnostic) => diagnosticText(diagnostic, exclude))
        .join("\n\n");
    case "refused":
      return [verdict, ...(verdict.others ?? [])]
        .map(({ hole, reason, message }) => `refused before a check, hole ${hole}: ${reason}: ${message}`)
        .join("\n");
    case "unknown":
      return `no verdict: ${verdict.message}`;
    case "accepted":
      return "accepted";
  }
}

function diagnosticText(
  { code, message, hole, rendered }: CompilerDiagnostic,
  exclude: readonly string[],
): string {
  const head = `hole ${hole ?? "unknown"}: error${code === undefined ? "" : `[${code}]`}: ${message}`;
  const paths = [...rendered.matchAll(/(?:-->|:::) (.+?):\d+:\d+/g)].map((match) => match[1] ?? "");
  if (rendered === "" || paths.some((path) => isSecretFile(path, exclude))) return head;
  const lines = rendered.trimEnd().split("\n").slice(0, renderedLines);
  return `${head}\n${lines.map(withShortPath).join("\n")}`;
}

/** rustc names files by their absolute path; the last two parts are enough. */
function withShortPath(line: string): string {
  return line.replace(
    /(-->|:::) (?:.*[\\/])?([^\\/]+[\\/][^\\/]+:\d+:\d+)/,
    (_, arrow: string, place: string) => `${arrow} ${place}`,
  );
}
