import { homedir } from "node:os";
import { join } from "node:path";

/** Where shadow copies and budgets live: by setting, by ARMATURE_CACHE_DIR, else the platform's cache folder. */
export function cacheDirectory(setting: string, environment: NodeJS.ProcessEnv): string {
  if (setting !== "") return setting;
  const named = environment.ARMATURE_CACHE_DIR ?? "";
  if (named !== "") return named;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "armature");
  if (process.platform === "win32") return join(environment.LOCALAPPDATA ?? homedir(), "armature", "cache");
  const caches = environment.XDG_CACHE_HOME ?? "";
  return join(caches === "" ? join(homedir(), ".cache") : caches, "armature");
}
