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

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ editor, version, story, passed }) =>
      `| ${editor} | ${version} | ${story} | ${passed ? "yes" : "no"} |`,
  );
  return `# Stories in the real editors

Written by \`npm run test:editors\` from what it ran; each story is a line of \`stories.ts\`: opened, asked and taken by
keys, saved, and the bytes on disk compared, formatted and checked.

| editor | version | story | passed |
|---|---|---|---|
${lines.join("\n")}
`;
}

/** Writes the table, or in CI returns what the one in the repository claims beyond this run. */
export function settle(rows: readonly Row[]): readonly string[] {
  if (process.env.CI === undefined) {
    writeFileSync(file, tableOf(rows));
    return [];
  }
  // Versions move on by themselves: the newest packages are what people get.
  const claim = (line: string) => line.split(" | ").toSpliced(1, 1).join(" | ");
  const ran = new Set(tableOf(rows).split("\n").map(claim));
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("| yes |") && !ran.has(claim(line)));
}
