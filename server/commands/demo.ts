import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { fillMethod, type FillOffer, type FillResult } from "../../protocol/methods.ts";
import { Abort } from "../base/abort.ts";
import { findAnalyzer } from "../relay/analyzer.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { independentCheck } from "./demo-check.ts";
import { type PublishedCrate, publishedCrate } from "./demo-published.ts";
import { cargoFetch, type DemoRun, freshCopy } from "./demo-run.ts";
import { type CommandOptions, noWarmUp } from "./fill-command.ts";
import { type HeadlessEditor, startHeadlessEditor } from "./headless-editor.ts";
import { appliedText, diffOf, indented, readableEvidence } from "./readable.ts";
import { progressLine } from "./terminal.ts";

interface DemoTotals {
  whole: number;
  partial: number;
  none: number;
}

const demoSites = z.array(
  z.object({ file: z.string(), line: z.number(), column: z.number(), what: z.string() }),
);
type DemoSite = z.infer<typeof demoSites>[number];

/** Exit code 0: at least one whole offer, and the independent check accepted every offer. */
export async function runDemo(options: CommandOptions): Promise<number> {
  const abort = new Abort();
  process.once("SIGINT", () => abort.abort("cancelled"));
  const started = performance.now();
  const totals: DemoTotals = { whole: 0, partial: 0, none: 0 };
  const fixtures = join(dirname(options.self), "..", "test", "fixtures");
  const found = await findAnalyzer({ setting: "", environment: options.environment, self: options.self });
  if (found.path === undefined) throw new Error(found.error);
  const demo = {
    ...options,
    analyzerPath: found.path,
    signal: abort.signal,
    fixtures,
    work: join(cacheDirectory("", options.environment), "demo"),
  };

  // rust-analyzer loads the published crate while the own one is shown, and plain cargo checks beside both.
  const crate = startPublished(demo);
  crate.catch(() => undefined);
  let isAccepted = false;
  try {
    const independent = independentCheck(demo, join(demo.work, "crate"), await ownCrate(demo, totals));
    independent.catch(() => undefined);
    await published(await crate);
    heading("An independent check of all offers together");
    const { text, ...verdict } = await independent;
    process.stdout.write(text);
    isAccepted = verdict.isAccepted;
  } finally {
    await (await crate.catch(() => undefined))?.editor.close();
  }

  const seconds = Math.round((performance.now() - started) / 1000);
  heading(
    `${totals.whole} whole, ${totals.partial} partial, ${totals.none} without an offer; ${seconds} s altogether`,
  );
  return isAccepted && totals.whole > 0 ? 0 : 1;
}

async function ownCrate(demo: DemoRun, totals: DemoTotals): Promise<ReadonlyMap<string, FillOffer[]>> {
  const root = join(demo.work, "crate");
  await freshCopy(join(demo.fixtures, "demo"), root);
  await cargoFetch(demo, root);
  const sites = demoSites.parse(JSON.parse(await readFile(join(demo.fixtures, "demo-sites.json"), "utf8")));
  const editor = await demoEditor(demo, root, {});
  const filled = new Map<string, FillOffer[]>();
  try {
    for (const [index, site] of sites.entries()) {
      heading(`${index + 1}. ${site.what}  (${site.file}:${site.line})`);
      const path = join(root, site.file);
      const offer = await showSite(editor, path, await readFile(path, "utf8"), site);
      count(totals, offer);
      if (offer !== undefined) filled.set(site.file, [...(filled.get(site.file) ?? []), offer]);
    }
  } finally {
    await editor.close();
  }
  return filled;
}

async function startPublished(demo: DemoRun): Promise<{ crate: PublishedCrate; editor: HeadlessEditor }> {
  const crate = await publishedCrate(demo);
  // Its benchmarks need a nightly compiler: whoever works on it leaves them out of rust-analyzer's checks.
  return { crate, editor: await demoEditor(demo, crate.root, { cargo: { allTargets: false } }) };
}

async function published({ crate, editor }: Awaited<ReturnType<typeof startPublished>>): Promise<void> {
  heading("A published crate: what its authors wrote, blanked in a copy");
  for (const site of crate.sites) {
    heading(`${crate.name} ${crate.version}: ${site.what}  (${site.file}:${site.line})`);
    await showSite(editor, site.path, await readFile(site.path, "utf8"), site);
    process.stdout.write(`\nits authors wrote:\n${indented(site.authors)}\n`);
  }
}

async function showSite(
  editor: HeadlessEditor,
  path: string,
  text: string,
  site: DemoSite,
): Promise<FillOffer | undefined> {
  const uri = await editor.open(path, text);
  await editor.untilReady();
  const position = { line: site.line - 1, character: site.column - 1 };
  const result = (await editor.request(fillMethod, { textDocument: { uri }, position })) as FillResult;
  if (result.kind === "none") {
    process.stdout.write(`no offer: ${result.message} (${result.stage}/${result.reason})\n`);
    return undefined;
  }
  const offer = result.offers[0];
  if (offer === undefined) return undefined;
  process.stdout.write(
    `${offer.label}\n${readableEvidence(offer)}\n${diffOf(site.file, text, appliedText(text, offer))}`,
  );
  return offer;
}

async function demoEditor(demo: DemoRun, root: string, settings: object): Promise<HeadlessEditor> {
  const progress = progressLine(process.stderr);
  const editor = await startHeadlessEditor({
    ...demo,
    root,
    cacheDirectory: cacheDirectory("", demo.environment),
    settings: { checkOnSave: false, armature: noWarmUp, ...settings },
    report: progress.show,
  });
  return { ...editor, untilReady: () => editor.untilReady().finally(progress.clear) };
}

function count(totals: DemoTotals, offer: FillOffer | undefined): void {
  if (offer === undefined) totals.none += 1;
  else if (offer.open > 0) totals.partial += 1;
  else totals.whole += 1;
}

function heading(text: string): void {
  process.stdout.write(`\n${text}\n${"─".repeat(Math.min(100, text.length))}\n`);
}
