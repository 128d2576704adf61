import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codeTokens, type Token } from "../../syntax/lex.ts";
import { macroUses } from "./tokens.ts";
import { ifReadable } from "../shadow/failure.ts";

/** What the sources of a package say of a name. */
export interface KnownNames {
  /** Some file of the package calls a macro of this name already: who uses it has accepted what it does. */
  usesMacro(name: string): boolean;
  /** The package defines a macro of this name with `macro_rules!`. */
  definesMacro(name: string): boolean;
  /** Names of macros in the workspace's own definitions of this one, with those that they call, and what it is another name of. */
  macrosInside(name: string): readonly string[];
  /** The macro puts what it is given into an unsafe block. */
  wrapsInUnsafe(name: string): boolean;
  /** `name!`: every expansion of the macro panics. `name`: every function of this name is declared to return `!`. */
  neverReturns(name: string): boolean;
}

/** `others`: directories of the workspace's other packages, whose macros may be used here. */
export function knownNames(
  packageDirectory: string,
  overlays: ReadonlyMap<string, string>,
  others: readonly string[] = [],
): KnownNames {
  const own = once(() => rustTexts(packageDirectory, overlays));
  const all = once(() => [...own(), ...others.flatMap((directory) => rustTexts(directory, overlays))]);
  const ownMacros = once(() => macroTexts(own()));
  const macros = once(() => macroTexts(all()));
  const functions = once(() => functionsThatReturn(own()));
  const definitions = kept((name) => (macros().get(name) ?? []).flatMap((text) => definitionsOf(text, name)));
  const aliases = (name: string) =>
    own().flatMap((text) => (text.includes(` as ${name}`) ? originalsOf(text, name) : []));
  return {
    usesMacro: kept((name) => own().some((text) => isUsedIn(text, name))),
    definesMacro: (name) => ownMacros().has(name),
    macrosInside: kept((name) => [...aliases(name), ...insideOf(name, definitions)]),
    wrapsInUnsafe: kept((name) => definitions(name).some(hasUnsafeParameter)),
    neverReturns: kept((name) => {
      if (!name.endsWith("!")) return functions().get(name) === false;
      const found = definitions(name.slice(0, -1));
      return found.length > 0 && found.every(alwaysPanics);
    }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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

/** Files that define a macro, by its name. One pass, so that a draft full of names costs no more than one of few. */
function macroTexts(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const text of texts) {
    const names = new Set(
      [...text.matchAll(/\bmacro_rules\s*!\s*(?:r#)?(\w+)/g)].map(([, name]) => name ?? ""),
    );
    for (const name of names) found.set(name, [...(found.get(name) ?? []), text]);
  }
  return found;
}

/** Names of functions: whether any of that name returns. */
function functionsThatReturn(texts: readonly string[]): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const [, name = "", rest = ""] of texts.flatMap((text) => [
    ...text.matchAll(/\bfn\s+(\w+)([^{};]*)/g),
  ])) {
    const returns = !/->\s*!\s*(?:where\b|$)/.test(rest);
    found.set(name, returns || found.get(name) === true);
  }
  return found;
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

/** `include_str` of `use std::include_str as grab`. */
function originalsOf(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(String.raw`\b(\w+)\s+as\s+${name}\b`, "g"))].map(
    ([, original]) => original ?? "",
  );
}

/** Tokens between the braces of each `macro_rules! name`. */
function definitionsOf(text: string, name: string): (readonly Token[])[] {
  const tokens = codeTokens(text);
  return tokens.flatMap((token, index) => {
    if (token.text !== "macro_rules" || tokens[index + 2]?.text.replace(/^r#/, "") !== name) return [];
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

/** `unsafe { … $x … }` */
function hasUnsafeParameter(definition: readonly Token[]): boolean {
  return definition.some((token, index) => {
    if (token.text !== "unsafe" || definition[index + 1]?.text !== "{") return false;
    let depth = 0;
    for (const { kind, text } of definition.slice(index + 1)) {
      if (kind === "open") depth += 1;
      if (kind === "close") depth -= 1;
      if (text === "$") return true;
      if (depth === 0) return false;
    }
    return false;
  });
}

/** Every arm expands to a panic that nothing stands in front of but what cannot avoid it. */
function alwaysPanics(definition: readonly Token[]): boolean {
  const text = definition.map((token) => token.text).join(" ");
  const arms = text.split(/= > [({[]/).slice(1);
  return arms.length > 0 && arms.every((arm) => panics.test(arm) && !choices.test(arm));
}

const panics =
  /\b(?:panic|unreachable|todo|unimplemented) !|\b(?:exit|abort|panic_any|resume_unwind|panic|panic_fmt) \(|\bloop \{ \}/;
/** Words that may lead around it. */
const choices = /\b(?:if|match|while|for|return|break)\b|\?|\| \||& &|\|/;

function isUsedIn(text: string, name: string): boolean {
  if (!new RegExp(String.raw`\b${name}\s*!`).test(text)) return false;
  return macroUses(codeTokens(text)).some((use) => use.name === name);
}

function rustTexts(directory: string, overlays: ReadonlyMap<string, string>): readonly string[] {
  return (ifReadable(() => readdirSync(directory, { withFileTypes: true })) ?? []).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith(".") || entry.name === "target" ? [] : rustTexts(path, overlays);
    }
    if (!entry.isFile() || !entry.name.endsWith(".rs")) return [];
    return [overlays.get(path) ?? ifReadable(() => readFileSync(path, "utf8")) ?? ""];
  });
}
