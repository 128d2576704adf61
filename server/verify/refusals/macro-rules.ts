import { codeTokens, type Token } from "../../syntax/lex.ts";

/** What the rules of a `macro_rules!` macro hold, those of the macros that it calls included. */
export interface MacroFacts {
  /** Names of the macros that it calls, directly or not, and what it is another name of. */
  readonly calls: readonly string[];
  /** It calls whatever macro it is given: `$name!(…)`. */
  readonly callsGiven: boolean;
  /** It takes code that it does not use. */
  readonly drops: boolean;
  /** It puts nothing at all in its place, as a logging macro does that is turned off. */
  readonly isEmpty: boolean;
  /** It puts what it is given into an unsafe block. */
  readonly wrapsInUnsafe: boolean;
  /** It may return from the function that it stands in. */
  readonly leaves: boolean;
}

/** A macro in a text by the last segment of its path. */
export interface MacroUse {
  readonly name: string;
  /** The first segment of its path, "" where it has none. */
  readonly root: string;
  /** Its arguments hold brackets or `*`, so that they may call something or follow a pointer. */
  readonly reachesOut: boolean;
}

type Tokens = readonly Token[];

/** Texts that define macros, by the macros' names. One pass, so that a draft full of names costs no more than one of few. */
export function rulesIn(texts: readonly string[]): ReadonlyMap<string, readonly Tokens[]> {
  const found = new Map<string, Tokens[]>();
  for (const text of texts.filter((some) => some.includes("macro_rules"))) {
    const tokens = codeTokens(text);
    for (const [at, token] of tokens.entries()) {
      if (token.text !== "macro_rules" || tokens[at + 1]?.text !== "!") continue;
      const name = plain(tokens[at + 2]?.text ?? "");
      found.set(name, [...(found.get(name) ?? []), tokens.slice(at + 4, closing(tokens, at + 3))]);
    }
  }
  return found;
}

export function macroFacts(
  name: string,
  definitionsOf: (name: string) => readonly Tokens[],
  originalsOf: (alias: string) => readonly string[],
): MacroFacts | undefined {
  const own = definitionsOf(name);
  const aliased = originalsOf(name);
  if (own.length === 0 && aliased.length === 0) return undefined;
  const calls = new Set(aliased);
  const all: Tokens[] = [...own];
  for (const rules of all) {
    for (const use of macroUses(rules)) {
      if (calls.has(use.name)) continue;
      calls.add(use.name);
      all.push(...definitionsOf(use.name));
    }
  }
  const isSome = (test: (rules: Tokens) => boolean) => all.some(test);
  return {
    calls: [...calls],
    callsGiven: isSome((rules) => rules.some((_, at) => isCall(rules, at) && rules[at - 1]?.text === "$")),
    drops: own.length > 0 && own.every((rules) => rulesOf(rules).some(dropsAll)),
    isEmpty: own.every((rules) =>
      rulesOf(rules).every(([, transcriber]) =>
        transcriber.every(({ kind }) => kind === "open" || kind === "close"),
      ),
    ),
    wrapsInUnsafe: isSome(hasUnsafeParameter),
    leaves: isSome((rules) => rules.some(({ text }) => text === "return" || text === "?")),
  };
}

/** Calls of macros; of those that a build gives its own facts by (`env!("CARGO_PKG_VERSION")`) nothing is said. */
export function macroUses(tokens: Tokens): readonly MacroUse[] {
  return tokens.flatMap((token, at) => {
    if (!isCall(tokens, at) || tokens[at - 1]?.text === "$" || isOfCargo(tokens, at)) return [];
    const inside = tokens.slice(at + 3, closing(tokens, at + 2));
    const reachesOut = inside.some(({ kind, text }) => kind === "open" || text === "*");
    return [{ name: plain(token.text), root: rootOf(tokens, at), reachesOut }];
  });
}

export function isCallOf(text: string, name: string): boolean {
  if (!new RegExp(String.raw`\b${name}\s*!`).test(text)) return false;
  return macroUses(codeTokens(text)).some((use) => use.name === name);
}

function isCall(tokens: Tokens, at: number): boolean {
  const after = tokens[at + 2]?.kind;
  const token = tokens[at];
  if (token?.kind !== "word" || keywords.has(token.text) || tokens[at + 1]?.text !== "!") return false;
  return after === "open" || after === "word";
}

function isOfCargo(tokens: Tokens, at: number): boolean {
  const isEnvironment = /^(?:option_)?env$/.test(plain(tokens[at]?.text ?? ""));
  return isEnvironment && /^"CARGO_(?:PKG_\w+|CRATE_NAME|BIN_NAME)"$/.test(tokens[at + 3]?.text ?? "");
}

function rootOf(tokens: Tokens, name: number): string {
  let at = name;
  while (tokens[at - 1]?.text === ":" && tokens[at - 2]?.text === ":" && tokens[at - 3]?.kind === "word")
    at -= 3;
  return at === name ? "" : plain(tokens[at]?.text ?? "");
}

/** Matcher and transcriber of each rule. */
function rulesOf(definition: Tokens): readonly (readonly [Tokens, Tokens])[] {
  const rules: [Tokens, Tokens][] = [];
  for (let at = 0; at < definition.length; at += 1) {
    if (definition[at]?.kind !== "open") continue;
    const end = closing(definition, at);
    const body = end + 3;
    if (definition[end + 1]?.text !== "=" || definition[body]?.kind !== "open") return rules;
    rules.push([definition.slice(at + 1, end), definition.slice(body + 1, closing(definition, body))]);
    at = closing(definition, body);
  }
  return rules;
}

/** It takes code and uses nothing of what it takes. Rules that start with `@` are called by other rules only. */
function dropsAll([matcher, transcriber]: readonly [Tokens, Tokens]): boolean {
  if (matcher[0]?.text === "@") return false;
  const isTaken = (at: number) =>
    matcher[at - 1]?.text === "$" &&
    matcher[at + 1]?.text === ":" &&
    /^(?:tt|expr|block|stmt)$/.test(matcher[at + 2]?.text ?? "");
  const taken = matcher.filter((_, at) => isTaken(at)).map(({ text }) => text);
  const used = transcriber.filter((_, at) => transcriber[at - 1]?.text === "$").map(({ text }) => text);
  return taken.length > 0 && !taken.some((name) => used.includes(name));
}

/** `unsafe { … $x … }` */
function hasUnsafeParameter(rules: Tokens): boolean {
  return rules.some(({ text }, at) => {
    if (text !== "unsafe" || rules[at + 1]?.text !== "{") return false;
    return rules.slice(at + 2, closing(rules, at + 1)).some((token) => token.text === "$");
  });
}

/** Where the bracket at `open` is closed. */
function closing(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.kind === "open") depth += 1;
    if (tokens[at]?.kind === "close") depth -= 1;
    if (depth <= 0) return at;
  }
  return tokens.length;
}

function plain(name: string): string {
  return name.replace(/^r#/, "");
}

/** Words before `!` and a bracket that are no macro's name: `return !(a)`. */
const keywords = new Set("return if while match in break else as let move yield mut const".split(" "));
