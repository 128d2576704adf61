/** Authors name parameters as they like; a frame has the trait's names. A model reads those and writes them. */
import type { RustSyntax, SyntaxNode } from "../../server/syntax/parse.ts";
import { type Splice, spliceText } from "../../server/syntax/splice.ts";

/** The patterns of a signature's parameters, `self` left out. */
export function parametersOf(syntax: RustSyntax, signature: string): readonly string[] {
  return syntax.read(`${signature} {}`, (root) =>
    (root.descendantsOfType("parameters")[0]?.namedChildren ?? [])
      .filter(({ type }) => type === "parameter")
      .map((parameter) => {
        const isMutable = parameter.namedChildren.some(({ type }) => type === "mutable_specifier");
        return `${isMutable ? "mut " : ""}${parameter.childForFieldName("pattern")?.text ?? "_"}`;
      }),
  );
}

/** The body in the frame's names; what is more than a name in the author's signature is taken apart in front of it. */
export function bodyWithNames(
  syntax: RustSyntax,
  body: string,
  { authors, frames }: { readonly authors: readonly string[]; readonly frames: readonly string[] },
): string {
  const names = new Map<string, string>();
  const taken: string[] = [];
  for (const [index, author] of authors.entries()) {
    const frame = frames[index];
    if (frame === undefined || frame === author || author === "_") continue;
    if (/^[a-z]\w*$/.test(author)) names.set(author, frame);
    else taken.push(`let ${author} = ${frame};\n`);
  }
  return taken.join("") + renamed(syntax, body, names);
}

const head = "fn f() {";

function renamed(syntax: RustSyntax, body: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return body;
  const text = `${head}${body}}`;
  const splices = syntax.read(text, (root) => [
    ...root.descendantsOfType("identifier").flatMap((node) => nameIn(node, text, names)),
    ...root.descendantsOfType("string_literal").flatMap((node) => captureIn(node, names)),
  ]);
  return spliceText(text, splices).text.slice(head.length, -1);
}

function nameIn(node: SyntaxNode, text: string, names: ReadonlyMap<string, string>): readonly Splice[] {
  const name = names.get(node.text);
  // A field or a path inside of a macro's call, where there is no tree.
  const isOther = /(?:(?<!\.)\.|::)\s*$/.test(text.slice(0, node.startIndex));
  if (name === undefined || isOther || /^\s*(?:::|!)(?!=)/.test(text.slice(node.endIndex))) return [];
  const isShort = node.parent?.type === "shorthand_field_initializer";
  const span = { start: node.startIndex, end: node.endIndex };
  return [{ span, text: isShort ? `${node.text}: ${name}` : name }];
}

/** `"{name}"` and `"{name:?}"` capture. */
function captureIn(node: SyntaxNode, names: ReadonlyMap<string, string>): readonly Splice[] {
  const text = node.text.replace(/(?<!\{)\{(\w+)(?=[:}])/g, (whole, name: string) => {
    const frame = names.get(name);
    return frame === undefined ? whole : `{${frame}`;
  });
  if (text === node.text) return [];
  return [{ span: { start: node.startIndex, end: node.endIndex }, text }];
}
