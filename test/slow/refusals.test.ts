/** What the refusals say of code that people have written and published: each body as if it were a draft. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import type { RefusalReason } from "../../server/stages.ts";
import { knownSources } from "../../server/verify/refusals/known-sources.ts";
import { readDraft } from "../../server/verify/refusals/refusals.ts";
import { authorBodies } from "../support/author-bodies.ts";
import { fetchCrates, rustFiles } from "../support/published-crates.ts";

const crates = {
  "regex-syntax": "0.8.5",
  gimli: "0.31.1",
  clap_builder: "4.5.20",
  toml_edit: "0.22.22",
  serde_json: "1.0.128",
  rustls: "0.23.13",
  "tracing-subscriber": "0.3.18",
};
/** Spread over the file; in large ones each body costs a reading of the whole document. */
const bodiesPerFile = 30;

/** What a body must have in it for the reason to be a right one, in words that are not the rule's own. */
const isMeant: Partial<Record<RefusalReason, RegExp>> = {
  "unsafe-code": /\bunsafe\b|transmute/,
  attribute: /#!?\[/,
  "leaves-its-hole": /^#!\[/,
  "shadowing-item": /\b(?:struct|enum|fn|const|static|use|impl|trait|type)\s+[\w:]+/,
  "not-a-body":
    /^(?:\{|\s|\/\/.*\n)*(?:(?:return|std::|core::|panic::)\s*)*(?:(?:panic|unreachable|todo|unimplemented)!|resume_unwind)|TODO/,
};

let directory: string;
let syntax: RustSyntax;
let roots: ReadonlyMap<string, string>;
beforeAll(async () => {
  syntax = await loadRustSyntax();
  directory = mkdtempSync(join(tmpdir(), "armature-refusals-"));
  roots = fetchCrates(directory, crates);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("few bodies of published crates are refused, and those for what they hold", () => {
  const reasons = new Map<string, number>();
  const wrong: string[] = [];
  let bodies = 0;
  for (const [name, root] of roots) {
    for (const { path, text, body, refusal } of refusalsIn(root)) {
      bodies += 1;
      if (refusal === undefined) continue;
      reasons.set(refusal.reason, (reasons.get(refusal.reason) ?? 0) + 1);
      const isAround = refusal.reason === "unsafe-code" && isUnsafeAround(text, body.line);
      if (isAround || isMeant[refusal.reason]?.test(body.text) === true) continue;
      wrong.push(`${name}${path.slice(root.length)}:${body.line} ${refusal.reason}: ${refusal.message}`);
    }
  }
  const figures = [...reasons].map(([reason, count]) => `${reason} ${count}`).join(", ");
  process.stdout.write(
    `refusals: ${bodies} bodies of ${roots.size} crates; refused: ${figures}; wrongly ${wrong.length} ` +
      `(${((100 * wrong.length) / bodies).toFixed(2)} %)\n${wrong.map((line) => `  ${line}\n`).join("")}`,
  );
  expect(bodies).toBeGreaterThan(4_500);
  expect(wrong.length / bodies).toBeLessThan(0.001);
  // The control: real code has some of what is refused, so that the rules were really asked.
  expect(reasons.get("unsafe-code")).toBeGreaterThan(5);
  expect(reasons.get("not-a-body")).toBeGreaterThan(20);
});

function* refusalsIn(root: string) {
  const known = knownSources({ own: root, others: [], dependencies: [] }, new Map());
  const files = rustFiles(root).map((path) => ({ path, text: readFileSync(path, "utf8") }));
  const uses = usesIn(files.map(({ text }) => text).join("\n"));
  for (const { path, text } of files) {
    const all = authorBodies(syntax, path, text);
    const step = Math.max(1, all.length / bodiesPerFile);
    for (let at = 0; at < all.length; at += step) {
      const body = all[Math.floor(at)]!;
      const own = usesIn(body.text);
      // A macro that only this body uses is not known before it is written.
      const usesMacro = (name: string) => known.usesMacro(name) && uses(name) > own(name);
      const rules = { known: { ...known, usesMacro }, allowUnsafe: false };
      yield { path, text, body, refusal: readDraft(syntax, body.skeleton(), body.draft, rules).refused };
    }
  }
}

/** The word stands in the head of the function, or opens a block in it before the body. */
function isUnsafeAround(text: string, line: number): boolean {
  const before = text.split("\n").slice(0, line);
  const head = before.findLastIndex((one) => /\bfn\s+\w+/.test(one));
  return before.slice(Math.max(head, 0)).some((one) => /\bunsafe\b/.test(one));
}

function usesIn(text: string): (macro: string) => number {
  const counts = new Map<string, number>();
  for (const [, name = ""] of text.matchAll(/\b(\w+)\s*!\s*[({[]/g))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return (macro) => counts.get(macro) ?? 0;
}
