import { codeName, plainName } from "../../syntax/names.ts";
import type { Token } from "../../syntax/tokens.ts";

/** How a name of several words is spelled: as identifier, type, constant, or in a text. */
export type Spelling = (words: readonly string[]) => string;

const lower = (words: readonly string[]) => words.map((word) => word.toLowerCase());
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

const pascal: Spelling = (words) =>
  words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
const snake: Spelling = (words) => lower(words).join("_");
const upper: Spelling = (words) => words.map((word) => word.toUpperCase()).join("_");
const kebab: Spelling = (words) => lower(words).join("-");
const spaced: Spelling = (words) => lower(words).join(" ");
const joined: Spelling = (words) => lower(words).join("");
const camel: Spelling = (words) =>
  words.map((word, index) => (index === 0 ? word.toLowerCase() : capital(word))).join("");
const title: Spelling = (words) => words.map(capital).join(" ");
const sentence: Spelling = (words) => capital(words.map((word) => word.toLowerCase()).join(" "));

const inCode: readonly Spelling[] = [pascal, snake, upper];
/** The commonest first: they stand for each other where the known name has one word only. */
const inText: readonly Spelling[] = [pascal, snake, kebab, upper, joined, spaced, camel, title, sentence];

/** The words of `DarkRed`, `dark_red`, `HTTPError`, `Ipv4`. */
export function wordsOf(name: string): string[] {
  const plain = plainName(name);
  return plain.match(/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+|[0-9]+/g) ?? [plain];
}

/** `dark_red` of `DarkRed`. */
export function snakeCase(name: string): string {
  return snake(wordsOf(name));
}

/** The name as texts an author may have given it, the likeliest first, without doubles. */
export function textsFor(name: string): string[] {
  return [
    ...new Set(
      [snake, pascal, kebab, spaced, joined, title, upper, camel].map((spell) => spell(wordsOf(name))),
    ),
  ];
}

/**
 * What `token` becomes when every mention of the name `from` turns into `to`: the likeliest first, several where
 * the spelling of `from` leaves open how the words of `to` are joined; none where it is not mentioned.
 */
export function renamings(token: Token, from: string, to: string): string[] {
  const spellings = spellingsFor(token);
  if (spellings.length === 0) return [];
  const source = wordsOf(from);
  const target = wordsOf(to);
  const found = spellings.flatMap((spell) => {
    const renamed = replaceWhole(token.text, spell(source), spell(target));
    if (renamed === undefined) return [];
    return [token.role === "text" ? renamed : codeName(plainName(renamed))];
  });
  return [...new Set(found)];
}

function spellingsFor(token: Token): readonly Spelling[] {
  switch (token.role) {
    case "text":
      return inText;
    case "variable":
    case "field":
    case "shorthand":
    case "path":
    case "type":
    case "macro":
      return inCode;
    case "number":
    case "lifetime":
    case "other":
      return [];
  }
}

/** Replaces `from` where it is not a part of a longer word; `undefined` where there is none. */
function replaceWhole(text: string, from: string, to: string): string | undefined {
  let result = "";
  let rest = 0;
  for (let at = text.indexOf(from); at !== -1; at = text.indexOf(from, at + from.length)) {
    if (!isWhole(text, at, from)) continue;
    result += text.slice(rest, at) + to;
    rest = at + from.length;
  }
  return rest === 0 ? undefined : result + text.slice(rest);
}

function isWhole(text: string, at: number, word: string): boolean {
  const before = text.charAt(at - 1);
  const after = text.charAt(at + word.length);
  if (isDigit(word.charAt(word.length - 1)) && isDigit(after)) return false;
  // `Red` begins a word behind `k` but not behind `R`; `red` and `RED` only behind something that is no letter.
  const startsWord = isCapitalised(word) ? !isUpper(before) : !isLetter(before);
  return startsWord && (isUpper(word.slice(1)) && !isLower(word) ? !isLetter(after) : !isLower(after));
}

const isUpper = (text: string) => text !== text.toLowerCase();
const isLower = (text: string) => text !== text.toUpperCase();
const isLetter = (text: string) => isUpper(text) || isLower(text);
const isCapitalised = (word: string) => isUpper(word.charAt(0)) && (word.length === 1 || isLower(word));
const isDigit = (text: string) => text >= "0" && text <= "9";
