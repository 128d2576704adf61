import { describe, expect, it } from "vitest";
import { Abort, AbortedError } from "../../server/base/abort.ts";
import { createLog, silentLog } from "../../server/base/log.ts";
import type { Bodies } from "../../server/bodies/write-bodies.ts";
import { SourceIndex } from "../../server/facts/source-index.ts";
import { fillSites, type PipelineContext } from "../../server/pipeline.ts";
import type { Draft, Filling, NoOffer, Outcome, Verdict } from "../../server/stages.ts";
import { loadRustSyntax } from "../../server/syntax/parse.ts";
import { findSites } from "../../server/trigger/find-sites.ts";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import type { Verifier, VerifyReport, VerifyRequest } from "../../server/verify/verifier.ts";
import { snapshotAt } from "../support/cursor.ts";
import { fakeAnalyzer } from "../support/fake-analyzer.ts";

const oneMatch = "fn f(e: &E) -> u8 {\n    match e {\n        E::A => 1,\n$0\n    }\n}\n";
const inserted = ",\n        E::B => todo!(),\n        E::C => todo!(),";

/** A draft with these bodies for h1, h2, …; undefined leaves a hole open. */
function draft(rank: number, ...bodies: (string | undefined)[]): Draft {
  const author = { by: "model", model: "tiny" } as const;
  const fillings = bodies.flatMap((text, index): [string, Filling][] =>
    text === undefined ? [] : [[`h${index + 1}`, { text, author }]],
  );
  return { rank, fillings: new Map(fillings) };
}

interface Script {
  readonly first?: readonly Draft[] | NoOffer;
  /** Drafts of each repair round; beyond the last there are none. */
  readonly repairs?: readonly (readonly Draft[])[];
  /** The bodies that compile. */
  readonly right?: readonly string[];
  readonly verify?: (request: VerifyRequest, index: number) => Promise<VerifyReport | NoOffer>;
  readonly missing?: (line: number) => string | undefined;
  readonly isKnown?: boolean;
  readonly repairRounds?: number;
  readonly verifyMilliseconds?: number;
  readonly signal?: AbortSignal;
}

function textOf({ fillings }: Draft): string {
  return [...fillings.values()].map(({ text }) => text).join(" ");
}

function judged(request: VerifyRequest, right: readonly string[]): VerifyReport {
  const verdicts = request.drafts.map((tried): Verdict => {
    const wrong = [...tried.fillings].filter(([, { text }]) => !right.includes(text));
    if (wrong.length === 0) {
      const check = {
        command: "cargo check",
        targets: ["lib x"],
        milliseconds: 1,
        checks: 1,
        errors: [],
        warnings: 0,
      };
      return { kind: "accepted", draft: tried, text: textOf(tried), check };
    }
    const diagnostics = wrong.map(([hole, { text }]) => ({
      level: "error" as const,
      code: "E0308",
      message: `${text} is wrong`,
      path: "",
      line: 1,
      hole,
      rendered: "",
    }));
    return { kind: "rejected", draft: tried, diagnostics };
  });
  return { kind: "report", verdicts, checks: 1, milliseconds: 5 };
}

/** One run of the line over a scripted writer and a scripted compiler. */
async function run(marked: string, script: Script) {
  const syntax = await loadRustSyntax();
  const { document, offset } = snapshotAt(marked);
  const checked: (readonly Draft[])[] = [];
  const rounds: { round: number; verdicts: number }[] = [];
  const logged: string[] = [];
  const log = createLog({ level: "info", write: (line) => logged.push(line), now: () => new Date(0) });
  const bodies: Bodies = {
    write: () => Promise.resolve(script.first ?? []),
    repair: (_facts, verdicts, round) => {
      rounds.push({ round, verdicts: verdicts.length });
      return Promise.resolve(script.repairs?.[round - 1] ?? []);
    },
    model: () => undefined,
  };
  const verifier: Verifier = {
    verify(request) {
      checked.push(request.drafts);
      const own = script.verify?.(request, checked.length - 1);
      return own ?? Promise.resolve(judged(request, script.right ?? []));
    },
    warm: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  };
  const analyzer = fakeAnalyzer(document.text, script.missing ?? (() => inserted), {
    isKnown: script.isKnown ?? true,
  });
  const context: PipelineContext = {
    syntax,
    sources: {
      ask: analyzer.ask,
      encoding: "utf-16",
      index: new SourceIndex({ syntax: loadRustSyntax, log: silentLog }),
    },
    bodies,
    verifier,
    checkSettings: checkSettingsFrom(undefined),
    verifyMilliseconds: script.verifyMilliseconds ?? 60_000,
    repairRounds: script.repairRounds ?? 2,
    document,
    documents: [document],
    signal: script.signal ?? new Abort().signal,
    report: () => {},
    log,
  };
  const outcome = await fillSites(findSites(syntax, document, offset), context);
  const bodiesChecked = checked.map((drafts) => drafts.map(textOf));
  return { outcome, checked: bodiesChecked, rounds, analyzer, logged: logged.join("") };
}

function shortly(outcome: Outcome): string {
  if (outcome.kind === "none") return `${outcome.stage}/${outcome.reason}: ${outcome.message}`;
  return outcome.offers
    .map(({ draft, open, rounds }) => `${textOf(draft)}, ${open.length} open, ${rounds} rounds`)
    .join("; ");
}

describe("the sites at a cursor", () => {
  const inner =
    "impl T for S {\n    fn f(&self) {\n        match a {\n            X => 1,\n            $0\n        }\n    }\n}\n";
  const member = "    fn g(&self) -> u8 {\n        todo!()\n    }\n";

  it("fall through to the next one out where nothing is missing", async () => {
    const script: Script = {
      missing: (line) => (line === 0 ? member : undefined),
      first: [draft(0, "7")],
      right: ["7"],
    };
    const { outcome, analyzer } = await run(inner, script);
    expect(outcome.kind === "offers" && outcome.site.label).toBe("impl `T` for `S`");
    expect(analyzer.asked.filter((method) => method === "textDocument/codeAction")).toHaveLength(2);
  });

  it("end with the innermost one's reason where nothing is missing anywhere", async () => {
    const { outcome } = await run(inner, { missing: () => undefined });
    expect(outcome).toMatchObject({ kind: "none", reason: "nothing-missing", site: "match on `a`" });
  });

  it("do not fall through where something is missing that nobody can write", async () => {
    const none: NoOffer = { kind: "none", stage: "bodies", reason: "no-evidence", message: "no" };
    const { outcome, analyzer } = await run(inner, { missing: () => ",\nY => todo!(),", first: none });
    expect(outcome).toEqual(none);
    expect(analyzer.asked.filter((method) => method === "textDocument/codeAction")).toHaveLength(1);
  });

  it("tell of a file that rust-analyzer does not know, instead of nothing missing there", async () => {
    const { outcome } = await run(inner, { missing: () => undefined, isKnown: false });
    expect(outcome).toMatchObject({ stage: "facts", reason: "outside-workspace", site: "match on `a`" });
  });

  it("are none at all in an empty file", async () => {
    expect((await run("$0", {})).outcome).toMatchObject({ stage: "trigger", reason: "not-a-site" });
  });
});

describe("drafts", () => {
  it("are offered as accepted, with nothing asked again", async () => {
    const result = await run(oneMatch, { first: [draft(0, "1", "2")], right: ["1", "2"] });
    expect(shortly(result.outcome)).toBe("1 2, 0 open, 0 rounds");
    expect(result).toMatchObject({ checked: [["1 2"]], rounds: [] });
  });

  it("are not offered where the document moved on right after the last check", async () => {
    const abort = new Abort();
    const verify: Script["verify"] = (request) => {
      abort.abort("stale");
      return Promise.resolve(judged(request, ["1", "2"]));
    };
    const result = await run(oneMatch, { first: [draft(0, "1", "2")], signal: abort.signal, verify });
    expect(result.outcome).toMatchObject({ kind: "none", reason: "stale" });
  });

  it("that fail in different holes are tried together once, and that is no repair round", async () => {
    const first = [draft(0, "1", "x"), draft(1, "y", "2")];
    const result = await run(oneMatch, { first, right: ["1", "2"], repairRounds: 0 });
    expect(result.checked).toEqual([["1 x", "y 2"], ["1 2"]]);
    expect(shortly(result.outcome)).toBe("1 2, 0 open, 0 rounds");
  });

  it("that fail in one hole go back to the model before less is offered", async () => {
    const result = await run(oneMatch, {
      first: [draft(0, "1", "x")],
      repairs: [[draft(0, "1", "2")]],
      right: ["1", "2"],
    });
    expect(result.checked).toEqual([["1 x"], ["1"], ["1 2"]]);
    expect(shortly(result.outcome)).toBe("1 2, 0 open, 1 rounds; 1, 1 open, 1 rounds");
  });

  it("that nobody can repair are offered as far as they compile", async () => {
    const result = await run(oneMatch, { first: [draft(0, "1", "x")], right: ["1"] });
    expect(shortly(result.outcome)).toBe("1, 1 open, 0 rounds");
    expect(result.rounds).toHaveLength(1);
  });

  it("are partial without a repair where the writer left the rest open itself", async () => {
    const result = await run(oneMatch, { first: [draft(0, "1")], right: ["1"] });
    expect(result.rounds).toEqual([]);
    expect(shortly(result.outcome)).toBe("1, 1 open, 0 rounds");
  });

  it("are repaired in no more rounds than are allowed", async () => {
    const repairs = ["a", "b", "c", "d"].map((text) => [draft(0, text, text)]);
    const result = await run(oneMatch, { first: [draft(0, "x", "x")], repairs });
    expect(result.rounds.map(({ round }) => round)).toEqual([1, 2]);
    expect(result.outcome).toMatchObject({ kind: "none", reason: "all-rejected" });
    const none = await run(oneMatch, { first: [draft(0, "x", "x")], repairs, repairRounds: 0 });
    expect(none.rounds).toEqual([]);
  });
});

describe("what goes wrong", () => {
  it("with an internal error becomes a reason, and the log has it", async () => {
    const verify = () => Promise.reject(new Error("the sky fell", { cause: new Error("gravity") }));
    const { outcome, logged } = await run(oneMatch, { first: [draft(0, "1", "2")], verify });
    expect(shortly(outcome)).toBe("offer/internal-error: the sky fell: gravity");
    expect(logged).toContain("error armature: no offer: the sky fell: gravity");
  });

  it("with an aborted run becomes the reason of its abort", async () => {
    for (const [cause, reason] of [
      ["stale", "stale"],
      ["cancelled", "cancelled"],
      ["shutdown", "cancelled"],
    ] as const) {
      const abort = new Abort();
      const verify = () => {
        abort.abort(cause);
        return Promise.reject(new AbortedError(cause));
      };
      const { outcome } = await run(oneMatch, { first: [draft(0, "1", "2")], verify, signal: abort.signal });
      expect(outcome).toMatchObject({ kind: "none", reason });
    }
  });

  it("with a check beyond its time names the setting, and keeps what was accepted before", async () => {
    const forever = ({ signal }: VerifyRequest) =>
      new Promise<VerifyReport>((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(new AbortedError("deadline"))),
      );
    const late = await run(oneMatch, {
      first: [draft(0, "1", "2")],
      verify: forever,
      verifyMilliseconds: 20,
    });
    expect(shortly(late.outcome)).toMatch(/^verify\/check-timeout: .*20 ms \(verify\.timeoutMilliseconds\)$/);
    const partly = await run(oneMatch, {
      first: [draft(0, "1", "x")],
      repairs: [[draft(0, "1", "2")]],
      verify: (request, index) => (index < 2 ? Promise.resolve(judged(request, ["1"])) : forever(request)),
      verifyMilliseconds: 50,
    });
    expect(shortly(partly.outcome)).toBe("1, 1 open, 1 rounds");
  });

  it("before any check is the check's own reason", async () => {
    const none: NoOffer = { kind: "none", stage: "verify", reason: "cargo-missing", message: "no cargo" };
    const { outcome } = await run(oneMatch, {
      first: [draft(0, "1", "2")],
      verify: () => Promise.resolve(none),
    });
    expect(outcome).toEqual({ ...none, site: "match on `e`", rejected: [] });
  });
});
