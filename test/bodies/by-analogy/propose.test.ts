import { beforeAll, describe, expect, test } from "vitest";
import { assembleDrafts } from "../../../server/bodies/by-analogy/assemble-drafts.ts";
import { proposeByAnalogy } from "../../../server/bodies/by-analogy/propose.ts";
import { loadRustSyntax, type RustSyntax } from "../../../server/syntax/parse.ts";
import { factsFrom } from "../../support/analogy-facts.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

interface Best {
  readonly text: string;
  readonly rule: string;
  readonly isOffered: boolean;
  readonly binders: Record<string, string>;
}

/** The best proposal of each hole, by the hole's name. */
function best(text: string, inserted?: string): Record<string, Best> {
  const facts = factsFrom(syntax, text, inserted);
  const proposals = proposeByAnalogy(facts, syntax);
  return Object.fromEntries(
    facts.skeleton.holes.flatMap((hole) => {
      const [first] = proposals.get(hole.id) ?? [];
      if (first?.author.by !== "analogy") return [];
      const { rule, chance } = first.author;
      const binders = Object.fromEntries(first.binders ?? []);
      return [[hole.name, { text: first.text, rule, isOffered: chance >= 0.4, binders }]];
    }),
  );
}

const colours = "enum Colour { Red, Green, Blue, DarkGrey }\n";

describe("arms", () => {
  test("siblings that name their variant give the same with the new name", () => {
    const { DarkGrey } = best(`${colours}
      fn name(colour: Colour) -> &'static str {
        match colour { Colour::Red => "red", Colour::Green => "green", Colour::Blue => "blue", Colour::DarkGrey => todo!() }
      }`);
    expect(DarkGrey).toMatchObject({
      text: '"dark_grey"',
      rule: "sibling arm, variant name replaced",
      isOffered: true,
    });
  });

  test("a sibling of two words decides how words are joined in a text", () => {
    const { DarkGrey } = best(`enum Colour { Red, LightBlue, DarkGrey }
      fn name(colour: Colour) -> &'static str {
        match colour { Colour::Red => "red", Colour::LightBlue => "light blue", Colour::DarkGrey => todo!() }
      }`);
    expect(DarkGrey?.text).toBe('"dark grey"');
  });

  test("binders are taken by reference where all siblings take theirs so", () => {
    const node = (mode: string) => `enum Node { Text(Leaf), Link(Leaf), Image(Leaf) }
      fn span(node: &Node) -> &Span {
        match *node { Node::Text(${mode}x) => &x.span, Node::Link(${mode}x) => &x.span, Node::Image(_) => todo!() }
      }`;
    expect(best(node("ref ")).Image).toMatchObject({ text: "&x.span", binders: { "h1.b1": "ref x" } });
    expect(best(node("")).Image).toMatchObject({ text: "&x.span", binders: { "h1.b1": "x" } });
  });

  test("constants and functions follow the name in their own spelling", () => {
    const { DarkGrey } = best(`${colours}
      fn draw(colour: Colour) {
        match colour { Colour::Red => draw_red(RED), Colour::Green => draw_green(GREEN), Colour::DarkGrey => todo!() }
      }`);
    expect(DarkGrey?.text).toBe("draw_dark_grey(DARK_GREY)");
  });

  test("siblings that do the same with their payload give it on the new arm's own binder", () => {
    const { Square } = best(
      `enum Shape { Circle(Circle), Line(Line), Tri(Tri), Square(Square) }
      fn size(shape: &Shape) -> f64 {
        match shape { /* here */ Shape::Circle(c) => c.size(), Shape::Line(c) => c.size(), Shape::Tri(c) => c.size() }
      }`,
      "Shape::Square(_) => todo!(),",
    );
    expect(Square).toMatchObject({ text: "c.size()", rule: "sibling arm, own binder", isOffered: true });
    expect(Object.values(Square!.binders)).toEqual(["c"]);
  });

  test("where siblings call their payloads differently, the new one is called after its own type", () => {
    const { Square } = best(
      `enum Shape { Circle(Disc), Line(Line), Square(BigBox), Type(u8) }
      fn size(shape: &Shape) -> f64 {
        match shape { /* here */ Shape::Circle(disc) => disc.size(), Shape::Line(line) => line.size() }
      }`,
      "Shape::Square(_) => todo!(),",
    );
    expect(Square).toMatchObject({ text: "big_box.size()", isOffered: true });
    expect(Object.values(Square!.binders)).toEqual(["big_box"]);
  });

  test("a body for one payload says little about a variant with several", () => {
    const { Pair } = best(
      `enum Shape { Circle(Disc), Line(Line), Tri(Tri), Pair { left: Disc, right: Disc } }
      fn size(shape: &Shape) -> f64 {
        match shape { /* here */ Shape::Circle(s) => s.size(), Shape::Line(s) => s.size(), Shape::Tri(s) => s.size() }
      }`,
      "Shape::Pair { left, right } => todo!(),",
    );
    expect(Pair).toMatchObject({ text: "left.size()", isOffered: false });
  });

  test("in record patterns the fields name the binders, and unused ones are `_`", () => {
    const { Rect } = best(
      `enum Shape { Dot { size: f64 }, Disc { size: f64 }, Ball { size: f64 }, Rect { size: f64, depth: f64 } }
      fn size(shape: &Shape) -> f64 {
        match shape { /* here */
          Shape::Dot { size } => size * 2.0, Shape::Disc { size: s } => s * 2.0, Shape::Ball { size } => size * 2.0 }
      }`,
      "Shape::Rect { size, depth } => todo!(),",
    );
    expect(Rect?.text).toBe("size * 2.0");
    expect(Object.values(Rect!.binders)).toEqual(["size", "depth: _"]);
  });

  test("a binder never shadows something else that the body needs", () => {
    const { New } = best(
      `enum Shape { A { x: f64 }, B { x: f64 }, C { x: f64 }, New { scale: f64 } }
      fn size(shape: &Shape, scale: f64) -> f64 {
        match shape { /* here */ Shape::A { x } => x * scale, Shape::B { x } => x * scale, Shape::C { x } => x * scale }
      }`,
      "Shape::New { scale } => todo!(),",
    );
    expect(New?.text).toBe("x * scale");
    expect(Object.values(New!.binders)).toEqual(["scale: x"]);
  });

  test("names inside format texts are renamed with the binder", () => {
    const { New } = best(
      `enum Shape { A { x: f64 }, B { x: f64 }, C { x: f64 }, New { y: f64 } }
      fn show(shape: &Shape) -> String {
        match shape { /* here */
          Shape::A { x } => format!("{{x}} {x:?}"), Shape::B { x } => format!("{{x}} {x:?}"), Shape::C { x } => format!("{{x}} {x:?}") }
      }`,
      "Shape::New { y } => todo!(),",
    );
    expect(New?.text).toBe('format!("{{x}} {y:?}")');
  });

  test("one sibling's constant is not enough to be offered, five that agree are", () => {
    const arms = (count: number) =>
      Array.from({ length: count }, (_, index) => `E::V${index} => ${index % 2 === 0 ? "false" : " false"},`);
    // A different body between them keeps the arms from counting as alternatives of one.
    const match = (count: number) =>
      `enum E { V0, V1, V2, V3, V4, V5, V6, V7, V8, V9, Z }
       fn f(e: E) -> bool { match e { ${arms(count).join(" E::V9 => other(), ")} E::Z => todo!() } }`;
    expect(best(match(1)).Z).toMatchObject({ text: "false", isOffered: false });
    expect(best(match(9)).Z).toMatchObject({ text: "false", isOffered: true });
  });

  test("numbers that count along go on counting", () => {
    const { D } = best(`enum E { A, B, C, D }
      fn code(e: E) -> u8 { match e { E::A => 10, E::B => 11, E::C => 12, E::D => todo!() } }`);
    expect(D).toMatchObject({ text: "13", rule: "sibling arms, sequence continued" });
  });

  test("another match on the enum gives its body, changed as the siblings differ", () => {
    const renamed = best(
      `enum E { A(T), B(T), D(T), C(T) }
      impl E {
        fn wide(&self) -> u8 { match self { E::A(t) => t.x().wide(), E::B(t) => t.y().wide(), E::D(t) => t.z().wide(), E::C(t) => t.last().wide() } }
        fn tall(&self) -> u8 { match self { /* here */ E::A(t) => t.x().tall(), E::B(t) => t.y().tall(), E::D(t) => t.z().tall() } }
      }`,
      "E::C(_) => todo!(),",
    );
    expect(renamed.C).toMatchObject({
      text: "t.last().tall()",
      rule: "same variant in another match, adapted",
      isOffered: true,
    });
  });

  test("an open sibling is no evidence", () => {
    const proposals = best(`${colours}
      fn f(colour: Colour) -> u8 { match colour { Colour::Red => todo!(), Colour::Green => unimplemented!(), Colour::Blue => todo!() } }`);
    expect(Object.values(proposals).filter((proposal) => proposal.isOffered)).toEqual([]);
  });
});

describe("members", () => {
  test.each([
    ["kind", "u8", "self.kind", "kind: u8", true],
    ["r#type", "u8", "self.r#type", "r#type: u8", true],
    ["kind", "&Kind", "&self.kind", "kind: Kind", true],
    ["kind", "u8", "self.kind", "kind: u16", false],
    ["kind", "u8", "self.other", "kind: u8, other: u8", false],
    ["kind", "&Kind", "self.kind", "kind: Kind", false],
  ])("a getter %s() -> %s, elsewhere %s, for the field %s: %s", (name, type, body, field, isOffered) => {
    const found = best(
      `struct A { kind: u8 }
      struct B { ${field} }
      impl Tagged for A { fn ${name}(&self) -> ${type} { ${body} } }
      impl Tagged for B { /* here */ }`,
      `\n    fn ${name}(&self) -> ${type} {\n        todo!()\n    }\n`,
    );
    expect(found[name]?.text === `{ ${body} }` && found[name]?.isOffered).toBe(isOffered);
  });

  test("impls that agree give their body, with parameters by position", () => {
    const { area } = best(`
      struct A { w: f64 } struct B { w: f64 } struct C { w: f64 } struct D { w: f64 }
      impl Area for A { fn area(&self, scale: f64) -> f64 { self.w * scale } }
      impl Area for B { fn area(&self, scale: f64) -> f64 { self.w * scale } }
      impl Area for C { fn area(&self, s: f64) -> f64 { self.w * s } }
      impl Area for D { fn area(&self, factor: f64) -> f64 { todo!() } }`);
    expect(area).toMatchObject({
      text: "{ self.w * factor }",
      rule: "other impl of the trait",
      isOffered: true,
    });
  });

  test("a body that needs a field which the type has not is left out", () => {
    const { area } = best(`
      struct A { w: f64 } struct D { h: f64, k: f64 }
      impl Area for A { fn area(&self) -> f64 { self.w } }
      impl Area for D { fn area(&self) -> f64 { todo!() } }`);
    expect(area?.text).not.toBe("{ self.w }");
  });

  test("a body that would call itself is left out", () => {
    const found = best(`
      struct A(f64);
      impl Div for B { fn div(self, other: Self) -> Self { self / other } }
      impl Div for A { fn div(self, other: Self) -> Self { todo!() } }`);
    expect(found.div).toMatchObject({ text: "Self(self.0 / other.0)", rule: "usual body of Div" });
  });

  test.each([
    [
      "enum E { Io(io::Error), Text(String) } impl From<io::Error> for E { fn from(error: io::Error) -> Self { todo!() } }",
      "from",
      "Self::Io(error)",
    ],
    [
      "enum E { Io(Box<Cause>) } impl From<Cause> for E { fn from(cause: Cause) -> Self { todo!() } }",
      "from",
      "Self::Io(Box::new(cause))",
    ],
    [
      "struct Id(u64); impl From<u64> for Id { fn from(value: u64) -> Self { todo!() } }",
      "from",
      "Self(value)",
    ],
    [
      "struct Own { x: u8 } impl Own { fn new() -> Self { Own { x: 1 } } } impl Default for Own { fn default() -> Self { todo!() } }",
      "default",
      "Self::new()",
    ],
    [
      "#[derive(Ord)] struct A(u8); impl PartialOrd for A { fn partial_cmp(&self, other: &Self) -> Option<Ordering> { todo!() } }",
      "partial_cmp",
      "Some(self.cmp(other))",
    ],
    [
      "struct A(u8); impl Deref for A { type Target = u8; fn deref(&self) -> &u8 { todo!() } }",
      "deref",
      "&self.0",
    ],
    [
      "struct Own { n: Vec<u8>, k: u8 } impl Deref for Own { type Target = [u8]; fn deref(&self) -> &[u8] { &self.n } } impl DerefMut for Own { fn deref_mut(&mut self) -> &mut [u8] { todo!() } }",
      "deref_mut",
      "{ &mut self.n }",
    ],
    [
      "struct P { x: i8, y: i8 } impl Add for P { type Output = Self; fn add(self, rhs: Self) -> Self { todo!() } }",
      "add",
      "Self { x: self.x + rhs.x, y: self.y + rhs.y }",
    ],
    ["struct N(String); impl AsRef<str> for N { fn as_ref(&self) -> &str { todo!() } }", "as_ref", "&self.0"],
  ])("a standard trait has its usual body: %s", (text, name, body) => {
    // The site is told from other code by its line.
    const lines = text.replaceAll(" impl ", "\nimpl ");
    expect(best(lines)[name]).toMatchObject({ text: body, isOffered: true });
  });

  test("a sibling method with its name replaced comes with the right place", () => {
    const facts = factsFrom(
      syntax,
      `struct A { inner: B }\n\nimpl Size for A {\n    fn width(&self) -> u8 { self.inner.width() }\n    fn height(&self) -> u8 { todo!() }\n}`,
    );
    const [first] = proposeByAnalogy(facts, syntax).get("h1")!;
    expect(first?.text).toBe("{ self.inner.height() }");
    expect(first?.author).toMatchObject({ place: "/crate/src/lib.rs:3" });
  });
});

describe("drafts", () => {
  const halves = `struct A; struct B; struct C; struct D;
    impl Show for A { fn mark(&self) -> char { star(1) } }
    impl Show for B { fn mark(&self) -> char { star(1) } }
    impl Show for C { fn mark(&self) -> char { star(1) } }
    impl Show for D { fn mark(&self) -> char { todo!() } fn odd(&self) -> char { todo!() } }`;
  const renamable = `enum E { A, B, C, LongName }
    fn name(e: E) -> &'static str { match e { E::A => "a", E::B => "b", E::LongName => todo!() } }`;

  test("a hole without evidence stays open beside one that is filled", () => {
    const proposals = proposeByAnalogy(factsFrom(syntax, halves), syntax);
    const [draft] = assembleDrafts(proposals, { limit: 8, threshold: 0.4 });
    expect([...draft!.fillings].map(([hole, { text }]) => [hole, text])).toEqual([["h1", "{ star(1) }"]]);
    expect(assembleDrafts(proposals, { limit: 8, threshold: 1 })).toEqual([]);
  });

  test("all drafts differ, are ranked from 0, and keep to the limit", () => {
    const proposals = proposeByAnalogy(factsFrom(syntax, renamable), syntax);
    const drafts = assembleDrafts(proposals, { limit: 2, threshold: 0 });
    expect(drafts.map((draft) => draft.rank)).toEqual([0, 1]);
    const texts = drafts.map((draft) =>
      JSON.stringify([...draft.fillings].map(([hole, { text }]) => [hole, text])),
    );
    expect(new Set(texts).size).toBe(2);
    expect(assembleDrafts(proposals, { limit: 1, threshold: 0 })).toHaveLength(1);
  });

  test("an associated type is chosen with the body that was written for it", () => {
    const facts = factsFrom(
      syntax,
      `struct A; struct B; struct C; struct D;
      impl Load for A { type Out = u8; fn load(&self) -> Self::Out { read_u8() } }
      impl Load for B { type Out = u8; fn load(&self) -> Self::Out { read_u8() } }
      impl Load for C { type Out = u8; fn load(&self) -> Self::Out { read_u8() } }
      impl Load for D { /* here */ }`,
      "type Out;\n\nfn load(&self) -> Self::Out {\n    todo!()\n}",
    );
    const [draft] = assembleDrafts(proposeByAnalogy(facts, syntax), { limit: 4, threshold: 0.4 });
    expect([...draft!.fillings.values()].map(({ text }) => text)).toEqual(["u8", "{ read_u8() }"]);
  });
});
