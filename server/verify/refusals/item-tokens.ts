import type { Token } from "../../syntax/lex.ts";

/** The keyword of the item that starts at this token; undefined where none does. */
export function itemAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index];
  if (token?.kind !== "word") return undefined;
  return isItem(token.text, tokens, index) ? token.text : undefined;
}

function isItem(word: string, tokens: readonly Token[], index: number): boolean {
  const [next, third] = [tokens[index + 1], tokens[index + 2]];
  const isNamed = next?.kind === "word";
  switch (word) {
    case "struct":
    case "enum":
    case "trait":
    case "static":
    case "fn":
    case "mod":
      return isNamed && !closureWords.has(next.text);
    case "type":
      return isNamed && isStart(tokens, index);
    case "impl":
      return isNamed || next?.text === "<";
    case "macro_rules":
      return next?.text === "!";
    case "union":
      // A name elsewhere.
      return isNamed && isStart(tokens, index) && (third?.text === "{" || third?.text === "<");
    case "extern":
      return isExternItem(tokens, index);
    case "const":
      return isNamed && !isPointer(tokens, index) && !closureWords.has(next.text);
    case "use":
      return isNamed || next?.kind === "other" ? !isHarmlessUse(tokens, index) : false;
    default:
      return false;
  }
}

/** Not `extern "C" fn(u8)`, which is a type. */
function isExternItem(tokens: readonly Token[], index: number): boolean {
  const after = tokens[index + 1]?.kind === "string" ? index + 2 : index + 1;
  const [next, third] = [tokens[after], tokens[after + 1]];
  return next?.text === "crate" || next?.text === "{" || (next?.text === "fn" && third?.kind === "word");
}

/** `*const T` and `&raw const x`. */
function isPointer(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.text;
  return before === "*" || (before === "raw" && tokens[index - 2]?.text === "&");
}

/** `type` and `union` are names elsewhere; an item starts a statement, or follows its visibility or another keyword. */
function isStart(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return before?.text !== "." && before?.text !== ":";
}

/** `use a::b::Trait as _;` and plain types of another name than the prelude's. */
function isHarmlessUse(tokens: readonly Token[], index: number): boolean {
  let end = index + 1;
  while (end < tokens.length && tokens[end]?.text !== ";") end += 1;
  const path = tokens.slice(index + 1, end);
  const last = path.at(-1)?.text ?? "";
  const isRenamed = path.some(({ text }) => text === "as");
  return isRenamed ? last === "_" : /^[A-Z]/.test(last) && !preludeNames.has(last);
}

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
