import { expect, it } from "vitest";
import { recombine } from "../../server/bodies/recombine.ts";
import type { CompilerDiagnostic } from "../../server/stages.ts";
import { draftOf } from "../slow/verify-world.ts";

const errorIn = (hole: string | undefined): CompilerDiagnostic => ({
  level: "error",
  code: "E0308",
  message: "mismatched types",
  path: "/x.rs",
  line: 1,
  hole,
  rendered: "",
});

it("keeps the one good body where two were refused", () => {
  const draft = draftOf({ h1: "0", h2: "unsafe { a }", h3: "unsafe { b }" }, 0);
  const why = { reason: "unsafe-code", message: "it is unsafe" } as const;
  const others = [{ hole: "h3", ...why }];
  const combined = recombine([{ kind: "refused", draft, hole: "h2", ...why, others }]);
  expect([...(combined?.fillings.keys() ?? [])]).toEqual(["h1"]);
});

it("keeps the one good body where two do not compile, and none where it is not told which", () => {
  const draft = draftOf({ h1: "0", h2: "a", h3: "b" }, 0);
  const told = recombine([{ kind: "rejected", draft, diagnostics: [errorIn("h2"), errorIn("h3")] }]);
  expect([...(told?.fillings.keys() ?? [])]).toEqual(["h1"]);
  expect(recombine([{ kind: "rejected", draft, diagnostics: [errorIn(undefined)] }])).toBeUndefined();
});
