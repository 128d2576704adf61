/** Bodies that compile and do nothing honest. */
import { describe } from "vitest";
import { type BodyTrap, springBodyTraps } from "./body-traps.ts";

const head = "#![allow(unused, unreachable_code, clippy::all)]\n";
const place = `${head}pub enum Kind { A, B }
pub struct Side { pub n: u8 }
pub fn other(n: u8) -> u8 { n }
pub fn end() -> ! { std::process::exit(3) }
macro_rules! later { () => { todo!() } }
macro_rules! soon { ($($x:tt)*) => { later!() } }
macro_rules! boom { ($($x:tt)*) => { panic!("boom") } }
macro_rules! secret { ($x:literal) => { include_str!($x) } }
macro_rules! home { () => { env!("HOME") } }
macro_rules! twice { ($x:expr) => { $x * 2 } }
fn uses() { if false { later!(); soon!(); let _ = twice!(1); boom!(); } let _ = (secret!("m0.rs"), home!()); }
pub fn count(kind: Kind, given: Option<u8>) -> u8 {
    match kind {«
        Kind::A => ‹body:todo!()›,
        »Kind::B => 2,
    }
}
`;
const nobody = "refused h1 not-a-body";
const nothing: readonly BodyTrap[] = [
  "todo!()",
  "core::todo!()",
  "todo ! { }",
  "unimplemented!()",
  '{ let n: u8 = todo!("later"); n }',
  "vec![todo!()][0]",
  "if true { todo!() } else { 1 }",
  "if true { panic!() } else { 1 }",
  "if !false { unreachable!() } else { 1 }",
  "if 1 < 2 { panic!() } else { 1 }",
  "if cfg!(all()) { panic!() } else { 1 }",
  "match true { true => panic!(), false => 1 }",
  "match () { () => panic!() }",
  "(|| -> u8 { panic!() })()",
  "(|| unreachable!())()",
  "{ let f = || -> u8 { panic!() }; f() }",
  '::core::panic!("no")',
  "std::process::exit(1)",
  "std::process::abort()",
  "{ std::process::exit(1) }",
  'std::panic::panic_any("no")',
  "loop {}",
  "loop { std::thread::yield_now() }",
  "{ while true {} 1 }",
  "{ while !false {} 1 }",
  "{ for _ in std::iter::repeat(()) {} 1 }",
  "None.unwrap()",
  "Option::<u8>::None.unwrap()",
  'None::<u8>.expect("later")',
  "Err::<u8, ()>(()).unwrap()",
  "Result::<u8, ()>::Err(()).unwrap()",
  "Side { n: panic!() }.n",
  "(panic!(), 1u8).1",
  "[panic!(); 1][0]",
  "vec![panic!()][0]",
  "other(panic!())",
  "1 + other(unreachable!())",
  "panic!() as u8",
  "return panic!()",
  "{ assert!(false); 1 }",
  "later!()",
  "soon!(1, 2)",
  "boom!(1)",
  "end()",
  "{ end(); }",
].map((body) => ({ body, verdict: nobody }));

describe("bodies that only panic, loop or exit", () => springBodyTraps(place, nothing));

const honest: readonly BodyTrap[] = [
  ...[
    "if other(1) > 2 { panic!() } else { 1 }",
    "match given { Some(n) => n, None => unreachable!() }",
    'given.expect("given")',
    "given.unwrap_or_else(|| panic!())",
    "{ assert!(given.is_some()); 1 }",
    "loop { if other(1) == 1 { break 1; } }",
    "twice!(2)",
    "other(1)",
    "{ let n = given.map(|n| n + 1); n.unwrap_or(0) }",
    'format!("{given:?}").len() as u8',
    "if let Some(n) = given { n } else { return 3 }",
    "match given { Some(n @ 1..=3) => n, Some(_) | None => 0 }",
    '{ use std::fmt::Write as _; let mut s = String::new(); let _ = write!(s, "x"); s.len() as u8 }',
    "{ const N: u8 = 1; N }",
    "{ fn own(n: u8) -> u8 { n + 1 } own(other(1)) }",
    "{ struct Own(u8); impl Own { fn get(&self) -> u8 { self.0 } } Own(1).get() }",
    "{ #[cfg(debug_assertions)] { other(1); } 1 }",
  ].map((body) => ({ body, verdict: "accepted" })),
];

describe("honest bodies that a hasty rule would refuse", () => springBodyTraps(place, honest));

const forbidden: readonly BodyTrap[] = [
  { body: "unsafe { std::mem::zeroed() }", verdict: "refused h1 unsafe-code" },
  { body: "unsafe { std::mem::transmute(1i8) }", verdict: "refused h1 unsafe-code" },
  { body: "{ unsafe fn f() -> u8 { 1 } 1 }", verdict: "refused h1 unsafe-code" },
  { body: "{ #[allow(warnings)] let n = 1; n }", verdict: "refused h1 attribute" },
  { body: "{ #[cfg(any())] let n = missing(); 1 }", verdict: "refused h1 attribute" },
  { body: "{ struct Side { n: u16 } 1 }", verdict: "refused h1 shadowing-item" },
  { body: "{ fn other(n: u8) -> u8 { 7 } other(1) }", verdict: "refused h1 shadowing-item" },
  { body: "{ use std::vec as other; 1 }", verdict: "refused h1 shadowing-item" },
  { body: "{ impl Side { fn evil(&self) {} } 1 }", verdict: "refused h1 shadowing-item" },
  { body: "{ macro_rules! panic { () => { 1 } } panic!() }", verdict: "refused h1 shadowing-item" },
  { body: 'include_str!("m0.rs").len() as u8', verdict: "refused h1 runs-at-compile-time" },
  { body: 'include_bytes!("/etc/hostname")[0]', verdict: "refused h1 runs-at-compile-time" },
  { body: 'include!(concat!("../", "value.in"))', verdict: "refused h1 runs-at-compile-time" },
  { body: 'std::include_str!("m0.rs").len() as u8', verdict: "refused h1 runs-at-compile-time" },
  {
    body: '{ use std::include_str as grab; grab!("m0.rs").len() as u8 }',
    verdict: "refused h1 shadowing-item",
  },
  { body: 'env!("HOME").len() as u8', verdict: "refused h1 runs-at-compile-time" },
  { body: 'option_env!("HOME").map_or(0, |s| s.len() as u8)', verdict: "refused h1 runs-at-compile-time" },
  { body: 'secret!("/etc/hostname").len() as u8', verdict: "refused h1 runs-at-compile-time" },
  { body: "home!().len() as u8", verdict: "refused h1 runs-at-compile-time" },
  { body: '{ println!("{}", env!("HOME")); 1 }', verdict: "refused h1 runs-at-compile-time" },
  { body: "{ thread_local! { static N: u8 = 1; } 1 }", verdict: "refused h1 shadowing-item" },
  { body: "std::ptr::addr_of!(given) as usize as u8", verdict: "refused h1 unknown-macro" },
  { body: "1, _ => 3", verdict: "refused h1 leaves-its-hole" },
  { body: "1, Kind::A => 3", verdict: "refused h1 leaves-its-hole" },
  {
    body: "1, _ => 3 } } pub fn evil(kind: Kind) -> u8 { match kind { Kind::A => 1",
    verdict: "refused h1 leaves-its-hole",
  },
  { body: "1 /* , */ , Kind::A /* { */ => 3", verdict: "refused h1 leaves-its-hole" },
];

describe("what no body may hold", () => springBodyTraps(place, forbidden, "//- /value.in\n7\n"));

const inImpl = (uses: string, trait: string, signature: string, rest = "") =>
  `${head}${uses}\npub struct S(pub u8);\nimpl ${trait} for S {«\n    ${signature} {\n        ‹body:todo!()›\n    }\n»}\n${rest}`;
const again = "refused h1 delegates-to-itself";
const eq = inImpl("", "PartialEq", "fn eq(&self, other: &Self) -> bool");
const display = inImpl(
  "use std::fmt;",
  "fmt::Display",
  "fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result",
);
const debug = display.replace("fmt::Display", "fmt::Debug");
const clone = inImpl("", "Clone", "fn clone(&self) -> Self");
const from = inImpl("", "From<u8>", "fn from(n: u8) -> Self");
const parse = inImpl("use std::str::FromStr;", "FromStr", "fn from_str(s: &str) -> Result<Self, ()>").replace(
  "FromStr for S {«",
  "FromStr for S { type Err = ();«",
);
const cmp = inImpl(
  "use std::cmp::Ordering;",
  "Ord",
  "fn cmp(&self, other: &Self) -> Ordering",
  "impl Eq for S {}\nimpl PartialEq for S { fn eq(&self, o: &S) -> bool { self.0 == o.0 } }\nimpl PartialOrd for S { fn partial_cmp(&self, o: &S) -> Option<Ordering> { Some(self.cmp(o)) } }\n",
);
const free = `${head}pub enum Kind { A, B }\npub fn count(kind: &Kind, n: u8) -> u8 {\n    match kind {«\n        Kind::A => ‹body:todo!()›,\n        »Kind::B => 2,\n    }\n}\n`;
const selves: readonly BodyTrap[] = [
  { body: "self == other", verdict: again, place: eq },
  { body: "!(self != other)", verdict: again, place: eq },
  { body: "*self == *other", verdict: again, place: eq },
  { body: 'write!(f, "{}", self)', verdict: again, place: display },
  { body: 'write!(f, "{self}")', verdict: again, place: display },
  { body: "f.write_str(&self.to_string())", verdict: again, place: display },
  { body: 'write!(f, "{:?}", self)', verdict: again, place: debug },
  { body: "fmt::Debug::fmt(self, f)", verdict: again, place: debug },
  { body: "self.clone()", verdict: "rejected h1 unconditional_recursion", place: clone },
  { body: "self.to_owned()", verdict: again, place: clone },
  { body: "n.into()", verdict: again, place: from },
  { body: "s.parse()", verdict: again, place: parse },
  { body: "self.partial_cmp(other).unwrap()", verdict: again, place: cmp },
  { body: "count(kind, n)", verdict: again, place: free },
  { body: "self.0 == other.0", verdict: "accepted", place: eq },
  { body: 'write!(f, "{}", self.0)', verdict: "accepted", place: display },
  { body: "S(self.0.clone())", verdict: "accepted", place: clone },
  { body: "self.0.cmp(&other.0)", verdict: "accepted", place: cmp },
  { title: "recursion with another argument", body: "count(kind, n - 1)", verdict: "accepted", place: free },
];

const quiet = "#[allow(unreachable_code)]";
const quietPlaces: Record<string, string> = {
  "the function": place.replace("pub fn count", `${quiet}\npub fn count`),
  "the module": place.replace("pub fn count", `${quiet}\npub mod inner { use super::*; pub fn count`) + "}\n",
  "the statement": place
    .replace("    match kind {", `    ${quiet}\n    let n = match kind {`)
    .replace(/ {4}\}\n\}\n$/, "    };\n    n\n}\n"),
  "the arm": place.replace("        Kind::A", `        ${quiet}\n        Kind::A`),
  "the file": `#![allow(unused, warnings)]\n${place}`,
  "a member of the impl": `${head}pub struct S(pub u8);\npub fn end() -> ! { std::process::exit(3) }\nimpl Clone for S {«\n    ${quiet}\n    fn clone(&self) -> S { ‹body:todo!()› }\n»}\n`,
};
const unsaid: readonly BodyTrap[] = Object.entries(quietPlaces).flatMap(([where, quietPlace]) => [
  {
    title: `a body that never returns, where ${where} allows unreachable code`,
    body: "end()",
    verdict: nobody,
    place: quietPlace,
  },
  {
    title: `one that does, where ${where} allows unreachable code`,
    body: where === "a member of the impl" ? "S(self.0)" : "other(1)",
    verdict: "accepted",
    place: quietPlace,
  },
]);

describe("bodies that never return where nothing is to be said of it", () => springBodyTraps(place, unsaid));

describe("bodies that call themselves", () => springBodyTraps(eq, selves));

const silent = (text: string) => text.replace("#![allow(", "#![allow(unconditional_recursion, ");
const walk = `${head}pub struct S(pub u8);\nimpl S {\n    pub fn walk(&self, n: u8) -> u8 {\n        match n {«\n            _ => ‹body:todo!()›,\n        »}\n    }\n}\n`;
const recursion = "rejected h1 unconditional_recursion";
const viaAlias = "{ let s = self; S::walk(s, n + 1) }";
const silenced: readonly BodyTrap[] = [
  { title: "recursion without end in a method", body: viaAlias, verdict: recursion, place: walk },
  {
    title: "the same where the crate allows the lint",
    body: viaAlias,
    verdict: recursion,
    place: silent(walk),
  },
  {
    title: "the same where the function allows the lint",
    body: viaAlias,
    verdict: recursion,
    place: walk.replace("    pub fn", "    #[allow(unconditional_recursion)]\n    pub fn"),
  },
  {
    title: "recursion without end in an impl whose crate allows the lint",
    body: "{ let o: &S = other; S::eq(self, o) }",
    verdict: recursion,
    place: silent(eq),
  },
  {
    title: "recursion in one arm, where the crate allows the lint",
    body: "count(kind, n - 1)",
    verdict: "accepted",
    place: silent(free),
  },
  {
    title: "an arm that an earlier one covers, where the crate allows the lint",
    body: "1",
    verdict: "refused h1 new-wildcard",
    place: `${head}pub fn count(pair: (bool, bool)) -> u8 {\n    match pair {\n        (true, _) => 1,\n        (_, false) => 2,\n        (false, true) => 3,\n«        (true, false) => ‹body:todo!()›,\n    »}\n}\n`,
  },
  {
    title: "the same where the crate allows all warnings",
    body: "1",
    verdict: "refused h1 new-wildcard",
    place: `#![allow(warnings)]\npub fn count(pair: (bool, bool)) -> u8 {\n    match pair {\n        (true, _) => 1,\n        (_, false) => 2,\n        (false, true) => 3,\n«        (true, false) => ‹body:todo!()›,\n    »}\n}\n`,
  },
  {
    title: "recursion without end where the crate allows all warnings",
    body: viaAlias,
    verdict: recursion,
    place: walk.replace("#![allow(", "#![allow(warnings, "),
  },
  {
    title: "an arm behind a wildcard",
    body: "1",
    verdict: "refused h1 new-wildcard",
    place: `${head}pub fn count(n: u8) -> u8 {\n    match n {\n        _ => 1,\n«        3 => ‹body:todo!()›,\n    »}\n}\n`,
  },
  {
    title: "an arm behind a binding of everything",
    body: "1",
    verdict: "refused h1 new-wildcard",
    place: `${head}pub fn count(n: u8) -> u8 {\n    match n {\n        all @ _ => all,\n«        3 => ‹body:todo!()›,\n    »}\n}\n`,
  },
  {
    title: "an arm behind one with its pattern among others",
    body: "1",
    verdict: "refused h1 new-wildcard",
    place: `${head}pub enum Kind { A, B, C }\npub fn count(kind: Kind) -> u8 {\n    match kind {\n        Kind::A | Kind::B => 1,\n        Kind::C => 2,\n«        Kind::A => ‹body:todo!()›,\n    »}\n}\n`,
  },
  {
    title: "an arm behind one with a guard",
    body: "1",
    verdict: "accepted",
    place: `${head}pub fn count(n: u8) -> u8 {\n    match n {\n        all if all > 3 => all,\n«        3 => ‹body:todo!()›,\n    »_ => 2,\n    }\n}\n`,
  },
  {
    title: "an arm behind a name that catches all",
    body: "1",
    verdict: "refused h1 new-wildcard",
    place: `${head}pub fn count(n: u8) -> u8 {\n    match n {\n        other => other,\n«        3 => ‹body:todo!()›,\n    »}\n}\n`,
  },
];

describe("lints that would tell, turned off", () => springBodyTraps(walk, silenced));
