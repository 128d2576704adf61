import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lexRust } from "../syntax/lex.ts";
import { macroUses } from "./refuse-tokens.ts";

/**
 * Whether some file of the package already calls a macro of this name: who uses it has accepted what it does.
 * Files that do not even hold the name with its `!` are not read further.
 */
export function macroLookup(
  packageDirectory: string,
  overlays: ReadonlyMap<string, string>,
): (name: string) => boolean {
  let texts: readonly string[] | undefined;
  const known = new Map<string, boolean>();
  return (name) => {
    const answer = known.get(name);
    if (answer !== undefined) return answer;
    texts ??= rustTexts(packageDirectory, overlays);
    const isUsed = texts.some((text) => text.includes(name) && usesIn(text).has(name));
    known.set(name, isUsed);
    return isUsed;
  };
}

function usesIn(text: string): ReadonlySet<string> {
  const tokens = lexRust(text)?.filter(({ kind }) => !kind.endsWith("comment")) ?? [];
  return new Set(macroUses(tokens).map(({ name }) => name));
}

function rustTexts(directory: string, overlays: ReadonlyMap<string, string>): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith(".") || entry.name === "target" ? [] : rustTexts(path, overlays);
    }
    if (!entry.isFile() || !entry.name.endsWith(".rs")) return [];
    return [overlays.get(path) ?? readFileSync(path, "utf8")];
  });
}
