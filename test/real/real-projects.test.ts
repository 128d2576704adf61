/** The verifier, the built product and plain cargo on published crates as whole projects. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../server/syntax/parse.ts";
import { documentWith } from "../../server/syntax/splice.ts";
import { AnalogyDrafts } from "../support/real-analogy.ts";
import { compareSite, type Compared } from "../support/real-batch.ts";
import { isAll, projectsOf } from "../support/real-choice.ts";
import { realProjects } from "../support/real-crates.mjs";
import { draftsFor } from "../support/real-drafts.ts";
import { fillSitesOf } from "../support/real-line.ts";
import type { AppliedOffer } from "../support/real-oracle.ts";
import { type ProjectFigures, reportOf, save, totalsOf } from "../support/real-report.ts";
import { holdTogether } from "../support/real-held.ts";
import { RealWorld } from "../support/real-world.ts";
import { findTools } from "../support/tools.ts";

const projects = projectsOf(
  realProjects.filter(({ sites }) => sites > 0),
  1,
);

/** Every fourth site gets as many drafts as a check takes; the others fewer, since each is checked alone too. */
const draftsAtMost = [16, 8, 8, 8] as const;
const filledSites = 12;

const all: ProjectFigures[] = [];
let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});
afterEach(() => save(reportOf(all)));
afterAll(() => process.stdout.write(`\n${reportOf(all)}\n`));

describe.each(projects)("$name: $shape", (project) => {
  let world: RealWorld;
  let figures: ProjectFigures;
  const offers: AppliedOffer[] = [];
  beforeAll(() => {
    world = new RealWorld(project, findTools().environment);
    holdTogether(world);
    const { name, shape } = project;
    figures = { name, shape, downloaded: world.downloaded, compared: [], line: undefined, oracle: undefined };
    all.push(figures);
  });
  afterAll(() => world.close());

  test("drafts judged at once are judged as one by one", async () => {
    const verifier = world.newVerifier();
    const analogy = new AnalogyDrafts(syntax, world.files);
    const sites = world.sites(syntax);
    const compared: Compared[] = [];
    try {
      for (let turn = 0; turn < project.sites; turn += 1) {
        const next = sites.next();
        if (next.done === true) break;
        const limit = draftsAtMost[turn % draftsAtMost.length] ?? 8;
        const drafts = draftsFor(syntax, next.value, {
          turn,
          limit,
          others: await analogy.of(next.value, 0.1),
        });
        const result = await compareSite(next.value, drafts, { verifier, settings: world.checkSettings });
        compared.push(result);
        offers.push(...applied(world, result));
      }
    } finally {
      figures.compared = compared;
      await verifier.dispose();
    }
    expect(compared.filter(({ none }) => none === undefined).length).toBeGreaterThan(0);
  });

  test("the built product fills sites and writes nothing", async () => {
    const line = await fillSitesOf(world, await world.sitesToFill(syntax, filledSites));
    figures.line = line;
    offers.push(...line.sites.flatMap((site) => site.offers));
    expect(line.written).toEqual([]);
    expect(line.sites.filter(({ message }) => message === "")).toEqual([]);
  });

  test("plain cargo accepts every offer", async () => {
    figures.oracle = await world.askOracle(offers);
    expect(figures.oracle.offers).toBe(offers.length);
    expect(figures.oracle.failures).toEqual([]);
    expect(figures.oracle.warnings).toEqual([]);
  });
});

test.skipIf(!isAll)("all projects together reach the bars", () => {
  const totals = totalsOf(all);
  expect(totals.projects).toBeGreaterThanOrEqual(4);
  expect(totals.sites).toBeGreaterThanOrEqual(40);
  expect(totals.drafts).toBeGreaterThanOrEqual(300);
  expect(totals.together / totals.severalDrafts).toBeGreaterThanOrEqual(0.8);
  expect(totals.offerDifferences).toEqual([]);
  expect(totals.offers).toBeGreaterThan(100);
  expect(totals.oracleAccepted / totals.offers).toBeGreaterThanOrEqual(0.995);
  expect(totals.newWarnings).toEqual([]);
});

function applied(world: RealWorld, { site, offers }: Compared): readonly AppliedOffer[] {
  return offers.map(({ what, text }) =>
    world.applied(`${site.place} ${what}`, site, documentWith(site.skeleton, text)),
  );
}
