/** The table of `test/traps/README.md` is true: every family has tests, and every test that it names exists. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../traps/", import.meta.url));
const rows = readFileSync(`${folder}README.md`, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:family|---) /.test(line))
  .map((line) => {
    const [, family = "", file = "", tests = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { family, file, titles: tests.replaceAll("\\|", "|").split(" · ") };
  });

/** In the source a title is a string in some quotes, a body in code font is the string itself. */
function isInSource(source: string, title: string): boolean {
  const text = title.replace(/^`(.*)`$/s, "$1");
  const written = [text, text.replaceAll('"', '\\"'), text.replaceAll("'", "\\'")];
  return written.some((form) => ['"', "'", "`"].some((quote) => source.includes(`${quote}${form}${quote}`)));
}

test("every family of traps has tests that exist", () => {
  expect(rows.length).toBeGreaterThan(40);
  const missing = rows.flatMap(({ family, file, titles }) => {
    const source = readFileSync(`${folder}${file}.test.ts`, "utf8");
    return titles.filter((title) => !isInSource(source, title)).map((title) => `${family}: ${title}`);
  });
  expect(missing).toEqual([]);
});

test("a family without its test is told", () => {
  expect(isInSource('title: "a function that cfg turned off",', "a function that cfg turned off")).toBe(true);
  expect(
    isInSource('title: "a function that cfg turned off by hand",', "a function that cfg turned off"),
  ).toBe(false);
  expect(isInSource('"panic!(\\"no\\")",', '`panic!("no")`')).toBe(true);
});
