import type { Finding, RemedyCommand } from "./finding.ts";

const marks = { ok: "ok  ", warn: "warn", bad: "BAD " } as const;

/** Aligned lines, the remedy under each finding that needs one, and last whether the main job can run. */
export function formatReport(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, state, found, remedy }) => {
    const start = `${marks[state]}  ${name.padEnd(width)}  `;
    const line = `${start}${found.replaceAll("\n", `\n${" ".repeat(start.length)}`)}`;
    return remedy === undefined ? [line] : [line, `${" ".repeat(start.length)}-> ${remedy.text}`];
  });
  const bad = findings.filter(({ state }) => state === "bad").map(({ name }) => name);
  const verdict =
    bad.length === 0 ? "The main job can run." : `The main job cannot run: see ${bad.join(", ")}.`;
  return `${[...lines, verdict].join("\n")}\n`;
}

/** As a person would type it. */
export function formatCommand(command: RemedyCommand): string {
  return [command.file, ...command.arguments].join(" ");
}
