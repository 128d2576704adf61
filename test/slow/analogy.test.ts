import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { proposeMembers } from "../../server/bodies/by-analogy/impl-bodies.ts";
import { proposeArms } from "../../server/bodies/by-analogy/match-bodies.ts";
import type { Proposal } from "../../server/bodies/by-analogy/proposal.ts";
import { Reader } from "../../server/bodies/by-analogy/reader.ts";
import { keyOf, renamingLocals } from "../../server/bodies/by-analogy/rewrite.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { fetchCrates, rustFiles } from "../support/published-crates.ts";
import { type HiddenBody, hiddenArms, hiddenMethods, type SiteReading } from "../support/analogy-sites.ts";

/** Published crates at a fixed version. */
const crates = {
  "regex-syntax": "0.8.5",
  gimli: "0.31.1",
  "pulldown-cmark": "0.12.2",
  clap_builder: "4.5.20",
  toml_edit: "0.22.22",
};

let directory: string;
let syntax: RustSyntax;
const readings = new Map<string, SiteReading>();

beforeAll(async () => {
  syntax = await loadRustSyntax();
  directory = mkdtempSync(join(tmpdir(), "armature-analogy-"));
  for (const [name, root] of fetchCrates(directory, crates)) {
    const sources = rustFiles(root).map((path) => ({ path, text: readFileSync(path, "utf8") }));
    const reader = new Reader(syntax);
    readings.set(name, { syntax, sources, pattern: (text) => reader.pattern(text) });
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("real bodies come back from what stands around them", () => {
  for (const [name, reading] of readings) {
    const reader = new Reader(syntax);
    const names = namesIn(reading);
    const measured = [
      measure("arms, one hidden ", hiddenArms(reading, "one"), reader, names),
      measure("arms, all hidden ", hiddenArms(reading, "all"), reader, names),
      measure("impl methods     ", hiddenMethods(reading), reader, names),
    ];
    report(name, measured);
    for (const { sites, first } of measured) {
      expect(sites).toBeGreaterThan(10);
      expect(first).toBeGreaterThan(0);
    }
  }
});

test("the same facts give the same proposals", () => {
  const [reading] = readings.values();
  const bodies = hiddenArms(reading!, "one").slice(0, 50);
  const texts = () => bodies.map((body) => JSON.stringify(proposalsFor(body, new Reader(syntax))));
  expect(texts()).toEqual(texts());
});

interface Measured {
  readonly label: string;
  readonly sites: number;
  readonly first: number;
  readonly topFour: number;
  readonly offered: number;
  readonly offeredRight: number;
  readonly rules: ReadonlyMap<string, { offered: number; right: number; expected: number }>;
}

function measure(
  label: string,
  bodies: readonly HiddenBody[],
  reader: Reader,
  names: ReadonlySet<string>,
): Measured {
  const rules = new Map<string, { offered: number; right: number; expected: number }>();
  let first = 0;
  let topFour = 0;
  let offered = 0;
  let offeredRight = 0;
  for (const body of bodies) {
    const wanted = truthKey(body, reader);
    const proposals = proposalsFor(body, reader).filter((proposal) =>
      usesKnownNames(proposal, reader, names),
    );
    const rank = proposals
      .slice(0, 4)
      .findIndex((proposal) => proposalKey(body, proposal, reader) === wanted);
    if (rank === 0) first += 1;
    if (rank !== -1) topFour += 1;
    const best = proposals[0];
    if (best === undefined) continue;
    const isOffered = best.chance >= 0.4;
    if (isOffered) {
      offered += 1;
      if (rank === 0) offeredRight += 1;
    }
    const rule = `${isOffered ? "+" : "-"} ${best.author.by === "analogy" ? best.author.rule : ""}`;
    const count = rules.get(rule) ?? { offered: 0, right: 0, expected: 0 };
    rules.set(rule, {
      offered: count.offered + 1,
      right: count.right + (rank === 0 ? 1 : 0),
      expected: count.expected + best.chance,
    });
  }
  return { label, sites: bodies.length, first, topFour, offered, offeredRight, rules };
}

function report(name: string, measured: readonly Measured[]): void {
  const share = (part: number, whole: number) => `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`;
  const lines = measured.flatMap(({ label, sites, first, topFour, offered, offeredRight, rules }) => [
    `${name} ${label} ${sites} sites: first ${share(first, sites)}, top four ${share(topFour, sites)}, ` +
      `offered ${share(offered, sites)}, of those right ${share(offeredRight, offered)}`,
    ...(process.env.ARMATURE_BENCH_RULES === undefined
      ? []
      : [...rules]
          .sort(([, a], [, b]) => b.offered - a.offered)
          .map(
            ([rule, { offered: fired, right, expected }]) =>
              `    ${rule}: ${fired}, right ${share(right, fired)}, expected ${share(expected, fired)}`,
          )),
  ]);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function proposalsFor({ facts, hole }: HiddenBody, reader: Reader): readonly Proposal[] {
  const propose = facts.skeleton.site.kind === "match" ? proposeArms : proposeMembers;
  return propose(facts, reader).get(hole.id) ?? [];
}

/** Stands in for the compiler: a name that is nowhere else in the crate does not exist. */
function usesKnownNames(proposal: Proposal, reader: Reader, names: ReadonlySet<string>): boolean {
  const binders = new Set([...(proposal.binders?.values() ?? [])].map(binderName));
  const code = reader.code(proposal.text);
  return (
    code?.tokens.every((token) => !isName(token) || names.has(token.text) || binders.has(token.text)) ?? false
  );
}

function namesIn({ sources }: SiteReading): Set<string> {
  return new Set(sources.flatMap(({ text }) => text.match(/[A-Za-z_]\w*/g) ?? []));
}

function isName(token: { readonly role: string }): boolean {
  return ["variable", "field", "shorthand", "path", "type", "macro"].includes(token.role);
}

function truthKey({ truth, pattern, facts }: HiddenBody, reader: Reader): string {
  const slots = (pattern?.slots ?? []).flatMap((slot, index) =>
    slot.name === undefined ? [] : [[slot.name, `$${index}`] as const],
  );
  return neutralKey(truth, new Map(slots), facts, reader);
}

function proposalKey({ facts }: HiddenBody, proposal: Proposal, reader: Reader): string {
  const slots = [...(proposal.binders?.values() ?? [])].map(
    (text, index) => [binderName(text), `$${index}`] as const,
  );
  return neutralKey(proposal.text, new Map(slots), facts, reader);
}

/** `Self` and the type's name are one, and the binder's name is free. */
function neutralKey(
  text: string,
  slots: ReadonlyMap<string, string>,
  facts: HiddenBody["facts"],
  reader: Reader,
): string {
  const code = reader.code(text);
  const locals = renamingLocals(slots);
  const type = (facts.thisImpl?.type ?? "").replace(/<.*$/s, "");
  return code === undefined
    ? text
    : keyOf(code, (token, index) => (token.text === type ? "Self" : locals(token, index)));
}

function binderName(text: string): string {
  return text.slice(text.indexOf(":") + 1).trim();
}
