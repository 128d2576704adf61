import { codeTokens, type Token } from "../../syntax/lex.ts";
import type { SyntaxNode } from "../../syntax/parse.ts";

/**
 * Panics and loops that compile as if they were values, which types do not tell: the code around them asks nothing of
 * the program (no parameter, function or type of its own), so there is nothing that it could depend on.
 */
export function panicsWhateverIsAsked(
  nodes: readonly SyntaxNode[],
  filling: string,
  isSuspect: boolean,
): boolean {
  const code = codeTokens(filling);
  const text = code.map((token) => token.text).join(" ");
  if (panicWords.test(text) && isClosed(code)) return true;
  const isUnused = isClosed(code) && !/\breturn\b/.test(text);
  if (isUnused && emptyValues.test(text) && opens.test(text)) return true;
  if (isUnused && endless.test(text) && !bounds.test(text)) return true;
  if (emptyNames(filling).some((name) => new RegExp(`\\b${name} \\. (?:unwrap|expect) \\(`).test(text)))
    return true;
  if (!isSuspect && !/\b(?:debug_)?assert/.test(text)) return false;
  const known = closedNames(nodes);
  return nodes.some((node) => node.descendantsOfType(deciding).some((part) => asksNothing(part, known)));
}

/** Code that makes a value of nothing: a literal, `Default::default()`, `Ok(())`, `Vec::new()`. */
export function isClosed(code: readonly Token[], known?: ReadonlySet<string>): boolean {
  const names = known ?? boundNames(code);
  return code.every((_, at) => !mentions(code, at, names));
}

function mentions(code: readonly Token[], at: number, known: ReadonlySet<string>): boolean {
  const token = code[at];
  if (token?.kind !== "word" || /^\d/.test(token.text)) return false;
  const [before, next] = [code[at - 1]?.text, code[at + 1]?.text];
  if (ofTheMoment.test(token.text) && (token.text !== "panicking" || next === "(")) return true;
  // A method, a field or a later part of a path is what it is by what stands before it.
  if (before === "." || (before === ":" && code[at - 2]?.text === ":")) return false;
  if (next === "!" && code[at + 2]?.kind === "open") return !harmlessMacros.test(token.text);
  return !known.has(token.text) && !nobodys.has(token.text);
}

/** Names that the code itself gives: `let x`, `for x`, `|x|`. */
function boundNames(code: readonly Token[]): ReadonlySet<string> {
  const text = code.map((token) => token.text).join(" ");
  const bound = [...text.matchAll(/\b(?:let|for)(?: mut)? (\w+)|\|((?: ?\w+(?: : [\w& ]+)? ?,?)*) \|/g)];
  return new Set(bound.flatMap(([, name, parameters = ""]) => [name ?? "", ...parameters.split(/\W+/)]));
}

/** `let on = true;`: names that are bound for good to a value of nothing. */
function closedNames(nodes: readonly SyntaxNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const declared of nodes.flatMap((node) => node.descendantsOfType("let_declaration"))) {
    const name = declared.childForFieldName("pattern")?.text ?? "";
    const value = declared.childForFieldName("value");
    const isFixed = !declared.namedChildren.some(({ type }) => type === "mutable_specifier");
    if (isFixed && value !== null && isClosed(codeTokens(value.text), names)) names.add(name);
    else names.delete(name);
  }
  return names;
}

/** `let n: Option<u8> = None;`, `let n = Err(other(1));` */
function emptyNames(filling: string): readonly string[] {
  const lets = filling.matchAll(/\blet (\w+)[^=;]*= (?:\w+::)*(?:None\s*;|Err(?:::<[^=;]*>)?\()/g);
  return [...lets].map(([, name = ""]) => name);
}

const deciding = [
  ...["if_expression", "while_expression", "let_condition", "match_expression", "match_pattern"],
  ...["let_declaration", "macro_invocation", "closure_expression"],
];

/** A condition, or one side of it, that is the same whatever the program does. */
function asksNothing(node: SyntaxNode, known: ReadonlySet<string>): boolean {
  const isFixed = (part: SyntaxNode | null) =>
    part !== null && sidesOf(part).some((side) => isConstant(side, known));
  switch (node.type) {
    case "closure_expression":
      return !/^arguments$/.test(node.parent?.type ?? "") && onlyPanics(node.childForFieldName("body"));
    case "macro_invocation":
      return failsAlways(node.text, known);
    case "let_declaration":
      return node.childForFieldName("alternative") !== null && isFixed(node.childForFieldName("value"));
    case "let_condition":
    case "match_expression":
      return isFixed(node.childForFieldName("value"));
    default:
      return isFixed(node.childForFieldName("condition"));
  }
}

function sidesOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === "parenthesized_expression") return node.namedChildren.flatMap(sidesOf);
  const sign = node.type === "binary_expression" ? (node.childForFieldName("operator")?.text ?? "") : "";
  if (sign === "&&" || sign === "||") return node.namedChildren.flatMap(sidesOf);
  return node.type === "let_condition" || node.type === "let_chain" ? [] : [node];
}

function isConstant(node: SyntaxNode, known: ReadonlySet<string>): boolean {
  // `match () { () if …` is a way to write conditions.
  if (/^(?:cfg!\(a(?:ll|ny)\(\)\)|(?:Some|Ok|Err)\()/.test(node.text)) return true;
  if (node.text === "()" || /\bcfg\s*!\s*\(/.test(node.text)) return false;
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  const isSame =
    left !== null &&
    /^[=!]=$/.test(node.childForFieldName("operator")?.text ?? "") &&
    left.text === right?.text;
  return isSame || isClosed(codeTokens(node.text), known);
}

/** `|n| panic!()` under a name or called where it stands: who hands it to `unwrap_or_else` means it. */
function onlyPanics(body: SyntaxNode | null): boolean {
  return body !== null && /^\{?\s*(?:(?:std|core)::)?(?:panic|unreachable)!/.test(body.text);
}

/** `assert!(false)`, `assert_eq!(1, 2)`, and an argument of a macro that is nothing but a panic: `vec![panic!()]`. */
function failsAlways(macro: string, known: ReadonlySet<string>): boolean {
  const [, name = "", inner = ""] = /^[\w:]*?(\w+)\s*!\s*[([{]([\s\S]*)[)\]}]$/.exec(macro) ?? [];
  if (/^(?:debug_)?assert/.test(name) && inner !== "" && isClosed(codeTokens(inner), known))
    return !inner.includes("cfg!");
  return /(?:^|[,;([{])\s*(?:(?:std|core)::)?(?:panic|unreachable)!\s*(?:\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\})\s*(?:$|[,;)\]}])/.test(
    inner,
  );
}

/** As tokens with one space between them. */
const panicWords =
  /\b(?:panic|unreachable|todo|unimplemented) !|: (?:exit|abort|panic_any|resume_unwind|begin_panic|panic)\b/;
const emptyValues = /\b(?:None|Err|empty|unwrap_err)\b|""|\b(?:Vec|String)\b.*\bnew\b|; 0 \]/;
const opens = /\b(?:unwrap|expect)(?:_err)?\b|\[/;
const endless = /\d\w* \. \.(?! [\w=])|\b(?:repeat|repeat_with|cycle) \(/;
const bounds = /\b(?:take|take_while|zip|nth|next|find|any|all|position|break)\b/;
/** What these say changes from run to run. */
const ofTheMoment =
  /^(?:panicking|now|elapsed|env|fs|net|args|var|var_os|stdin|stdout|read_line|current|available_parallelism)$/;
const harmlessMacros =
  /^(?:(?:debug_)?assert(?:_eq|_ne)?|panic|unreachable|todo|unimplemented|vec|cfg|matches)$/;
/** Words of the language and names of the standard prelude. */
const nobodys = new Set(
  (
    "as async await break const continue dyn else false fn for if impl in let loop match move mut ref return true where " +
    "while _ std core alloc bool char str f32 f64 usize isize u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 Option Some None " +
    "Result Ok Err Vec String Box Default ToString ToOwned Into From Clone Iterator IntoIterator"
  ).split(" "),
);
