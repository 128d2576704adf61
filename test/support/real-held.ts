/**
 * The many offers of drafts judged both ways, applied to one clean copy together: their sites do not touch, and a run of
 * cargo for each would take hours. The published text is what they are held against: it is green where theirs must be.
 * Those of which the test itself has asked are not asked of again.
 */
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { loadRustSyntax } from "../../server/syntax/parse.ts";
import { withOpenBodies } from "./held/offer-faults.ts";
import { setOffersAside } from "./held/recorder.ts";
import { featureOptions } from "./real-crates.mjs";
import { type AppliedOffer, askOracle } from "./real-oracle.ts";
import type { RealWorld } from "./real-world.ts";
import { findTools } from "./tools.ts";

export function holdTogether(world: RealWorld): void {
  const { project, root, files } = world;
  const base = realpathSync(mkdtempSync(join(tmpdir(), "armature-real-copy-")));
  const copy = join(base, "copy");
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
  const published = new Map(files.map(({ path, text }) => [path, text]));
  setOffersAside(root, async (all) => {
    const offers = all.filter(({ path, after }) => !world.hasAsked(relative(root, path), after));
    const syntax = await loadRustSyntax();
    const applied = offers.map((offer, index): AppliedOffer => ({
      ...{ what: String(index), file: relative(root, offer.path), text: offer.after },
      published: published.get(offer.path) ?? offer.before,
      open: withOpenBodies(syntax, offer),
    }));
    const { failures, warnings } = await askOracle(applied, {
      ...{ root: copy, work: join(base, "work"), featureOptions: featureOptions(project) },
      ...{ packages: Object.keys(project.crates), environment: findTools().environment },
    });
    rmSync(base, { recursive: true, force: true });
    const faults = failures.map(({ what, errors, change }) => ({ what, faults: [...errors, change] }));
    const together = { route: project.name, says: "all offers together", after: "" };
    return [
      ...offers.map((offer, index) => ({
        offer,
        faults: faults.filter(({ what }) => what === String(index)).flatMap((failure) => failure.faults),
      })),
      ...faults
        .filter(({ what }) => !/^\d+$/.test(what))
        .map(({ faults: found }) => ({ offer: together, faults: found })),
      ...(warnings.length > 0 ? [{ offer: together, faults: warnings }] : []),
    ];
  });
}
