import { expect, it } from "vitest";
import { armsFor } from "../../../server/facts/mend/uncovered.ts";

const armsOf = (witnesses: string) => armsFor(`non-exhaustive patterns: ${witnesses} not covered`, []);

it("says what is left of a variant's values with one arm", () => {
  expect(armsOf("`Key::Number(1_u8..=u8::MAX)`")).toEqual(["Key::Number(_)"]);
  expect(armsOf("`Key::P(0_u8..=2_u8, _)`, `Key::P(4_u8..=u8::MAX, _)` and 1 more")).toEqual([
    "Key::P(_, _)",
  ]);
  expect(armsOf("`Key::F { n: i64::MIN..=2_i64, .. }`")).toEqual(["Key::F { n: _, .. }"]);
  expect(armsOf("`&Some(1_usize..)`")).toEqual(["Some(_)"]);
  expect(armsOf("`Some('b'..='\\u{d7ff}')` and `Some('\\u{e000}'..='\\u{10ffff}')`")).toEqual(["Some(_)"]);
});

it("leaves what is no value as rustc says it", () => {
  expect(armsOf("`Key::P1(true)` and `Key::U8(Some(_))`")).toEqual(["Key::P1(true)", "Key::U8(Some(_))"]);
  expect(armsOf("`Some(&[_, ..])`")).toEqual(["Some([_, ..])"]);
});

it("makes no wildcard of a range alone", () => {
  expect(armsOf("`1_u8..=u8::MAX`")).toEqual(["1_u8..=u8::MAX"]);
});
