import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lexRust, type Token } from "../syntax/lex.ts";
import { macroUses } from "./refuse-tokens.ts";

/** What the sources of a package say of a name. */
export interface KnownNames {
  /** Some file of the package calls a macro of this name already: who uses it has accepted what it does. */
  usesMacro(name: string): boolean;
  /** Names of macros in the package's own definition of this one, with those that its definition calls. */
  macrosInside(name: string): readonly string[];
  /** A macro whose definition starts with a panic, or a function declared to return `!`. */
  neverReturns(name: string): boolean;
}

/** Files that do not even hold a name are not read further. */
export function knownNames(packageDirectory: string, overlays: ReadonlyMap<string, string>): KnownNames {
  let texts: readonly string[] | undefined;
  const withName = (name: string) => {
    texts ??= rustTexts(packageDirectory, overlays);
    return texts.filter((text) => text.includes(name));
  };
  const definitions = kept((name) => withName(name).flatMap((text) => definitionsOf(text, name)));
  return {
    usesMacro: kept((name) => withName(name).some((text) => usesIn(text).has(name))),
    macrosInside: kept((name) => insideOf(name, definitions)),
    neverReturns: kept(
      (name) =>
        /^\w+$/.test(name) &&
        (definitions(name).some(startsWithPanic) || withName(name).some((text) => isNever(text, name))),
    ),
  };
}

function kept<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const answer = known.has(name) ? known.get(name) : undefined;
    if (answer !== undefined) return answer;
    const found = find(name);
    known.set(name, found);
    return found;
  };
}

function insideOf(name: string, definitions: (name: string) => readonly (readonly Token[])[]): string[] {
  const found = new Set<string>();
  const visit = (macro: string) => {
    for (const use of definitions(macro).flatMap(macroUses)) {
      if (found.has(use.name)) continue;
      found.add(use.name);
      visit(use.name);
    }
  };
  visit(name);
  return [...found];
}

/** Tokens between the braces of each `macro_rules! name`. */
function definitionsOf(text: string, name: string): (readonly Token[])[] {
  if (!text.includes("macro_rules")) return [];
  const tokens = solidTokens(text);
  return tokens.flatMap((token, index) => {
    if (token.text !== "macro_rules" || tokens[index + 2]?.text !== name) return [];
    const start = index + 3;
    let depth = 0;
    for (let at = start; at < tokens.length; at += 1) {
      if (tokens[at]?.kind === "open") depth += 1;
      if (tokens[at]?.kind === "close") depth -= 1;
      if (depth === 0) return [tokens.slice(start + 1, at)];
    }
    return [];
  });
}

/** Some arm expands to a panic and nothing before it. */
function startsWithPanic(definition: readonly Token[]): boolean {
  const text = definition.map((token) => token.text).join(" ");
  const path = String.raw`(?:\$ crate : : |: : )?(?:(?:std|core) : : )?(?:rt : : |panicking : : |process : : )*`;
  return new RegExp(
    String.raw`= > [({[ ]+${path}(?:(?:panic|unreachable) !|(?:exit|abort|panic|panic_any) \(|loop \{ \})`,
  ).test(text);
}

function isNever(text: string, name: string): boolean {
  return new RegExp(String.raw`\bfn\s+${name}\b[^{};]*->\s*!`).test(text);
}

function usesIn(text: string): ReadonlySet<string> {
  return new Set(macroUses(solidTokens(text)).map(({ name }) => name));
}

function solidTokens(text: string): readonly Token[] {
  return lexRust(text)?.filter(({ kind }) => !kind.endsWith("comment")) ?? [];
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
