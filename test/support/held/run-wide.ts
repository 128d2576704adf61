/** Once for a run of the suites with real tools: one target directory for all that is held, and one line in the end. */
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    held: { readonly target: string; readonly results: string };
  }
}

export default function setup(project: TestProject): () => void {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "armature-held-run-")));
  const results = join(base, "results.jsonl");
  project.provide("held", { target: join(base, "target"), results });
  return () => {
    const line = summaryOf(results);
    if (line !== undefined) process.stdout.write(`\n${project.name}: ${line}\n`);
    rmSync(base, { recursive: true, force: true });
  };
}

function summaryOf(results: string): string | undefined {
  if (!existsSync(results)) return undefined;
  const tests = readFileSync(results, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<"offers" | "failed" | "milliseconds", number>);
  const sum = (key: "offers" | "failed" | "milliseconds") =>
    tests.reduce((total, counted) => total + counted[key], 0);
  const seconds = (sum("milliseconds") / 1_000).toFixed(0);
  return `${sum("offers")} offers held against plain cargo, ${sum("failed")} refused by it, ${seconds} s`;
}
