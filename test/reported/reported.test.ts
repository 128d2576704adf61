/** Every reported case with every toolchain, held against plain cargo and rustfmt. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linesToFormat } from "../support/formatted-lines.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";
import { addedTo, plainCheck, type Said } from "../support/plain-cargo.ts";
import { type CaseAnswer, readReportedCases, type ReportedCase } from "../support/reported-cases.ts";
import { toolchainsForCases } from "../support/case-toolchains.ts";
import { applied, type Session, startSession } from "../slow/session-world.ts";

const cases = readReportedCases();

for (const toolchain of toolchainsForCases()) {
  describe(`rust-analyzer ${toolchain.version}`, () => {
    let base = "";
    let laid = "";
    let plain = "";
    let model: ModelServer;
    let current: ReportedCase;
    const sessions = new Map<boolean, Session>();
    const before = new Map<string, readonly Said[]>();
    const environment = { ...toolchain.environment, CARGO_TERM_COLOR: "never" };

    beforeAll(async () => {
      base = realpathSync(mkdtempSync(join(tmpdir(), "armature-reported-")));
      laid = join(base, "cases");
      plain = join(base, "plain");
      layWorkspace(laid);
      spawnSync("cargo", ["fetch", "--quiet"], { cwd: laid, env: environment, stdio: "inherit" });
      cpSync(laid, plain, { recursive: true });
      model = await startModelServer((request) => ({
        kind: "bodies",
        answers: candidatesFor(
          current,
          request.body.messages?.map(({ content }) => content).join("\n") ?? "",
        ),
      }));
    });

    afterAll(async () => {
      for (const session of sessions.values()) await session.close();
      await model.close();
      rmSync(base, { recursive: true, force: true });
    });

    const sessionFor = async (byModel: boolean) => {
      const known = sessions.get(byModel);
      if (known !== undefined) return known;
      const session = await startSession({
        workspace: { root: laid, uri: pathToFileURL(laid).href },
        environment: toolchain.environment,
        analyzerFile: toolchain.analyzer,
        analyzer: { cargo: { buildScripts: { enable: true } }, procMacro: { enable: true } },
        armature: byModel
          ? { model: { name: "scripted", baseUrl: model.baseUrl }, verify: { timeoutMilliseconds: 120_000 } }
          : { verify: { timeoutMilliseconds: 120_000 } },
      });
      sessions.set(byModel, session);
      return session;
    };

    const plainBefore = (name: string, flags: readonly string[]) => {
      const key = [name, ...flags].join(" ");
      const known = before.get(key) ?? plainCheck({ directory: plain, package: name, environment, flags });
      before.set(key, known);
      return known;
    };

    for (const byModel of [false, true]) {
      for (const reported of cases) {
        const expected = byModel ? reported.byModel : reported.byAnalogy;
        if (expected === undefined) continue;
        test(`${reported.name}, ${byModel ? "by a model" : "by analogy"}: ${expected}`, async () => {
          current = reported;
          const session = await sessionFor(byModel);
          const { file, offset } = reported.cursor;
          const path = join(laid, reported.name, file);
          const uri = pathToFileURL(path).href;
          await session.editor.open(uri);
          const result = await session.fill(uri, offset);
          if (result.kind === "none") {
            if (expected === "offer") throw new Error(`${result.stage}/${result.reason}: ${result.message}`);
            expect(result.message).not.toBe("");
            return;
          }
          expect(result.offers[0]?.label).toContain(reported.label ?? "");
          const original = reported.files.get(file) ?? "";
          for (const [rank, offer] of result.offers.entries()) {
            const text = applied(original, offer.edit);
            const flagSets = [[], ["--all-targets"]];
            const old = flagSets.map((flags) => plainBefore(reported.package, flags));
            const place = join(plain, reported.name, file);
            writeFileSync(place, text);
            try {
              for (const [index, flags] of flagSets.entries()) {
                const now = plainCheck({ directory: plain, package: reported.package, environment, flags });
                // What the gap only hid is named on the label.
                const isSaid = offer.label.includes("adds no error");
                const worse = isSaid ? [] : addedTo(old[index] ?? [], now);
                expect(worse.map(({ rendered }) => rendered).join("\n"), `${offer.label}\n${text}`).toBe("");
                if (expected === "offer" && reported.label?.startsWith("adds no error") !== true)
                  expect(
                    now.filter(({ level }) => level === "error").map(({ rendered }) => rendered),
                  ).toEqual([]);
              }
            } finally {
              writeFileSync(place, original);
            }
            if (expected === "offer" && rank === 0) {
              expect(offer.open, offer.label).toBe(0);
              if (isFormatted(original, offset, environment))
                expect(linesToFormat(original, text, formatted(text, environment)), text).toEqual([]);
            }
          }
          if (expected === "none") throw new Error(`offered: ${result.offers[0]?.label}`);
        });
      }
    }
  });
}

function layWorkspace(root: string): void {
  for (const { name, files } of cases) {
    for (const [file, text] of files) {
      const path = join(root, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
  const members = cases.map(({ name }) => JSON.stringify(name)).join(", ");
  writeFileSync(join(root, "Cargo.toml"), `[workspace]\nresolver = "2"\nmembers = [${members}]\n`);
}

/** One answer for each candidate, with an entry for every hole that the prompt lists. */
function candidatesFor({ answers }: ReportedCase, prompt: string): Record<string, CaseAnswer>[] {
  const holes = prompt
    .split("\n")
    .filter((line) => line.startsWith('{"id":"h'))
    .map((line) => JSON.parse(line) as { readonly id: string; readonly name: string });
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

/** The cursor's line is left out where it is blank: nobody's formatter would leave it there. */
function isFormatted(text: string, offset: number, environment: NodeJS.ProcessEnv): boolean {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset) + 1;
  const isBlank = text.slice(start, end).trim() === "";
  const without = isBlank ? text.slice(0, start) + text.slice(end) : text;
  return formatted(without, environment) === without;
}

function formatted(text: string, environment: NodeJS.ProcessEnv): string {
  const run = spawnSync("rustfmt", ["--edition", "2024"], {
    input: text,
    env: environment,
    encoding: "utf8",
  });
  return run.status === 0 ? run.stdout : `not formatted: ${run.stderr}`;
}
