import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { findEscape, type HoledText } from "../../server/syntax/containment.ts";
import { bracketsClose, lexRust } from "../../server/syntax/lex.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

const head = "fn before() {}\nfn f(x: u8) -> u8 {\n    match x {\n        1 => ";
const tail = ',\n        _ => 0,\n    }\n}\nfn after() -> &\'static str { "end" }\n';

function holed(filling: string, isFilled: boolean): HoledText {
  const span = { start: head.length, end: head.length + filling.length };
  return { text: head + filling + tail, holes: [{ id: "h1", kind: "body", span, isFilled }] };
}

/** What an independent reader sees outside the hole: names of functions, number of arms, errors. */
function frameOf(text: string): unknown {
  return syntax.read(text, (root) => ({
    items: root.namedChildren.map((child) => child?.childForFieldName("name")?.text),
    arms: root.descendantsOfType("match_block")[0]?.namedChildCount,
    last: root.namedChildren.at(-1)?.text,
    hasError: root.hasError,
  }));
}

const pieces = [
  ...[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    "=>",
    "_",
    "x",
    "1",
    "fn",
    "evil",
    "if",
    "else",
    "match",
    "let",
    "=",
  ],
  ...[
    '"',
    '"a"',
    '"}"',
    "'",
    "'a'",
    "'}'",
    "'a",
    "b'",
    "b'}'",
    'b"',
    'b"{"',
    'r"',
    'r#"',
    '"#',
    'r#"}"#',
    '\\"',
  ],
  ...[
    "//",
    "// }",
    "/*",
    "*/",
    "/* } */",
    "/* /* } */",
    "\n",
    " ",
    "!",
    "#",
    "::",
    "<",
    ">",
    "&",
    "'static",
    "🦀",
    "é",
  ],
];
const anyText = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(" "));
const glued = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(""));

it("lets no text through that changes anything outside its hole", () => {
  const before = holed("todo!()", false);
  const frame = frameOf(before.text);
  let passed = 0;
  const runs = 4_000;
  fc.assert(
    fc.property(fc.oneof(anyText, glued), (filling) => {
      const after = holed(filling, true);
      if (findEscape(syntax, before, after) !== undefined) return;
      passed += 1;
      expect(frameOf(after.text)).toEqual(frame);
    }),
    { numRuns: runs, seed: 20_26 },
  );
  // The control: a share of the texts is contained, so that the property was really asked.
  expect(passed).toBeGreaterThan(runs / 50);
  process.stdout.write(`containment: ${runs} texts, ${passed} let through, none changed its surroundings\n`);
});

const literal = fc.oneof(
  fc.constantFrom(
    "1",
    "x",
    "'}'",
    "b'{'",
    '"} \\" {"',
    'r#"} " {"#',
    'b"}"',
    'br##"}"# "##',
    "'\\''",
    "'\\u{7d}'",
  ),
  fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text.replace(/[^\x20-\x7e]|\\/g, ""))),
);
const tree: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    literal,
    fc
      .tuple(tie("tree"), fc.constantFrom("/* } */", "/* /* { */ } */", "// }\n", " "))
      .map((p) => p.join("")),
    fc.array(tie("tree"), { maxLength: 3 }).map((parts) => `(${parts.join(", ")})`),
    fc.array(tie("tree"), { maxLength: 3 }).map((parts) => `[${parts.join(", ")}]`),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((parts) => `{ ${parts.join("; ")} }`),
    fc.array(tie("tree"), { maxLength: 3 }).map((parts) => `g::<'static>(${parts.join(", ")})`),
  ),
})).tree;

it("lets every closed expression through, whatever brackets and quotes its literals and comments hold", () => {
  const before = holed("todo!()", false);
  fc.assert(
    fc.property(tree, (filling) => {
      const text = filling.trim().replace(/\/\/ \}$/, "");
      expect([text, findEscape(syntax, before, holed(text, true))]).toEqual([text, undefined]);
    }),
    { numRuns: 500, seed: 20_26 },
  );
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
  expect([lexRust('"a'), lexRust("/* /* */"), lexRust('r#"a"'), lexRust("'")]).toEqual(
    Array(4).fill(undefined),
  );
  expect(bracketsClose(lexRust("(]") ?? [])).toBe(false);
  expect(bracketsClose(lexRust("([{}])") ?? [])).toBe(true);
});
