import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const fixtures = resolve(import.meta.dirname, "../fixtures");
const sites = z
  .array(z.object({ file: z.string(), line: z.number(), column: z.number(), what: z.string() }))
  .parse(JSON.parse(readFileSync(join(fixtures, "demo-sites.json"), "utf8")));

test.each(sites)("$file:$line:$column is the keyword of a match or an impl", ({ file, line, column }) => {
  const text = readFileSync(join(fixtures, "demo", file), "utf8").split("\n")[line - 1] ?? "";
  expect(text.slice(column - 1)).toMatch(/^(match|impl) /);
});

test("the demo has at least eight sites in at least three files", () => {
  expect(sites.length).toBeGreaterThanOrEqual(8);
  expect(new Set(sites.map(({ file }) => file)).size).toBeGreaterThanOrEqual(3);
});

test("the demo crate has at least three dependencies, serde and serde_json among them", () => {
  const manifest = readFileSync(join(fixtures, "demo/Cargo.toml"), "utf8");
  const section = manifest.split("[dependencies]")[1]?.split("\n[")[0] ?? "";
  const names = [...section.matchAll(/^([\w-]+) =/gm)].map((found) => found[1]);
  expect(names).toEqual(expect.arrayContaining(["serde", "serde_json"]));
  expect(names.length).toBeGreaterThanOrEqual(3);
});
