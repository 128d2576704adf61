import { beforeAll, expect, test } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { bodyWithNames, parametersOf } from "./author-parameters.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

test("parameters are read as patterns, self left out", () => {
  const signature =
    "async fn f<'a, T>(&'a mut self, mut a: T, (b, c): (u8, u8), _: &S) -> u8\nwhere\n    T: Copy,";
  expect(parametersOf(syntax, signature)).toEqual(["mut a", "(b, c)", "_"]);
  expect(parametersOf(syntax, "fn f()")).toEqual([]);
});

test.each([
  ["a value and a path of its name", "err.kind() + err::KIND", "value.kind() + err::KIND"],
  ["a field of its name", "self.err = err", "self.err = value"],
  ["a short field", "Self { err }", "Self { err: value }"],
  [
    "inside of a macro's call",
    'write!(f, "{err:?} {{err}}", self.err, err)',
    'write!(f, "{value:?} {{err}}", self.err, value)',
  ],
  ["an inner one of its name", "match err { E::A(err) => err }", "match value { E::A(value) => value }"],
  ["nothing of it", "other(x)", "other(x)"],
])("a body is said in the frame's names: %s", (_what, body, said) => {
  expect(bodyWithNames(syntax, body, { authors: ["err"], frames: ["value"] })).toBe(said);
});

test("what is more than a name is taken apart in front of the body", () => {
  const names = { authors: ["mut a", "_", "(b, c)", "d"], frames: ["value", "key", "pair", "d"] };
  expect(bodyWithNames(syntax, "a + b + d", names)).toBe("let mut a = value;\nlet (b, c) = pair;\na + b + d");
});
