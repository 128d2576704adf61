import { beforeAll, expect, it } from "vitest";
import { declaredMembers, membersWanted } from "../../server/syntax/declared-members.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

const trait = `pub trait Store<'a, K, V = u8>: Sized {
    type Error: Send + 'static;
    const SIZE: usize;
    async fn get(&'a self, key: &K) -> Result<V, Self::Error>;
    fn len(&self) -> usize {
        0
    }
}`;

it("members are written as the trait declares them, with the impl's types for its parameters", () => {
  expect(declaredMembers(syntax, trait, "Store<'b, Vec<u8>>", ["Error", "SIZE", "get", "len"])).toEqual([
    "type Error;",
    "const SIZE: usize;",
    "async fn get(&'b self, key: &Vec<u8>) -> Result<u8, Self::Error> {\n    todo!()\n}",
    "fn len(&self) -> usize {\n    todo!()\n}",
  ]);
});

it("nothing is made up for a member that the trait does not declare or a parameter that nobody names", () => {
  expect(declaredMembers(syntax, trait, "Store<'b, String>", ["other"])).toBeUndefined();
  expect(declaredMembers(syntax, trait, "Store", ["get"])).toBeUndefined();
});

it("what the trait gives itself is not wanted", () => {
  expect(membersWanted(syntax, trait)).toEqual(["Error", "SIZE", "get"]);
});
