/**
 * Reported cases: small crates on which Armature was wrong when it was run, one text file each under
 * `test/reported/cases/`. A header of `key: value` lines says what is right, then come the files, each behind a line
 * `--- path`; `§` is the cursor. Without a package of its own a case gets a plain one, named for the case.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";

/** offer: whole, and plain cargo accepts it; none: an honest reason; safe: either. */
const expectation = z.enum(["offer", "none", "safe"]);
export type Expectation = z.infer<typeof expectation>;

/** The text for a hole, with names for its binders; an array has one for each candidate of the model. */
const answer = z.union([
  z.string(),
  z.null(),
  z.object({ body: z.string().nullable(), binders: z.array(z.string()).optional() }),
]);
export type CaseAnswer = z.infer<typeof answer>;
const answers = z.record(z.string(), z.union([answer, z.array(answer)]));

const header = z.strictObject({
  "by analogy": expectation.optional(),
  "by a model": expectation.optional(),
  /** By the hole's name, or "*" for all others. */
  answers: answers.optional(),
  /** What the best offer's label has in it. */
  label: z.string().optional(),
  edition: z.string().default("2024"),
  /** rust-analyzer's settings, as JSON. */
  settings: z.record(z.string(), z.unknown()).optional(),
});

export interface ReportedCase {
  /** "comments/a-after" */
  readonly name: string;
  /** As cargo takes it: "comments-a-after". */
  readonly package: string;
  readonly byAnalogy: Expectation | undefined;
  readonly byModel: Expectation | undefined;
  readonly answers: Readonly<Record<string, CaseAnswer | readonly CaseAnswer[]>>;
  readonly label: string | undefined;
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  /** Text by path, relative to the package. */
  readonly files: ReadonlyMap<string, string>;
  readonly cursor: { readonly file: string; readonly offset: number };
}

const folder = join(import.meta.dirname, "../reported/cases");

export function readReportedCases(): readonly ReportedCase[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".txt"))
    .sort()
    .map((file) =>
      parseCase(relative(".", file).replace(/\.txt$/, ""), readFileSync(join(folder, file), "utf8")),
    );
}

export function parseCase(name: string, text: string): ReportedCase {
  const [head = "", ...parts] = `\n${text}`.split(/\n--- /);
  const lines = head.split("\n").filter((line) => line !== "");
  const fields = lines.map((line): [string, unknown] => {
    const at = line.indexOf(": ");
    const value = line.slice(at + 2);
    return [line.slice(0, at), /^[{[]/.test(value) ? (JSON.parse(value) as unknown) : value];
  });
  const {
    edition,
    settings,
    label,
    answers: given = {},
    ...expected
  } = header.parse(Object.fromEntries(fields));
  const files = new Map(
    parts.map((part): [string, string] => {
      const end = part.indexOf("\n");
      const body = part.slice(end + 1);
      return [part.slice(0, end), body.endsWith("\n") ? body : `${body}\n`];
    }),
  );
  const marked = [...files].filter(([, body]) => body.includes("§"));
  const [[file, body] = ["", ""]] = marked;
  if (marked.length !== 1) throw new Error(`${name}: one file has the cursor §, not ${marked.length}`);
  files.set(file, body.replace("§", ""));
  const packageName = name.replace(/[^\w]+/g, "-");
  const manifest = files.get("Cargo.toml") ?? "";
  if (!manifest.includes("[package]")) {
    const own = `[package]\nname = "${packageName}"\nversion = "0.1.0"\nedition = "${edition}"\n`;
    files.set("Cargo.toml", manifest === "" ? own : `${own}\n${manifest}`);
  }
  return {
    name,
    package: packageName,
    byAnalogy: expected["by analogy"],
    byModel: expected["by a model"],
    answers: given,
    label,
    settings,
    files,
    cursor: { file, offset: body.indexOf("§") },
  };
}

/** One answer for each candidate, with an entry for every hole that the prompt lists. */
export function candidatesFor({ answers }: ReportedCase, prompt: string): Record<string, CaseAnswer>[] {
  const holes = prompt
    .split("\n")
    .filter((line) => line.startsWith('{"id":"h'))
    .map((line) => listedHole.parse(JSON.parse(line)));
  const lists = Object.values(answers).map((given) => (Array.isArray(given) ? given.length : 1));
  return Array.from({ length: Math.max(1, ...lists) }, (_, index) =>
    Object.fromEntries(
      holes.flatMap(({ id, name }) => {
        const given = answers[name] ?? answers["*"];
        if (given === undefined) return [];
        const candidates = (Array.isArray(given) ? given : [given]) as readonly CaseAnswer[];
        return [[id, candidates[index % candidates.length] ?? null] as const];
      }),
    ),
  );
}

const listedHole = z.looseObject({ id: z.string(), name: z.string() });
