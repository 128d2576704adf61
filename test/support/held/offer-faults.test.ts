import { beforeAll, describe, expect, test } from "vitest";
import { loadRustSyntax, type RustSyntax } from "../../../server/syntax/parse.ts";
import { faultsOf, type Runs, withOpenBodies, withOpenFunction } from "./offer-faults.ts";
import type { Said } from "./plain-cargo.ts";

const path = "/copy/src/lib.rs";
const before = `fn helper() {}
fn name(place: Place) -> u8 {
    let unused = 1;
    match place {
        Place::Nowhere => 0,
    }
}
fn below() { nothing() }
`;
const after = before.replace("=> 0,\n", "=> 0,\n        Place::Town => 1,\n");

/** About the first place in the text with the offer where these words stand. */
function said(words: string, level: Said["level"] = "error", key = `${level} ${words}`): Said {
  const start = after.indexOf(words);
  const places = [{ file: "src/lib.rs", start, end: start + words.length }];
  return { level, directory: "/copy", key, rendered: key, places, isCargosOwn: false };
}

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

interface Given extends Partial<Omit<Runs, "before">> {
  readonly before?: readonly Said[];
}
const faults = (says: string, { before: old = [], ...runs }: Given) =>
  faultsOf(
    syntax,
    { says, path, before, after },
    {
      ...{ before: () => Promise.resolve(old), after: [] },
      whole: [() => Promise.resolve([])],
      ...runs,
    },
  );
const label = "Fill 1 arm (verified by cargo check)";
const hidden = "Fill 1 arm (adds no error; 1 elsewhere: lib.rs:9)";

describe("an offer is wrong where plain cargo says", () => {
  test.each(["Place::Town => 1", "let unused", "Place::Nowhere"])("something new of %s", async (words) => {
    expect(await faults(label, { after: [said(words)] })).toEqual([
      expect.stringMatching(/^touches the offer/),
    ]);
    expect(await faults(hidden, { after: [said(words)] })).toHaveLength(1);
  });

  test("a warning in its function", async () => {
    expect(await faults(label, { after: [said("let unused", "warning")] })).toHaveLength(1);
  });

  test("the same once more often than before", async () => {
    const one = said("nothing()");
    expect(await faults(label, { before: [one], after: [one] })).toEqual([]);
    expect(await faults(label, { before: [one], after: [one, one] })).toHaveLength(1);
  });

  test("something elsewhere that the label does not tell", async () => {
    const runs = { after: [said("nothing()")], whole: [() => Promise.resolve([said("nothing()")])] };
    expect(await faults(label, runs)).toEqual([expect.stringMatching(/^stands elsewhere, and the offer/)]);
    expect(await faults(hidden, runs)).toEqual([]);
  });

  test("something elsewhere that the gap did not hide, whatever the label tells", async () => {
    expect(await faults(hidden, { after: [said("nothing()")] })).toEqual([
      expect.stringMatching(/^stands elsewhere, and the gap did not/),
    ]);
  });

  test("something elsewhere more often than the gap hid it, whichever text shows that", async () => {
    const one = said("nothing()");
    const whole = [[], [one]].map((shown) => () => Promise.resolve(shown));
    expect(await faults(hidden, { after: [one], whole })).toEqual([]);
    expect(await faults(hidden, { before: [one], after: [one, one], whole })).toHaveLength(1);
  });

  test("a warning elsewhere, where the evidence counts none", async () => {
    const runs = {
      after: [said("helper", "warning")],
      whole: [() => Promise.resolve([said("helper", "warning")])],
    };
    expect(await faults(`${label} {"elsewhere":{"errors":0,"warnings":0}}`, runs)).toHaveLength(1);
    expect(await faults("Fill 1 arm (verified by cargo check; 1 warning elsewhere)", runs)).toEqual([]);
  });

  test("a caller that nobody calls either, in its function or not, where the label tells of no warning", async () => {
    const unused = said("name(place", "warning", "warning dead_code name");
    const whole = [() => Promise.resolve([unused])];
    expect(await faults(label, { after: [unused], whole })).toHaveLength(1);
    const told = "Fill 1 arm (verified by cargo check; 1 warning elsewhere)";
    expect(await faults(told, { after: [unused], whole })).toEqual([]);
    expect(await faults(told, { after: [said("Town => 1", "warning", "warning dead_code x")] })).toHaveLength(
      1,
    );
  });

  test("a package beside, unless the command names others only and the gap hid it", async () => {
    const one = { ...said("nothing()"), directory: "/beside" };
    const whole = [() => Promise.resolve([one])];
    expect(await faults(`${label} {"command":"cargo check -p copy"}`, { after: [one], whole })).toEqual([]);
    expect(
      await faults(`${label} {"command":"cargo check -p beside"}`, { after: [one], whole }),
    ).toHaveLength(1);
    expect(await faults(`${label} {"command":"cargo check -p copy"}`, { after: [one] })).toHaveLength(1);
  });

  test("nothing at all, since cargo failed before it compiled", async () => {
    const failed = { ...said("helper"), places: [], isCargosOwn: true };
    expect(await faults(hidden, { after: [failed] })).toHaveLength(1);
  });
});

test("a warning of what is left open is nobody's, an error of it is the offer's", async () => {
  const left = after.replace("Town => 1", "Town(name) => todo!()");
  const start = left.indexOf("name)");
  const places = [{ file: "src/lib.rs", start, end: start + 4 }];
  const of = async (level: Said["level"]) => {
    const unused = { ...said("helper", level), places };
    const runs = { before: () => Promise.resolve([]), after: [unused], whole: [() => Promise.resolve([])] };
    return faultsOf(syntax, { says: label, path, before, after: left }, runs);
  };
  expect(await of("warning")).toEqual([]);
  expect(await of("error")).toHaveLength(1);
});

test("open bodies are those that the offer brings", () => {
  expect(withOpenBodies(syntax, { before, after })).toBe(after.replace("Town => 1", "Town => { todo!() }"));
});

test("the function that holds an offer can be emptied, and nothing else is", () => {
  const empty = withOpenFunction(syntax, { before, after });
  expect(empty).toContain("{ todo!() }");
  expect(empty).not.toContain("Town => 1");
});
