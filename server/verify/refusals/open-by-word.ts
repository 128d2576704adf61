import { codeTokens, isCode, lexRust } from "../../syntax/lex.ts";
import { isClosed } from "./asks-nothing.ts";

/**
 * Whether a filling says in its own words that somebody has yet to write it: an error whose whole text is that nothing is
 * implemented, or a value made of nothing under a comment that says so. `todo!()` says the same and is counted as open.
 * An error variant of that name is the program's own word and stands, and so does a text that says what is not
 * implemented where.
 */
export function saysItIsOpen(filling: string): boolean {
  const tokens = lexRust(filling) ?? [];
  const texts = tokens.filter(({ kind }) => kind === "string").map(({ text }) => text);
  if (isError(filling) && texts.some((text) => openText.test(text))) return true;
  const comments = tokens.filter((token) => !isCode(token)).map(({ text }) => text);
  return comments.some((text) => openComment.test(text)) && isClosed(tokens.filter(isCode));
}

/** The filling is one error from its first token on. */
function isError(filling: string): boolean {
  const start = codeTokens(filling)
    .slice(0, 8)
    .map(({ text }) => text)
    .join(" ");
  return /^(?:\{ )?(?:return )?(?:\w+ : : )*(?:Err \(|bail ! )/.test(start);
}

const openText = /\b(?:todo|unimplemented|not (?:yet )?implemented(?: yet)?|implement me)[\W_]*$/i;
const openComment =
  /^[\s/*!]*(?:(?:todo|fixme)\b|(?:(?:a|just a) )?(?:placeholder|stub|unimplemented|not (?:yet )?implemented|implement (?:this|me))(?: yet| for now| later)?[\s.!*/]*$)/i;
