import { existsSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { createWorkspace, splitFiles } from "./workspace.ts";

let finished = "";
afterAll(() => {
  expect(finished).not.toBe("");
  expect(existsSync(finished)).toBe(false);
});

test("files and cursor land where the headers say, and go when the test ends", () => {
  const workspace = createWorkspace(`
    //- /src/lib.rs
    mod a;
    //- /src/a.rs
    fn f() {
        $0
    }
  `);
  finished = workspace.root;
  expect(workspace.read("src/lib.rs")).toBe("mod a;\n");
  expect(workspace.read("src/a.rs")).toBe("fn f() {\n    \n}\n");
  expect(workspace.cursor).toEqual({ file: "src/a.rs", uri: workspace.uriOf("src/a.rs"), offset: 13 });
  expect(workspace.read("Cargo.toml")).toContain("[workspace]");
});

test("a manifest of the string's own stays as it is", () => {
  const workspace = createWorkspace('//- /Cargo.toml\n[package]\nname = "own"\n');
  expect(workspace.read("Cargo.toml")).toBe('[package]\nname = "own"\n');
});

test("several cursors are numbered in their order and `cursor` refuses to choose", () => {
  const workspace = createWorkspace("//- /a.rs\na$0b$0");
  expect(workspace.cursors.map(({ offset }) => offset)).toEqual([1, 2]);
  expect(workspace.read("a.rs")).toBe("ab");
  expect(() => workspace.cursor).toThrow("has 2 cursors");
});

test("text before the first header is a mistake", () => {
  expect(() => splitFiles("fn f() {}\n//- /a.rs\n")).toThrow("starts with a header");
  expect(() => splitFiles("fn f() {}")).toThrow("starts with a header");
});
