import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoVerdict } from "../no-verdict.ts";

/**
 * Throws where rust-analyzer's own file in the user's configuration directory sets what is checked: it fills in
 * whatever the editor leaves unset. (A `rust-analyzer.toml` in a workspace does not reach its checks, seen in 1.95.)
 */
export function assertNoUserConfig(environment: NodeJS.ProcessEnv, platform = process.platform): void {
  const directory = configDirectory(environment, platform);
  const file = join(directory, "rust-analyzer", "rust-analyzer.toml");
  if (directory === "" || !existsSync(file)) return;
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((candidate) => /^\s*\[?\s*"?(cargo|check|checkOnSave|cfg|linkedProjects)\b/.test(candidate));
  if (line === undefined) return;
  const message = `${file} sets what rust-analyzer checks ("${line.trim()}"), which is not followed: set it in your editor`;
  throw new NoVerdict("not-handled", message);
}

function configDirectory(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = environment.HOME ?? "";
  if (platform === "win32") return environment.APPDATA ?? "";
  if (platform === "darwin") return home === "" ? "" : join(home, "Library", "Application Support");
  return environment.XDG_CONFIG_HOME ?? (home === "" ? "" : join(home, ".config"));
}
