/** Every reported case with every rust-analyzer; what is offered is held against plain cargo once all have been asked. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseToolchains } from "../support/case-toolchains.ts";
import { formatted, isFormatted } from "../support/formatted.ts";
import { linesToFormat } from "../support/formatted-lines.ts";
import { applied } from "../support/held/applied.ts";
import { readReportedCases, type ReportedCase } from "../support/reported-cases.ts";
import { ReportedWorld } from "../support/reported-world.ts";

const cases = readReportedCases();

describe.each(caseToolchains())("rust-analyzer $version", (toolchain) => {
  let world: ReportedWorld;
  beforeAll(() => {
    world = new ReportedWorld(toolchain, cases);
  });
  afterAll(() => world.close());

  const { environment } = toolchain;
  describe.each([
    { writer: "by analogy", byModel: false },
    { writer: "by a model", byModel: true },
  ])("$writer", ({ byModel }) => {
    const expectationOf = ({ byAnalogy, byModel: withModel }: ReportedCase) =>
      byModel ? withModel : byAnalogy;
    const asked = cases.flatMap((reported) => {
      const expected = expectationOf(reported);
      return expected === undefined ? [] : [{ reported, expected, name: reported.name }];
    });

    test.each(asked)("$name: $expected", async ({ reported, expected }) => {
      const result = await world.fill(reported, byModel);
      if (result.kind === "none") {
        expect(result.message).not.toBe("");
        expect(`${result.stage}/${result.reason}: ${result.message}`).toSatisfy(() => expected !== "offer");
        return;
      }
      const [best] = result.offers;
      expect(best?.label).toSatisfy(() => expected !== "none");
      expect(best?.label).toContain(reported.label ?? "");
      if (expected !== "offer" || best === undefined) return;
      expect(best.open, best.label).toBe(0);
      const { file, offset } = reported.cursor;
      const original = reported.files.get(file) ?? "";
      const text = applied(original, best.edit);
      if (isFormatted(original, offset, environment))
        expect(linesToFormat(original, text, formatted(text, environment)), text).toEqual([]);
    });
  });
});
