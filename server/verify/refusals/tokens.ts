import type { RefusalReason } from "../../stages.ts";
import type { Token } from "../../syntax/lex.ts";
import type { KnownSources } from "./known-sources.ts";
import { refuseItems } from "./local-items.ts";
import { type MacroUse, macroUses } from "./macro-rules.ts";

export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

export interface TokenRules {
  readonly known: Pick<KnownSources, "usesMacro" | "definesMacro" | "macro">;
  /** Names of the document that a local item would hide. */
  readonly taken: () => ReadonlySet<string>;
  /** The code around is unsafe itself, and the user's settings say that this is enough. */
  readonly mayBeUnsafe: boolean;
}

/**
 * What no filling may hold wherever it stands in it, arguments of macros included.
 */
export function refuseTokens(tokens: readonly Token[], rules: TokenRules): Refusal | undefined {
  for (const [index, token] of tokens.entries()) {
    if (!rules.mayBeUnsafe && isUnsafe(tokens, index)) {
      return { reason: "unsafe-code", message: `${token.text} is left to people` };
    }
    if (token.text === "#" && isAttribute(tokens, index)) {
      return { reason: "attribute", message: "an attribute can turn checks off" };
    }
    if (token.text === "const" && tokens[index + 1]?.text === "{") {
      const message = "a const block is worked out when the code is built, which no check does";
      return { reason: "runs-at-compile-time", message };
    }
  }
  const message = refuseItems(tokens, rules.taken);
  if (message !== undefined) return { reason: "shadowing-item", message };
  return macroUses(tokens)
    .map((use) => refuseMacro(use, rules.known))
    .find((found) => found !== undefined);
}

function refuseMacro(use: MacroUse, known: TokenRules["known"]): Refusal | undefined {
  const { name, root } = use;
  const refusal = refuseByName(name);
  if (refusal !== undefined) return refusal;
  const isOfStd = root === "" ? inPrelude.has(name) : standardCrates.has(root);
  const isHarmless = isOfStd && (inPrelude.has(name) || harmlessByPath.has(name));
  // The package may have a macro of its own under a name of the standard library's.
  if (isHarmless && (root !== "" || !known.definesMacro(name))) return undefined;
  const facts = known.macro(name);
  if (facts === undefined) return refuseUnknown(name, known);
  if (use.reachesOut && facts.wrapsInUnsafe) {
    return { reason: "unsafe-code", message: `${name}! puts what it is given into an unsafe block` };
  }
  if (facts.callsGiven) {
    return { reason: "runs-at-compile-time", message: `${name}! calls whatever macro it is given` };
  }
  if (facts.drops && use.reachesOut && !(facts.isEmpty && known.usesMacro(name))) {
    return { reason: "not-a-body", message: `${name}! drops the code that it is given` };
  }
  return facts.calls.map(refuseByName).find((found) => found !== undefined);
}

/** A macro of which no rules are known, as of procedural ones. */
function refuseUnknown(name: string, known: TokenRules["known"]): Refusal | undefined {
  if (!known.usesMacro(name)) {
    const message = `${name}! is no harmless macro of std's, not used in this crate, and no rules of it are known`;
    return { reason: "unknown-macro", message };
  }
  if (!readsFiles.test(name)) return undefined;
  return { reason: "runs-at-compile-time", message: `${name}! may read files while it is compiled` };
}

function refuseByName(name: string): Refusal | undefined {
  if (openMacros.has(name)) return { reason: "not-a-body", message: `${name}! leaves the body open` };
  if (!compileTimeMacros.has(name)) return undefined;
  return { reason: "runs-at-compile-time", message: `${name}! reads or writes outside the program` };
}

/** The word, unless nothing else stands in its brackets (`Token![unsafe]`), and std's way around types by its path. */
function isUnsafe(tokens: readonly Token[], index: number): boolean {
  const text = tokens[index]?.text ?? "";
  if (text === "unsafe") return tokens[index - 1]?.kind !== "open" || tokens[index + 1]?.kind !== "close";
  return /^transmute(?:_copy)?$/.test(text) && tokens[index - 3]?.text === "mem";
}

/** Not `#[cfg(feature = "std")]`, which says what is compiled, nor derives of std's. */
function isAttribute(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index + 1]?.text;
  if (next === "!") return tokens[index + 2]?.text === "[";
  if (next !== "[") return false;
  const end = tokens.findIndex(({ text }, at) => at > index && text === "]");
  const text = tokens
    .slice(index + 2, end)
    .map((token) => token.text)
    .join("");
  return !honestAttribute.test(text) || /(?:any|all)\(\)/.test(text);
}

const honestAttribute =
  /^(?:cfg\((?=.*(?:feature=|debug_assertions|test|unix|windows|target_))[\w=",()-]+\)|derive\((?:(?:Debug|Clone|Copy|PartialEq|Eq|PartialOrd|Ord|Hash|Default),?)+\)|inline)$/;
const standardCrates = new Set(["std", "core", "alloc"]);
const openMacros = new Set(["todo", "unimplemented"]);
const compileTimeMacros = new Set(
  (
    "include include_str include_bytes env option_env asm global_asm naked_asm concat_idents concat_bytes compile_error " +
    "trace_macros log_syntax"
  ).split(" "),
);
/** What macros of other crates are called that read files or run code where they stand: `include_dir!`, `comptime!`. */
const readsFiles = /(?:^|_)(?:include|embed|env|dotenv|file|dir|comptime|ct|eval)(?:_|$)/;
/** In scope everywhere. */
const inPrelude = new Set(
  (
    "format format_args print println eprint eprintln write writeln vec matches assert assert_eq assert_ne debug_assert " +
    "debug_assert_eq debug_assert_ne panic unreachable dbg stringify concat line column file module_path cfg"
  ).split(" "),
);
const harmlessByPath = new Set(["pin", "ready", "is_x86_feature_detected", "is_aarch64_feature_detected"]);
