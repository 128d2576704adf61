import { expect, it } from "vitest";
import { misreadable } from "../../server/syntax/misreadable.ts";

/** By tokens alone: what the syntax tree would say too is said here without it. */
it.each([
  ["(1]", "its brackets do not close"],
  ["m!( ( )", "its brackets do not close"],
  ['"open', "a literal or comment in it does not end"],
  ["/* /* */", "a literal or comment in it does not end"],
  ["//! of the function\n1", "an inner attribute or doc comment belongs to what is around it"],
  ["/*! of the function */ 1", "an inner attribute or doc comment belongs to what is around it"],
  ["#![allow(warnings)] 1", "an inner attribute or doc comment belongs to what is around it"],
  ["1, _ => 2", "=> stands outside of all brackets"],
  ["{ 1 } _ => { 2 }", "=> stands outside of all brackets"],
  ['m!("a"r"b")', 'editions of Rust read "a"r in different ways'],
  ['m!(x"a")', 'editions of Rust read "a" in different ways'],
  ["m!('a'b'c')", "editions of Rust read 'a'b in different ways"],
  ['m!(cr#"a"#)', 'editions of Rust read cr#"a"# in different ways'],
  ['r#panic!("no")', "it writes panic as r#panic"],
  ["1\u200b", "it holds a character that nobody sees (U+200B)"],
  ['"\u202e"', "it holds a character that nobody sees (U+202E)"],
  ["\0", "it holds a character that nobody sees (U+0000)"],
  ["\ud83e", "it holds a character that nobody sees (U+D83E)"],
  ["1".repeat(50_001), "it is longer than 50000 characters"],
])("%j can be misread: %s", (text, reason) => {
  expect(misreadable(text, "body")).toBe(reason);
});

it("takes several statements for a body and not for what ends at a semicolon itself", () => {
  expect(misreadable("let x = 1; x", "body")).toBeUndefined();
  expect(misreadable("u8; type B = u8", "type")).toBe("; stands outside of all brackets");
  expect(misreadable("[1u8; 2]", "constant")).toBeUndefined();
});

it.each([
  "match x { 1 => 2, _ => 3 }",
  "if a >= b { 1 } else { 2 }",
  "/// of what follows\n1",
  "'a'..='z'",
  '"\u{1f469}\u200d\u{1f4bb} e\u0301"',
  "r#type.r#fn()",
  "x\r\n    .y()",
  'cr"plain".to_bytes()',
  'm!(r#"}"# b\'}\' c"}")',
])("%j cannot", (text) => {
  expect(misreadable(text, "body")).toBeUndefined();
});
