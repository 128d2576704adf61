import { expect, it } from "vitest";
import { applyDraft, spliceText } from "../../server/syntax/splice.ts";
import { draftOf, skeletonOf } from "../slow/verify-world.ts";

const source =
  "fn f(s: &S) -> u8 {\n    match s {«\n        S::A(‹binder:_›) => ‹body:todo!()›,\n        S::B { ‹binder:side› } => ‹body:todo!()›,\n    »}\n}\n";
const fill = (bodies: Readonly<Record<string, string>>, text = source) =>
  applyDraft({ ...skeletonOf("/x.rs", text), holes: withFields(text) }, draftOf(bodies, 0));
const withFields = (text: string) =>
  skeletonOf("/x.rs", text).holes.map((hole) => (hole.id === "h2.b1" ? { ...hole, field: "side" } : hole));

it("puts bodies and binder names into their holes and tells where they are", () => {
  const { text, holes } = fill({ h1: "r + 1", "h1.b1": "r" });
  expect(text).toBe("\n        S::A(r) => r + 1,\n        S::B { side } => todo!(),\n    ");
  const at = (id: string) => text.slice(holes.get(id)?.start, holes.get(id)?.end);
  expect(["h1", "h1.b1", "h2", "h2.b1"].map(at)).toEqual(["r + 1", "r", "todo!()", "side"]);
});

it("renames a record field's binder as `field: name`", () => {
  expect(fill({ h2: "1", "h2.b1": "_" }).text).toContain("S::B { side: _ } => 1");
  expect(fill({ h2: "1", "h2.b1": "side: n" }).text).toContain("S::B { side: n } => 1");
});

it("indents further lines as the line of the hole", () => {
  expect(fill({ h1: "{\n  let a = 1;\n\n    a\n}" }).text).toContain(
    "=> {\n          let a = 1;\n\n            a\n        },",
  );
  expect(fill({ h1: "{\n            1\n        }" }).text).toContain("=> {\n            1\n        },");
});

it("follows the document's line breaks, and leaves literals over several lines alone", () => {
  const windows = source.replaceAll("\n", "\r\n");
  expect(fill({ h1: "{\n    1\n}" }, windows).text).toContain("{\r\n            1\r\n        },");
  expect(fill({ h1: 'g("a\n b",\n 1)' }).text).toContain('g("a\n b",\n 1),');
});

it("moves offsets behind replaced parts", () => {
  const { text, spans, moved } = spliceText("a[x]b[y]c", [
    { span: { start: 5, end: 8 }, text: "long" },
    { span: { start: 1, end: 4 }, text: "" },
  ]);
  expect([text, spans, moved(0), moved(4), moved(8)]).toEqual([
    "ablongc",
    [
      { start: 2, end: 6 },
      { start: 1, end: 1 },
    ],
    0,
    1,
    6,
  ]);
});

it("binds as the draft says, or as the compiler asked of the place", () => {
  const binding = (said: string, mode?: "ref " | "ref mut " | "") => {
    const cut = skeletonOf("/x.rs", source);
    const holes = withFields(source).map((hole) => (mode === undefined ? hole : { ...hole, mode }));
    const bodies = { h1: "1", "h1.b1": said, h2: "1", "h2.b1": said };
    const { text } = applyDraft({ ...cut, holes }, draftOf(bodies, 0));
    return [...text.matchAll(/S::\w.*?(?= =>)/g)].map(([pattern]) => pattern);
  };
  expect(binding("ref side")).toEqual(["S::A(ref side)", "S::B { ref side }"]);
  expect(binding("&n")).toEqual(["S::A(&n)", "S::B { side: &n }"]);
  expect(binding("side", "ref ")).toEqual(["S::A(ref side)", "S::B { ref side }"]);
  expect(binding("ref mut n", "ref ")).toEqual(["S::A(ref mut n)", "S::B { side: ref mut n }"]);
  expect(binding("ref n", "")).toEqual(["S::A(n)", "S::B { side: n }"]);
  expect(binding("_", "ref ")).toEqual(["S::A(_)", "S::B { side: _ }"]);
});
