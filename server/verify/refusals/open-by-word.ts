import { codeTokens, isCode, lexRust } from "../../syntax/lex.ts";
import { usesNothing } from "./only-panics.ts";

/**
 * Whether a filling says in its own words that somebody has yet to write it: an error whose text is that nothing is
 * implemented, or a value made of nothing under a comment that says so. `todo!()` says the same and is counted as open.
 * An error variant of that name is the program's own word and stands.
 */
export function saysItIsOpen(filling: string): boolean {
  const tokens = lexRust(filling) ?? [];
  const code = tokens.filter(isCode);
  const texts = tokens.filter(({ kind }) => kind === "string").map(({ text }) => text);
  if (isError(filling) && texts.some((text) => openText.test(text))) return true;
  const comments = tokens.filter((token) => !isCode(token)).map(({ text }) => text);
  return comments.some((text) => openComment.test(text)) && usesNothing(code);
}

/** The filling is one error from its first token on. */
function isError(filling: string): boolean {
  const start = codeTokens(filling)
    .slice(0, 6)
    .map(({ text }) => text)
    .join(" ");
  return /^(?:\{ )?(?:return )?(?:Err \(|bail ! )|^(?:\{ )?(?:return )?(?:\w+ : : )+(?:Err \(|bail ! )/.test(
    start,
  );
}

const openText = /\b(?:todo|unimplemented|not (?:yet )?implemented|implement me)\b/i;
const openComment =
  /\b(?:todo|fixme|unimplemented|not (?:yet )?implemented|placeholder|stub|implement (?:this|me))\b/i;
