/** Bodies that never give a value, dressed as ones that do; and honest ones that look like them. */
import { describe } from "vitest";
import { type BodyTrap, springBodyTraps } from "./body-traps.ts";

const place = `#![allow(warnings, unconditional_panic, clippy::all)]
pub enum Kind { A, B }
pub struct Side { pub n: u8 }
pub struct Machine;
impl Machine { pub fn halt(&self) -> ! { loop {} } pub fn run(&self) -> u8 { 1 } }
pub fn other(n: u8) -> u8 { n }
pub fn end() -> ! { std::process::exit(3) }
pub fn make() -> Result<u8, String> { Ok(1) }
macro_rules! bug { ($($x:tt)*) => {{ eprintln!("a bug"); panic!("bug") }} }
macro_rules! ensure { ($c:expr) => { if !$c { return 0; } } }
macro_rules! full { ($e:expr) => { $e }; () => { unreachable!() } }
fn uses() -> u8 { ensure!(true); if other(1) > 2 { bug!(); } full!(1) }
pub fn count(kind: Kind, given: Option<u8>, machine: Machine, mut items: Vec<u8>) -> u8 {
    match kind {«
        Kind::A => ‹body:todo!()›,
        »Kind::B => 2,
    }
}
`;
const as = (verdict: string, bodies: readonly string[]): readonly BodyTrap[] =>
  bodies.map((body) => ({ body, verdict }));
const refused = "refused h1 not-a-body";

describe("panics behind a condition that is none", () =>
  springBodyTraps(
    place,
    as(refused, [
      "if let _ = () { panic!() } else { other(1) }",
      "if let n = 1 { panic!() } else { other(1) }",
      "if let Some(_) = Some(1) { panic!() } else { other(1) }",
      "if true && !false { panic!() } else { other(1) }",
      'if "a" == "a" { panic!() } else { other(1) }',
      'if "".is_empty() { panic!() } else { other(1) }',
      "if { true } { panic!() } else { other(1) }",
      "if !!(1 == 1) { panic!() } else { other(1) }",
      "if (true) || machine.run() == 1 { panic!() } else { other(1) }",
      "if false && machine.run() == 1 { other(1) } else { panic!() }",
      "if bool::default() { other(1) } else { panic!() }",
      "if None::<u8>.is_none() { panic!() } else { other(1) }",
      "if 'a' < 'b' { panic!() } else { other(1) }",
      "if true == true { panic!() } else { other(1) }",
      "if items != items { other(1) } else { panic!() }",
      "if 0x10 == 16 { panic!() } else { other(1) }",
      "if Some(1).is_some() { panic!() } else { other(1) }",
      "if std::convert::identity(true) { panic!() } else { other(1) }",
      "if std::hint::black_box(true) { panic!() } else { other(1) }",
      "if std::mem::size_of::<u8>() == 1 { panic!() } else { 1 }",
      "if matches!(1, _) { panic!() } else { other(1) }",
      "{ let on = true; if on { panic!() } else { other(1) } }",
      "{ let off = !true; if off { other(1) } else { unreachable!() } }",
      "if machine.run() == 1 { panic!() } else { end() }",
      "match given { _ => panic!() }",
      "match given { _ if true => panic!(), _ => other(1) }",
      "match given { n => panic!(), _ => other(1) }",
      "match given { Some(_) | None => panic!(), _ => other(1) }",
      "match given { Some(n) => panic!(), None => unreachable!() }",
      'match "a" { "a" => panic!(), _ => other(1) }',
      "{ let Some(n) = None else { panic!() }; other(n) }",
      "match 3 { 1 => other(1), _ => panic!() }",
    ]),
  ));

describe("loops that end nowhere", () =>
  springBodyTraps(
    place,
    as(refused, [
      "loop { if false { break 1 } }",
      "'a: loop { loop { break } }",
      "loop { loop { break; } }",
      "loop { panic!(); break 1; }",
      "loop { break panic!() }",
      "loop { return loop {} }",
      "loop { continue }",
      "{ while 1 == 1 {} 1 }",
      "{ while let _ = () {} 1 }",
      "{ for _ in 0u64.. {} 1 }",
      "{ for _ in [1].iter().cycle() {} 1 }",
      "{ for _ in std::iter::repeat_with(|| 1) {} 1 }",
      "(0u64..).map(|_| 1u8).last().unwrap()",
      "{ std::iter::repeat(()).for_each(|_| {}); 1 }",
      "loop { other(1); }",
      "loop { std::thread::sleep(std::time::Duration::from_secs(1)) }",
    ]),
  ));

describe("nothing, taken out of its box", () =>
  springBodyTraps(
    place,
    as(refused, [
      "Option::None.unwrap()",
      "std::option::Option::<u8>::None.unwrap()",
      "<Option<u8>>::None.unwrap()",
      "(None as Option<u8>).unwrap()",
      "{ let n: Option<u8> = None; n.unwrap() }",
      "None::<u8>.map(|n| n + 1).unwrap()",
      "None::<u8>.ok_or(()).unwrap()",
      "None.unwrap_or_else(|| panic!())",
      'Err::<u8, &str>("later").map_err(|e| e.to_string()).unwrap()',
      "Err::<u8, u8>(1).unwrap_or_else(|_| unreachable!())",
      "Ok::<u8, u8>(1).unwrap_err()",
      "Vec::<u8>::new().pop().unwrap()",
      "Vec::<u8>::new()[0]",
      "std::iter::empty::<u8>().next().unwrap()",
      '"".chars().next().unwrap() as u8',
      '*"".as_bytes().first().unwrap()',
      "[0u8; 0].iter().copied().max().unwrap()",
    ]),
  ));

describe("panics that somebody else sets off", () =>
  springBodyTraps(
    place,
    as(refused, [
      "true.then(|| panic!()).unwrap()",
      "Some(()).map(|()| -> u8 { panic!() }).unwrap()",
      "[(); 1].map(|_| -> u8 { unreachable!() })[0]",
      "std::iter::repeat_with(|| -> u8 { panic!() }).next().unwrap()",
      "std::thread::spawn(|| -> u8 { panic!() }).join().unwrap()",
      "std::panic::catch_unwind(|| -> u8 { panic!() }).unwrap()",
      "(&|| -> u8 { panic!() })()",
      "Box::new(|| -> u8 { panic!() })()",
      '{ let f = |n: u8| -> u8 { panic!("{n}") }; f(1) }',
      "std::convert::identity::<u8>(panic!())",
      "std::sync::OnceLock::new().get_or_init(|| -> u8 { panic!() }).clone()",
      "{ bug!(1, 2) }",
      "(std::process::exit)(1)",
      "{ let f = std::process::exit; f(1) }",
      "std::convert::identity(std::process::exit as fn(i32) -> !)(1)",
      "machine.halt()",
      "{ machine.halt(); }",
      "[end(), 1][1]",
      "{ let n: u8 = end(); n }",
      "1 + (if true { panic!() } else { 1 })",
      "{ std::panic::resume_unwind(Box::new(1)) }",
      'std::panic!("no")',
      "core::unreachable!()",
      "{ assert!(1 == 2); 1 }",
      "{ assert_eq!(1, 2); 1 }",
      "{ assert_ne!(1, 1); 1 }",
      "{ debug_assert!(!true); 1 }",
      'panic!("not {}", other(1))',
      "other(other(panic!()))",
      "Some(Side { n: todo() }.n).unwrap()".replace("todo()", "panic!()"),
    ]),
  ));

describe("what only the nightly compiler would take", () =>
  springBodyTraps(
    place,
    [
      'core::panicking::panic("no")',
      'std::rt::begin_panic("no")',
      "core::intrinsics::abort()",
      "{ let n: ! = panic!(); n }",
    ].map((body) => ({ body, verdict: refused, plain: "red" as const })),
  ));

// With something of the program in them, so that only what they do tells.
describe("bodies that use the program and still give no value", () =>
  springBodyTraps(
    place,
    as(refused, [
      "{ let f = |n: u8| -> u8 { panic!() }; f(other(1)) }",
      "(|n: u8| -> u8 { panic!() })(other(1))",
      "{ let on = true; if on { panic!() } else { other(1) } }",
      "{ let off = false; while !off { other(1); } other(2) }",
      "if machine.halt() { 1 } else { other(1) }",
      "{ while machine.halt() { other(1); } other(1) }",
      "match machine.halt() { 1 => other(1), _ => 2 }",
      "loop { machine.halt(); break other(1); }",
      "loop { let f = || -> u8 { return other(1) }; f(); }",
      "loop { let f = async { return other(1) }; }",
      "loop { if true { other(1); } else { break other(2) } }",
      "'a: loop { 'b: loop { other(1); break 'b; } }",
      "{ let n: Option<u8> = None; other(n.unwrap()) }",
      "{ let n = Err::<u8, u8>(other(1)); n.unwrap() }",
      "other(1) + other(machine.halt())",
      "vec![other(1), panic!()][0]",
      "Side { n: other(machine.halt()) }.n",
      "(other(1), machine.halt()).0",
      "{ other(1); machine.halt() }",
      "{ let n = other(1); assert!(false); n }",
      "match given { Some(n) => machine.halt(), None => end() }",
      "match true { true => machine.halt(), false => other(1) }",
      "if let Some(_) = Some(other(1)) { machine.halt() } else { 1 }",
      "[other(1); 2][{ let i: usize = machine.halt(); i }]",
    ]),
  ));

describe("loops that a question mark ends", () =>
  springBodyTraps(
    place
      .replace("-> u8 {\n    match kind", "-> Option<u8> {\n    match kind")
      .replace("»Kind::B => 2", "»Kind::B => None"),
    as("accepted", [
      "loop { items.pop()?; }",
      "loop { given?; if items.is_empty() { break None; } items.pop(); }",
    ]),
  ));

describe("bodies that say in words that they are open", () =>
  springBodyTraps(
    `pub enum Kind { A, B }
pub enum Fault { NotImplemented, Text(String) }
pub fn count(kind: Kind) -> Result<u8, Fault> {
    match kind {«
        Kind::A => ‹body:todo!()›,
        »Kind::B => Err(Fault::NotImplemented),
    }
}
pub fn text() -> Fault { Fault::Text(String::new()) }
`,
    [
      ...as(refused, [
        'Err(Fault::Text("not implemented".into()))',
        'return Err(Fault::Text("TODO".to_string()))',
        'Err(Fault::Text(format!("{} is not yet implemented", 1)))',
        "{ // TODO: implement this\n Ok(Default::default()) }",
        "{ /* placeholder */ Ok(0) }",
      ]),
      ...as("accepted", [
        "Err(Fault::NotImplemented)",
        'Err(Fault::Text("no such kind".into()))',
        "Ok(Default::default())",
        "{ // TODO: tell which\n Err(text()) }",
        'Ok("not implemented".len() as u8)',
      ]),
    ],
  ));

describe("honest bodies with a panic, a loop or nothing in them", () =>
  springBodyTraps(
    place,
    as("accepted", [
      'given.unwrap_or_else(|| panic!("none"))',
      "match given { Some(n) if n > 1 => n, _ => unreachable!() }",
      "match given { Some(1) => panic!(), _ => 1 }",
      "if items.is_empty() { panic!() } else { items[0] }",
      "{ let Some(n) = given else { panic!() }; n }",
      "loop { if let Some(n) = items.pop() { if n > 1 { break n } } else { break 0 } }",
      "'a: loop { loop { break 'a 1; } }",
      "loop { return 1 }",
      "loop { ensure!(other(1) > 1); }",
      "loop { match items.pop() { Some(n) => items.push(n + 1), None => break 3 } }",
      "{ for n in 0u8.. { if n > 3 { return n; } } 1 }",
      "(0u8..).take(3).last().unwrap()",
      "std::iter::repeat(1u8).zip(items).map(|(a, b)| a + b).max().unwrap()",
      "full!(other(1))",
      "machine.run()",
      "Default::default()",
      "items[..][0]",
      "{ let n: Option<u8> = None; n.or(given).unwrap() }",
      "{ let mut n = None; if items.len() > 1 { n = Some(1); } n.unwrap() }",
      '"127".parse().unwrap()',
      "{ debug_assert!(!items.is_empty()); items[0] }",
      "if cfg!(debug_assertions) { other(1) } else { 2 }",
      "make().unwrap()",
      "match items.len() { 0 => 0, 1 => 1, _ => { let m = match given { Some(n) => n, None => unreachable!() }; m } }",
      "std::panic::catch_unwind(|| other(1)).unwrap_or_else(|_| panic!())",
    ]),
  ));

const named = `#![allow(warnings, clippy::all)]
#[derive(Clone, Copy)] pub enum Level { None, Some }
impl Level { fn next(self) -> Option<u8> { Some(1) } fn map(self, n: u8) -> Option<u8> { Some(n) } }
pub enum Reply { Ok(u8), Err(u8) }
impl Reply { fn unwrap_err(self) -> u8 { 1 } }
pub struct Grid; impl Grid { fn empty() -> Vec<u8> { vec![1] } }
fn abort(id: u32) -> u8 { 1 }
fn exit(room: u32) -> u8 { 2 }
fn repeat(n: u8) -> Vec<u8> { vec![n] }
fn boom(n: u8) -> u8 { panic!("no {n}") }
fn does_not_fit(n: u8) -> ! { panic!("{n} does not fit") }
pub fn count(kind: Level, n: u8) -> u8 {
    match kind {«
        Level::None => ‹body:todo!()›,
        »Level::Some => if n > 3 { n } else { does_not_fit(n) },
    }
}
pub fn more(n: u8) -> u8 { match n { 0 => does_not_fit(n), _ => n } }
`;
describe("names that are another thing in std", () =>
  springBodyTraps(named, [
    ...as("accepted", [
      "abort(3)",
      "exit(n as u32)",
      "Level::None.next().unwrap()",
      "Level::None.map(n).unwrap()",
      "Grid::empty().first().copied().unwrap()",
      "Reply::Ok(n).unwrap_err()",
      "{ let mut sum = 0; for one in repeat(n) { sum += one; } sum }",
      "does_not_fit(n)",
    ]),
    ...as(refused, ["boom(n)", "std::process::exit(n as i32)"]),
  ]));

const inTest = (attributes: string) => `pub enum Kind { A, B }
pub fn count(n: u8) -> u8 { n }
${attributes}
    #[allow(dead_code)]
    fn told(kind: super::Kind) -> u8 {
        match kind {«
            super::Kind::A => ‹body:todo!()›,
            »super::Kind::B => 2,
        }
    }
}
`;
const tests = inTest("#[cfg(test)]\nmod tests {");
describe("panics in tests, where they are how something is said", () =>
  springBodyTraps(tests, [
    { body: 'panic!("unexpected {}", 1)', verdict: "accepted" },
    { body: "unreachable!()", verdict: "accepted" },
    { body: "todo!()", verdict: refused },
    {
      title: "the same beside the tests",
      body: 'panic!("no")',
      verdict: refused,
      place: inTest("mod tests {"),
    },
    {
      title: "a panic in a function that returns nothing ever",
      body: 'panic!("{}", 1)',
      verdict: "accepted",
      place:
        "pub trait End { fn end(&self) -> !; }\npub struct S;\nimpl End for S {«\n    fn end(&self) -> ! {\n        ‹body:todo!()›\n    }\n»}\n",
    },
    {
      title: "a loop that works for good in a function that gives no value",
      body: "loop {\n    self.step();\n}",
      verdict: "accepted",
      place:
        "pub trait Run { fn run(&self); }\npub struct S;\nimpl S { fn step(&self) {} }\nimpl Run for S {«\n    fn run(&self) {\n        ‹body:todo!()›\n    }\n»}\n",
    },
    {
      title: "a loop that only waits there",
      body: "loop {\n    std::thread::yield_now();\n}",
      verdict: refused,
      place:
        "pub trait Run { fn run(&self); }\npub struct S;\nimpl Run for S {«\n    fn run(&self) {\n        ‹body:todo!()›\n    }\n»}\n",
    },
  ]));
