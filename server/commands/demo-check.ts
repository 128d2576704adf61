import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FillOffer } from "../../protocol/methods.ts";
import { runCommand } from "../base/child.ts";
import { type DemoRun, freshCopy } from "./demo-run.ts";
import { appliedTexts } from "./readable.ts";

/**
 * Applies every offer to a copy and lets plain cargo judge it: another directory, a fresh target directory,
 * nothing of Armature in between.
 */
export async function independentCheck(
  demo: DemoRun,
  crate: string,
  filled: ReadonlyMap<string, readonly FillOffer[]>,
): Promise<{ readonly isAccepted: boolean; readonly text: string }> {
  const copy = join(demo.work, "independent");
  const target = join(demo.work, "independent-target");
  await freshCopy(crate, copy);
  await rm(target, { recursive: true, force: true });
  for (const [file, offers] of filled) {
    const path = join(copy, file);
    await writeFile(path, appliedTexts(await readFile(path, "utf8"), offers));
  }
  const args = ["check", "--all-targets", "--offline", "--target-dir", target];
  const result = await runCommand({ file: "cargo", arguments: args, cwd: copy, signal: demo.signal });
  const isAccepted = result.exitCode === 0;
  const offers = [...filled.values()].flat().length;
  const seconds = (result.milliseconds / 1000).toFixed(1);
  const verdict = isAccepted ? "accepted" : "NOT ACCEPTED";
  const text = `cargo check --all-targets, fresh copy and target directory, ${offers} offers applied: ${verdict} (${seconds} s)\n`;
  return { isAccepted, text: isAccepted ? text : `${text}${result.stderr}\n` };
}
