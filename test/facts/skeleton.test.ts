import { beforeAll, describe, expect, it } from "vitest";
import { buildSkeleton } from "../../server/facts/skeleton.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { snapshotAt } from "../support/cursor.ts";
import { insertedEdit } from "../support/inserted-edit.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

/** The document with the skeleton in it, holes as `«id kind»`. `$0` in the text is the cursor. */
function skeletonOf(text: string, inserted: string | undefined): string {
  const { document, offset } = snapshotAt(text);
  const site = findSites(syntax, document, offset)[0];
  if (site === undefined) return "no site";
  const edit = inserted === undefined ? undefined : insertedEdit(syntax, site, inserted);
  const skeleton = buildSkeleton(syntax, site, edit);
  if ("stage" in skeleton) return `${skeleton.reason}: ${skeleton.message}`;
  let marked = skeleton.text;
  for (const hole of [...skeleton.holes].reverse()) {
    marked = `${marked.slice(0, hole.span.start)}«${hole.id} ${hole.kind}»${marked.slice(hole.span.end)}`;
  }
  const whole = site.document.text;
  return whole.slice(0, skeleton.replaced.start) + marked + whole.slice(skeleton.replaced.end);
}

const arms =
  "\n        E::B(_, _) => todo!(),\n        E::C { x, y } => todo!(),\n        E::D => todo!(),\n    ";

describe("a match", () => {
  it("gets the new arms behind the last one, with the comma it lacked", () => {
    const text = `fn f(e: &E) -> u8 {\n    match$0 e {\n        E::A => 1\n    }\n}\n`;
    expect(skeletonOf(text, `,${arms.trimEnd()}`)).toMatchInlineSnapshot(`
      "fn f(e: &E) -> u8 {
          match e {
              E::A => 1,
              E::B(«h1.b1 binder», «h1.b2 binder») => «h1 body»,
              E::C { «h2.b1 binder», «h2.b2 binder» } => «h2 body»,
              E::D => «h3 body»,
          }
      }
      "
    `);
  });

  it("takes nothing that an arm under another path covers already, and what a guard or a literal leaves", () => {
    const all = "\n E::A => todo!(),\n E::B(_) => todo!(),\n E::C { x } => todo!(),\n E::D => todo!(),";
    const text = (arms: string) => `fn f(e: &E) -> u8 {\n    match$0 e {\n        ${arms}\n    }\n}\n`;
    const added = (arms: string) => skeletonOf(text(arms), all).match(/E::\w+/g);
    expect(added("Self::A | &Self::B(_) => 1,")).toEqual(["E::C", "E::D"]);
    expect(added("A => 1, crate::x::F::C { ref x, .. } => 2,")).toEqual(["E::B", "E::D"]);
    expect(added("Self::A if late => 1, Self::B(7) => 2,")).toEqual(["E::A", "E::B", "E::C", "E::D"]);
    expect(added("other => 1,")).toBeNull();
  });

  it("leaves a comment on the last arm's line where it is, and gives each arm a line where all stood on one", () => {
    const added = ", E::D => todo!()";
    expect(
      skeletonOf(`fn f(e: &E) -> u8 {\n    match$0 e {\n        E::A => 1 // one\n    }\n}\n`, added),
    ).toBe(
      `fn f(e: &E) -> u8 {\n    match e {\n        E::A => 1, // one\n        E::D => «h1 body»,\n    }\n}\n`,
    );
    expect(skeletonOf(`fn f(e: &E) -> u8 { match$0 e { E::A => 1 /* é */ /* b */ } }\n`, added)).toBe(
      `fn f(e: &E) -> u8 { match e {\n    E::A => 1, /* é */ /* b */\n    E::D => «h1 body»,\n} }\n`,
    );
  });

  it("gets them on the cursor's blank line", () => {
    const text = `fn f(e: &E) -> u8 {\n    match e {\n        E::A => 1,\n        $0\n    }\n}\n`;
    expect(skeletonOf(text, arms)).toMatchInlineSnapshot(`
      "fn f(e: &E) -> u8 {
          match e {
              E::A => 1,
              E::B(«h1.b1 binder», «h1.b2 binder») => «h1 body»,
              E::C { «h2.b1 binder», «h2.b2 binder» } => «h2 body»,
              E::D => «h3 body»,
          }
      }
      "
    `);
  });

  it("opens up when its list is empty", () => {
    expect(skeletonOf("fn f(e: E) { $0match e {} }", "\n    E::D => todo!(),\n")).toMatchInlineSnapshot(`
      "fn f(e: E) { match e {
          E::D => «h1 body»,
      } }"
    `);
  });

  it("keeps a comment that stands alone in it", () => {
    const text = "fn f(e: E) {\n    $0match e {\n        // nothing yet\n    }\n}\n";
    expect(skeletonOf(text, "\n        E::D => todo!(),\n    ")).toContain(
      "// nothing yet\n        E::D => «h1 body»,\n    }",
    );
  });

  it("is healed of a half-typed path, and of an arm without a body", () => {
    const halfTyped = `fn f(e: &E) -> u8 {\n    match e {\n        E::A => 1,\n        E::$0\n    }\n}\n`;
    expect(skeletonOf(halfTyped, `,${arms.trimEnd()}`)).toContain(
      "E::A => 1,\n        E::B(«h1.b1 binder», «h1.b2 binder») => «h1 body»,",
    );
    const withoutBody = `fn f(e: &E) -> u8 {\n    match e {\n        E::A => 1,\n        E::B(n, _) =>$0\n    }\n}\n`;
    expect(skeletonOf(withoutBody, ",\n        E::D => todo!(),")).toContain(
      "E::B(n, «h1.b1 binder») => «h1 body»,\n        E::D => «h2 body»,\n    }",
    );
  });

  it("has its own open arms as holes, and nothing else when rust-analyzer adds nothing", () => {
    const text = `fn f(e: &E) -> u8 {\n    $0match e {\n        E::A => 1,\n        E::D => todo!(),\n    }\n}\n`;
    expect(skeletonOf(text, undefined)).toContain("E::D => «h1 body»,");
  });

  it("is left alone where a wildcard takes what is missing: new arms would never run", () => {
    const text = "fn f(e: E) -> u8 {\n    $0match e {\n        E::A => 1,\n        _ => 2,\n    }\n}\n";
    expect(skeletonOf(text, ",\n        E::D => todo!(),")).toContain("nothing-missing");
    const guarded = text.replace("_ => 2", "_ if cold() => 2");
    expect(skeletonOf(guarded, ",\n        E::D => todo!(),")).toContain("E::D => «h1 body»,");
  });

  it.each([
    ...[
      "_",
      "rest",
      "ref rest",
      "mut rest",
      "rest @ _",
      "&_",
      "&mut rest",
      "(_, _)",
      "(a, ..)",
      "E::A | _",
    ].map((pattern): [string, boolean] => [pattern, true]),
    ...["_ if cold()", "REST", "rest @ E::A", "&E::A", "(_, E::A)", "E::A | E::C", "E::A(_)", "1.."].map(
      (pattern): [string, boolean] => [pattern, false],
    ),
  ])("%s takes everything: %s", (pattern, takes) => {
    const text = `fn f(e: E) -> u8 {\n    $0match e {\n        ${pattern} => 2,\n    }\n}\n`;
    const result = skeletonOf(text, ",\n        E::D => todo!(),");
    expect(result.startsWith("nothing-missing")).toBe(takes);
    expect(result.includes("E::D => «h1 body»")).toBe(!takes);
  });

  it("keeps tabs and CRLF", () => {
    const text = "fn f(e: &E) -> u8 {\r\n\tmatch e {\r\n\t\tE::A => 1,\r\n\t\t$0\r\n\t}\r\n}\r\n";
    const result = skeletonOf(text, arms);
    expect(result).toContain("\r\n\t\tE::C { «h2.b1 binder», «h2.b2 binder» } => «h2 body»,\r\n\t\tE::D");
    expect(result.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("may rename what rust-analyzer named, and never what stands there", () => {
    const text = "fn f(v: V) {\n    $0match v {\n        V::Map(map) => todo!(),\n    }\n}\n";
    expect(skeletonOf(text, ",\n        V::Array(values) => todo!(),")).toContain(
      "V::Map(map) => «h1 body»,\n        V::Array(«h2.b1 binder») => «h2 body»,",
    );
  });

  it("takes `_` bodies for holes too (assist.expressionFillDefault)", () => {
    expect(skeletonOf("fn f(e: E) {\n    $0match e {\n    }\n}\n", "\n        E::D => _,\n")).toContain(
      "E::D => «h1 body»,",
    );
  });
});

describe("an impl", () => {
  it("gets types and members, types first as rust-analyzer has them", () => {
    const text = "impl Iterator for W {\n    $0\n}\n";
    const inserted =
      "\n    type Item;\n\n    fn next(&mut self) -> Option<Self::Item> {\n        todo!()\n    }\n";
    expect(skeletonOf(text, inserted)).toMatchInlineSnapshot(`
      "impl Iterator for W {
          type Item = «h1 type»;

          fn next(&mut self) -> Option<Self::Item> {
              «h2 body»
          }
      }
      "
    `);
  });

  it("puts a where clause behind the value of a generic associated type", () => {
    const inserted = "\n    type Item<'a>\n    where\n        Self: 'a;\n    const K: usize;\n";
    expect(skeletonOf("impl$0 Lend for W {}\n", inserted)).toMatchInlineSnapshot(`
      "impl Lend for W {
          type Item<'a> = «h1 type»
          where
              Self: 'a;
          const K: usize = «h2 constant»;
      }
      "
    `);
  });

  it("keeps what rust-analyzer wrote itself", () => {
    const { document, offset } = snapshotAt("$0impl Hash for W {}\n");
    const inserted = "\n    fn hash<H: Hasher>(&self, state: &mut H) {\n        self.0.hash(state);\n    }\n";
    const site = findSites(syntax, document, offset)[0]!;
    const skeleton = buildSkeleton(syntax, site, insertedEdit(syntax, site, inserted));
    if ("stage" in skeleton) throw new Error(skeleton.message);
    expect(skeleton.holes).toEqual([]);
    expect(skeleton.written.map((span) => skeleton.text.slice(span.start, span.end))).toEqual([
      "{\n        self.0.hash(state);\n    }",
    ]);
  });

  it("stands behind the members that are there, a blank line between", () => {
    const text = "impl Add for W {\n    type Output = W;\n    // note\n    fn$0\n}\n";
    expect(skeletonOf(text, "\n\n    fn add(self, rhs: Self) -> Self::Output {\n        todo!()\n    }"))
      .toMatchInlineSnapshot(`
      "impl Add for W {
          type Output = W;
          // note
          fn add(self, rhs: Self) -> Self::Output {
              «h1 body»
          }
      }
      "
    `);
  });
});
