import { expect, it } from "vitest";
import type { Draft, Verdict } from "../../../server/stages.ts";
import { everyRefusal } from "../../../server/verify/refusals/every-refusal.ts";
import { draftOf } from "../../slow/verify-world.ts";

type Refused = Extract<Verdict, { kind: "refused" }>;

/** Says only the first, as the rules do. */
function firstUnsafe(draft: Draft): Refused | undefined {
  const [hole] = [...draft.fillings].find(([, { text }]) => text.includes("unsafe")) ?? [];
  if (hole === undefined) return undefined;
  return { kind: "refused", draft, hole, reason: "unsafe-code", message: "it is unsafe" };
}

it("names every bad hole and the whole draft, not what was left of it", () => {
  const draft = draftOf({ h1: "0", h2: "unsafe { a }", h3: "1", h4: "unsafe { b }" }, 0);
  const refused = everyRefusal(draft, firstUnsafe);
  expect(refused?.draft).toBe(draft);
  expect([refused?.hole, ...(refused?.others ?? []).map(({ hole }) => hole)]).toEqual(["h2", "h4"]);
});

it("says nothing of a draft that is fit, and ends where a refusal names no filled hole", () => {
  expect(everyRefusal(draftOf({ h1: "0" }, 0), firstUnsafe)).toBeUndefined();
  const always = (draft: Draft): Refused => ({
    kind: "refused",
    draft,
    hole: "h9",
    reason: "unsafe-code",
    message: "it is unsafe",
  });
  expect(everyRefusal(draftOf({ h1: "0" }, 0), always)?.others).toBeUndefined();
});
