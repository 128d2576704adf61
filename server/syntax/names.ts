/** A name as people say it: `type` of `r#type`. */
export function plainName(name: string): string {
  return name.startsWith("r#") ? name.slice(2) : name;
}

/** A name as code says it: `r#type` of `type`. */
export function codeName(name: string): string {
  return isKeyword(name) && !mereWords.has(name) ? `r#${name}` : name;
}

/** Of any edition, and those that are kept for later, without the four that no name can be (`self`, `crate`). */
export function isKeyword(word: string): boolean {
  return keywords.has(word);
}

/** Source: The Rust Reference, "Keywords". */
const keywords: ReadonlySet<string> = new Set(
  (
    "abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in " +
    "let loop macro match mod move mut override priv pub raw ref return static struct trait true try type typeof union " +
    "unsafe unsized use virtual where while yield"
  ).split(" "),
);

/** Keywords at some places only. */
const mereWords: ReadonlySet<string> = new Set(["union", "raw"]);
