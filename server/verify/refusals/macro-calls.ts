import { codeTokens } from "../../syntax/lex.ts";
import { formattedArguments, splitArguments } from "./format-arguments.ts";

/** What a macro of the standard library calls on values that `isOwn` knows by their text, in the words of `alwaysCalls`. */
export function callsInMacro(macro: string, isOwn: (argument: string) => boolean): readonly string[] {
  const name = /^[\w:\s]*?(\w+)\s*!/.exec(macro)?.[1] ?? "";
  if (!evaluating.has(name)) return [];
  const parts = splitArguments(macro);
  const calls = formattedArguments(macro)
    .filter(({ text }) => isOwn(text))
    .map(({ trait }) => `${trait}::fmt`);
  if (name === "dbg" && parts.some(isOwn)) calls.push("Debug::fmt");
  if (/^write(?:ln)?$/.test(name) && isOwn(parts[0] ?? "")) calls.push(".write_fmt");
  if (/assert_(?:eq|ne)$/.test(name) && isOwn(parts[0] ?? "") && isOwn(parts[1] ?? "")) {
    calls.push("PartialEq::eq");
  }
  const tokens = codeTokens(macro);
  for (const [at, token] of tokens.entries()) {
    const isCalled =
      tokens[at + 1]?.text === "." && tokens[at + 3]?.text === "(" && tokens[at - 1]?.text !== ".";
    if (isCalled && isOwn(token.text)) calls.push(`.${tokens[at + 2]?.text ?? ""}`);
  }
  return calls;
}

/** Their arguments are evaluated whenever they are. */
const evaluating = new Set([
  ...[
    "write",
    "writeln",
    "format",
    "format_args",
    "print",
    "println",
    "eprint",
    "eprintln",
    "panic",
    "matches",
  ],
  ...["assert", "assert_eq", "assert_ne", "dbg", "vec"],
]);
