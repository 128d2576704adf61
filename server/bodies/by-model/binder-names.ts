import type { Hole } from "../../stages.ts";
import { type Binding, readBinding } from "../../syntax/binding.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { lexRust } from "../../syntax/lex.ts";
import { isKeyword, plainName } from "../../syntax/names.ts";
import { spliceText } from "../../syntax/splice.ts";
import { readCode } from "../../syntax/tokens.ts";

/**
 * What a body really uses for the binders of its arm, by their position: what the model gave where that is a name
 * (with its mode, `ref name`), else the field's own name. What is none (or would close the pattern) is ignored.
 */
export function namesUsed(
  syntax: RustSyntax,
  body: string,
  binders: readonly Hole[],
  given: readonly string[],
): ReadonlyMap<number, string> {
  const used = identifiersOf(syntax, body);
  const bindings = new Map<number, Binding>();
  for (const [position, binder] of binders.entries()) {
    const candidates = [given[position], binder.field, binder.suggestion].map((text) =>
      readBinding(text ?? ""),
    );
    const found = candidates.find(
      (candidate) => candidate !== undefined && isName(candidate.name) && used.has(candidate.name),
    );
    const isTaken = [...bindings.values()].some(({ name }) => name === found?.name);
    // A field of another name keeps the mode that was meant for it.
    const mode = candidates[0]?.mode ?? "";
    if (found !== undefined && !isTaken) bindings.set(position, { mode, name: found.name });
  }
  return new Map([...bindings].map(([position, { mode, name }]) => [position, mode + name]));
}

/**
 * A body with the raw names of its arm's binders, where it cannot be read without: models write `*type` for the
 * binder `r#type`, and in old editions `*async` says the same.
 */
export function withRawNames(syntax: RustSyntax, body: string, binders: readonly Hole[]): string {
  const raw = new Set(
    binders.flatMap(({ field, suggestion }) => [field, suggestion]).filter((name) => name?.startsWith("r#")),
  );
  if (raw.size === 0 || readCode(syntax, body, "expression") !== undefined) return body;
  const words = (lexRust(body) ?? []).filter(({ kind, text }) => kind === "word" && raw.has(`r#${text}`));
  const { text } = spliceText(
    body,
    words.map(({ start, end, text }) => ({ span: { start, end }, text: `r#${text}` })),
  );
  return readCode(syntax, text, "expression") === undefined ? body : text;
}

function identifiersOf(syntax: RustSyntax, body: string): ReadonlySet<string> {
  const tokens = readCode(syntax, body, "expression")?.tokens;
  // Code that does not parse will be refused; its words do for the message.
  if (tokens === undefined) return new Set(body.match(/\w+/g));
  return new Set(
    tokens.flatMap((token) => {
      if (token.role === "variable" || token.role === "shorthand") return [token.text];
      const isFormat = token.role === "text" && token.inMacro;
      return isFormat ? [...token.text.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? "") : [];
    }),
  );
}

function isName(text: string): boolean {
  const isRaw = text.startsWith("r#");
  return (
    /^(?:[a-z]\w*|_\w+)$/.test(plainName(text)) && isKeyword(plainName(text)) === isRaw && text !== "self"
  );
}
