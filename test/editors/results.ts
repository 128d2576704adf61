/** The table of what was run: written by a whole run, and compared by one in CI, so that it never claims more. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

export interface Row {
  readonly editor: string;
  readonly version: string;
  readonly story: string;
  readonly passed: boolean;
}

const file = resolve(import.meta.dirname, "results.md");

function lineOf({ editor, version, story, passed }: Row): string {
  return `| ${editor} | ${version} | ${story} | ${passed ? "yes" : "no"} |`;
}

/** Stories keep their order. */
function byEditor(one: string, other: string): number {
  const editorOf = (line: string) => line.split(" | ")[0] ?? "";
  return editorOf(other).localeCompare(editorOf(one));
}

function tableOf(lines: readonly string[]): string {
  return `# Stories in the real editors

Written by \`npm run test:editors\` from what it ran; each story is a line of \`stories.ts\`: opened, asked and taken by
keys, saved, and the bytes on disk compared, formatted and checked.

| editor | version | story | passed |
|---|---|---|---|
${lines.join("\n")}
`;
}

/** Writes one editor's rows into the table, or in CI returns what the repository claims of it beyond this run. */
export function settle(editor: string, rows: readonly Row[]): readonly string[] {
  const claimed = readFileSync(file, "utf8").split("\n");
  const isOwn = (line: string) => line.startsWith(`| ${editor} |`);
  if (process.env.CI === undefined) {
    const others = claimed.filter((line) => line.startsWith("| ") && !isOwn(line)).slice(1);
    writeFileSync(file, tableOf([...others, ...rows.map(lineOf)].sort(byEditor)));
    return [];
  }
  // Versions move on by themselves: the newest packages are what people get.
  const claim = (line: string) => line.split(" | ").toSpliced(1, 1).join(" | ");
  const ran = new Set(rows.map(lineOf).map(claim));
  return claimed.filter((line) => isOwn(line) && line.endsWith("| yes |") && !ran.has(claim(line)));
}
