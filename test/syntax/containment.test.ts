import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { findEscape } from "../../server/syntax/containment.ts";
import { bracketsClose, lexRust } from "../../server/syntax/lex.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { closedExpression, type Frame, frames, holed, hostileFilling } from "../support/hostile-texts.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

/** What a reader who knows nothing of holes sees around them: items, members, arms with their patterns, errors. */
function surroundings(text: string): unknown {
  return syntax.read(text, (root) => ({
    items: root.namedChildren.map((item) => `${item.type} ${item.childForFieldName("name")?.text ?? ""}`),
    ends: [root.namedChildren.slice(0, 2), root.namedChildren.slice(-2)].flat().map((item) => item.text),
    members: root.namedChildren
      .find(({ type }) => type === "impl_item")
      ?.childForFieldName("body")
      ?.namedChildren.map((member) => `${member.type} ${member.childForFieldName("name")?.text ?? ""}`),
    arms: root.namedChildren
      .find((item) => item.childForFieldName("name")?.text === "f")
      ?.descendantsOfType("match_block")[0]
      ?.namedChildren.map((arm) => arm.childForFieldName("pattern")?.text.replace(/\(.*\)/s, "(binder)")),
    hasError: root.hasError,
  }));
}

it("lets no text through that changes anything outside its hole", () => {
  const expected = new Map(frames.map((frame) => [frame, surroundings(holed(frame).text)]));
  const empty = new Map(frames.map((frame) => [frame, holed(frame)]));
  const passed = new Map<Frame, number>();
  const runs = 14_000;
  fc.assert(
    fc.property(hostileFilling, ({ frame, texts }) => {
      const after = holed(frame, texts);
      if (findEscape(syntax, empty.get(frame)!, after) !== undefined) return;
      passed.set(frame, (passed.get(frame) ?? 0) + 1);
      expect(surroundings(after.text)).toEqual(expected.get(frame));
    }),
    { numRuns: runs, seed: 20_26 },
  );
  const through = [...passed.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `containment: ${runs} texts, ${runs - through} refused, ${through} let through, none changed its surroundings\n`,
  );
  // The control: every place let some through, so that the property was really asked.
  for (const frame of frames) expect([frame.name, passed.get(frame)! > 20]).toEqual([frame.name, true]);
});

it("lets every closed expression through, whatever brackets and quotes its literals and comments hold", () => {
  const [arm] = frames as [Frame];
  const before = holed(arm);
  fc.assert(
    fc.property(closedExpression, (filling) => {
      const text = filling.trim().replace(/(?:\/\/ \}\s*)+$/, "");
      expect([text, findEscape(syntax, before, holed(arm, [text]))]).toEqual([text, undefined]);
    }),
    { numRuns: 1_000, seed: 20_26 },
  );
});

const readAs = (text: string) => findEscape(syntax, holed(frames[0]!), holed(frames[0]!, [text]))?.message;

it("lets a line comment end a body only where the line ends behind it", () => {
  expect(readAs("1 // why")).toBe("it ends in a line comment");
  const [, , , method] = frames as [Frame, Frame, Frame, Frame];
  expect(findEscape(syntax, holed(method), holed(method, ["1 // why"]))).toBeUndefined();
});

describe("texts that somebody else could read otherwise", () => {
  it.each([
    ['m!("a"r"\\")', "a literal's suffix, and the start of a string that swallows what follows"],
    ["m!('a'br\"\\\")", "the same behind a character"],
    ['m!(cr"\\")', "a name and the start of a string before 2021"],
    ['m!(foo"a")', "a prefix since 2021"],
    ["m!(x'a')", "a prefix since 2021"],
    ['m!(\u{10ec2}r"a")', "a letter newer than some tables"],
    ["{ #\u200e[allow(warnings)] let x = 1; x }", "a mark of direction is white space to rustc"],
    ["{ /* \u202e } */ 1 }", "what is shown runs backwards"],
    ["x\u200b", "no width"],
    ['"\ud800"', "half a character, which is another one in a file"],
  ])("does not let %j through: %s", (text) => {
    expect(readAs(text)).toMatch(/nobody sees|editions of Rust|does not end/);
  });

  it.each([
    'm!(c"a" r"\\" br#"}"# b\'{\')',
    '"👩‍💻 e\u0301 שלום"',
    "a::<'static>('a'..='z', 1u8, 2.0f32)",
    "{ 'a: loop { break 'a; } }",
  ])("lets %j through", (text) => {
    expect(readAs(text)).toBeUndefined();
  });
});

describe("texts made to be slow", () => {
  const length = 100_000;
  const nested = (open: string, close: string, size: number) =>
    open.repeat(size / 2 / open.length) + "1" + close.repeat(size / 2 / close.length);
  const texts = (size: number) => [
    ...[nested("(", ")", size), nested("{", "}", size), nested("[", "]", size), nested("A::<", ">", size)],
    ...["!", "-", "&", "*", "|| ", "return ", "let a = ", "dyn A + ", "a<", "&'a ", "1.."].map(
      (piece) => `${piece.repeat(size / piece.length)}1`,
    ),
    ...[".a()", "?", " as u8", " + 1", "[0]", "::b"].map((piece) => `a${piece.repeat(size / piece.length)}`),
    ...["'", '"', "r#", "/*", "//\n", "=>", "{", "a,", "a;", "#", "\\", "'\\u{", "if a {} else "].map(
      (piece) => piece.repeat(size / piece.length),
    ),
  ];

  it("are refused for their length before anything is parsed", () => {
    const refused = texts(length).map((text) => readAs(text));
    expect(refused).toEqual(refused.map(() => "it is longer than 50000 characters"));
  });

  it("are read without running out of stack where they are short enough", () => {
    for (const text of texts(12_000)) expect(() => readAs(text)).not.toThrow();
    expect(readAs(`${"!".repeat(2_000)}1`)).toBe("it nests too deep to be read");
    expect(readAs(`${"!".repeat(100)}1`)).toBeUndefined();
  });
});

it("reads literals, lifetimes and comments as Rust does", () => {
  const kinds = (text: string) => lexRust(text)?.map(({ kind, text: token }) => `${kind} ${token}`);
  expect(kinds("'a: 'b' b'\\'' r#fn r##\"a\"#\"## c\"x\" /* a /* b */ */ // z")).toEqual([
    "lifetime 'a",
    "other :",
    "character 'b'",
    "character b'\\''",
    "word r#fn",
    'string r##"a"#"##',
    'string c"x"',
    "block-comment /* a /* b */ */",
    "line-comment // z",
  ]);
  expect(kinds('"a"r"b" \u200e1r"\\"" /*/ */')).toEqual([
    'string "a"r',
    'string "b"',
    "word 1r",
    'string "\\""',
    "block-comment /*/ */",
  ]);
  expect([lexRust('"a'), lexRust("/* /* */"), lexRust('r#"a"'), lexRust("'"), lexRust('"\\')]).toEqual(
    Array(5).fill(undefined),
  );
  expect(bracketsClose(lexRust("(]") ?? [])).toBe(false);
  expect(bracketsClose(lexRust("([{}])") ?? [])).toBe(true);
});
