import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ifReadable } from "../shadow/failure.ts";
import { isCallOf, type MacroFacts, macroFacts, rulesIn } from "./macro-rules.ts";
import type { Returning } from "./may-not-return.ts";

/** What the sources say of names: of the package, of its workspace and, for macros, of its direct dependencies. */
export interface KnownSources extends Returning {
  /** Some file of the package calls a macro of this name already: who uses it has accepted what it does. */
  usesMacro(name: string): boolean;
  /** The package itself has a macro of this name. */
  definesMacro(name: string): boolean;
  /** What a `macro_rules!` macro comes to; undefined where nobody defines one of this name, as for procedural ones. */
  macro(name: string): MacroFacts | undefined;
}

export interface SourceDirectories {
  readonly own: string;
  /** Of the workspace's other packages. */
  readonly others: readonly string[];
  /** Of direct dependencies, read only for a macro that nobody here has used. */
  readonly dependencies: readonly string[];
}

export function knownSources(
  { own: directory, others, dependencies }: SourceDirectories,
  overlays: ReadonlyMap<string, string>,
): KnownSources {
  const own = once(() => rustTexts(directory, overlays));
  const all = once(() => [...own(), ...others.flatMap((other) => rustTexts(other, overlays))]);
  const ownMacros = once(() => rulesIn(own()));
  const macros = once(() => rulesIn(all()));
  const foreign = once(() => dependencies.map(rulesOfDependency));
  const functions = once(() => functionsIn(own()));
  const usesMacro = kept((name: string) => own().some((text) => isCallOf(text, name)));
  const definitions = (name: string) =>
    macros().get(name) ?? (usesMacro(name) ? [] : foreign().flatMap((rules) => rules.get(name) ?? []));
  const macro = kept((name: string) => macroFacts(name, definitions, (alias) => originalsOf(own(), alias)));
  return {
    usesMacro,
    definesMacro: (name) => ownMacros().has(name),
    macro,
    mayNeverReturn: (name) =>
      name.endsWith("!") ? macros().has(name.slice(0, -1)) : functions().get(name)?.isNever === true,
    onlyPanics: (name) => functions().get(name)?.isPanic === true,
    mayLeave: (name) => (macros().has(name) ? (macro(name)?.leaves ?? false) : !isOfStd(name)),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function kept<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (name) => {
    const found = known.get(name) ?? { value: find(name) };
    known.set(name, found);
    return found.value;
  };
}

/** Sources of a registry do not change. */
const rulesByDependency = new Map<string, ReturnType<typeof rulesIn>>();

function rulesOfDependency(directory: string): ReturnType<typeof rulesIn> {
  const rules = rulesByDependency.get(directory) ?? rulesIn(rustTexts(directory, new Map()));
  rulesByDependency.set(directory, rules);
  return rules;
}

/** By name: whether some function of it is declared to return `!`, and whether each is nothing but a panic. */
function functionsIn(texts: readonly string[]) {
  const found = new Map<string, { readonly isNever: boolean; readonly isPanic: boolean }>();
  for (const [, name = "", head = "", panic] of texts.flatMap((text) => [...text.matchAll(functionHead)])) {
    const before = found.get(name) ?? { isNever: false, isPanic: true };
    const isNever = /->\s*!\s*(?:where\b|$)/.test(head);
    const isPanic = panic !== undefined && !isNever;
    found.set(name, { isNever: before.isNever || isNever, isPanic: before.isPanic && isPanic });
  }
  return found;
}

const functionHead =
  /\bfn\s+(\w+)([^{};]*)(\{\s*(?:(?:std|core)::)?(?:panic|unreachable|unimplemented|todo)!\s*\((?:[^()"]|"(?:[^"\\]|\\.)*"|\([^()]*\))*\)\s*;?\s*\})?/g;

/** `include_str` of `use std::include_str as grab`. */
function originalsOf(texts: readonly string[], alias: string): readonly string[] {
  const renaming = new RegExp(String.raw`\b(\w+)\s+as\s+${alias}\b`, "g");
  return texts.flatMap((text) => [...text.matchAll(renaming)].map(([, original]) => original ?? ""));
}

/** Those that hold `return` are none of them. */
function isOfStd(name: string): boolean {
  return /^(?:panic|unreachable|todo|unimplemented|vec|matches|dbg|cfg|concat|stringify|line|file|e?print(?:ln)?|format(?:_args)?|write(?:ln)?|(?:debug_)?assert(?:_eq|_ne)?)$/.test(
    name,
  );
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
