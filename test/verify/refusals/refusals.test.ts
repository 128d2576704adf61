import { beforeAll, describe, expect, it } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../../server/syntax/parse.ts";
import { readDraft } from "../../../server/verify/refusals/refusals.ts";
import { draftOf, skeletonOf } from "../../slow/verify-world.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

function check(
  source: string,
  bodies: Readonly<Record<string, string>>,
  known: readonly string[] = [],
  allowUnsafe = false,
): string {
  const sources = {
    usesMacro: (name: string) => known.includes(name),
    definesMacro: () => false,
    macro: () => undefined,
    mayNeverReturn: () => false,
    onlyPanics: () => false,
    mayLeave: () => false,
  };
  const rules = { known: sources, allowUnsafe };
  const { refused, asked } = readDraft(syntax, skeletonOf("/x.rs", source), draftOf(bodies, 0), rules);
  if (refused !== undefined) return `${refused.hole} ${refused.reason}`;
  return asked.size === 0 ? "passes" : "is left to rustc";
}

const arms =
  "fn area(s: &Shape) -> u8 {\n    match s {«\n        Shape::A(‹binder:_›) => ‹body:todo!()›,\n        Shape::B => ‹body:todo!()›,\n    »}\n}\nfn after() {}\n";
const arm = (body: string) => check(arms, { h1: body });
const method = (head: string, signature: string, body: string, after = "") =>
  check(`${head} {«\n    ${signature} {\n        ‹body:todo!()›\n    }\n»}\n${after}`, { h1: body });

describe("containment", () => {
  it.each([
    "} fn evil() {",
    "1, Shape::C => 2",
    "1 }, _ => { 2",
    "1 // and",
    "1 /* and",
    '"open',
    "'a",
    'r#"open"',
    "{ 1",
    "1; 2",
    "let x = 1; x",
    "1 => 2",
    "(1]",
    "",
    "if a { 1 } else",
    "match x { _ => 1 ",
    "1 } } impl X { fn y() { 1",
  ])("does not let %j out of its hole", (body) => {
    expect(arm(body)).toMatch(/^h1 (leaves-its-hole|does-not-parse)$/);
  });

  it.each([
    "1",
    "{ let x = 1; x }",
    "/* why */ 1",
    "if a { 1 } else { 2 }",
    'r#"a } " b"#.len() as u8',
    "'}' as u8",
    "match s { Shape::A(_) => 1, _ => 2 }",
    "b'{' + b'\\''",
    '"a } \\" {".len() as u8',
    "{ // {\n 1 }",
    "a::<'static, u8>(1)",
  ])("lets %j stand", (body) => {
    expect(arm(body)).toBe("passes");
  });

  it("takes statements where the hole is all of a function's block", () => {
    expect(method("impl T for S", "fn f(&self) -> u8", "let x = 1;\nx")).toBe("passes");
    expect(method("impl T for S", "fn f(&self) -> u8", "1 } fn evil(&self) { 2")).toBe("h1 leaves-its-hole");
  });

  it("takes a type for a type hole and nothing more", () => {
    const source = "impl Iterator for S {«\n    type Item = ‹type:()›;\n»}\n";
    expect(check(source, { h1: "Vec<(u8, [u8; 3])>" })).toBe("passes");
    expect(check(source, { h1: "u8; type Other = u8" })).toBe("h1 leaves-its-hole");
    expect(check(source, { h1: "[u8; { loop {} }]" })).toBe("h1 runs-at-compile-time");
    expect(check(source, { h1: 'S<{ include_bytes!("x").len() }>' })).toBe("h1 runs-at-compile-time");
  });

  it("takes one name for a binder", () => {
    expect(check(arms, { h1: "1", "h1.b1": "radius" })).toBe("passes");
    for (const pattern of ["_) | (_", "x @ 1", "1", "Some(x)", "A | B", "..", "x, y"]) {
      expect([pattern, check(arms, { h1: "1", "h1.b1": pattern })]).toEqual([pattern, "h1 leaves-its-hole"]);
    }
  });
});

describe("bodies that are none", () => {
  it.each([
    "todo!()",
    "unimplemented!()",
    "{ let x = todo!(); x }",
    "vec![todo!()].len() as u8",
    'panic!("no")',
    "unreachable!()",
    "while true {}",
    "std::process::exit(1)",
    "return panic!()",
    "assert!(false)",
    "None.unwrap()",
    "{ let x = panic!(); x }",
  ])("refuses %j", (body) => {
    expect(arm(body)).toBe("h1 not-a-body");
  });

  it.each(["return Err(1)", "{ assert!(x > 1); x }", "x.unwrap()"])("passes the honest %j", (body) => {
    expect(arm(body)).toBe("passes");
  });

  it.each([
    "loop {}",
    "{ loop { let x = 1; } }",
    "if a { panic!() } else { unreachable!() }",
    "match s { _ => panic!() }",
    "if a { panic!() } else { 1 }",
    "match x { 1 => 2, _ => unreachable!() }",
    "loop { if a { break 1; } }",
    "x.exit()",
  ])("leaves it to rustc whether %j gives a value", (body) => {
    expect(arm(body)).toBe("is left to rustc");
  });

  it("passes an arm that panics as an arm beside it does, in the same words", () => {
    const beside = arms.replace("»}", '»    Shape::C => panic!("no area"),\n    }');
    expect(check(beside, { h1: 'panic!("no area of {s:?}")' })).toBe("passes");
    expect(check(beside, { h1: "unreachable!()" })).toBe("h1 not-a-body");
  });
});

describe("what no body may hold", () => {
  it.each([
    ["unsafe { 1 }", "unsafe-code"],
    ["std::mem::transmute(1u8)", "unsafe-code"],
    ["vec![unsafe { 1 }].len()", "unsafe-code"],
    ["{ #[allow(warnings)] let x = 1; x }", "attribute"],
    ["{ fn after() {} 1 }", "shadowing-item"],
    ["{ struct Own; impl Shape { fn f() {} } 1 }", "shadowing-item"],
    ["{ #[cfg(any())] let x = 1; x }", "attribute"],
    ['{ #[cfg(feature = "a")] #[allow(unused)] let x = 1; x }', "attribute"],
    ["{ struct Ok; 1 }", "shadowing-item"],
    ["{ use evil::println; 1 }", "shadowing-item"],
    ["{ use a::*; 1 }", "shadowing-item"],
    ["{ static X: u8 = 1; X }", "shadowing-item"],
    ["{ macro_rules! a { () => {} } 1 }", "shadowing-item"],
    ['include!("/etc/passwd")', "runs-at-compile-time"],
    ['env!("HOME").len()', "runs-at-compile-time"],
    ['format!("{}", option_env!("HOME"))', "runs-at-compile-time"],
    ["const { 1 + 1 }", "runs-at-compile-time"],
    ["strange!(1)", "unknown-macro"],
    ["other::println!(1)", "unknown-macro"],
  ])("refuses %j as %s", (body, reason) => {
    expect(arm(body)).toBe(`h1 ${reason}`);
  });

  it.each([
    'std::format!("{}", a).len()',
    "{ use std::fmt::Write as _; 1 }",
    "{ let p: *const u8 = x; 1 }",
    "{ let f: fn(u8) -> u8 = g; f(1) }",
    "if !(a) { 1 } else { 2 }",
    "x.type_.len()",
    "a != b",
    "{ fn g() {} 1 }",
    "{ const X: u8 = 1; X }",
    "{ struct Own(u8); impl Own { fn get(&self) -> u8 { self.0 } } Own(1).get() }",
    "{ struct Own; impl<'de> Visitor<'de> for Own { type Value = u8; fn visit(self) -> u8 { 1 } } visit(Own) }",
    '{ #[cfg(feature = "std")] { f(); } 1 }',
    "{ #[cfg(not(debug_assertions))] f(); 1 }",
    'env!("CARGO_PKG_VERSION").len()',
    "transmute(1)",
  ])("passes the honest %j", (body) => {
    expect(arm(body)).toBe("passes");
  });

  it("passes a macro that the crate uses", () => {
    expect(check(arms, { h1: "strange!(1)" }, ["strange"])).toBe("passes");
  });

  it("passes unsafe code where the setting says so and the code around is unsafe, and nowhere else", () => {
    const around = arms.replace("fn area", "unsafe fn area");
    const beside = arms.replace("»}", "»    Shape::C => unsafe { two() },\n    }");
    const bodies = { h1: "unsafe { one() }" };
    const under = (source: string, allowUnsafe: boolean) => check(source, bodies, [], allowUnsafe);
    expect([under(around, true), under(beside, true)]).toEqual(["passes", "passes"]);
    expect([under(arms, true), under(around, false), under(beside, false)]).toEqual(
      Array.from({ length: 3 }, () => "h1 unsafe-code"),
    );
  });

  it("refuses an arm that stands behind a wildcard", () => {
    const source =
      "fn f(s: S) -> u8 {\n    match s {\n        _ => 0,«\n        S::A => ‹body:todo!()›,\n    »}\n}\n";
    expect(check(source, { h1: "1" })).toBe("h1 new-wildcard");
  });
});

describe("delegation to itself", () => {
  const display = "fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result";
  const debugByDisplay = `impl fmt::Debug for S { ${display} { fmt::Display::fmt(self, f) } }`;
  it.each([
    ["impl PartialEq for S", "fn eq(&self, other: &Self) -> bool", "self == other"],
    ["impl PartialEq for S", "fn eq(&self, other: &Self) -> bool", "*self == *other"],
    ["impl PartialEq for S", "fn eq(&self, other: &Self) -> bool", "!(self != other)"],
    ["impl fmt::Display for S", display, 'write!(f, "{}", self)'],
    ["impl fmt::Display for S", display, 'write!(f, "<{self}>")'],
    ["impl fmt::Display for S", display, "f.write_str(&self.to_string())"],
    ["impl fmt::Debug for S", display, 'write!(f, "{:?}", self)'],
    ["impl fmt::Debug for S", display, "fmt::Debug::fmt(self, f)"],
    ["impl fmt::Display for S", display, "<Self as fmt::Display>::fmt(self, f)"],
    ["impl From<A> for S", "fn from(x: A) -> Self", "x.into()"],
    ["impl FromStr for S", "fn from_str(s: &str) -> Result<Self, E>", "Ok(s.parse()?)"],
    ["impl FromStr for S", "fn from_str(s: &str) -> Result<Self, E>", "s.parse::<Self>()"],
    ["impl Default for S", "fn default() -> Self", "Default::default()"],
    ["impl Default for S", "fn default() -> Self", "<Self as Default>::default()"],
    ["impl Div for S", "fn div(self, rhs: S) -> S", "self / rhs"],
    ["impl Neg for S", "fn neg(self) -> S", "-self"],
    ["impl AddAssign for S", "fn add_assign(&mut self, rhs: S)", "*self += rhs;"],
    ["impl Index<usize> for S", "fn index(&self, i: usize) -> &u8", "&self[i]"],
    ["impl Deref for S", "fn deref(&self) -> &T", "&**self"],
    ["impl Area for S", "fn area(&self) -> u8", "Area::area(self)"],
    ["impl Clone for S", "fn clone(&self) -> Self", "self.to_owned()"],
  ])("%s { %s } is refused with %j", (head, signature, body) => {
    expect(method(head, signature, body)).toBe("h1 delegates-to-itself");
  });

  it.each([
    ["impl PartialEq for S", "fn eq(&self, other: &Self) -> bool", "self.0 == other.0"],
    ["impl PartialEq for S", "fn eq(&self, other: &Self) -> bool", "**self == **other"],
    ["impl fmt::Display for S", display, 'write!(f, "{}", self.0)'],
    ["impl fmt::Display for S", display, "fmt::Debug::fmt(self, f)"],
    ["impl fmt::Display for S", display, 'write!(f, "{:?}", self)'],
    ["impl fmt::Display for S", display, "self.0.fmt(f)"],
    ["impl From<A> for S", "fn from(x: A) -> Self", "S { a: x.into() }"],
    ["impl FromStr for S", "fn from_str(s: &str) -> Result<Self, E>", "Ok(S(s.parse()?))"],
    ["impl Default for S", "fn default() -> Self", "S { a: Default::default() }"],
    ["impl Div for S", "fn div(self, rhs: S) -> S", "S(self.0 / rhs.0)"],
    ["impl Deref for S", "fn deref(&self) -> &T", "&self.0"],
    ["impl Area for S", "fn area(&self, n: u8) -> u8", "if n == 0 { 0 } else { self.area(n - 1) }"],
    ["impl Area for S", "fn area(&self) -> u8", "self.0.area()"],
    [
      "impl PartialOrd for S",
      "fn partial_cmp(&self, other: &Self) -> Option<Ordering>",
      "Some(self.cmp(other))",
    ],
  ])("%s { %s } may be %j", (head, signature, body) => {
    expect(method(head, signature, body)).toBe("passes");
  });

  it("sees two traits that call each other", () => {
    const ord =
      "impl Ord for S { fn cmp(&self, other: &Self) -> Ordering { self.partial_cmp(other).unwrap() } }";
    const partial = [
      "impl PartialOrd for S",
      "fn partial_cmp(&self, other: &Self) -> Option<Ordering>",
    ] as const;
    expect(method(...partial, "Some(self.cmp(other))", ord)).toBe("h1 delegates-to-itself");
    expect(method("impl fmt::Display for S", display, "fmt::Debug::fmt(self, f)", debugByDisplay)).toBe(
      "h1 delegates-to-itself",
    );
  });

  it("refuses an arm that calls its function with the same arguments, and passes one that goes on", () => {
    expect(arm("area(s)")).toBe("h1 delegates-to-itself");
    expect(arm("area(s.inner())")).toBe("passes");
  });
});

describe("bodies made to be slow to judge", () => {
  const nested = (open: string, close: string, inner = "1") => open.repeat(90) + inner + close.repeat(90);
  const many = (piece: (index: number) => string) =>
    `{ ${Array.from({ length: 2_000 }, (_, index) => piece(index)).join(" ")} 1 }`;
  // Each of them would take hours where a question about a part is asked again for each part around it.
  it.each([
    ["loops in loops", nested("loop {", "break; }", ""), "is left to rustc"],
    ["loops in loops that nothing leaves", nested("loop {", "}", ""), "is left to rustc"],
    ["labelled loops", nested("'a: loop {", "}", "break 'a;"), "is left to rustc"],
    ["conditions in conditions", nested("if a {", "} else { 2 }"), "passes"],
    ["matches in matches", nested("match s { _ => ", "}", "s"), "passes"],
    ["calls in calls", nested("g(", ")", "s"), "passes"],
    ["a chain of calls", `s${".clone()".repeat(190)}`, "passes"],
    ["many names", many((index) => `a${index}();`), "passes"],
    ["many lets", many((index) => `let a${index} = s;`), "passes"],
    ["many formats", many(() => 'write!(s, "{s}{}", s);'), "passes"],
    ["many macros", many((index) => `m${index % 30}!(s(1));`), "passes"],
  ])("%s", (_, body, verdict) => {
    expect(
      check(
        arms,
        { h1: body },
        Array.from({ length: 30 }, (_, index) => `m${index}`),
      ),
    ).toBe(verdict);
  });
});
