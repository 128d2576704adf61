import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import * as methods from "../../protocol/methods.ts";

const documentPath = new URL("../../protocol/README.md", import.meta.url);

function reasonTable(): string {
  const rows = Object.entries(methods.noOfferReasons).map(
    ([reason, meaning]) => `| \`${reason}\` | ${meaning} |`,
  );
  return ["| reason | meaning |", "|---|---|", ...rows].join("\n");
}

describe("the wire document", () => {
  it("lists every reason for no offer with its meaning", async () => {
    const text = await readFile(documentPath, "utf8");
    const listed = /<!-- reasons -->\n([^]*?)\n?<!-- \/reasons -->/.exec(text)?.[1];
    expect(listed).toBe(reasonTable());
  });

  it("has a heading for every method", async () => {
    const text = await readFile(documentPath, "utf8");
    const names = [methods.fillMethod, methods.whyMethod, methods.statusMethod];
    expect(names.filter((name) => !text.includes(`## \`${name}\``))).toEqual([]);
  });

  it("names every field of the answers", async () => {
    const [text, source] = await Promise.all([
      readFile(documentPath, "utf8"),
      readFile(new URL("../../protocol/methods.ts", import.meta.url), "utf8"),
    ]);
    const fields = [...source.matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1] ?? "");
    expect(fields.length).toBeGreaterThan(20);
    expect(fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(text))).toEqual([]);
  });
});
