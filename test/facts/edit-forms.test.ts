import { diffChars, diffLines, diffWordsWithSpace } from "diff";
import { beforeAll, describe, expect, it } from "vitest";
import { buildSkeleton } from "../../server/facts/skeleton.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import type { Splice } from "../../server/syntax/splice.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { snapshotAt } from "../support/cursor.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

type Changes = readonly { readonly added: boolean; readonly removed: boolean; readonly value: string }[];

/** One edit in the forms in which rust-analyzers send it: the whole list, lines, words, or the fewest characters. */
const forms: Readonly<Record<string, (before: string, after: string) => Changes>> = {
  "as a whole": (before, after) => [
    { added: false, removed: true, value: before },
    { added: true, removed: false, value: after },
  ],
  "by lines": diffLines,
  "by words": diffWordsWithSpace,
  "by characters": diffChars,
};

function splicesOf(changes: Changes): readonly Splice[] {
  const splices: Splice[] = [];
  let at = 0;
  for (const { added, removed, value } of changes) {
    if (removed) splices.push({ span: { start: at, end: at + value.length }, text: "" });
    if (added) splices.push({ span: { start: at, end: at }, text: value });
    if (!added) at += value.length;
  }
  return splices;
}

/** The document with the skeleton in it; `$0` is the cursor. */
function laid(text: string, edited: string, form: string): string {
  const { document, offset } = snapshotAt(text);
  const site = findSites(syntax, document, offset)[0];
  const changes = forms[form]?.(document.text, edited);
  if (site === undefined || changes === undefined) throw new Error("no site");
  const skeleton = buildSkeleton(syntax, site, splicesOf(changes));
  if ("stage" in skeleton) return `${skeleton.reason}: ${skeleton.message}`;
  const whole = site.document.text;
  return whole.slice(0, skeleton.replaced.start) + skeleton.text + whole.slice(skeleton.replaced.end);
}

describe.each(Object.keys(forms))("rust-analyzer's edit, %s", (form) => {
  it("may rewrite the list around comments; the user's lines stay", () => {
    const text =
      "fn f(e: E) -> u8 {\n    match e {\n        // one\n        E::A => 1, // two\n        // three\n        $0\n    }\n}\n";
    const edited =
      "fn f(e: E) -> u8 {\n    match e {\n        // one\n        E::A => 1,\n        E::B => todo!(),\n        E::C(_) => todo!(),\n        // two\n        // three\n        \n    }\n}\n";
    expect(laid(text, edited, form)).toBe(
      "fn f(e: E) -> u8 {\n    match e {\n        // one\n        E::A => 1, // two\n        // three\n        E::B => todo!(),\n        E::C(_) => todo!(),\n    }\n}\n",
    );
  });

  it("may say each arm as an expanded attribute macro has it", () => {
    const text = "fn f(e: E) -> u8 {\n    match e {\n        E::A(n) if n > 1 => 1,\n        $0\n    }\n}\n";
    const edited =
      "fn f(e: E) -> u8 {\n    match e{\n        E::A(n)if n>1=>1,\n        E::B => todo!(),\n        \n    }\n}\n";
    expect(laid(text, edited, form)).toBe(
      "fn f(e: E) -> u8 {\n    match e {\n        E::A(n) if n > 1 => 1,\n        E::B => todo!(),\n    }\n}\n",
    );
  });

  it("may put members before or behind the comment that an impl holds", () => {
    const text = "impl T for S {\n    // All of it is missing.$0\n}\n";
    const members =
      "    fn a(&self) {\n        todo!()\n    }\n\n    fn b(&self) {\n        todo!()\n    }\n";
    const expected = `impl T for S {\n    // All of it is missing.\n${members}}\n`;
    expect(laid(text, `impl T for S {\n    // All of it is missing.\n\n${members}}\n`, form)).toBe(expected);
    expect(laid(text, `impl T for S {\n${members}    // All of it is missing.\n}\n`, form)).toBe(expected);
  });

  it("may add an arm that stands there already, as often as it stands there", () => {
    const text = "fn f(e: E) -> u8 {\n    match e {\n        E::A if x() => 1,\n        $0\n    }\n}\n";
    const edited = text.replace("        $0", "        E::A => todo!(),");
    expect(laid(text, edited, form)).toContain("E::A if x() => 1,\n        E::A => todo!(),\n    }");
  });
});

describe("new arms", () => {
  const lay = (text: string, arms: string) => laid(text, text.replace("$0", arms), "as a whole");
  const list = (arms: string) => `fn f(e: E) -> u8 {\n    match e {\n${arms}    }\n}\n`;

  it("stand below a guard and a literal whose values they would take, wherever the cursor is", () => {
    const text = list("        E::A => 1,\n        $0\n        E::B(n) if n > 1 => 2,\n        E::C => 3,\n");
    expect(lay(text, "E::B(_) => todo!(),")).toContain(
      "E::B(n) if n > 1 => 2,\n        E::B(_) => todo!(),\n        E::C => 3,",
    );
    expect(lay(text, "E::D => todo!(),")).toContain("E::A => 1,\n        E::D => todo!(),\n        E::B(n)");
    const literal = list("        $0\n        E::B(0) => 2,\n        E::C => 3,\n");
    expect(lay(literal, "E::B(_) => todo!(),")).toContain("E::B(0) => 2,\n        E::B(_) => todo!(),");
  });

  it("stand below a name without a path: it may be any variant, or a constant", () => {
    const text = list("        $0\n        LIMIT => 2,\n        E::C => 3,\n");
    expect(lay(text, "E::B => todo!(),")).toContain("LIMIT => 2,\n        E::B => todo!(),\n        E::C");
  });

  it("say `Self::` where every arm here does and that is the enum's name, and else what rust-analyzer says", () => {
    const inImpl = (type: string, arms: string) =>
      `impl ${type} {\n    fn f(self) -> u8 {\n        match self {\n${arms}            $0\n        }\n    }\n}\n`;
    const one = "            Self::A => 1,\n";
    expect(lay(inImpl("E", one), "E::B => todo!(),")).toContain("Self::B => todo!(),");
    expect(lay(inImpl("E<T>", one), "crate::x::E::B(_) => todo!(),")).toContain("Self::B(_) => todo!(),");
    expect(lay(inImpl("E", ""), "E::B => todo!(),")).toContain(" E::B => todo!(),");
    expect(lay(inImpl("E", `${one}            E::C => 2,\n`), "E::B => todo!(),")).toContain(
      " E::B => todo!(),",
    );
    expect(lay(inImpl("Other", one), "E::B => todo!(),")).toContain(" E::B => todo!(),");
  });

  it("keep `r#` in what is code, and the plain name covers them", () => {
    const text = list("        E::r#in => 1,\n        $0\n");
    expect(lay(text, "E::r#for => todo!(),")).toContain("E::r#for => todo!(),");
    expect(lay(list("        Self::r#in => 1,\n        $0\n"), "E::r#in => todo!(),")).toMatch(
      /^nothing-missing/,
    );
  });
});

describe("the header of an impl without braces", () => {
  it("is healed by an empty list", () => {
    const text = "impl T for S$0\n\nfn f() {}\n";
    const members = " {\n    fn a(&self) {\n        todo!()\n    }\n}\n";
    expect(laid(text, `impl T for S${members}\nfn f() {}\n`, "as a whole")).toBe(
      `impl T for S${members}\nfn f() {}\n`,
    );
  });

  it("is none where the brace or the where clause stands in the next line", () => {
    const labels = (text: string) => {
      const { document, offset } = snapshotAt(text);
      return findSites(syntax, document, offset).map(({ healedText }) => healedText);
    };
    expect(labels("impl T for S$0\n{\n}\n")).toEqual([""]);
    expect(labels("impl<U> T for S<U>$0\nwhere\n    U: T,\n{\n}\n")).toEqual([""]);
  });
});
