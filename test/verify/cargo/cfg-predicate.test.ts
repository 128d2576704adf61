import { expect, it } from "vitest";
import { featuresNamed, isConfiguredIn } from "../../../server/verify/cargo/cfg-predicate.ts";

/** "on" and the feature "a" are on, "off" and all other features off; the rest is not known. */
const known = (name: string, value: string | undefined) => {
  if (name === "feature") return value === "a";
  return name === "on" ? true : name === "off" ? false : undefined;
};

it.each([
  ["inline", true],
  ['doc = "cfg(off)"', true],
  ["cfg(on)", true],
  ["cfg(off)", false],
  ["cfg( true )", true],
  ["cfg(false)", false],
  ["cfg(windows)", undefined],
  ['cfg(feature = "a")', true],
  ['cfg(feature="b,(")', false],
  ["cfg(not(off))", true],
  ["cfg(not(windows))", undefined],
  ["cfg(all())", true],
  ["cfg(any())", false],
  ["cfg(all(on, windows))", undefined],
  ["cfg(all(off, windows))", false],
  ["cfg(any(on, windows))", true],
  ["cfg(any(off, windows))", undefined],
  ['cfg(all(on, not(any(off, feature = "b")),))', true],
  ["cfg(all(not(all(on, on)), windows))", false],
  ["cfg_attr(on, cfg(off))", false],
  ["cfg_attr(off, cfg(off))", true],
  ["cfg_attr(windows, cfg(off))", undefined],
  ["cfg_attr(windows, inline, doc(hidden))", true],
  ["cfg_attr(on, cfg_attr(on, cfg(off)))", false],
  ['cfg(version("1.60"))', undefined],
])("%s: %s", (attribute, expected) => {
  expect(isConfiguredIn(attribute, known)).toBe(expected);
});

it("knows which features are named", () => {
  expect(featuresNamed('cfg(all(feature = "a", not(feature="b")))')).toEqual(["a", "b"]);
});
