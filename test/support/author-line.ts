/** The built product asked at places cut out of published code, with a model that answers as the authors did. */
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { FillResult } from "../../protocol/methods.ts";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { type Session, startSession } from "../slow/session-world.ts";
import { compiledFiles } from "./author-conditions.ts";
import { bodyWithNames, parametersOf } from "./author-parameters.ts";
import {
  type AuthorSite,
  authorSitesIn,
  bindersFor,
  cutKinds,
  panickingMacros,
  requiredMembers,
} from "./author-sites.ts";
import { uriOf } from "./editor.ts";
import { holdMembers } from "./held/hold-members.ts";
import { setOffersAside } from "./held/recorder.ts";
import { type ScriptedAnswer, startModelServer } from "./model-server.ts";
import { featureOptions } from "./real-crates.mjs";
import { randomFrom } from "./real-drafts.ts";
import type { RealWorld } from "./real-world.ts";
import { findTools } from "./tools.ts";

export interface AuthorOutcome {
  readonly kind: AuthorSite["kind"];
  readonly place: string;
  /** "whole", "partial", or stage and reason of none. */
  readonly outcome: string;
  /** What a user reads: the label, or why there is nothing. */
  readonly message: string;
  readonly milliseconds: number;
}

/** Of each way to cut as many as of the others, from as many files; the same ones each time. */
export function chooseSites(world: RealWorld, syntax: RustSyntax, count: number): readonly AuthorSite[] {
  const random = randomFrom(world.project.name);
  const files = world.files.filter(
    ({ name }) => !/(?:^|\/)(?:tests|benches|examples|target|unicode_tables|build\.rs)(?:\/|$)/.test(name),
  );
  const required = requiredMembers(syntax, files);
  const panicking = panickingMacros(syntax, files);
  const features = ["std", "alloc", "default", ...(world.project.features ?? [])];
  const open = compiledFiles(syntax, world.files, features)
    .filter((file) => files.includes(file))
    .flatMap((file) => authorSitesIn(syntax, file, { required, panicking, features }))
    .map((site) => ({ site, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ site }) => site);
  const chosen: AuthorSite[] = [];
  const taken = (file: string) => chosen.filter(({ path }) => path === file).length;
  for (let turn = 0; chosen.length < count && open.length > 0; turn += 1) {
    const wanted = cutKinds[turn % cutKinds.length];
    const fit = open.filter(({ kind }) => kind === wanted);
    const [first] = fit.sort((a, b) => taken(a.path) - taken(b.path));
    if (first === undefined) continue;
    chosen.push(first);
    open.splice(open.indexOf(first), 1);
  }
  return chosen;
}

/** What is offered is held in a clean copy, whatever the test that asked does with it. */
export function holdInCopy(world: RealWorld): void {
  const { project, root } = world;
  const base = realpathSync(mkdtempSync(join(tmpdir(), "armature-real-copy-")));
  const copy = join(base, "copy");
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
  const names = Object.keys(project.crates);
  const isSingle = names.length === 1;
  setOffersAside(root, async (offers) => {
    try {
      return await holdMembers(offers, {
        ...{
          copy,
          root,
          environment: { ...findTools().environment, CARGO_TARGET_DIR: join(base, "target") },
        },
        ...{ flags: featureOptions(project), allTargets: project.allTargets ?? true },
        memberOf: (path) => (isSingle ? "" : (path.split("/")[0] ?? "")),
        packageOf: (member) => member,
      });
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });
}

const listedHole = z.looseObject({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  binders: z.array(z.string()).default([]),
});

export async function fillAuthorSites(
  world: RealWorld,
  sites: readonly AuthorSite[],
): Promise<readonly AuthorOutcome[]> {
  const syntax = await loadRustSyntax();
  let asked: AuthorSite | undefined;
  const server = await startModelServer(({ body }) => {
    const prompt = body.messages?.map(({ content }) => content).join("\n") ?? "";
    return { kind: "bodies", answers: [asked === undefined ? {} : answersTo(syntax, prompt, asked)] };
  });
  const { cargo } = world.analyzerSettings;
  const session = await startSession({
    workspace: { root: world.root, uri: uriOf(world.root) },
    analyzer: { checkOnSave: false, cachePriming: { enable: false }, procMacro: { enable: true }, cargo },
    armature: {
      verify: { timeoutMilliseconds: 600_000 },
      model: {
        ...{ name: "authors", baseUrl: server.baseUrl, candidates: 1, repairRounds: 0 },
        ...{ requestsPerDay: 100_000, tokensPerDay: 1_000_000_000 },
      },
    },
    environment: { ARMATURE_CACHE_DIR: world.cache },
  });
  try {
    const outcomes: AuthorOutcome[] = [];
    for (const site of sites) {
      asked = site;
      outcomes.push(await fillSite(session, site));
    }
    await session.editor.shutdown();
    return outcomes;
  } finally {
    await session.close();
    await server.close();
  }
}

function answersTo(syntax: RustSyntax, prompt: string, { answers }: AuthorSite): ScriptedAnswer {
  const holes = prompt
    .split("\n")
    .filter((line) => line.startsWith('{"id":"h'))
    .map((line) => listedHole.parse(JSON.parse(line)));
  return Object.fromEntries(
    holes.flatMap(({ id, name, owner, binders }) => {
      const answer = answers.get(name);
      if (answer === undefined) return [];
      const { parameters: authors } = answer;
      const frames = authors.length === 0 ? [] : parametersOf(syntax, owner);
      const body = bodyWithNames(syntax, answer.body, { authors, frames });
      return [[id, { body, binders: bindersFor(answer, binders) }] as const];
    }),
  );
}

async function fillSite(session: Session, site: AuthorSite): Promise<AuthorOutcome> {
  const { editor } = session;
  const uri = uriOf(site.path);
  await editor.open(uri, site.text);
  const started = performance.now();
  let result = await session.fill(uri, site.offset);
  if (result.kind === "none" && result.reason === "analyzer-not-ready") {
    await editor.untilQuiescent();
    result = await session.fill(uri, site.offset);
  }
  const milliseconds = performance.now() - started;
  await editor.close(uri);
  return { kind: site.kind, place: site.place, milliseconds, ...outcomeOf(result) };
}

function outcomeOf(result: FillResult): { outcome: string; message: string } {
  if (result.kind === "none") return { outcome: `${result.stage}/${result.reason}`, message: result.message };
  const [best] = result.offers;
  return { outcome: best?.open === 0 ? "whole" : "partial", message: best?.label ?? "" };
}

/** A table by project, and each lost site with what its user reads. */
export function reportOf(all: ReadonlyMap<string, readonly AuthorOutcome[]>): string {
  const lines = [...all].flatMap(([project, outcomes]) => {
    const whole = outcomes.filter(isWhole).length;
    const time = outcomes.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1_000;
    return [
      `${project}: ${whole} of ${outcomes.length} offered whole, ${time.toFixed(0)} s`,
      ...outcomes
        .filter((outcome) => !isWhole(outcome))
        .map(({ kind, place, outcome, message }) => `  lost: ${kind}, ${place}: ${outcome}: ${message}`),
    ];
  });
  const every = [...all.values()].flat();
  const whole = every.filter(isWhole).length;
  const share = `${(100 * wholeShare(every)).toFixed(1)} %`;
  return [...lines, `${whole} of ${every.length} sites offered whole (${share})`].join("\n");
}

export function wholeShare(outcomes: readonly AuthorOutcome[]): number {
  return outcomes.length === 0 ? 0 : outcomes.filter(isWhole).length / outcomes.length;
}

function isWhole({ outcome }: AuthorOutcome): boolean {
  return outcome === "whole";
}
