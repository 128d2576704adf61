import { describe, expect, test } from "vitest";
import { readFillResult, readWhyResult } from "../../../clients/vscode/src/answers.ts";
import { evidenceText } from "../../../clients/vscode/src/evidence-text.ts";
import type { FillResult, WhyOutcome } from "../../../protocol/methods.ts";

const offers: FillResult = {
  kind: "offers",
  site: "match on `shape`",
  offers: [
    {
      label: "Fill 2 match arms, leave 1 open (verified by cargo check)",
      edit: { documentChanges: [] },
      open: 1,
      evidence: {
        command: "cargo check -p shapes --all-targets",
        targets: ["lib shapes"],
        milliseconds: 812,
        drafts: { tried: 3, accepted: 1 },
        rounds: 1,
        holes: [
          {
            kind: "body",
            owner: "Shape::Square { side }",
            text: "side * side",
            by: "analogy",
            rule: "sibling arm, own binder",
            place: "src/lib.rs:8",
          },
          { kind: "body", owner: "Shape::Dot", text: "0.0", by: "model", model: "qwen" },
          { kind: "body", owner: "Shape::Blob(_)", text: "todo!()", by: "open" },
        ],
        elsewhere: { errors: 0, warnings: 2 },
        notChecked: ["whether the bodies do what you mean", "tests were not run"],
      },
    },
  ],
};
const none: FillResult = {
  kind: "none",
  stage: "verify",
  reason: "all-rejected",
  message: "the compiler accepted none of the drafts",
};
const why = (outcome: FillResult, dropped: WhyOutcome["dropped"] = []): WhyOutcome => ({
  outcome,
  dropped,
  milliseconds: 1200,
});

describe("the evidence", () => {
  test("of an offer says what was checked, what was not, and who wrote each body", () => {
    expect(evidenceText("src/lib.rs:9", why(offers))).toMatchInlineSnapshot(`
      "# match on \`shape\`

      src/lib.rs:9

      ## Fill 2 match arms, leave 1 open (verified by cargo check)

      - checked by \`cargo check -p shapes --all-targets\` (lib shapes), 0.8 s
      - 1 of 3 drafts accepted, after 1 more round with the model
      - 2 warnings elsewhere in what was checked
      - not checked: whether the bodies do what you mean; tests were not run

      **Shape::Square { side }**, by analogy: sibling arm, own binder (src/lib.rs:8)

      \`\`\`rust
      side * side
      \`\`\`

      **Shape::Dot**, by qwen

      \`\`\`rust
      0.0
      \`\`\`

      **Shape::Blob(_)**, open, yours to write

      \`\`\`rust
      todo!()
      \`\`\`
      "
    `);
  });

  test("of no offer says why, and which drafts were dropped for what", () => {
    const dropped = [{ verdict: "rejected", reason: "E0425: no `sidee`", text: "a ``` b" }] as const;
    expect(evidenceText("src/lib.rs:9", why(none, dropped))).toMatchInlineSnapshot(`
      "# src/lib.rs:9

      **No offer**: the compiler accepted none of the drafts

      (verify: \`all-rejected\`)

      ## Not offered (1, in 1.2 s)

      - rejected: E0425: no \`sidee\`

      \`\`\`\`rust
      a \`\`\` b
      \`\`\`\`
      "
    `);
  });

  test("of a place that nobody asked about says how to ask", () => {
    expect(evidenceText("src/lib.rs:9", null)).toContain('"Armature: Fill here" asks');
  });

  test("never calls verified what the label does not", () => {
    const [offer] = offers.offers;
    const red = {
      ...offers,
      offers: [
        {
          ...offer!,
          label: "Fill 1 match arm (adds no error; 2 elsewhere: E0046 at lib.rs:4)",
          evidence: { ...offer!.evidence, elsewhere: { errors: 2, warnings: 0 } },
        },
      ],
    };
    const text = evidenceText("src/lib.rs:9", why(red));
    expect(text).toContain("2 errors stay elsewhere");
    expect(text).not.toContain("verified");
  });
});

describe("answers of the server", () => {
  test("pass with more than is known here", () => {
    expect(readFillResult({ ...offers, later: 1 })).toMatchObject({ kind: "offers", site: offers.site });
    expect(readWhyResult(null)).toBeNull();
    expect(readWhyResult(why(none))).toEqual(why(none));
  });

  test.each([null, {}, { kind: "offers", site: "s", offers: [] }, { kind: "none" }])(
    "with less (%j) are refused",
    (result) => {
      expect(() => readFillResult(result)).toThrow();
    },
  );
});
