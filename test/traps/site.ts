/** Sources that many traps share. */

export const kinds = "#[derive(Clone, Copy, Debug)]\npub enum Kind { A, B }\n";

/** A match on `kind` with both arms missing: "h1" and "h2" are `u8`. */
export const arms =
  "match kind {«\n        Kind::A => ‹body:todo!()›,\n        Kind::B => ‹body:todo!()›,\n    »}";

/** `name(kind: Kind) -> u8` with that match as its body. */
export const count = `pub fn count(kind: Kind) -> u8 {\n    ${arms}\n}\n`;

/** Two drafts of it. */
export const right = { h1: "1", h2: "2" };
export const wrong = { h1: "1", h2: '"no number"' };

/** A manifest of a member of a workspace. */
export const manifest = (name: string, more = "") =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${more}`;

/** One file of an inline workspace. */
export const file = (path: string, text: string) => `//- /${path}\n${text}${text.endsWith("\n") ? "" : "\n"}`;
