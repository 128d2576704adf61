import { healings, lineAround } from "../trigger/heal.ts";

/**
 * Whether the cursor (UTF-16 offset) may stand where a new arm or member goes: on a line that is blank but for a
 * half-typed word, right inside braces that a `match` or an `impl … for …` opened. Never false at such a place; the
 * syntax tree decides about the rest, and is not loaded for all the places where this says no.
 */
export function mayStandInList(text: string, offset: number): boolean {
  const [healed] = healings(text, offset);
  if (healed === undefined) return false;
  const line = lineAround(healed.text, healed.offset);
  if (healed.text.slice(line.start, line.end).trim() !== "") return false;
  return innermostBracket(healed.text, line.start)?.isList === true;
}

interface Bracket {
  readonly opening: string;
  readonly isList: boolean;
  /** What the statement has had that is written in it now: a list opens behind `match`, and `impl` with `for`. */
  head: "plain" | "impl" | "list";
}

/**
 * What the brackets are told by; comments and literals are matched to be skipped. A comment within a comment
 * ends the outer one early here: such text is rare and only costs a wrong guess.
 */
const telling =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\b(?:r|br|cr)(#*)"[\s\S]*?"\1|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^\n]{1,10}?)'|\b(?:match|impl|for)\b|[()[\]{};]/gu;

function innermostBracket(text: string, end: number): Bracket | undefined {
  const file: Bracket = { opening: "", isList: false, head: "plain" };
  const open: Bracket[] = [file];
  for (const { 0: token, index } of text.slice(0, end).matchAll(telling)) {
    const inner = open.at(-1) ?? file;
    if (token === "match" || (token === "for" && inner.head === "impl")) inner.head = "list";
    else if (token === "impl" && inner.head === "plain") inner.head = "impl";
    else if (token === ";") inner.head = "plain";
    else if (token === "{" || token === "(" || token === "[")
      open.push({ opening: token, isList: token === "{" && inner.head === "list", head: "plain" });
    else if (token === "}") closeBrace(open, text, index + 1);
    else if (opened[token] === inner.opening) open.pop();
  }
  return open.at(-1);
}

const opened: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** A brace closes what was left open inside it too: half-written code must not hide the code behind it. */
function closeBrace(open: Bracket[], text: string, after: number): void {
  const own = open.findLastIndex(({ opening }) => opening === "{");
  if (own < 0) return;
  open.length = own;
  const outer = open.at(-1);
  if (outer !== undefined && !goesOn(text, after)) outer.head = "plain";
}

/** The statement goes on behind a block: `match unsafe { x } {`, `match if a { b } else { c } {`. */
function goesOn(text: string, after: number): boolean {
  const next = /\S+/g;
  next.lastIndex = after;
  return /^(?:[{.?>,&|=<*+)\-/]|else\b|as\b)/.test(next.exec(text)?.[0] ?? "");
}
