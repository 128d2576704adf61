import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseCargoLine } from "../../../server/verify/cargo/message.ts";
import { errorsOf, newAmong, placeMessage } from "../../../server/verify/check/diagnostics.ts";
import { silentLog } from "../../../server/base/log.ts";
import { Shadow } from "../../../server/verify/shadow/shadow.ts";
import { byteOffsets } from "../../../server/verify/text/byte-offsets.ts";

// Recorded from cargo 1.96.0 on a crate with CRLF, `é漢🦀` and a local macro, then on one with a marker.
const lines = readFileSync(new URL("../recorded/cargo-check.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");
const parsed = lines.map(parseCargoLine);
const messages = parsed.flatMap((line) => (line.kind === "message" ? [line.message] : []));

const text = `// é漢🦀
macro_rules! add { ($x:expr) => { 1u8 + $x } }
pub fn a(n: &str) -> String {
    let crab = "🦀"; let x: u8 = crab;
    format!("{}", missing)
}
pub fn b() -> u8 { add!("text") }
`.replaceAll("\n", "\r\n");

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "armature-shadow-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** The recorded errors as they are placed in `text`, with a hole at the first place of `part`. */
function placed(part: string) {
  const shadow = new Shadow(directory, silentLog);
  const start = text.indexOf(part);
  const piece = {
    id: "h1",
    kind: "body",
    isFilled: true,
    span: { start, end: start + part.length },
    length: 7,
  } as const;
  const placement = {
    shadow,
    directory: shadow.placeOf("/home/user/shapes"),
    path: "/home/user/shapes/src/lib.rs",
    laid: { text, pieces: [piece] },
    offsetAt: byteOffsets(text),
  };
  return errorsOf(messages).map((message) => placeMessage(message, placement));
}

it("reads messages, artifacts and the end", () => {
  const kinds = [...Array<string>(6).fill("message"), "finished", "message", "artifact", "finished"];
  expect(parsed.map(({ kind }) => kind)).toEqual(kinds);
  expect(errorsOf(messages).map(({ code, target }) => `${target} ${code}`)).toEqual([
    "lib shapes E0425",
    "lib shapes E0308",
    "lib shapes E0277",
  ]);
});

it("keeps lines that it cannot read as text", () => {
  const odd = ["", "Hello", "{", '{"reason":"new-in-2030"}', '{"reason":"compiler-message"}'];
  expect(odd.map((line) => parseCargoLine(line))).toEqual(odd.map((line) => ({ kind: "text", text: line })));
});

it("places errors by bytes behind CRLF and characters of several bytes", () => {
  const cut = placed("crab;").map(({ spans: [span] }) =>
    span === undefined ? "" : text.slice(span.start, span.end),
  );
  expect(cut).toContain("crab");
  expect(cut).toContain("missing");
});

it("names the hole that holds the primary place, and the user's own path", () => {
  const crab = placed("crab;").find(({ diagnostic }) => diagnostic.message === "mismatched types");
  expect(crab?.diagnostic).toMatchObject({ hole: "h1", path: "/home/user/shapes/src/lib.rs", line: 4 });
  const elsewhere = placed("pub fn b").find(({ diagnostic }) => diagnostic.message === "mismatched types");
  expect(elsewhere?.diagnostic.hole).toBeUndefined();
});

it("counts an error inside a local macro for the hole that calls it", () => {
  const [error] = placed('add!("text")').filter(({ message }) => message.code === "E0277");
  expect(error?.diagnostic.hole).toBe("h1");
});

it("takes errors as often as they were there before", () => {
  const errors = placed("pub fn b");
  expect(newAmong(errors, errors)).toEqual([]);
  expect(newAmong([...errors, ...errors], errors)).toHaveLength(errors.length);
  expect(newAmong(errors, [])).toEqual(errors);
});
