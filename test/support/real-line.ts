/** The whole line on a real project: the built product with the real rust-analyzer, as an editor drives it. */
import type { FillOffer, FillResult } from "../../protocol/methods.ts";
import { applied, type Session, startSession } from "../slow/session-world.ts";
import { treeState } from "../slow/verify-world.ts";
import { uriOf } from "./editor.ts";
import type { AppliedOffer } from "./real-oracle.ts";
import type { RealSite } from "./real-sites.ts";
import type { RealWorld } from "./real-world.ts";

export interface LineSite {
  readonly place: string;
  /** "whole", "partial", or stage and reason of none. */
  readonly outcome: string;
  readonly message: string;
  readonly milliseconds: number;
  readonly offers: readonly AppliedOffer[];
}

export interface LineReport {
  readonly sites: readonly LineSite[];
  /** Runs of cargo, as the product's own log tells them. */
  readonly checks: number;
  /** Files of the tree that are not as before, target directories and Cargo.lock left out. */
  readonly written: readonly string[];
}

/** rust-analyzer as most people have it, but for its check on save and what it does only to be ready earlier. */
const analyzer = { checkOnSave: false, cachePriming: { enable: false }, procMacro: { enable: true } };

export async function fillSitesOf(world: RealWorld, sites: readonly RealSite[]): Promise<LineReport> {
  const before = treeOf(world.root);
  const { cargo } = world.analyzerSettings;
  const session = await startSession({
    workspace: { root: world.root, uri: uriOf(world.root) },
    analyzer: { ...analyzer, cargo },
    armature: { verify: { timeoutMilliseconds: 600_000 } },
    environment: { ARMATURE_CACHE_DIR: world.cache, ARMATURE_LOG: "debug" },
  });
  try {
    const filled: LineSite[] = [];
    for (const site of sites) filled.push(await fillSite(world, session, site));
    const checks = session.editor.stderr.match(/verify: check \d+:/g)?.length ?? 0;
    await session.editor.shutdown();
    const after = new Set(treeOf(world.root));
    const known = new Set(before);
    const written = [
      ...before.filter((entry) => !after.has(entry)),
      ...[...after].filter((entry) => !known.has(entry)),
    ];
    return {
      sites: filled,
      checks,
      written: [...new Set(written.map((entry) => entry.split(" ")[0] ?? ""))],
    };
  } finally {
    await session.close();
  }
}

async function fillSite(world: RealWorld, session: Session, site: RealSite): Promise<LineSite> {
  const { editor } = session;
  const { text } = site.skeleton.site.document;
  const uri = uriOf(site.path);
  await editor.open(uri, text);
  const started = performance.now();
  let result = await session.fill(uri, site.skeleton.site.keyword);
  if (result.kind === "none" && result.reason === "analyzer-not-ready") {
    await editor.untilQuiescent();
    result = await session.fill(uri, site.skeleton.site.keyword);
  }
  const milliseconds = performance.now() - started;
  await editor.close(uri);
  const offers = result.kind === "none" ? [] : result.offers;
  return {
    ...{ place: site.place, milliseconds, ...outcomeOf(result) },
    offers: offers.map((offer) => {
      const what = `${site.place} by the built product: ${rulesOf(offer)}`;
      return world.applied(what, site, applied(text, offer.edit, editor.encoding));
    }),
  };
}

function outcomeOf(result: FillResult): { outcome: string; message: string } {
  if (result.kind === "none") return { outcome: `${result.stage}/${result.reason}`, message: result.message };
  const [best] = result.offers;
  return { outcome: best?.open === 0 ? "whole" : "partial", message: best?.label ?? "" };
}

function rulesOf({ evidence }: FillOffer): string {
  return [...new Set(evidence.holes.map(({ by, rule }) => rule ?? by))].join(", ");
}

function treeOf(root: string): readonly string[] {
  return treeState(root).filter((entry) => !/^(?:[^ ]*\/)?(?:target(?:[/ ]|$)|Cargo\.lock )/.test(entry));
}
