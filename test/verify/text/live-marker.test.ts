import { expect, it } from "vitest";
import type { CompilerMessage } from "../../../server/verify/cargo/message.ts";
import { markersSeen, markText } from "../../../server/verify/text/live-marker.ts";

const text = "fn f() -> u8 { 1 }";
const piece = { id: "h1", kind: "body", isFilled: true, span: { start: 15, end: 16 }, length: 7 } as const;

it("says in a body which build has reached it", () => {
  const marked = markText({ text, pieces: [piece] }, "ab", new Set());
  expect([...marked.markers]).toEqual([["armature_live_ab_h1", "h1"]]);
  expect(marked.text).toBe(
    "fn f() -> u8 { { #[cfg(test)] #[warn(warnings, unused_variables)] let armature_live_ab_h1_test = (); " +
      "#[cfg(not(test))] #[warn(warnings, unused_variables)] let armature_live_ab_h1_plain = (); 1 } }",
  );
});

it("marks neither types nor binders", () => {
  const pieces = [
    { ...piece, kind: "type" as const },
    { ...piece, kind: "binder" as const },
  ];
  expect(markText({ text, pieces }, "ab", new Set())).toMatchObject({ text, markers: new Map() });
});

it("reads each report with its build", () => {
  const said = (message: string): CompilerMessage => ({
    ...{ target: "lib shapes", packageId: "p", level: "warning", code: "unused_variables", message },
    ...{ rendered: message, spans: [], noteSpans: [], suggestions: [] },
  });
  const of = { packageId: "p", target: "lib shapes", name: "armature_live_ab_h1" };
  expect(
    markersSeen([
      said("unused variable: `armature_live_ab_h1_plain`"),
      said("unused variable: `armature_live_ab_h1_test`"),
      said("unused variable: `other_test`"),
    ]),
  ).toEqual([
    { ...of, isTest: false },
    { ...of, isTest: true },
  ]);
});
