import { expect, it } from "vitest";
import type { Checked } from "../../../server/verify/judge/bench.ts";
import {
  type LiveTarget,
  liveTargets,
  missingMarker,
  namesOf,
  whyUnchecked,
} from "../../../server/verify/judge/liveness.ts";
import type { CoveredTarget } from "../../../server/verify/check/coverage.ts";

const none = { plain: 0, test: 0 };
const both = { plain: 1, test: 1 };
const markers = new Map([["live_1", "h1"]]);

/** A library with its tests, both compiled with the document in them, as far as nothing else is said. */
function covered(more: Partial<CoveredTarget> = {}): CoveredTarget {
  const { green = both } = more;
  const unsettled = { plain: 1 - green.plain, test: 1 - green.test };
  return { packageId: "p", target: "lib p", units: 2, green, waiting: 0, unsettled, ...more };
}

interface Seen {
  readonly coverage: readonly CoveredTarget[];
  /** Builds of "lib p" that report the marker. */
  readonly seen: string;
  /** Builds that leave the code out. */
  readonly leftOut?: string;
}

function checked({ coverage, seen, leftOut = "" }: Seen): Checked {
  const builds = seen.split(" ").filter((build) => build !== "");
  return {
    run: { messages: [], artifacts: [], isSuccess: true, stderr: "", milliseconds: 0 },
    placed: [],
    coverage,
    packageId: "p",
    markers: builds.map((build) => ({
      ...{ packageId: "p", target: "lib p", isTest: build === "test", name: "live_1" },
    })),
    isLeftOut: (_of, _hole, { isTest }) => leftOut.includes(isTest ? "test" : "plain"),
    whyMissed: (missed, hole) =>
      [missed?.target, missed?.isTest === undefined ? "" : missed.isTest ? "test" : "plain", hole].join(" "),
  };
}

const red = covered({ green: none });
const redTests = covered({ green: { plain: 1, test: 0 } });
const redPlain = covered({ green: { plain: 0, test: 1 } });
const waiting = covered({ units: 1, green: { plain: 1, test: 0 }, waiting: 1 });
const twice = covered({ units: 4, green: none, unsettled: { plain: 2, test: 2 } });

it.each<[string, Seen, string | undefined]>([
  ["all green, seen in both", { coverage: [covered()], seen: "plain test" }, undefined],
  ["all green, code of tests", { coverage: [covered()], seen: "test" }, undefined],
  ["all green, code of plain builds", { coverage: [covered()], seen: "plain" }, undefined],
  ["all green, seen by nobody", { coverage: [covered()], seen: "" }, "lib p  h1"],
  ["no target contains it", { coverage: [], seen: "" }, "  "],
  ["both red elsewhere, seen in both", { coverage: [red], seen: "plain test" }, undefined],
  ["both red, one silent", { coverage: [red], seen: "plain" }, "lib p test h1"],
  ["both red, one silent that has it twice", { coverage: [red], seen: "plain plain" }, "lib p test h1"],
  ["both red, the other silent", { coverage: [red], seen: "test test" }, "lib p plain h1"],
  ["both red, code of tests", { coverage: [red], seen: "test", leftOut: "plain" }, undefined],
  ["both red, plain code, silent", { coverage: [red], seen: "", leftOut: "test" }, "lib p  h1"],
  ["red tests and silent", { coverage: [redTests], seen: "plain" }, "lib p test h1"],
  ["red tests and seen", { coverage: [redTests], seen: "plain test" }, undefined],
  ["red tests that leave it out", { coverage: [redTests], seen: "plain", leftOut: "test" }, undefined],
  ["plain red and silent", { coverage: [redPlain], seen: "test" }, "lib p plain h1"],
  ["tests that cargo did not come to", { coverage: [waiting], seen: "plain" }, "lib p test h1"],
  ["the same, which leave it out", { coverage: [waiting], seen: "plain", leftOut: "test" }, undefined],
  ["two triples, red, all seen", { coverage: [twice], seen: "plain plain test test" }, undefined],
  ["two triples, red, one silent", { coverage: [twice], seen: "plain plain test" }, "lib p test h1"],
  ["two triples, code of tests", { coverage: [twice], seen: "test test", leftOut: "plain" }, undefined],
  ["the same, one silent", { coverage: [twice], seen: "test", leftOut: "plain" }, "lib p  h1"],
  [
    "another target that is silent",
    { coverage: [covered(), covered({ target: "bin p", green: none })], seen: "plain test" },
    "bin p  h1",
  ],
  [
    "another target that is green without it",
    { coverage: [covered(), covered({ target: "bin p" })], seen: "plain test" },
    undefined,
  ],
  [
    "the same target of another package",
    { coverage: [covered(), covered({ packageId: "q", green: none })], seen: "plain test" },
    "lib p  h1",
  ],
])("%s", (_title, seen, expected) => {
  expect(missingMarker(markers, checked(seen))).toBe(expected);
});

it("expects nothing of plain builds where the markers stand in tests", () => {
  const beside = checked({ coverage: [red], seen: "test" });
  expect(missingMarker(markers, beside)).toBe("lib p plain h1");
  expect(missingMarker(markers, beside, { inTestsOnly: true })).toBeUndefined();
});

it("wants every marker", () => {
  const two = new Map([...markers, ["live_2", "h2"]]);
  expect(missingMarker(two, checked({ coverage: [covered()], seen: "plain test" }))).toBe("lib p  h2");
});

const live = (seen: string) => liveTargets(markers, checked({ coverage: [covered()], seen }));

it.each([
  ["plain test", ["lib p"]],
  ["plain", ["lib p"]],
  ["test", ["lib p (test)"]],
  ["", []],
])("names what was seen in %j", (seen, names) => {
  expect(namesOf(live(seen))).toEqual(names);
});

it("says of a test target no more than its name", () => {
  const seen = { plain: false, test: true };
  const one = (target: string): LiveTarget => ({ packageId: "p", target, units: 1, seen });
  expect(namesOf([one("test it"), one("bench slow"), one("bin p")])).toEqual([
    "bench slow",
    "bin p (test)",
    "test it",
  ]);
});

it("misses a unit that the exact text was not checked in", () => {
  const before = live("plain test");
  const fewer = checked({ coverage: [covered({ units: 1 })], seen: "" });
  expect(whyUnchecked(before, checked({ coverage: [covered()], seen: "" }))).toBeUndefined();
  expect(whyUnchecked(before, fewer)).toBe("cargo did not check lib p anew");
  expect(whyUnchecked(before, checked({ coverage: [], seen: "" }))).toBe("cargo did not check lib p anew");
});
