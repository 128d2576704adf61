import type { RefusalReason } from "../stages.ts";
import type { Token } from "../syntax/lex.ts";

/** What must be known of the package's own macros. */
export interface KnownMacros {
  usesMacro(name: string): boolean;
  macrosInside(name: string): readonly string[];
}

export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** Names of macros in a text, the last segment of their paths, and whether the path is std's or none at all. */
export interface MacroUse {
  readonly name: string;
  readonly isPlain: boolean;
}

/**
 * What no filling may hold wherever it stands in it, arguments of macros included.
 */
export function refuseTokens(tokens: readonly Token[], known: KnownMacros): Refusal | undefined {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "word" && unsafeWords.has(token.text)) {
      return { reason: "unsafe-code", message: `${token.text} is left to people` };
    }
    if (token.text === "#" && isAttribute(tokens, index)) {
      return { reason: "attribute", message: "an attribute can turn checks off" };
    }
    if (isItem(tokens, index)) {
      return { reason: "shadowing-item", message: `an item (${token.text}) inside a body can shadow others` };
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
    const hasPath = tokens[index - 1]?.text === ":" && tokens[index - 2]?.text === ":";
    const head = tokens[index - 3]?.text ?? "";
    return [{ name: token.text, isPlain: !hasPath || standardCrates.has(head) }];
  });
}

function refuseMacro({ name, isPlain }: MacroUse, known: KnownMacros): Refusal | undefined {
  const refusal = refuseByName(name);
  if (refusal !== undefined) return refusal;
  if (isPlain && harmlessMacros.has(name)) return undefined;
  if (known.usesMacro(name)) {
    // A macro of this crate may only hide what it stands for.
    const inside = known.macrosInside(name).map(refuseByName);
    return inside.find((found) => found !== undefined);
  }
  return {
    reason: "unknown-macro",
    message: `${name}! is neither a harmless standard macro nor used in this crate`,
  };
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

function isItem(tokens: readonly Token[], index: number): boolean {
  const { kind, text } = tokens[index] ?? { kind: "other", text: "" };
  if (kind !== "word") return false;
  const next = tokens[index + 1];
  const isNamed = next?.kind === "word";
  if (text === "fn" || text === "type" || text === "mod" || text === "union")
    return isNamed && isStart(tokens, index);
  if (text === "const") return isNamed && tokens[index - 1]?.text !== "*" && !closureWords.has(next.text);
  if (text === "use") return !isHarmlessUse(tokens, index);
  return itemWords.has(text);
}

/** `type` and `union` are names elsewhere; an item starts a statement, or follows its visibility or another keyword. */
function isStart(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return before?.text !== "." && before?.text !== ":";
}

/** `use a::b::Trait as _;` and plain types of another name than the prelude's. */
function isHarmlessUse(tokens: readonly Token[], index: number): boolean {
  const end = tokens.findIndex((token, at) => at > index && token.text === ";");
  const path = tokens.slice(index + 1, end < 0 ? tokens.length : end);
  const last = path.at(-1)?.text ?? "";
  const isRenamed = path.some(({ text }) => text === "as");
  if (path.some(({ kind, text }) => kind === "open" || text === "*")) return false;
  return isRenamed ? last === "_" : /^[A-Z]/.test(last) && !preludeNames.has(last);
}

const unsafeWords = new Set(["unsafe", "transmute", "transmute_copy", "asm"]);
const itemWords = new Set(["struct", "enum", "trait", "static", "extern", "macro_rules", "impl"]);
const closureWords = new Set(["move", "async"]);
const preludeNames = new Set([
  "Ok",
  "Err",
  "Some",
  "None",
  "Option",
  "Result",
  "Box",
  "String",
  "Vec",
  "Self",
]);
const standardCrates = new Set(["std", "core", "alloc"]);
const openMacros = new Set(["todo", "unimplemented"]);
const compileTimeMacros = new Set([
  ...["include", "include_str", "include_bytes", "env", "option_env", "asm", "global_asm", "naked_asm"],
  ...["concat_idents", "concat_bytes", "compile_error", "trace_macros", "log_syntax"],
]);
const harmlessMacros = new Set([
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
/** Words before `!` and a bracket that are no macro's name: `return !(a)`. */
const keywords = new Set([
  "return",
  "if",
  "while",
  "match",
  "in",
  "break",
  "else",
  "as",
  "let",
  "move",
  "yield",
]);
