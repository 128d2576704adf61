import { describe, expect, it } from "vitest";
import { Abort, abortCauseOf } from "../../server/base/abort.ts";
import type { Outcome, Site } from "../../server/stages.ts";
import type { Asked } from "../../server/trigger/asked.ts";
import { Jobs } from "../../server/trigger/jobs.ts";
import { snapshotAt } from "../support/cursor.ts";

function askedFor(text: string, version = 1): Asked {
  const { document } = snapshotAt(`${text}$0`);
  const at = { start: 0, end: 0 };
  const site: Site = {
    kind: "match",
    document,
    healed: at,
    unhealed: "",
    healedText: "",
    span: at,
    keyword: 0,
    insertAt: undefined,
    label: "match on `a`",
  };
  const versioned = { ...document, version };
  return { sites: [site], document: versioned, documents: [versioned] };
}

const nothing: Outcome = {
  kind: "none",
  stage: "verify",
  reason: "all-rejected",
  message: "",
  site: "match on `a`",
};
const offers = { kind: "offers", offers: [], rejected: [], site: askedFor("x").sites[0]! } satisfies Outcome;

/** Runs that end when the test says so. */
function controlled() {
  const runs: { finish: (outcome: Outcome) => void; signal: AbortSignal }[] = [];
  const jobs = new Jobs({
    now: () => 0,
    run: (_asked, { signal }) => new Promise((resolve) => runs.push({ finish: resolve, signal })),
  });
  return { jobs, runs };
}

const patient = (signal: AbortSignal, keepsRunning = false) => ({ signal, keepsRunning, report: () => {} });

describe("jobs", () => {
  it("run once for all who ask about the same texts", async () => {
    const { jobs, runs } = controlled();
    const first = jobs.join(askedFor("x"), patient(new Abort().signal));
    const second = jobs.join(askedFor("x"), patient(new Abort().signal));
    expect(runs).toHaveLength(1);
    runs[0]?.finish(offers);
    expect(await first).toBe(await second);
  });

  it("run anew for another text", () => {
    const { jobs, runs } = controlled();
    void jobs.join(askedFor("x"), patient(new Abort().signal));
    void jobs.join(askedFor("y"), patient(new Abort().signal));
    expect(runs).toHaveLength(2);
  });

  it("end with the last one who waits, and not before", async () => {
    const { jobs, runs } = controlled();
    const impatient = new Abort();
    const other = new Abort();
    const first = jobs.join(askedFor("x"), patient(impatient.signal));
    const second = jobs.join(askedFor("x"), patient(other.signal));
    impatient.abort("cancelled");
    await expect(first).rejects.toThrow("cancelled");
    expect(runs[0]?.signal.aborted).toBe(false);
    other.abort("cancelled");
    await expect(second).rejects.toThrow("cancelled");
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  it("end at once where a person cancels what runs, also what is kept", () => {
    const { jobs, runs } = controlled();
    jobs.join(askedFor("x"), patient(new Abort().signal, true)).catch(() => undefined);
    jobs.cancel(askedFor("y"));
    expect(runs[0]?.signal.aborted).toBe(false);
    jobs.cancel(askedFor("x"));
    expect(abortCauseOf(runs[0]!.signal)).toBe("cancelled");
  });

  it("go on without anybody where a completion started them, and are ready for the next ask", async () => {
    const { jobs, runs } = controlled();
    const held = new Abort();
    const waiting = jobs.join(askedFor("x"), patient(held.signal, true));
    held.abort("deadline");
    await expect(waiting).rejects.toThrow("deadline");
    expect(runs[0]?.signal.aborted).toBe(false);
    expect(jobs.ready(askedFor("x"))).toBeUndefined();
    runs[0]?.finish(offers);
    await expect.poll(() => jobs.ready(askedFor("x"))).toBe(offers);
  });

  it("end as stale when their document, or any other, moves on", () => {
    const { jobs, runs } = controlled();
    const asked = askedFor("x");
    jobs.join(asked, patient(new Abort().signal)).catch(() => undefined);
    jobs.documentChanged(asked.document.uri, { ...asked.document, version: 2 });
    expect(runs[0]?.signal.aborted).toBe(false);
    jobs.documentChanged(asked.document.uri, { ...asked.document, text: "z" });
    expect(runs[0]?.signal.aborted).toBe(true);
    expect(abortCauseOf(runs[0]!.signal)).toBe("stale");
    jobs.join(askedFor("y"), patient(new Abort().signal)).catch(() => undefined);
    jobs.documentChanged("file:///project/src/other.rs", asked.document);
    expect(runs[1]?.signal.aborted).toBe(true);
  });

  it("end as stale when the settings change, and forget offers of before", async () => {
    const { jobs, runs } = controlled();
    const waiting = jobs.join(askedFor("x"), patient(new Abort().signal));
    runs[0]?.finish(offers);
    await waiting;
    jobs.join(askedFor("y"), patient(new Abort().signal)).catch(() => undefined);
    jobs.settingsChanged();
    expect(abortCauseOf(runs[1]!.signal)).toBe("stale");
    expect(jobs.ready(askedFor("x"))).toBeUndefined();
  });

  it("forget offers when files or settings changed, and keep the last outcome for `why`", async () => {
    const { jobs, runs } = controlled();
    const waiting = jobs.join(askedFor("x"), patient(new Abort().signal));
    runs[0]?.finish(offers);
    await waiting;
    expect(jobs.ready(askedFor("x"))).toBe(offers);
    jobs.worldChanged();
    expect(jobs.ready(askedFor("x"))).toBeUndefined();
    expect(jobs.last(askedFor("anything else"))?.outcome).toBe(offers);
  });

  it("remember where they found nothing until something changes, but not what merely passed", async () => {
    const { jobs, runs } = controlled();
    const first = jobs.join(askedFor("x"), patient(new Abort().signal));
    runs[0]?.finish(nothing);
    await first;
    expect(jobs.isFruitless(askedFor("x"))).toBe(true);
    expect(jobs.isFruitless(askedFor("y"))).toBe(false);
    jobs.worldChanged();
    expect(jobs.isFruitless(askedFor("x"))).toBe(false);
    const second = jobs.join(askedFor("x"), patient(new Abort().signal));
    runs[1]?.finish({ ...nothing, reason: "cancelled" });
    await second;
    expect(jobs.isFruitless(askedFor("x"))).toBe(false);
  });

  it("try again after no offer", async () => {
    const { jobs, runs } = controlled();
    const waiting = jobs.join(askedFor("x"), patient(new Abort().signal));
    runs[0]?.finish(nothing);
    expect(await waiting).toBe(nothing);
    void jobs.join(askedFor("x"), patient(new Abort().signal));
    expect(runs).toHaveLength(2);
  });

  it("that were told to end are not joined any more: who asks again gets a run of their own", async () => {
    const { jobs, runs } = controlled();
    const impatient = new Abort();
    const first = jobs.join(askedFor("x"), patient(impatient.signal));
    impatient.abort("cancelled");
    await expect(first).rejects.toThrow("cancelled");
    const again = jobs.join(askedFor("x"), patient(new Abort().signal));
    expect(runs).toHaveLength(2);
    runs[0]?.finish({ ...nothing, reason: "cancelled" });
    runs[1]?.finish(offers);
    expect(await again).toBe(offers);
  });

  it("are stopped and waited for, those that were told to end before included", async () => {
    const { jobs, runs } = controlled();
    const impatient = new Abort();
    jobs.join(askedFor("x"), patient(impatient.signal)).catch(() => undefined);
    impatient.abort("cancelled");
    await new Promise(setImmediate);
    jobs.join(askedFor("x"), patient(new Abort().signal)).catch(() => undefined);
    let isStopped = false;
    const stopped = jobs.stop().then(() => (isStopped = true));
    runs[1]?.finish(nothing);
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    runs[0]?.finish(nothing);
    await stopped;
    expect(runs[1]?.signal.aborted).toBe(true);
  });

  it("give each who asks the offer for the version and the half-typed word of their own", async () => {
    const { jobs, runs } = controlled();
    const asked = askedFor("x");
    const waiting = jobs.join(asked, patient(new Abort().signal));
    const site = asked.sites[0]!;
    runs[0]?.finish({ kind: "offers", site, offers: [], rejected: [] });
    await waiting;
    const later = { ...site, unhealed: "Shape::C", document: { ...site.document, version: 7 } };
    const ready = jobs.ready({ ...asked, sites: [later] });
    expect(ready?.kind === "offers" && ready.site).toBe(later);
  });

  it("run anew where another document has other text under the same version", async () => {
    const { jobs, runs } = controlled();
    const asked = askedFor("x");
    const other = { ...asked.document, uri: "file:///project/src/other.rs" };
    const first = jobs.join({ ...asked, documents: [asked.document, other] }, patient(new Abort().signal));
    runs[0]?.finish(offers);
    await first;
    const reopened = { ...other, text: "something else" };
    expect(jobs.ready({ ...asked, documents: [asked.document, { ...other }] })).toBe(offers);
    expect(jobs.ready({ ...asked, documents: [asked.document, reopened] })).toBeUndefined();
  });

  it("keep apart what came of two places with the same head", async () => {
    const { jobs, runs } = controlled();
    const text = "fn f() { match a {} }\nfn g() { match a {} }\n";
    const at = (keyword: number) => {
      const asked = askedFor(text);
      return { ...asked, sites: [{ ...asked.sites[0]!, keyword }] };
    };
    const [first, second] = [at(text.indexOf("match")), at(text.lastIndexOf("match"))];
    const waiting = jobs.join(first, patient(new Abort().signal));
    runs[0]?.finish(nothing);
    await waiting;
    expect(jobs.last(first)?.outcome).toBe(nothing);
    expect(jobs.last(second)).toBeUndefined();
  });
});
