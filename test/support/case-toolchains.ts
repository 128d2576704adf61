/** The rust-analyzers that reported cases run with: half of the faults showed with one of them only. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";

export interface CaseToolchain {
  readonly version: string;
  readonly analyzer: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** rustup's first, then Debian's where it is another version. */
export function caseToolchains(): readonly CaseToolchain[] {
  const found = new Map<string, CaseToolchain>();
  const path = process.env.PATH ?? "";
  const folders = [...path.split(delimiter), "/usr/bin"];
  for (const folder of folders) {
    const analyzer = `${folder}/rust-analyzer`;
    if (!existsSync(analyzer)) continue;
    const PATH = [dirname(process.execPath), folder, path].join(delimiter);
    const environment = { ...process.env, PATH, ARMATURE_RUST_ANALYZER: analyzer };
    const run = spawnSync(analyzer, ["--version"], { encoding: "utf8", env: environment });
    const version = /^rust-analyzer (\d+\.\d+)/.exec(run.stdout)?.[1];
    if (version !== undefined && !found.has(version)) found.set(version, { version, analyzer, environment });
  }
  const wanted = process.env.REPORTED_ANALYZER;
  return [...found.values()].filter(({ version }) => wanted === undefined || version === wanted);
}
