import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes the launcher where it says something else, at once and by renaming: rust-analyzer's extension may be starting
 * it at this moment. Answers whether there was none before.
 */
export function writeLauncher(path: string, text: string): { readonly isFirst: boolean } {
  const isFirst = !existsSync(path);
  if (!isFirst && readFileSync(path, "utf8") === text) return { isFirst };
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text, { mode: 0o755 });
  renameSync(aside, path);
  return { isFirst };
}
