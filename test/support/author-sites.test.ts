import { beforeAll, expect, test } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { compiledFiles } from "./author-conditions.ts";
import { authorSitesIn, bindersFor, panickingMacros, requiredMembers } from "./author-sites.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

function sitesIn(text: string) {
  const file = { path: "/p/src/lib.rs", name: "src/lib.rs", text };
  return authorSitesIn(syntax, file, {
    required: requiredMembers(syntax, [file]),
    panicking: panickingMacros(syntax, [file]),
    features: ["std"],
  });
}

const match = `fn f(e: &E) -> u8 {
    match *e {
        E::A => 0,
        E::B(ref name, _) => name.len(),
        E::C { ref path, depth: ref d, .. } => g(path, d),
    }
}
`;

test("arms are cut out whole and singly, with binders and their modes", () => {
  const sites = sitesIn(match);
  expect(sites.map(({ kind }) => kind)).toEqual(["arm list", "single arm"]);
  expect(sites[0]!.text).toContain("match *e {\n    }");
  expect(sites[1]!.text).toBe(match.replace(/ *E::C .*\n/, ""));
  const { answers } = sites[0]!;
  expect([...answers.keys()]).toEqual(["A", "B", "C"]);
  expect(bindersFor(answers.get("B")!, ["first", "second"])).toEqual(["ref name", "_"]);
  expect(bindersFor(answers.get("C")!, ["depth", "size", "path"])).toEqual(["ref d", "_", "ref path"]);
});

test("behind a reference in the pattern a name is a copy", () => {
  const [site] = sitesIn("fn f(e: &E) -> u8 {\n    match e {\n        &E::A(n, ref s) => n,\n    }\n}\n");
  expect(bindersFor(site!.answers.get("A")!, ["a", "b"])).toEqual(["&n", "s"]);
});

test.each([
  ["a guard", "E::A if x => 0,\n        E::B => 1,"],
  ["a nested pattern", "E::A(Some(x)) => x,"],
  ["a macro of the crate that panics", 'E::A => 0,\n        E::B => bug!("no"),'],
  ["a wildcard", "E::A => 0,\n        _ => 1,"],
])("what a frame cannot say is left out: %s", (_what, arms) => {
  const bug = "macro_rules! bug {\n    ($what:literal) => { panic!($what) };\n}\n";
  const kinds = sitesIn(`${bug}fn f(e: E) -> u8 {\n    match e {\n        ${arms}\n    }\n}\n`).map(
    ({ kind }) => kind,
  );
  expect(kinds).not.toContain("arm list");
});

test("members that their trait wants, in code that is compiled", () => {
  const trait =
    "trait Area { const N: u8; fn area(&self) -> u8; fn twice(&self) -> u8 { 2 * self.area() } }\n";
  const impl =
    "impl Area for S {\n    const N: u8 = 1;\n    fn area(&self) -> u8 {\n        self.0\n    }\n}\n";
  expect(sitesIn(trait + impl).map(({ kind }) => kind)).toEqual(["impl", "method"]);
  expect(sitesIn(`${trait}#[cfg(test)]\nmod tests {\n${impl}}\n`)).toEqual([]);
  expect(sitesIn(`${trait}#[cfg(feature = "other")]\n${impl}`)).toEqual([]);
  expect(sitesIn(`${trait}#[cfg(told_by_a_build_script)]\n${impl}`)).toEqual([]);
  expect(sitesIn(`${trait}#[cfg(feature = "std")]\n${impl}`)).toHaveLength(2);
  expect(sitesIn(impl)).toEqual([]);
});

test("files are followed from a library by `mod` lines whose conditions are met", () => {
  const file = (name: string, text = "") => ({ path: `/p/${name}`, name, text });
  const files = [
    file("build.rs", '#[path = "macros/rules.rs"]\nmod rules;'),
    file("macros/rules.rs"),
    file(
      "src/lib.rs",
      '#[cfg(feature = "on")]\nmod a;\n#[cfg(feature = "off")]\nmod b;\n#[cfg(odd)]\nmod c;\nmod d { mod e; }',
    ),
    ...["src/a.rs", "src/b/inner.rs", "src/c.rs", "src/d/e.rs", "src/lone.rs", "src/a/inner.rs"].map((name) =>
      file(name),
    ),
    file("src/b/mod.rs", "mod inner;"),
  ];
  expect(compiledFiles(syntax, files, ["on"]).map(({ name }) => name)).toEqual([
    "src/lib.rs",
    "src/a.rs",
    "src/d/e.rs",
  ]);
});
