import { expect, it } from "vitest";
import { fieldPattern, readBinding } from "../../server/syntax/binding.ts";

it("reads a name with how it binds, and nothing deeper", () => {
  const read = (text: string) => {
    const binding = readBinding(text);
    return binding === undefined ? undefined : `${binding.mode}|${binding.name}`;
  };
  expect(["n", "ref n", "ref  mut n", "mut n", "& n", "&mut n", "side: ref n", "r#type"].map(read)).toEqual([
    "|n",
    "ref |n",
    "ref mut |n",
    "mut |n",
    "&|n",
    "&mut |n",
    "ref |n",
    "|r#type",
  ]);
  expect(["Some(n)", "n @ 1", "1", "", "a::b", "n) => x, E::C(m"].map(read)).toEqual(
    Array(6).fill(undefined),
  );
});

it("writes a record's field as short as it goes", () => {
  expect(fieldPattern("side", { mode: "ref ", name: "side" })).toBe("ref side");
  expect(fieldPattern("side", { mode: "&", name: "side" })).toBe("side: &side");
  expect(fieldPattern("side", { mode: "ref ", name: "n" })).toBe("side: ref n");
});
