import { beforeAll, describe, expect, it } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { stillSameSite } from "../../server/trigger/staleness.ts";
import { snapshotAt } from "../support/cursor.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

function labels(marked: string): readonly string[] {
  const { document, offset } = snapshotAt(marked);
  return findSites(syntax, document, offset).map((site) => site.label);
}

describe("finding sites", () => {
  it("lists them from the inside out", () => {
    const text =
      "impl Show for S {\n  fn f(&self) {\n    match a {\n      X => match b { $0 },\n    }\n  }\n}\n";
    expect(labels(text)).toEqual(["match on `b`", "match on `a`", "impl `Show` for `S`"]);
  });

  it("finds the match that starts on the cursor's line, wherever on it the cursor stands", () => {
    expect(labels("fn f() {\n  $0let x = match a {\n  };\n}\n")).toEqual(["match on `a`"]);
  });

  it("leaves inherent impls alone, and code that only looks like a match", () => {
    expect(labels("impl S {\n  $0\n}\n")).toEqual([]);
    expect(labels('fn f() { let s = "match a { $0 }"; }\n')).toEqual([]);
    expect(labels("// match a {$0}\n")).toEqual([]);
  });

  it("survives empty files, and a cursor at the very end", () => {
    expect(labels("$0")).toEqual([]);
    expect(labels("fn f() { match a {} }$0")).toEqual(["match on `a`"]);
  });

  it("takes a lone word out of the list, but never out of an arm's own block", () => {
    const site = (marked: string) => {
      const { document, offset } = snapshotAt(marked);
      return findSites(syntax, document, offset)[0];
    };
    expect(site("fn f() {\n  match a {\n    X => 1,\n    Y::Z$0\n  }\n}\n")?.unhealed).toBe("    Y::Z");
    const inside = site("fn f() {\n  match a {\n    X => {\n      done$0\n    }\n  }\n}\n");
    expect(inside?.unhealed).toBe("");
    expect(inside?.insertAt).toBeUndefined();
  });

  it("sees the same site whatever indentation or half-typed word stands on its line", () => {
    const text = (line: string) => {
      const { document, offset } = snapshotAt(`fn f() {\n  match a {\n    X => 1,\n${line}$0\n  }\n}\n`);
      return findSites(syntax, document, offset)[0]?.document.text;
    };
    expect(text("    ")).toBe(text(""));
    expect(text("    Y::Z")).toBe(text(""));
    expect(text("\t")).toBe(text(""));
  });

  it("falls through to what is around, from a blank line too", () => {
    const text = "impl Show for S {\n  fn f(&self) {\n    match a {\n      $0\n    }\n  }\n}\n";
    expect(labels(text)).toEqual(["match on `a`", "impl `Show` for `S`"]);
  });

  it("means the match around a closure's block in an arm, and the one inside it first", () => {
    const inArm = "fn f() {\n  match a {\n    X => v.map(|w| {\n      $0\n    }),\n  }\n}\n";
    expect(labels(inArm)).toEqual(["match on `a`"]);
    const { document, offset } = snapshotAt(inArm);
    expect(findSites(syntax, document, offset)[0]?.insertAt).toBeUndefined();
    const nested = "fn f() {\n  match a {\n    X => v.map(|w| match w {\n      $0\n    }),\n  }\n}\n";
    expect(labels(nested)).toEqual(["match on `w`", "match on `a`"]);
  });

  it("offers the blank line as the place for new arms only between arms", () => {
    const insertAt = (marked: string) => {
      const { document, offset } = snapshotAt(marked);
      return findSites(syntax, document, offset)[0]?.insertAt;
    };
    expect(insertAt("fn f() {\n  match a {\n    X => 1,\n$0\n  }\n}\n")).toBe(33);
    expect(insertAt("fn f() {\n  match a {\n    X => {\n$0\n    }\n  }\n}\n")).toBeUndefined();
    expect(insertAt("fn f() {\n  match $0a {\n    X => 1,\n  }\n}\n")).toBeUndefined();
  });
});

describe("a document that changed since it was asked about", () => {
  const asked = snapshotAt("fn f() {\n  match a {\n    $0\n  }\n}\n");
  const same = (current: string) =>
    stillSameSite(findSites(syntax, asked.document, asked.offset)[0]!, asked.document, current);

  it("is the same site while a word is typed where it was asked", () => {
    expect(same(asked.document.text)).toBe(true);
    expect(same("fn f() {\n  match a {\n    Y::Z\n  }\n}\n")).toBe(true);
  });

  it("is another one once anything else is typed", () => {
    expect(same("fn f() {\n  match b {\n    \n  }\n}\n")).toBe(false);
    expect(same("fn f() {\n  match a {\n    X => 1,\n  }\n}\n")).toBe(false);
    expect(same("")).toBe(false);
  });
});
