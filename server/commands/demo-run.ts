import { existsSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { runCommand } from "../base/child.ts";
import type { CommandOptions } from "./fill-command.ts";

export interface DemoRun extends CommandOptions {
  readonly analyzerPath: string;
  readonly signal: AbortSignal;
  readonly fixtures: string;
  /** Copies live here; the same place each time, so that the second run is warm. */
  readonly work: string;
}

export async function freshCopy(from: string, to: string): Promise<void> {
  if (!existsSync(from)) throw new Error(`${from} is missing: the demo needs a checkout of Armature`);
  await rm(to, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, filter: (path) => !/[/\\]target$/.test(path) });
}

export async function cargoFetch({ signal }: DemoRun, cwd: string): Promise<void> {
  const result = await runCommand({ file: "cargo", arguments: ["fetch", "--quiet"], cwd, signal });
  if (result.exitCode !== 0) throw new Error(`cargo fetch failed: ${result.stderr.trim()}`);
}
