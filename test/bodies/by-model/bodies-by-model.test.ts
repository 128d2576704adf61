import { describe, expect, test } from "vitest";
import { Abort } from "../../../server/base/abort.ts";
import { realAlternatives } from "../../../server/bodies/by-model/alternatives.ts";
import { bodiesOf } from "../../../server/bodies/by-model/bodies-by-model.ts";
import type { Draft, Verdict } from "../../../server/stages.ts";
import { startBench, summary } from "./model-harness.ts";
import { matchFacts } from "./sample-facts.ts";

function draft(text: string, rank = 0): Draft {
  return { rank, fillings: new Map([["h1", { text, author: { by: "model", model: "tiny" } }]]) };
}

function rejected(text: string, code: string, message: string): Verdict {
  const diagnostic = { level: "error", code, message, path: "", line: 1, hole: "h1", rendered: "" } as const;
  return { kind: "rejected", draft: draft(text), diagnostics: [diagnostic] };
}

describe("a repair round", () => {
  test("shows the latest failures and what really exists, and brings new drafts", async () => {
    const { model, server } = await startBench([{ kind: "bodies", answers: [{ Circle: "1.0" }] }]);
    const bodies = bodiesOf(model);
    const verdicts: Verdict[] = [
      rejected("first", "E0308", "mismatched types"),
      {
        kind: "refused",
        draft: draft("todo!()"),
        hole: "h1",
        reason: "not-a-body",
        message: "it only panics",
      },
      rejected("Shape::Disc", "E0599", "no variant named `Disc`"),
    ];
    const options = { signal: new Abort().signal, report() {} };
    expect(summary(await bodies.repair(matchFacts(), verdicts, 1, options))).toEqual([{ h1: ["1.0", "_"] }]);
    const sent = server.requests[0]?.body.messages?.at(-1)?.content ?? "";
    expect(sent).toContain("no variant named `Disc`");
    expect(sent).toContain("it only panics");
    expect(sent).not.toContain("mismatched types");
    expect(sent).toContain("Shape::Rect { width: f64, height: f64 }");

    await bodies.write(matchFacts(), options);
    expect(server.requests[1]?.body.messages?.at(-1)?.content).not.toContain("failed answer");
  });
});

test("a repair that repeats what failed brings nothing new", async () => {
  const { model } = await startBench(
    [{ kind: "bodies", answers: [{ Circle: "{ 1.0 /* again */ }" }, { Circle: "2.0" }] }],
    { settings: { candidates: 2 } },
  );
  const options = { signal: new Abort().signal, report() {} };
  const [first] = (await model.propose({ facts: matchFacts(), ...options })) as readonly Draft[];
  const [, second] = (await model.propose({ facts: matchFacts(), ...options })) as readonly Draft[];
  const verdictOf = (failed: Draft): Verdict => ({ kind: "rejected", draft: failed, diagnostics: [] });
  const bodies = bodiesOf(model);
  expect(summary(await bodies.repair(matchFacts(), [verdictOf(first!)], 1, options))).toEqual([
    { h1: ["2.0", "_"] },
  ]);
  expect(
    await bodies.repair(matchFacts(), [verdictOf(first!), verdictOf(second!)], 1, options),
  ).toMatchObject({
    reason: "no-evidence",
    message: "tiny gave nothing new",
  });
});

describe("what really exists", () => {
  test("is told where an error is about a name", () => {
    expect(realAlternatives(matchFacts(), [rejected("x", "E0599", "no method")])).toEqual([
      "Shape::Square(f64)",
      "Shape::Circle(f64)",
      "Shape::Rect { width: f64, height: f64 }",
      "Shape: pub fn unit() -> Self",
      "in scope: shape: &Shape",
    ]);
  });

  test("is not told where no error is", () => {
    expect(realAlternatives(matchFacts(), [rejected("x", "E0308", "mismatched types")])).toEqual([]);
  });
});
