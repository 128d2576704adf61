import { mkdirSync, mkdtempSync, realpathSync, rmSync, statfsSync } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";
import { describeError } from "../base/log.ts";
import type { DoctorContext, Finding, FindingState } from "./finding.ts";
import { folderWith } from "./workspace-checks.ts";

const name = "cache directory";
const moveIt = "name another directory in ARMATURE_CACHE_DIR";

/** A shadow of a middle-sized workspace with its target takes about so much (megabytes). */
const roomForWork = 2_000;
/** Less than this (megabytes) does not hold the dependencies of a small crate. */
const roomForAnything = 300;

/** Where the shadow copies live: can it be written, is it apart from the user's tree, is there room? */
export function checkCache(context: DoctorContext): Finding {
  const directory = context.cacheDirectory;
  const problem = writingProblem(directory);
  if (problem !== undefined) return finding("bad", `${directory}: ${problem}`);
  const real = realpathSync(directory);
  if (isInside(real, workspaceOf(context)))
    return finding("bad", `${directory} is inside the workspace, so cargo would read the copy as part of it`);
  const manifest = folderWith("Cargo.toml", real);
  if (manifest !== undefined)
    return finding(
      "bad",
      `${join(manifest, "Cargo.toml")} above ${directory} would be taken for its workspace`,
    );
  const config = strayConfig(real, context);
  if (config !== undefined)
    return finding("warn", `${config} above ${directory} is read by checks there, but not by your own`);
  return checkRoom(directory);
}

function checkRoom(directory: string): Finding {
  const { bavail, bsize } = statfsSync(directory);
  const megabytes = Math.floor((bavail * bsize) / 1_000_000);
  const found = `${directory}, ${(megabytes / 1_000).toFixed(1)} GB free`;
  if (megabytes >= roomForWork) return { name, state: "ok", found };
  return finding(megabytes < roomForAnything ? "bad" : "warn", found, `make room, or ${moveIt}`);
}

function finding(state: FindingState, found: string, text = moveIt): Finding {
  return { name, state, found, remedy: { text, ways: [] } };
}

function writingProblem(directory: string): string | undefined {
  try {
    mkdirSync(directory, { recursive: true });
    rmSync(mkdtempSync(join(directory, "doctor-")), { recursive: true });
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

function workspaceOf({ root }: DoctorContext): string | undefined {
  const folder = folderWith("Cargo.lock", root) ?? folderWith("Cargo.toml", root);
  return folder === undefined ? undefined : realpathSync(folder);
}

/** cargo reads `.cargo/config.toml` of every folder above; the one in its home is meant for everything. */
function strayConfig(directory: string, { environment }: DoctorContext): string | undefined {
  const home = environment.CARGO_HOME ?? join(environment.HOME ?? homedir(), ".cargo");
  const config = join(".cargo", "config.toml");
  const folder = folderWith(config, directory);
  return folder === undefined || join(folder, ".cargo") === home ? undefined : join(folder, config);
}

function isInside(path: string, folder: string | undefined): boolean {
  return folder !== undefined && (path === folder || path.startsWith(`${folder}${sep}`));
}
