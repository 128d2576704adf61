import type { Token } from "../../syntax/lex.ts";
import type { SyntaxNode } from "../../syntax/parse.ts";

/**
 * Items inside a body: a function, constant, type or import of its own is honest; one that takes a name of the code
 * around it makes what stands there read as something else, and an impl for a type from outside, a trait, a static, a
 * module or a macro goes further than the body does.
 */
export function refuseItems(tokens: readonly Token[], taken: () => ReadonlySet<string>): string | undefined {
  const types = new Set<string>();
  for (let at = 0; at < tokens.length; at += 1) {
    const item = itemAt(tokens, at);
    if (item === undefined) continue;
    const { keyword, names } = item;
    const isLocalImpl = keyword === "impl" && names.every((name) => types.has(name));
    const isHonest =
      isLocalImpl || (own.has(keyword) && names.length > 0 && !names.some((name) => isTaken(name, taken)));
    if (!isHonest)
      return `an item (${keyword}) inside a body that hides a name or goes further than the body`;
    if (/^(?:struct|enum)$/.test(keyword)) for (const name of names) types.add(name);
    // What stands in an impl has names of its own.
    if (isLocalImpl) at = endOfBlock(tokens, at);
  }
  return undefined;
}

/** Names that stand at the document's outermost level, in its modules, or are imported there. */
export function namesTaken(root: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: SyntaxNode) => {
    for (const item of node.namedChildren) {
      const name = item.childForFieldName("name")?.text;
      if (name !== undefined) names.add(name);
      if (item.type === "use_declaration")
        for (const word of item.text.match(/\w+(?=\s*(?:[,};]|$))/g) ?? []) names.add(word);
      const body = item.type === "mod_item" ? item.childForFieldName("body") : null;
      if (body !== null) visit(body);
    }
  };
  visit(root);
  return names;
}

interface Item {
  readonly keyword: string;
  /** That it gives; of an impl the type that it is for. */
  readonly names: readonly string[];
}

function itemAt(tokens: readonly Token[], at: number): Item | undefined {
  const keyword = tokens[at]?.kind === "word" ? (tokens[at]?.text ?? "") : "";
  const [before, next, third] = [tokens[at - 1]?.text, tokens[at + 1], tokens[at + 2]];
  const isNamed = next?.kind === "word" && next.text !== "move" && next.text !== "async";
  const named = isNamed ? { keyword, names: [next.text] } : undefined;
  switch (keyword) {
    case "struct":
    case "enum":
    case "trait":
    case "static":
    case "fn":
    case "mod":
      return named;
    case "type":
    case "union":
      // Names elsewhere.
      if (
        before === "." ||
        before === ":" ||
        (keyword === "union" && third?.text !== "{" && third?.text !== "<")
      )
        return undefined;
      return named;
    case "const":
      // `*const T`, `&raw const x` and `const fn`.
      return before === "*" || before === "raw" || next?.text === "fn" ? undefined : named;
    case "impl":
      return startsStatement(tokens, at) ? { keyword, names: [implemented(tokens, at)] } : undefined;
    case "macro_rules":
      return next?.text === "!" ? { keyword, names: [] } : undefined;
    case "extern": {
      // Not `extern "C" fn(u8)`, which is a type.
      const after = next?.kind === "string" ? at + 2 : at + 1;
      const isItem =
        ["crate", "{"].includes(tokens[after]?.text ?? "") ||
        (tokens[after]?.text === "fn" && tokens[after + 1]?.kind === "word");
      return isItem ? { keyword, names: [] } : undefined;
    }
    case "use":
      return isNamed || next?.kind === "other" ? { keyword, names: imported(tokens, at) } : undefined;
    default:
      return undefined;
  }
}

/** Not `impl Trait` as a type. */
function startsStatement(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before === undefined || ["{", "}", ";", "]", "unsafe"].includes(before.text);
}

function implemented(tokens: readonly Token[], at: number): string {
  let head = tokens.slice(
    at + 1,
    tokens.findIndex(({ text }, index) => index > at && text === "{"),
  );
  const isFor = head.findIndex(({ text }, index) => text === "for" && head[index + 1]?.text !== "<");
  if (isFor >= 0) head = head.slice(isFor + 1);
  else if (head[0]?.text === "<") head = head.slice(head.findIndex(({ text }) => text === ">") + 1);
  return head.find(({ kind, text }) => kind === "word" && text !== "mut")?.text ?? "";
}

/** Empty where it imports everything or gives another name than `_`, which is not told from hiding. */
function imported(tokens: readonly Token[], at: number): readonly string[] {
  const end = tokens.findIndex(({ text }, index) => index > at && text === ";");
  const path = tokens.slice(at + 1, end < 0 ? undefined : end);
  const isOther = (index: number) => path[index]?.text === "as" && path[index + 1]?.text !== "_";
  if (path.some(({ text }, index) => text === "*" || isOther(index))) return [];
  const isLast = (index: number) => [undefined, ",", "}"].includes(path[index + 1]?.text);
  return path.filter(({ kind }, index) => kind === "word" && isLast(index)).map(({ text }) => text);
}

function endOfBlock(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let index = at; index < tokens.length; index += 1) {
    if (tokens[index]?.text === "{") depth += 1;
    if (tokens[index]?.text === "}") depth -= 1;
    if (depth === 0 && tokens[index]?.text === "}") return index;
  }
  return tokens.length;
}

function isTaken(name: string, taken: () => ReadonlySet<string>): boolean {
  return ofPrelude.test(name) || taken().has(name);
}

const own = new Set(["fn", "const", "struct", "enum", "use", "type"]);
const ofPrelude =
  /^(?:Ok|Err|Some|None|Option|Result|Box|String|Vec|Self|[iuf]\d+|[iu]size|str|char|bool|e?print(?:ln)?|format|write(?:ln)?|panic|vec|matches|dbg|(?:debug_)?assert(?:_eq|_ne)?)$/;
