import type { RefusalReason } from "../../stages.ts";
import type { Token } from "../../syntax/lex.ts";
import { itemAt } from "./item-tokens.ts";

/** What must be known of the package's own macros. */
export interface KnownMacros {
  usesMacro(name: string): boolean;
  definesMacro(name: string): boolean;
  macrosInside(name: string): readonly string[];
  wrapsInUnsafe(name: string): boolean;
}

export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** A macro in a text by the last segment of its path. */
export interface MacroUse {
  readonly name: string;
  /** The first segment of its path, "" where it has none. */
  readonly root: string;
  /** Its arguments hold brackets or `*`, so that they may call something or follow a pointer. */
  readonly reachesOut: boolean;
}

/**
 * What no filling may hold wherever it stands in it, arguments of macros included.
 */
export function refuseTokens(tokens: readonly Token[], known: KnownMacros): Refusal | undefined {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "word" && unsafeWords.has(token.text) && !isAlone(tokens, index)) {
      return { reason: "unsafe-code", message: `${token.text} is left to people` };
    }
    if (token.text === "#" && isAttribute(tokens, index)) {
      return { reason: "attribute", message: "an attribute can turn checks off" };
    }
    if (token.text === "const" && tokens[index + 1]?.text === "{") {
      const message = "a const block is worked out when the code is built, which no check does";
      return { reason: "runs-at-compile-time", message };
    }
    const item = itemAt(tokens, index);
    if (item !== undefined) {
      return { reason: "shadowing-item", message: `an item (${item}) inside a body can shadow others` };
    }
  }
  for (const use of macroUses(tokens)) {
    const refusal = refuseMacro(use, known);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

export function macroUses(tokens: readonly Token[]): readonly MacroUse[] {
  return tokens.flatMap((token, index) => {
    const after = tokens[index + 2];
    const isCall =
      token.kind === "word" &&
      !keywords.has(token.text) &&
      tokens[index + 1]?.text === "!" &&
      (after?.kind === "open" || after?.kind === "word");
    if (!isCall) return [];
    return [
      { name: plainName(token), root: rootOf(tokens, index), reachesOut: reachesOut(tokens, index + 2) },
    ];
  });
}

function reachesOut(tokens: readonly Token[], open: number): boolean {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const { kind, text } = tokens[at] ?? { kind: "other", text: "" };
    if (depth > 0 && (kind === "open" || text === "*")) return true;
    if (kind === "open") depth += 1;
    if (kind === "close") depth -= 1;
    if (depth === 0) return false;
  }
  return false;
}

function plainName({ text }: Token): string {
  return text.replace(/^r#/, "");
}

function rootOf(tokens: readonly Token[], name: number): string {
  let at = name;
  while (tokens[at - 1]?.text === ":" && tokens[at - 2]?.text === ":" && tokens[at - 3]?.kind === "word")
    at -= 3;
  const first = tokens[at];
  return at === name || first === undefined ? "" : plainName(first);
}

function refuseMacro({ name, root, ...use }: MacroUse, known: KnownMacros): Refusal | undefined {
  const refusal = refuseByName(name);
  if (refusal !== undefined) return refusal;
  const isOfStd = root === "" ? inPrelude.has(name) : standardCrates.has(root);
  const isHarmless = isOfStd && (inPrelude.has(name) || harmlessByPath.has(name));
  // The package may have a macro of its own under a name of the standard library's.
  if (isHarmless && (root !== "" || !known.definesMacro(name))) return undefined;
  if (!known.usesMacro(name)) {
    return {
      reason: "unknown-macro",
      message: `${name}! is neither a harmless standard macro nor used in this crate`,
    };
  }
  if (use.reachesOut && known.wrapsInUnsafe(name)) {
    return { reason: "unsafe-code", message: `${name}! puts what it is given into an unsafe block` };
  }
  // A macro of the workspace may only hide what it stands for.
  const inside = known.macrosInside(name).map(refuseByName);
  const hidden = inside.find((found) => found !== undefined);
  if (hidden !== undefined || inside.length > 0 || known.definesMacro(name) || !readsFiles.test(name)) {
    return hidden;
  }
  return { reason: "runs-at-compile-time", message: `${name}! may read files while it is compiled` };
}

function refuseByName(name: string): Refusal | undefined {
  if (openMacros.has(name)) return { reason: "not-a-body", message: `${name}! leaves the body open` };
  if (!compileTimeMacros.has(name)) return undefined;
  return { reason: "runs-at-compile-time", message: `${name}! reads or writes outside the program` };
}

function isAttribute(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index + 1]?.text;
  return next === "[" || (next === "!" && tokens[index + 2]?.text === "[");
}

/** Nothing but the word stands in its brackets: `Token![unsafe]`. */
function isAlone(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.kind === "open" && tokens[index + 1]?.kind === "close";
}

const unsafeWords = new Set(["unsafe", "transmute", "transmute_copy"]);
const standardCrates = new Set(["std", "core", "alloc"]);
const openMacros = new Set(["todo", "unimplemented"]);
const compileTimeMacros = new Set([
  ...["include", "include_str", "include_bytes", "env", "option_env", "asm", "global_asm", "naked_asm"],
  ...["concat_idents", "concat_bytes", "compile_error", "trace_macros", "log_syntax"],
]);
/** What macros of other crates are called that read files or run code where they stand: `include_dir!`, `comptime!`. */
const readsFiles = /(?:^|_)(?:include|embed|env|dotenv|file|dir|comptime|ct|eval)(?:_|$)/;
/** In scope everywhere. */
const inPrelude = new Set([
  ...[
    "format",
    "format_args",
    "print",
    "println",
    "eprint",
    "eprintln",
    "write",
    "writeln",
    "vec",
    "matches",
  ],
  ...["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne"],
  ...["panic", "unreachable", "dbg", "stringify", "concat", "line", "column", "file", "module_path", "cfg"],
]);
const harmlessByPath = new Set(["pin", "ready", "is_x86_feature_detected", "is_aarch64_feature_detected"]);
/** Words before `!` and a bracket that are no macro's name: `return !(a)`. */
const keywords = new Set([
  ...["return", "if", "while", "match", "in", "break", "else", "as", "let", "move", "yield", "mut", "const"],
]);
