/** Texts that try to leave the hole they are put in, and the places they are put in. */
import fc from "fast-check";
import type { HoledText, HolePlace } from "../../server/syntax/containment.ts";

/** A source with holes `‹kind:placeholder›`. */
export interface Frame {
  readonly name: string;
  readonly source: string;
}

const head = 'fn before() {}\nconst BEFORE: &str = "\'";\n';
const tail = 'fn after() -> &\'static str { "end" }\nconst AFTER: &str = r#"}"#;\n';
const arms = (first: string, last: string) =>
  `${head}fn f(x: u8) -> u8 {\n    match x {\n        1 => ${first},\n        _ => ${last}\n    }\n}\n${tail}`;
const member = (text: string) =>
  `${head}impl T for S {\n    fn a(&self) {}\n    ${text}\n    fn z(&self) {}\n}\n${tail}`;

export const frames: readonly Frame[] = [
  { name: "an arm", source: arms("‹body:todo!()›", "0,") },
  { name: "the last arm", source: arms("0", "‹body:todo!()›") },
  { name: "two arms", source: arms("‹body:todo!()›", "‹body:todo!()›,") },
  { name: "a method", source: member("fn m(&self) -> u8 {\n        ‹body:todo!()›\n    }") },
  { name: "a constant", source: member("const C: u8 = ‹constant:todo!()›;") },
  { name: "a type", source: member("type A = ‹type:()›;") },
  {
    name: "a binder",
    source: `${head}fn f(x: X) -> u8 {\n    match x {\n        X::A(‹binder:_›) => 1,\n        _ => 0,\n    }\n}\n${tail}`,
  },
];

/** The frame with the texts in its holes, in order; with its placeholders where there are none. */
export function holed({ source }: Frame, texts?: readonly string[]): HoledText {
  const holes: HolePlace[] = [];
  let text = "";
  for (const part of source.split(/(‹[^›]*›)/)) {
    const [, kind, placeholder] = /^‹(\w+):([\s\S]*)›$/.exec(part) ?? [];
    const start = text.length;
    const filling = kind === undefined ? part : (texts?.[holes.length] ?? placeholder ?? "");
    text += filling;
    if (kind === undefined) continue;
    const span = { start, end: start + filling.length };
    holes.push({
      id: `h${holes.length + 1}`,
      kind: kind as HolePlace["kind"],
      span,
      isFilled: texts !== undefined,
    });
  }
  return { text, holes };
}

const signs = "{ } ( ) [ ] , ; => _ | || & ! # :: < > << >> .. ..= = -> @ ? . $ \\ ` ~ ' \" #! #![ #[".split(
  " ",
);
const words =
  "x 1 fn evil if else match let const unsafe loop 'a: break return move r#fn macro_rules! k#x union".split(
    " ",
  );
const numbers = "0. 1.. 1..=2 1.e3 1e 0x 0b2 1_u8 1.0f32 1r 2b 3c".split(" ");
const quotes = [
  ...[
    '"',
    '"a"',
    '"}"',
    '\\"',
    '"\\\\"',
    '"\\\n"',
    'b"',
    'b"{"',
    'c"}"',
    "'",
    "'a'",
    "'}'",
    "'\\''",
    "'''",
    "'ab'",
    "b'",
    "b'}'",
  ],
  ...[
    "'a",
    "'static",
    "'r#a",
    "'_",
    "'1",
    'r"',
    'r#"',
    '"#',
    'r#"}"#',
    'r##"',
    '"##',
    'br#"',
    'cr"\\"',
    'cr"',
    "b'\\u{7d}'",
    "'\\u{7d}'",
  ],
  ...['foo"', "x'", '"a"r"\\"', "'a'r", '#"', "r#'"],
];
const comments = [
  "//",
  "// }",
  "///",
  "//! x\n",
  "/*",
  "*/",
  "/* } */",
  "/* /* } */",
  "/** } */",
  "/*! */",
  "/*/",
  "/**/",
  "\n",
  "\r\n",
  "\r",
];
const strange = [
  "🦀",
  "é",
  "e\u0301",
  "\u200e",
  "\u200b",
  "\u202e",
  "\u2066",
  "\ufeff",
  "\u00a0",
  "\u0085",
  "\u2028",
  "\0",
  "\ud800",
  "К",
  "ﬁ",
  "\u{1d7d9}",
  "\u{10ec2}",
];
const space = [" ", "  ", "\t", "\n"];
const anyPiece = fc.oneof(
  { arbitrary: fc.constantFrom(...signs), weight: 5 },
  { arbitrary: fc.constantFrom(...words), weight: 4 },
  { arbitrary: fc.constantFrom(...quotes), weight: 5 },
  { arbitrary: fc.constantFrom(...comments), weight: 2 },
  { arbitrary: fc.constantFrom(...numbers), weight: 1 },
  { arbitrary: fc.constantFrom(...strange), weight: 1 },
);
const loose = fc
  .tuple(fc.array(anyPiece, { maxLength: 9 }), fc.constantFrom(" ", "", "\n", " /**/ "))
  .map(([parts, between]) => parts.join(between));

const atom = fc.oneof(
  fc.constantFrom(
    ...[
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
      'c"}"',
      "1.",
      "0..=9",
    ],
    ...[
      "r#match",
      "Self::X",
      "&'}'",
      "a!{}",
      "-1",
      "!x",
      "x?",
      "x.0.1",
      "b'\\''",
      '"\\\n  }"',
      "'a: loop { break 'a }",
      "|y| y",
    ],
    ...[
      "Vec::<Vec<u8>>::new()",
      "x as u8",
      "a!['}']",
      'a!("{}}")',
      "'\u{1f980}'",
      "return",
      "x = 1",
      "const { 1 }",
      "async { 1 }",
      "<u8 as T>::X",
    ],
  ),
  fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text.replace(/[^\x20-\x7e]|\\/g, ""))),
);

/** Expressions that are closed whatever brackets and quotes their literals and comments hold. */
export const closedExpression: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    atom,
    fc
      .tuple(tie("tree"), fc.constantFrom("/* } */", "/* /* { */ } */", "// }\n", " "))
      .map((parts) => parts.join("")),
    fc.array(tie("tree"), { maxLength: 3 }).map((parts) => `(${parts.join(", ")})`),
    fc.array(tie("tree"), { maxLength: 3 }).map((parts) => `[${parts.join(", ")}]`),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((parts) => `{ ${parts.join("; ")} }`),
    fc.array(tie("tree"), { maxLength: 3 }).map((parts) => `g::<'static>(${parts.join(", ")})`),
    fc
      .tuple(tie("tree"), tie("tree"))
      .map(([one, other]) => `match (${one}) { Some(_) if a => ${other}, _ => 1 }`),
    fc.array(tie("tree"), { maxLength: 3 }).map((parts) => `m!{${parts.join(" ")}}`),
  ),
})).tree;

/** A closed expression with a few characters put in, taken out or doubled. */
const damaged = fc
  .tuple(closedExpression, fc.array(fc.tuple(fc.nat(), fc.nat(2), anyPiece), { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) =>
    changes.reduce((changed, [place, cut, piece]) => {
      const at = place % (changed.length + 1);
      return changed.slice(0, at) + piece + changed.slice(at + cut);
    }, text),
  );

/** What would end the hole and start something new behind it, built on purpose. */
const built = fc
  .tuple(
    fc.tuple(closedExpression, closedExpression),
    fc.constantFrom(
      ...[
        "A, _ => B",
        "A } fn evil() { B",
        "A; B",
        "A, X::C if B",
        "{ A } _ => B",
        "A } } fn evil() { { B",
        "A /* , */ , _ /* { */ => B",
      ],
      ...[
        "A // B",
        "A; type E = u8",
        "u8; const E: u8 = A",
        "u8 where Self: Sized",
        "if A { B } else",
        "match A { _ => B",
        "A) | X::B(B",
        "_ @ A",
      ],
      ...[
        "#![allow(x)] A",
        "#!/bin/sh\nA",
        "A => B",
        "m!(A) , _ => m!(B)",
        "|a| A => B",
        "{ A } | _ => B",
        "{ A }\n, 2 => { B }",
        "A 'a: B",
      ],
      ...[
        'm!("a"r"\\" A B)',
        'm!(cr"\\" A) B',
        "let y = A; B",
        "A\r\n, 2 => B",
        "<A>::B",
        "A as B, _",
        "*/ A /*",
        '" A "',
        "' A '",
        '"# A r#"',
      ],
    ),
  )
  .map(([[one, other], shape]) => shape.replace(/\bA\b/g, () => one).replace(/\bB\b/g, () => other));

const types = fc.constantFrom(
  ...[
    "u8",
    "&'static str",
    "[u8; { 1 }]",
    "Vec<Vec<u8>>",
    "fn(u8) -> u8",
    "<S as T>::X",
    "dyn Fn(&'_ u8) -> u8 + 'static",
    "()",
    "!",
  ],
  ...[
    "impl Iterator<Item = u8>",
    "for<'a> fn(&'a u8)",
    "*const u8",
    "Box<dyn T>",
    "[u8; 1 << 2]",
    "m!(u8)",
    "A<{ 1 }>",
    "u8>>",
    "u8 = u8",
  ],
);
const names = fc.oneof(
  fc.constantFrom(
    "radius",
    "_",
    "r#type",
    "mut x",
    "ref x",
    "ref mut x",
    "x @ _",
    "_) | (_",
    "A",
    "x, y",
    "x if y",
    "é",
    "..",
    "f: x",
    "1",
    "K\u212a",
  ),
  loose,
);
const emptied = fc.constantFrom("", " ", "\n", "// x", "/* x */", "//\n", "\r\n");
const spaced = fc
  .tuple(fc.constantFrom("", ...space), closedExpression, fc.constantFrom("", ...space))
  .map((p) => p.join(""));

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: loose, weight: 5 },
  { arbitrary: damaged, weight: 6 },
  { arbitrary: built, weight: 3 },
  { arbitrary: spaced, weight: 3 },
  { arbitrary: types, weight: 1 },
  { arbitrary: names, weight: 1 },
  { arbitrary: emptied, weight: 1 },
);

export const hostileFilling: fc.Arbitrary<{ readonly frame: Frame; readonly texts: readonly string[] }> = fc
  .tuple(fc.constantFrom(...frames), fc.tuple(hostileText, hostileText))
  .map(([frame, texts]) => ({ frame, texts }));
