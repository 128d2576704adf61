/** What no body may hold, however it is brought in; and honest code that looks like it. */
import { describe } from "vitest";
import { type BodyTrap, springBodyTraps } from "./body-traps.ts";

const place = `#![allow(warnings, clippy::all)]
use std::include_str as grab;
pub enum Kind { A, B }
pub struct Side { pub n: u8 }
pub fn other(n: u8) -> u8 { n }
macro_rules! danger { ($e:expr) => { unsafe { $e } } }
macro_rules! answer { () => { unsafe { FORTY_TWO } } }
static mut FORTY_TWO: u8 = 42;
macro_rules! secret { ($x:literal) => { include_str!($x) } }
macro_rules! deeper { ($x:literal) => { secret!($x) } }
macro_rules! twice { ($e:expr) => { $e * 2 } }
fn uses() -> u8 { let _ = (grab!("m0.rs"), deeper!("m0.rs"), answer!()); danger!(1) + twice!(1) }
pub fn count(kind: Kind, given: Option<u8>, at: &u8, asm: u8, union: u8) -> u8 {
    match kind {«
        Kind::A => ‹body:todo!()›,
        »Kind::B => 2,
    }
}
`;
const as = (verdict: string, bodies: readonly string[]): readonly BodyTrap[] =>
  bodies.map((body) => ({ body, verdict }));

describe("unsafe code", () =>
  springBodyTraps(place, [
    ...as("refused h1 unsafe-code", [
      "unsafe { *(at as *const u8) }",
      "vec![unsafe { *(at as *const u8) }][0]",
      'format!("{}", unsafe { 1 }).len() as u8',
      "(|| unsafe { 1 })()",
      "{ let f = std::mem::transmute_copy::<u8, i8>; 1 }",
      "danger!(std::mem::zeroed::<u8>())",
      "danger!(*(at as *const u8))",
    ]),
    ...as("accepted", [
      "danger!(1)",
      "danger!(1) + other(1)",
      "answer!()",
      "at as *const u8 as usize as u8",
      "&raw const *at as usize as u8",
      '"unsafe".len() as u8',
      "{ /* not unsafe */ 1 }",
      "asm",
    ]),
    {
      title: "a call in a function that is unsafe itself",
      body: "std::ptr::read(at)",
      verdict: "refused h1 unsafe-code",
      place: place.replace("pub fn count", "pub unsafe fn count"),
    },
    {
      title: "a pointer followed in an unsafe block around the match",
      body: "*(at as *const u8).add(1)",
      verdict: "refused h1 unsafe-code",
      place: place
        .replace("match kind {", "unsafe { match kind {")
        .replace("»Kind::B => 2,\n    }", "»Kind::B => 2,\n    } }"),
    },
    {
      title: "a value there",
      body: "asm + 1",
      verdict: "accepted",
      place: place.replace("pub fn count", "pub unsafe fn count"),
    },
  ]));

describe("attributes", () =>
  springBodyTraps(place, [
    ...as("refused h1 attribute", [
      "{ #[allow(warnings)] let n = 1; n }",
      "{ # [expect(unused)] let n = 1; 1 }",
      "{ #/* so */[cfg(any())] let n = missing(); 1 }",
      "{ #[cfg_attr(all(), allow(unused))] let n = 1; 1 }",
      "{ #[rustfmt::skip] let n = 1; n }",
      "match given { #[cfg(any())] Some(n) => missing(), _ => 1 }",
      "vec![{ #[allow(unused)] let n = 1; 1 }][0]",
    ]),
    ...as("refused h1 leaves-its-hole", [
      'r#panic!("no")',
      "std::process::r#exit(1)",
      "{ #\u200e[allow(warnings)] let n = 1; n }",
    ]),
    ...as("accepted", ['"#[allow(warnings)]".len() as u8', "{ // #[allow(warnings)]\n 1 }"]),
  ]));

describe("items", () =>
  springBodyTraps(place, [
    ...as("refused h1 shadowing-item", [
      "{ enum Kind { A } 1 }",
      "{ trait Mark {} 1 }",
      "{ mod inner {} 1 }",
      "{ impl Side {} 1 }",
      "{ trait Other { fn f(&self) -> u8 { 1 } } impl Other for u8 {} 1u8.f() }",
      "{ type Side = u8; 1 }",
      "{ mod other { pub fn f() -> u8 { 1 } } other::f() }",
      "{ static N: u8 = 1; N }",
      "{ static mut N: u8 = 1; 1 }",
      '{ extern "C" { fn abs(n: i32) -> i32; } 1 }',
      "{ extern crate std as core; 1 }",
      "{ union Both { a: u8, b: i8 } 1 }",
      "{ const fn other(n: u8) -> u8 { 7 } other(1) }",
      "{ async fn other() {} 1 }",
      "{ use std::{vec as other, fmt}; 1 }",
      "{ use std::mem::*; 1 }",
      "{ use std::mem::swap as other; 1 }",
      "(|| { fn other(n: u8) -> u8 { 7 } other(1) })()",
      "{ macro_rules! twice { ($e:expr) => { 0 } } twice!(1) }",
      "vec![{ fn other(n: u8) -> u8 { 7 } other(1) }][0]",
    ]),
    ...as("accepted", [
      "{ let other = |n: u8| n + 1; other(1) }",
      "{ let vec = 1; vec }",
      "{ let f: fn(u8) -> u8 = other; f(1) }",
      '{ let f: Option<extern "C" fn(u8) -> u8> = None; f.map_or(1, |f| f(1)) }',
      "{ use std::fmt::Write as _; 1 }",
      "{ use std::collections::BTreeMap; BTreeMap::<u8, u8>::new().len() as u8 }",
      "union as u8",
      "{ let r#struct = 1; r#struct }",
    ]),
  ]));

describe("macros", () =>
  springBodyTraps(place, [
    ...as("refused h1 runs-at-compile-time", [
      'std::include_bytes!("m0.rs")[0]',
      'core::env!("PATH").len() as u8',
      '::std::option_env!("PATH").map_or(0, |s| s.len() as u8)',
      'concat!("a", env!("PATH")).len() as u8',
      'format_args!("{}", include_str!("m0.rs")).to_string().len() as u8',
      '{ assert!(include_str!("m0.rs").len() > 1); 1 }',
      'include_str /* so */ ! { "m0.rs" }.len() as u8',
      'grab!("m0.rs").len() as u8',
      'deeper!("m0.rs").len() as u8',
      '[0u8; include_bytes!("m0.rs").len()][0]',
    ]),
    ...as("refused h1 unknown-macro", ["std::ptr::addr_of!(given) as usize as u8", "{ thread_local!(); 1 }"]),
    ...as("accepted", [
      "twice!(other(2))",
      'std::format!("{}", 1).len() as u8',
      "std::vec![1u8, 2][0]",
      '"include_str!".len() as u8',
      "if !(other(1) > 2) { 1 } else { 2 }",
      "{ let n = &mut !(1u8); *n }",
    ]),
    {
      title: "a macro of the package that hides behind a name of std's",
      body: "vec!(1)",
      verdict: "refused h1 not-a-body",
      place: `${place.replace("use std", "macro_rules! vec { ($($x:tt)*) => { todo!() } }\nuse std")}fn more() -> u8 { vec!(1) }\n`,
    },
  ]));

describe("a panic that a macro of another package hides", () =>
  springBodyTraps(
    `pub enum Kind { A, B }\nfn uses() -> u8 { helper::later!() }\npub fn count(kind: Kind) -> u8 {\n    let _ = uses;\n    match kind {«\n        Kind::A => ‹body:todo!()›,\n        »Kind::B => 2,\n    }\n}\n`,
    [
      { body: "helper::later!()", verdict: "refused h1 not-a-body" },
      { body: "{ let n: u8 = helper::later!(); n }", verdict: "refused h1 not-a-body" },
    ],
    '//- /Cargo.toml\n[package]\nname = "trap"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\nmembers = ["helper"]\n[dependencies]\nhelper = { path = "helper" }\n//- /helper/Cargo.toml\n[package]\nname = "helper"\nversion = "0.1.0"\nedition = "2021"\n//- /helper/src/lib.rs\n#[macro_export]\nmacro_rules! later { () => { ::core::todo!() } }\n',
  ));

describe("values that are worked out when the code is built, which a check does not do", () =>
  springBodyTraps(
    place,
    as("refused h1 runs-at-compile-time", [
      'const { panic!("no") }',
      "const { loop {} }",
      "const { 1 / (1 - 1) }",
      "vec![const { loop {} }][0]",
    ]),
  ));
