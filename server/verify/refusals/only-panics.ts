import type { Token } from "../../syntax/lex.ts";

/**
 * Whether code panics or exits somewhere and uses nothing of the program around it: no parameter, no function, no
 * type. However the panic is wrapped (`true.then(|| panic!()).unwrap()`), there is nothing else that it could do.
 */
export function onlyPanics(code: readonly Token[], isNever: (name: string) => boolean): boolean {
  const own = ownNames(code);
  let panics = false;
  for (let at = 0; at < code.length; at += 1) {
    if (isPanic(code, at, isNever)) {
      panics = true;
      at = endOfArguments(code, at);
    } else if (mentions(code, at, own)) return false;
  }
  return panics;
}

/** Code that makes a value of nothing: a literal, `Default::default()`, `Ok(())`, `Vec::new()`. */
export function usesNothing(code: readonly Token[]): boolean {
  const own = ownNames(code);
  return !code.some((_, at) => mentions(code, at, own));
}

function isPanic(code: readonly Token[], at: number, isNever: (name: string) => boolean): boolean {
  const [token, next] = [code[at], code[at + 1]];
  if (token?.kind !== "word") return false;
  if (next?.text === "!" && code[at + 2]?.kind === "open") {
    return panicMacros.has(token.text) || (!assertions.has(token.text) && isNever(`${token.text}!`));
  }
  return exits.has(token.text) && code[at - 1]?.text === ":";
}

/** The last token of the brackets that follow; what a panic says is not what the code does. */
function endOfArguments(code: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    if (code[at]?.kind === "open") depth += 1;
    if (code[at]?.kind !== "close") continue;
    depth -= 1;
    if (depth === 0) return at;
  }
  return code.length;
}

function mentions(code: readonly Token[], at: number, own: ReadonlySet<string>): boolean {
  const token = code[at];
  if (token?.kind !== "word" || /^\d/.test(token.text)) return false;
  const before = code[at - 1]?.text;
  if (ofTheMoment.has(token.text)) return true;
  // A method, a field or a later part of a path is what it is by what stands before it.
  if (before === "." || (before === ":" && code[at - 2]?.text === ":")) return false;
  if (code[at + 1]?.text === "!" && code[at + 2]?.kind === "open") return !assertions.has(token.text);
  return !own.has(token.text) && !nobodys.has(token.text);
}

/** Names that the code itself gives: `let x`, `for x`, `|x|`. */
function ownNames(code: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  let isInParameters = false;
  for (const [at, { kind, text }] of code.entries()) {
    const before = code[at - 1];
    if (text === "|") {
      const opens =
        before === undefined ||
        before.kind === "open" ||
        [",", "=", "move", ";", ">", "return"].includes(before.text);
      isInParameters = isInParameters ? false : opens && code[at + 1]?.text !== "|";
    }
    const isBound =
      isInParameters ||
      before?.text === "for" ||
      before?.text === "let" ||
      (before?.text === "mut" && code[at - 2]?.text === "let");
    if (kind === "word" && isBound) names.add(text);
  }
  return names;
}

const panicMacros = new Set(["panic", "unreachable", "todo", "unimplemented"]);
const assertions = new Set([
  ...["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne", "vec", "cfg"],
]);
const exits = new Set(["exit", "abort", "panic_any", "resume_unwind"]);
/** What these say changes from run to run. */
const ofTheMoment = new Set([
  "panicking",
  "now",
  "elapsed",
  "args",
  "var",
  "var_os",
  "stdin",
  "read_line",
  "current",
]);
/** Words of the language and names of the standard prelude. */
const nobodys = new Set([
  ...[
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "dyn",
    "else",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "in",
  ],
  ...[
    "let",
    "loop",
    "match",
    "move",
    "mut",
    "ref",
    "return",
    "true",
    "where",
    "while",
    "_",
    "std",
    "core",
    "alloc",
  ],
  ...["bool", "char", "str", "f32", "f64", "usize", "isize", "u8", "u16", "u32", "u64", "u128"],
  ...[
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "String",
    "Box",
  ],
  ...["Default", "ToString", "ToOwned", "Into", "From", "Clone", "Iterator", "IntoIterator"],
]);
