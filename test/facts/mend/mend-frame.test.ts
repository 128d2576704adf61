import { beforeAll, describe, expect, it } from "vitest";
import { mendFrame } from "../../../server/facts/mend/mend-frame.ts";
import type { Facts, FrameError, FramePlace, Skeleton } from "../../../server/stages.ts";
import { loadRustSyntax, type RustSyntax } from "../../../server/syntax/parse.ts";
import { matchFacts } from "../../bodies/by-model/sample-facts.ts";
import { skeletonOf } from "../../slow/verify-world.ts";

let syntax: RustSyntax;
beforeAll(async () => {
  syntax = await loadRustSyntax();
});

const arms =
  "fn f(mode: &Mode) -> u32 {\n    match mode {\n        Mode::Slow => 0,«\n        Mode::Fake => ‹body:todo!()›,\n        Mode::Tuned { ‹binder:level› } => ‹body:todo!()›,\n        Mode::Pair(‹binder:_›, ‹binder:_›) => ‹body:todo!()›,»\n    }\n}\n";
const members =
  "impl Chunk<{ SIDE * 2 }> for S {«\n    fn chunk<'a>(&'a self, text: &Tag) -> [u8; { SIDE * 2 }] {\n        ‹body:todo!()›\n    }»\n}\n";

/** An error that points at this text of the skeleton. */
function errorAt(
  skeleton: Skeleton,
  at: string,
  said: Partial<FrameError> & Pick<FrameError, "message">,
): FrameError {
  const place = placeOf(skeleton, at);
  const base = { level: "error", code: undefined, rendered: "", places: [place], fixes: [], imports: [] };
  return { ...base, ...said } as FrameError;
}

function placeOf({ text, holes }: Skeleton, at: string): FramePlace {
  const start = text.indexOf(at);
  if (start < 0) throw new Error(`not in the skeleton: ${at}`);
  const span = { start, end: start + at.length };
  return { span, hole: holes.find((hole) => hole.span.start === start && hole.span.end === span.end)?.id };
}

function mended(
  source: string,
  facts: Partial<Facts>,
  errors: (skeleton: Skeleton) => readonly FrameError[],
): Skeleton | undefined {
  const skeleton = skeletonOf("/x.rs", source);
  return mendFrame(syntax, { ...matchFacts(), subject: undefined, ...facts, skeleton }, errors(skeleton));
}

const subject = (text: string): Partial<Facts> => ({
  subject: { kind: "enum", name: "Mode", path: "/x.rs", text, variants: [], fields: [], derives: [] },
});

describe("an arm", () => {
  it("of a variant that only some builds have stands under the variant's own condition", () => {
    const found = mended(
      arms,
      subject("enum Mode { Slow, /** For tests. */ #[cfg(test)] Fake, Tuned { level: u32 }, Pair(u8, u8) }"),
      (skeleton) => [
        errorAt(skeleton, "Mode::Fake", { code: "E0599", message: "no variant `Fake` in `Mode`" }),
      ],
    );
    expect(found?.text).toContain("\n        #[cfg(test)]\n        Mode::Fake => todo!(),\n");
    expect(found?.holes.map(({ id }) => id)).toEqual(["h1", "h2.b1", "h2", "h3.b1", "h3.b2", "h3"]);
    const [fake] = found?.holes ?? [];
    expect(found?.text.slice(fake?.span.start, fake?.span.end)).toBe("todo!()");
  });

  it("of a variant without a condition cannot be mended when there is no such variant", () => {
    const said = { code: "E0599", message: "no variant `Fake` in `Mode`" };
    expect(
      mended(arms, subject("enum Mode { Slow, Fake }"), (skeleton) => [
        errorAt(skeleton, "Mode::Fake", said),
      ]),
    ).toBeUndefined();
  });

  it("leaves fields that only some builds have to `..`", () => {
    const found = mended(
      arms,
      subject("enum Mode { Slow, Fake, Tuned { #[cfg(test)] level: u32 }, Pair(#[cfg(test)] u8, u8) }"),
      (skeleton) => [
        errorAt(skeleton, "level", {
          code: "E0026",
          message: "variant `Mode::Tuned` does not have a field named `level`",
        }),
        errorAt(skeleton, "Mode::Pair(_, _)", {
          code: "E0023",
          message: "this pattern has 2 fields, but the corresponding tuple variant has 1 field",
        }),
      ],
    );
    expect(found?.text).toContain("Mode::Tuned { .. } => todo!()");
    expect(found?.text).toContain("Mode::Pair(.., _) => todo!()");
    expect(found?.holes.map(({ id }) => id)).toEqual(["h1", "h2", "h3.b2", "h3"]);
  });

  it("keeps the fields beside one that only some builds have", () => {
    const source = arms.replace("‹binder:level›", "‹binder:origin›, ‹binder:level›");
    const found = mended(source, {}, (skeleton) => [
      errorAt(skeleton, "origin", {
        code: "E0026",
        message: "variant `Mode::Tuned` does not have a field named `origin`",
      }),
    ]);
    expect(found?.text).toContain("Mode::Tuned { level, .. } => todo!()");
    expect(found?.holes.map(({ id }) => id)).toEqual(["h1", "h2.b2", "h2", "h3.b1", "h3.b2", "h3"]);
    const level = found?.holes.find(({ id }) => id === "h2.b2");
    expect(found?.text.slice(level?.span.start, level?.span.end)).toBe("level");
  });

  it("that this compiler does not know as stable is left out, and the rest stays open", () => {
    const found = mended(arms, {}, (skeleton) => [
      errorAt(skeleton, "Mode::Fake", { code: "E0658", message: "use of unstable library feature" }),
    ]);
    expect(found?.text).not.toContain("Fake");
    expect(found?.text).toMatch(/Mode::Pair\(_, _\) => todo!\(\),\n {8}_ => todo!\(\),$/);
    expect(found?.holes.at(-1)).toMatchObject({ kind: "body", owner: "_" });
  });

  it("is added for each witness, with holes of its own and the condition of its variant", () => {
    const found = mended(
      arms,
      subject("enum Mode { Slow, Fake, Tuned { level: u32 }, Pair(u8, u8), #[cfg(unix)] More(u8) }"),
      (skeleton) => [
        {
          ...errorAt(skeleton, "Mode::Fake", {
            code: "E0004",
            message:
              "non-exhaustive patterns: `&Mode::More(_)` and `&Mode::Deep(Some(Side::Left))` not covered",
          }),
          places: [],
        },
      ],
    );
    expect(found?.text).toContain(
      "\n        #[cfg(unix)]\n        Mode::More(_) => todo!(),\n        Mode::Deep(Some(Side::Left)) => todo!(),",
    );
    expect(found?.holes.slice(6).map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      "h4.b1 binder",
      "h4 body",
      "h5 body",
    ]);
    expect(found?.added).toBe(skeletonOf("/x.rs", arms).added + 2);
  });

  it("binds by reference where a name would move, and nothing else changes", () => {
    const found = mended(arms, {}, (skeleton) => [
      {
        ...errorAt(skeleton, "level", { code: "E0507", message: "cannot move out of `mode`" }),
        places: [placeOf(skeleton, "level")],
      },
    ]);
    expect(found?.text).toBe(skeletonOf("/x.rs", arms).text);
    expect(found?.holes.map(({ id, mode }) => `${id} ${mode ?? "-"}`)).toContain("h2.b1 ref ");
    expect(found?.holes.filter(({ mode }) => mode !== undefined)).toHaveLength(1);
  });
});

describe("a member", () => {
  it("loses needless braces, by what rustc is sure of", () => {
    const found = mended(members, {}, (skeleton) => {
      const braces = placeOf(skeleton, "{ SIDE * 2 }");
      const fix = { isMachineApplicable: true, parts: [{ place: braces, text: "SIDE * 2" }] };
      return [
        errorAt(skeleton, "{ SIDE * 2 }", {
          level: "warning",
          code: "unused_braces",
          message: "unnecessary braces around const expression",
          fixes: [fix],
        }),
      ];
    });
    expect(found?.text).toContain("-> [u8; SIDE * 2] {");
  });

  it("names what only its trait's module can name by the path that rustc would import", () => {
    const found = mended(members, {}, (skeleton) => [
      errorAt(skeleton, "Tag", {
        code: "E0425",
        message: "cannot find type `Tag` in this scope",
        imports: ["crate::wire::Tag"],
      }),
    ]);
    expect(found?.text).toContain("text: &crate::wire::Tag)");
  });

  it("takes another name for a lifetime that its impl has too", () => {
    const found = mended(members, {}, (skeleton) => [
      errorAt(skeleton, "'a", {
        code: "E0496",
        message: "lifetime name `'a` shadows a lifetime name that is already in scope",
      }),
    ]);
    expect(found?.text).toContain("fn chunk<'b>(&'b self, text: &Tag)");
  });

  it("that only builds have which rust-analyzer does not look at is added as its trait declares it", () => {
    const traitText =
      "trait Chunk<const N: usize> {\n    fn chunk(&self) -> [u8; N];\n    /// For all but tests.\n    #[cfg(not(test))]\n    fn real(&self, at: usize) -> u8;\n}";
    const message = "not all trait items implemented, missing: `real`";
    const missing = { level: "error", code: "E0046", message, rendered: "", places: [] } as const;
    const found = mended(members, { traitText }, () => [{ ...missing, fixes: [], imports: [] }]);
    expect(found?.text).toContain(
      "    }\n\n    #[cfg(not(test))]\n    fn real(&self, at: usize) -> u8 {\n        todo!()\n    }",
    );
    expect(found?.holes.map(({ id }) => id)).toEqual(["h1", "h2"]);
    const unconditional = traitText.replace("#[cfg(not(test))]", "");
    expect(
      mended(members, { traitText: unconditional }, () => [{ ...missing, fixes: [], imports: [] }]),
    ).toBeUndefined();
  });

  it("with an error that nobody knows to mend stays as it is", () => {
    const said = { code: "E9999", message: "what has never been heard of" };
    expect(mended(members, {}, (skeleton) => [errorAt(skeleton, "Tag", said)])).toBeUndefined();
  });
});

describe("a body that rust-analyzer wrote", () => {
  const source =
    "impl Default for Lamp {«\n    fn default() -> Self {\n        Self { level: Default::default() }\n    }»\n}\n";
  const opened = (said: Partial<FrameError>) => {
    const plain = skeletonOf("/x.rs", source);
    const start = plain.text.indexOf("{\n        Self");
    const skeleton = { ...plain, written: [{ start, end: plain.text.lastIndexOf("}") + 1 }] };
    const error = errorAt(skeleton, "Default::default()", { message: "no default", ...said });
    return mendFrame(syntax, { ...matchFacts(), subject: undefined, skeleton }, [error]);
  };

  it("becomes a hole where the compiler refuses it", () => {
    const found = opened({ code: "E0277" });
    expect(found?.text).toBe("\n    fn default() -> Self {\n        todo!()\n    }");
    expect(found?.written).toEqual([]);
    expect(found?.holes.map(({ id, kind, name }) => [id, kind, name])).toEqual([["h1", "body", "default"]]);
    const [hole] = found?.holes ?? [];
    expect(found?.text.slice(hole?.span.start, hole?.span.end)).toBe("todo!()");
  });

  it("stays where there is only a warning", () => {
    expect(opened({ level: "warning" })).toBeUndefined();
  });
});
