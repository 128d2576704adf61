/** Bodies that only call themselves, by whatever way round; and honest delegation that looks like it. */
import { describe } from "vitest";
import { type BodyTrap, springBodyTraps } from "./body-traps.ts";

const head = `#![allow(warnings, clippy::all)]
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::convert::TryFrom;
use std::fmt;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::ops::*;
use std::str::FromStr;
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inner(pub u8);
impl fmt::Display for Inner { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "inner") } }
`;
const struct = "pub struct S { pub a: Inner, pub left: Option<Box<S>> }\n";
/** An impl with one method open; `rest` stands beside it. */
const impl = (header: string, signature: string, rest = "", members = "") =>
  `${head}${rest.includes("pub struct S") ? "" : struct}${rest}\nimpl ${header} {\n    ${members}«${signature} {\n        ‹body:todo!()›\n    }\n»}\n`;
const again = "refused h1 delegates-to-itself";
const recursion = "rejected h1 unconditional_recursion";
const traps = (
  place: string,
  refused: readonly string[],
  honest: readonly string[],
  byLint: readonly string[] = [],
) => [
  ...refused.map((body): BodyTrap => ({ body, verdict: again, place })),
  ...byLint.map((body): BodyTrap => ({ body, verdict: recursion, place })),
  ...honest.map((body): BodyTrap => ({ body, verdict: "accepted", place })),
];

const eq = impl("PartialEq for S", "fn eq(&self, other: &Self) -> bool");
const partial =
  "impl PartialOrd for S { fn partial_cmp(&self, o: &S) -> Option<Ordering> { Some(self.cmp(o)) } }\n";
const order = "impl Eq for S {}\nimpl PartialEq for S { fn eq(&self, o: &S) -> bool { self.a == o.a } }\n";
const cmp = impl("Ord for S", "fn cmp(&self, other: &Self) -> Ordering", order + partial);
const partialCmp = impl(
  "PartialOrd for S",
  "fn partial_cmp(&self, other: &Self) -> Option<Ordering>",
  `${order}impl Ord for S { fn cmp(&self, o: &S) -> Ordering { self.a.cmp(&o.a) } }\n`,
);
const eqByCmp = impl(
  "PartialEq for S",
  "fn eq(&self, other: &Self) -> bool",
  "impl Eq for S {}\nimpl PartialOrd for S { fn partial_cmp(&self, o: &S) -> Option<Ordering> { Some(self.cmp(o)) } }\nimpl Ord for S { fn cmp(&self, o: &S) -> Ordering { if self == o { Ordering::Equal } else { self.a.cmp(&o.a) } } }\n",
);

describe("comparisons", () =>
  springBodyTraps(eq, [
    ...traps(
      eq,
      [
        "!self.ne(other)",
        "!(self != other)",
        "other == self",
        "(*self) == (*other)",
        "*self == *other",
        "&self == &other",
        "{ let a = self; let b = other; a == b }",
        "{ let a = &*self; a == other }",
        "(self,) == (other,)",
        "[self] == [other]",
        "Some(self) == Some(other)",
        "!PartialEq::ne(self, other)",
        "<Self as PartialEq>::eq(self, other)",
        "PartialEq::eq(&self, &other)",
        "if self.a == other.a { self == other } else { self == other }",
        '{ println!("compared"); self == other }',
        "{ assert_eq!(self.a, other.a); self == other }",
        "return self == other",
        "!{ self != other }",
      ],
      [
        "self.a == other.a",
        "self.a.eq(&other.a)",
        "std::ptr::eq(self, other)",
        "{ let S { a, left } = self; *a == other.a }",
        "self.a == other.a && match (&self.left, &other.left) { (Some(a), Some(b)) => a == b, (None, None) => true, _ => false }",
        "{ let other = &other.a; self.a == *other }",
        "std::ptr::eq(self, other) || self.a == other.a",
      ],
      ["self.eq(other)", "S::eq(self, other)", "other.eq(self)"],
    ),
    ...traps(
      cmp,
      [
        "self.partial_cmp(other).unwrap()",
        "if self < other { Ordering::Less } else { Ordering::Greater }",
        "PartialOrd::partial_cmp(self, other).unwrap_or(Ordering::Equal)",
        "if self.lt(other) { Ordering::Less } else { Ordering::Equal }",
        "{ let o = self.partial_cmp(other); o.unwrap() }",
      ],
      [
        "self.a.cmp(&other.a)",
        "self.a.partial_cmp(&other.a).unwrap()",
        "if self == other { Ordering::Equal } else { self.a.cmp(&other.a) }",
        "self.a.cmp(&other.a).then_with(|| self.left.is_some().cmp(&other.left.is_some()))",
      ],
      ["self.cmp(other)", "other.cmp(self).reverse()"],
    ),
    ...traps(
      partialCmp,
      [
        "if self < other { Some(Ordering::Less) } else { None }",
        "if self.ge(other) { Some(Ordering::Equal) } else { None }",
      ],
      ["Some(self.cmp(other))", "self.a.partial_cmp(&other.a)"],
    ),
    ...traps(
      eqByCmp,
      ["self.cmp(other) == Ordering::Equal", "self.cmp(other).is_eq()"],
      ["self.a.cmp(&other.a).is_eq()"],
    ),
    {
      title: "eq by ne and ne by eq, both of one draft",
      body: "!self.ne(other)",
      verdict: again,
      place: impl(
        "PartialEq for S",
        "fn eq(&self, other: &Self) -> bool",
        "",
        "fn ne(&self, other: &Self) -> bool { !self.eq(other) }\n    ",
      ),
    },
    {
      title: "eq by a ne that is written out",
      body: "!self.ne(other)",
      verdict: "accepted",
      place: impl(
        "PartialEq for S",
        "fn eq(&self, other: &Self) -> bool",
        "",
        "fn ne(&self, other: &Self) -> bool { self.a != other.a }\n    ",
      ),
    },
    {
      title: "a comparison with another type, which that type has",
      body: "other == self",
      verdict: "accepted",
      place: impl(
        "PartialEq<Inner> for S",
        "fn eq(&self, other: &Inner) -> bool",
        "impl PartialEq<S> for Inner { fn eq(&self, o: &S) -> bool { self == &o.a } }\n",
      ),
    },
    {
      title: "a comparison with what a reference points to",
      body: "self == *other",
      verdict: "accepted",
      place: impl(
        "PartialEq<&Inner> for S",
        "fn eq(&self, other: &&Inner) -> bool",
        "impl PartialEq<Inner> for S { fn eq(&self, o: &Inner) -> bool { &self.a == o } }\n",
      ),
    },
  ]));

const formatted = "fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result";
const display = impl("fmt::Display for S", formatted, "#[derive(Debug)]\n" + struct);
const debug = impl(
  "fmt::Debug for S",
  formatted,
  'impl fmt::Display for S { fn fmt(&self, f: &mut fmt::Formatter<\'_>) -> fmt::Result { write!(f, "s") } }\n',
);
const byDebug = impl(
  "fmt::Display for S",
  formatted,
  'impl fmt::Debug for S { fn fmt(&self, f: &mut fmt::Formatter<\'_>) -> fmt::Result { write!(f, "<{}>", self) } }\n',
);
const rendered = impl(
  "fmt::Display for S",
  formatted,
  "#[derive(Debug)]\n" +
    struct +
    'pub fn render(s: &S) -> String { s.to_string() }\npub fn name(s: &S) -> String { format!("{}", s.a) }\nimpl S { fn text(&self) -> String { self.to_string() } fn plain(&self) -> String { self.a.to_string() } }\n',
);

describe("formatting", () =>
  springBodyTraps(display, [
    ...traps(
      display,
      [
        'write!(f, "{0}", self)',
        'write!(f, "{x}", x = self)',
        'write!(f, "{:>10}", self)',
        'write!(f, "{} {}", self.a, self)',
        'write!(f, "{}", &self)',
        'write!(f, "{}", *self)',
        'f.write_fmt(format_args!("{}", self))',
        'f.pad(&format!("{self}"))',
        "f.write_str(&self.to_string())",
        "f.write_str(&ToString::to_string(self))",
        "fmt::Display::fmt(&self, f)",
        '{ let s = self; write!(f, "{s}") }',
        'write!(f, "({})", self.to_string())',
      ],
      [
        'write!(f, "{}", self.a)',
        'write!(f, "{} {:?}", self.a, self)',
        'write!(f, "{:?}", self)',
        "fmt::Debug::fmt(self, f)",
        "fmt::Display::fmt(&self.a, f)",
        "self.a.fmt(f)",
        'write!(f, "{{self}}")',
        'match &self.left { Some(left) => write!(f, "{left} {}", self.a), None => write!(f, "{}", self.a) }',
        'write!(f, "{0} {0}", self.a)',
      ],
    ),
    ...traps(
      debug,
      [
        'write!(f, "{:#?}", self)',
        'f.debug_tuple("S").field(self).finish()',
        'f.debug_struct("S").field("s", &self).finish()',
        "f.debug_list().entry(self).finish()",
        "{ dbg!(self); Ok(()) }",
      ],
      ['write!(f, "{}", self)', 'f.debug_tuple("S").field(&self.a).finish()', "fmt::Display::fmt(self, f)"],
    ),
    ...traps(
      byDebug,
      ["fmt::Debug::fmt(self, f)", 'write!(f, "{:?}", self)', 'write!(f, "{self:?}")'],
      ['write!(f, "{:?}", self.a)'],
    ),
    ...traps(
      rendered,
      ["f.write_str(&render(self))", "f.write_str(&self.text())", "f.pad(&S::text(self))"],
      ["f.write_str(&name(self))", "f.write_str(&self.plain())"],
    ),
    {
      title: "what a wrapper points to",
      body: 'write!(f, "{}", **self)',
      verdict: "accepted",
      place: impl(
        "fmt::Display for S",
        formatted,
        "impl Deref for S { type Target = Inner; fn deref(&self) -> &Inner { &self.a } }\n",
      ),
    },
  ]));

const from = impl(
  "From<u8> for S",
  "fn from(n: u8) -> Self",
  "impl From<(u8, u8)> for S { fn from(n: (u8, u8)) -> S { n.0.into() } }\n",
);
const fromRef = impl(
  "From<&Inner> for S",
  "fn from(n: &Inner) -> Self",
  "impl From<Inner> for S { fn from(a: Inner) -> S { S { a, left: None } } }\n",
);
const tryFrom = impl(
  "TryFrom<u16> for S",
  "fn try_from(n: u16) -> Result<Self, String>",
  "impl From<u8> for S { fn from(n: u8) -> S { S { a: Inner(n), left: None } } }\n",
  "type Error = String;\n    ",
);
const parse = impl(
  "FromStr for S",
  "fn from_str(s: &str) -> Result<Self, ()>",
  "impl S { fn parse(s: &str) -> Result<S, ()> { Err(()) } }\n",
  "type Err = ();\n    ",
);
const fromIter = impl("FromIterator<u8> for S", "fn from_iter<I: IntoIterator<Item = u8>>(iter: I) -> Self");
const byDefault = impl(
  "Default for S",
  "fn default() -> Self",
  "impl S { fn new() -> S { S { a: Inner(0), left: None } } }\n",
);
const clone = impl("Clone for S", "fn clone(&self) -> Self");

describe("conversions", () =>
  springBodyTraps(from, [
    ...traps(
      from,
      [
        "Into::into(n)",
        "{ let s = n.into(); s }",
        '{ println!("{n}"); n.into() }',
        "From::from(n)",
        "<Self as From<u8>>::from(n)",
        "n.try_into().unwrap()",
        "{ let m = n; m.into() }",
      ],
      [
        "S { a: Inner(n.into()), left: None }",
        "(n, n).into()",
        "S::from((n, 1))",
        "{ let n = (n, n); n.into() }",
      ],
      ["Self::from(n)", "S::from(n)"],
    ),
    ...traps(fromRef, ["n.into()"], ["(*n).into()", "n.clone().into()", "S::from(*n)"]),
    ...traps(
      tryFrom,
      ["n.try_into()", "TryInto::try_into(n)", "Ok(n.try_into()?)", "n.try_into().map_err(|e: String| e)"],
      [
        "u8::try_from(n).map(S::from).map_err(|e| e.to_string())",
        "n.try_into().map(|n: u8| n.into()).map_err(|e: std::num::TryFromIntError| e.to_string())",
      ],
      ["Self::try_from(n)"],
    ),
    ...traps(
      parse,
      [
        "s.trim().parse()",
        "str::parse(s)",
        "s.parse().map_err(|_| ())",
        "{ let t = s; t.parse() }",
        "s.to_string().parse()",
        "FromStr::from_str(s)",
      ],
      [
        "s.parse().map(|n| S { a: Inner(n), left: None }).map_err(|_| ())",
        "Self::parse(s)",
        "match s.split_once(':') { Some((_, rest)) => rest.parse(), None => Err(()) }",
        "Ok(S { a: Inner(s.parse().map_err(|_| ())?), left: None })",
      ],
      ["Self::from_str(s)"],
    ),
    ...traps(
      fromIter,
      [
        "iter.into_iter().collect()",
        "{ let all = iter.into_iter().collect(); all }",
        "FromIterator::from_iter(iter)",
      ],
      ["S { a: Inner(iter.into_iter().collect::<Vec<u8>>().len() as u8), left: None }"],
    ),
    ...traps(
      byDefault,
      [
        "Default::default()",
        "<S as Default>::default()",
        "None.unwrap_or_default()",
        "Option::<S>::None.unwrap_or_default()",
      ],
      [
        "S { a: Inner(Default::default()), left: Default::default() }",
        "Self::new()",
        "S { left: None, ..Self::new() }",
      ],
      ["Self::default()", "S { left: None, ..Default::default() }", "S { a: Inner(1), ..S::default() }"],
    ),
    ...traps(
      clone,
      [
        "self.to_owned()",
        "Clone::clone(self)",
        "<S as Clone>::clone(self)",
        "ToOwned::to_owned(self)",
        "Some(self).cloned().unwrap()",
        "Some(self).map(Clone::clone).unwrap()",
        "Some(self).map(S::clone).unwrap()",
      ],
      [
        "S { a: self.a.clone(), left: self.left.as_ref().map(|left| Box::new((**left).clone())) }",
        "S { a: self.a, left: self.left.clone() }",
      ],
      ["self.clone()", "(*self).clone()", "Self::clone(self)", "S { left: None, ..self.clone() }"],
    ),
  ]));

const copy = "#[derive(Clone, Copy)]\npub struct S { pub a: u8 }\n";
const add = impl(
  "Add for S",
  "fn add(self, rhs: S) -> S",
  `${copy}impl AddAssign for S { fn add_assign(&mut self, rhs: S) { *self = *self + rhs; } }\nimpl SubAssign for S { fn sub_assign(&mut self, rhs: S) { self.a -= rhs.a; } }\n`,
  "type Output = S;\n    ",
);
const sub = impl(
  "Sub for S",
  "fn sub(mut self, rhs: S) -> S",
  `${copy}impl SubAssign for S { fn sub_assign(&mut self, rhs: S) { self.a -= rhs.a; } }\n`,
  "type Output = S;\n    ",
);
const addAssign = impl(
  "AddAssign for S",
  "fn add_assign(&mut self, rhs: S)",
  `${copy}impl Add for S { type Output = S; fn add(mut self, rhs: S) -> S { self += rhs; self } }\n`,
);
const addRef = impl(
  "Add<&S> for &S",
  "fn add(self, rhs: &S) -> S",
  `${copy}impl Add for S { type Output = S; fn add(self, rhs: S) -> S { S { a: self.a + rhs.a } } }\n`,
  "type Output = S;\n    ",
);
const neg = impl("Neg for S", "fn neg(self) -> S", copy, "type Output = S;\n    ");
const index = impl(
  "Index<usize> for S",
  "fn index(&self, i: usize) -> &u8",
  "pub struct S { v: Vec<u8> }\n",
  "type Output = u8;\n    ",
);
const deref = impl("Deref for S", "fn deref(&self) -> &Inner", "", "type Target = Inner;\n    ");

describe("operators", () =>
  springBodyTraps(add, [
    ...traps(
      add,
      ["self + rhs", "{ let mut s = self; s += rhs; s }", "Add::add(rhs, self)"],
      ["S { a: self.a + rhs.a }"],
      [],
    ),
    ...traps(sub, ["self - rhs"], ["{ self -= rhs; self }", "S { a: self.a - rhs.a }"]),
    ...traps(addAssign, ["*self += rhs;", "*self = *self + rhs;"], ["self.a += rhs.a;"]),
    ...traps(addRef, ["self + rhs"], ["*self + *rhs", "S { a: self.a + rhs.a }"]),
    ...traps(neg, ["-self", "-(self)"], ["S { a: !self.a }"]),
    ...traps(index, ["&self[i]", "&(*self)[i]"], ["&self.v[i]", "self.v.index(i)"]),
    ...traps(deref, ["&**self"], ["&self.a"]),
  ]));

const iterator = impl(
  "Iterator for S",
  "fn next(&mut self) -> Option<u8>",
  "pub struct S { inner: std::vec::IntoIter<u8>, peeked: Option<u8> }\nimpl S { fn step(&mut self) -> Option<u8> { self.inner.next() } fn ahead(&mut self) -> Option<u8> { self.next() } }\n",
  "type Item = u8;\n    ",
);
const sizeHint = impl(
  "Iterator for S",
  "fn size_hint(&self) -> (usize, Option<usize>)",
  "pub struct S { v: Vec<u8> }\nimpl ExactSizeIterator for S {}\n",
  "type Item = u8;\n    fn next(&mut self) -> Option<u8> { self.v.pop() }\n    ",
);
const read = impl(
  "Read for S",
  "fn read(&mut self, buf: &mut [u8]) -> io::Result<usize>",
  "pub struct S { inner: io::Empty }\n",
);
const write = impl(
  "Write for S",
  "fn write(&mut self, buf: &[u8]) -> io::Result<usize>",
  "pub struct S { inner: Vec<u8> }\n",
  "fn flush(&mut self) -> io::Result<()> { Ok(()) }\n    ",
);
const writeStr = impl(
  "fmt::Write for S",
  "fn write_str(&mut self, s: &str) -> fmt::Result",
  "pub struct S { inner: String }\n",
);
const hash = impl("Hash for S", "fn hash<H: Hasher>(&self, state: &mut H)");
const source = impl(
  "std::error::Error for S",
  "fn source(&self) -> Option<&(dyn std::error::Error + 'static)>",
  "#[derive(Debug)]\n" +
    struct +
    "impl fmt::Display for S { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) } }\n",
);
const intoIter = impl(
  "IntoIterator for &S",
  "fn into_iter(self) -> std::vec::IntoIter<u8>",
  "pub struct S { v: Vec<u8> }\nimpl S { pub fn iter(&self) -> std::vec::IntoIter<u8> { self.into_iter() } pub fn all(&self) -> std::vec::IntoIter<u8> { self.v.clone().into_iter() } }\n",
  "type Item = u8;\n    type IntoIter = std::vec::IntoIter<u8>;\n    ",
);

describe("methods that std writes by means of the one that is open", () =>
  springBodyTraps(iterator, [
    ...traps(
      iterator,
      [
        "self.by_ref().next()",
        "self.nth(0)",
        "self.find(|_| true)",
        "self.by_ref().filter(|n| *n > 1).next()",
        "self.ahead()",
        "Iterator::next(self)",
        "self.by_ref().last()",
      ],
      [
        "self.inner.next()",
        "self.step()",
        "self.inner.by_ref().filter(|n| *n > 1).next()",
        "match self.inner.next() { Some(0) => self.next(), other => other }",
        "{ let n = self.inner.next()?; if n == 0 { self.next() } else { Some(n) } }",
        "self.peeked.take().or_else(|| self.inner.next())",
      ],
      ["self.next()"],
    ),
    ...traps(
      sizeHint,
      ["(self.len(), Some(self.len()))", "{ let n = self.len(); (n, Some(n)) }"],
      ["(self.v.len(), Some(self.v.len()))"],
    ),
    ...traps(
      read,
      ["{ self.read_exact(buf)?; Ok(buf.len()) }", "Read::read(self, buf)"],
      ["self.inner.read(buf)"],
      ["self.read(buf)", "self.by_ref().read(buf)"],
    ),
    ...traps(
      write,
      ["{ self.write_all(buf)?; Ok(buf.len()) }", '{ write!(self, "{buf:?}")?; Ok(1) }'],
      ["self.inner.write(buf)", "{ self.inner.extend(buf); Ok(buf.len()) }"],
    ),
    ...traps(
      writeStr,
      [
        'write!(self, "{s}")',
        '{ for c in s.chars() { self.inner.push(c); } self.write_fmt(format_args!("{s}")) }',
      ],
      ["self.inner.write_str(s)"],
    ),
    ...traps(
      hash,
      [
        "Hash::hash(self, state)",
        "(&self).hash(state);".replace("(&self).hash(state);", "Hash::hash(&self, state)"),
        "{ let s = self; Hash::hash(&s, state) }",
      ],
      ["self.a.hash(state)", "(self.a, self.left.is_some()).hash(state)"],
      ["self.hash(state)"],
    ),
    ...traps(source, ["std::error::Error::source(self)"], ["None"], ["self.source()"]),
    ...traps(intoIter, ["self.iter()"], ["self.all()", "self.v.clone().into_iter()"]),
  ]));

const walk = (
  match: string,
) => `${head}${struct}pub enum Expr { Leaf(u8), Neg(Box<Expr>), Add(Box<Expr>, Box<Expr>) }
pub trait Walk { fn walk(&self, n: u8) -> u8; }
pub struct Lexer { input: Vec<u8>, at: usize }
impl Lexer { fn peek(&mut self) -> Option<u8> { self.at += 1; self.input.get(self.at).copied() } fn skip(&mut self) -> u8 { self.at += 1; 1 } }
${match}
`;
const freeFn = walk(
  "pub fn eval(e: &Expr, n: u8) -> u8 {\n    match e {«\n        Expr::Neg(inner) => ‹body:todo!()›,\n        »Expr::Leaf(n) => *n,\n        Expr::Add(a, b) => eval(a, n) + eval(b, n),\n    }\n}",
);
const method = walk(
  "impl Expr {\n    pub fn eval(&self, n: u8) -> u8 {\n        match self {«\n            Expr::Neg(inner) => ‹body:todo!()›,\n            »Expr::Leaf(n) => *n,\n            Expr::Add(a, b) => a.eval(n) + b.eval(n),\n        }\n    }\n}",
);
const inherent = walk(
  "impl Expr { pub fn walk(&self, n: u8) -> u8 { n } }\nimpl Walk for Expr {\n    fn walk(&self, n: u8) -> u8 {\n        match self {«\n            Expr::Neg(inner) => ‹body:todo!()›,\n            »_ => 1,\n        }\n    }\n}",
);
const lexer = walk(
  "impl Lexer {\n    pub fn token(&mut self) -> u8 {\n        match self.peek() {«\n            Some(32) => ‹body:todo!()›,\n            »Some(n) => n,\n            None => 0,\n        }\n    }\n}",
);
const skipping = lexer.replace(
  "match self.peek()",
  "self.skip();\n        match self.input.first().copied()",
);
const helper = walk(
  "impl Expr { fn help(&self, n: u8) -> u8 { self.walk(n) } fn part(&self) -> u8 { 1 } }\nimpl Walk for Expr {«\n    fn walk(&self, n: u8) -> u8 {\n        ‹body:todo!()›\n    }\n»}",
);
const shadowed = `${head}pub struct S(String);\nimpl From<&str> for S { fn from(s: &str) -> S { S(s.to_string()) } }\npub enum Text<'a> { Short(&'a str), Long(String) }\nimpl<'a> From<Text<'a>> for S {\n    fn from(s: Text<'a>) -> S {\n        match s {«\n            Text::Short(‹binder:_›) => ‹body:todo!()›,\n            »Text::Long(s) => S(s),\n        }\n    }\n}\n`;

describe("one arm, a helper, a part", () =>
  springBodyTraps(freeFn, [
    ...traps(
      freeFn,
      ["eval(e, n)", "{ eval(e, n) }", "{ let f = e; eval(f, n) }"],
      ["eval(inner, n)", "eval(e, n - 1)", "255 - eval(inner, n)"],
    ),
    ...traps(
      method,
      ["self.eval(n)", "Self::eval(self, n)", "Expr::eval(&self, n)"],
      ["inner.eval(n)", "self.eval(n - 1)", "Self::eval(inner, n)"],
    ),
    ...traps(
      inherent,
      ["Walk::walk(self, n)", "<Self as Walk>::walk(self, n)"],
      ["self.walk(n)", "Expr::walk(self, n)", "Walk::walk(&**inner, n)"],
    ),
    ...traps(lexer, [], ["self.token()", "Self::token(self)"]),
    ...traps(skipping, [], ["self.token()"]),
    ...traps(
      helper,
      ["self.help(n)", "Expr::help(self, n)", "self.help(n) + 1", "{ let m = self.help(1); m }"],
      ["self.part()", "if n > 0 { self.help(n - 1) } else { 1 }"],
    ),
    {
      title: "a parameter that has changed before the match",
      body: "eval(e, n)",
      verdict: "accepted",
      place: freeFn.replace(
        "n: u8) -> u8 {\n",
        "mut n: u8) -> u8 {\n    n -= 1;\n    if n == 0 { return 1; }\n",
      ),
    },
    {
      title: "a parameter that the body itself has changed",
      body: "if n == 0 { return 1; }\nn -= 1;\nWalk::walk(self, n)",
      verdict: "accepted",
      place: helper.replace(
        "walk(&self, n: u8) -> u8 {\n        ‹",
        "walk(&self, mut n: u8) -> u8 {\n        ‹",
      ),
    },
    {
      title: "the same unchanged",
      body: "if n == 0 { return 1; }\nWalk::walk(self, n)",
      verdict: again,
      place: helper,
    },
    {
      title: "a binder with the name of the parameter",
      body: "s.into()",
      verdict: "accepted",
      place: shadowed.replace("‹binder:_›", "s"),
    },
  ]));
