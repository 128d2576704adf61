/** Features that only dev-dependencies turn on: who builds the package plainly has not got them. */
import { describe } from "vitest";
import { type Trap, springTraps } from "./trap.ts";
import { arms, count, file, kinds, manifest, right, wrong } from "./site.ts";

const sideKinds =
  '#[derive(Clone, Copy)]\npub enum Kind {\n    A,\n    #[cfg(feature = "extra")]\n    B,\n}\n';
const side = (text: string) =>
  file("side/Cargo.toml", manifest("side", "[features]\nextra = []\n")) + file("side/src/lib.rs", text);
const app = (text: string, resolver = "2") =>
  file("Cargo.toml", `[workspace]\nmembers = ["app"]\nexclude = ["side"]\nresolver = "${resolver}"\n`) +
  file(
    "app/Cargo.toml",
    manifest(
      "app",
      '[dependencies]\nside = { path = "../side" }\n[dev-dependencies]\nside = { path = "../side", features = ["extra"] }\n',
    ),
  ) +
  file("app/src/lib.rs", text);
const ofSide = `use side::Kind;\n${count}`;
const extra = '#[cfg(feature = "extra")]\npub fn number() -> u8 {\n    1\n}\n';
const both = { drafts: [wrong, right], verdicts: ["rejected h2 E0308", "accepted"] };

const traps: readonly Trap[] = [
  {
    title: "an arm for a variant that only dev-dependencies bring",
    files: app(ofSide) + side(sideKinds),
    ...{ drafts: [right], verdicts: ["rejected - E0599"], plain: "red" },
  },
  {
    title: "the same with the first resolver, which gives everybody the feature",
    files: app(ofSide, "1") + side(sideKinds),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green", checks: 1 },
  },
  {
    title: "the same in a test, which has it",
    files:
      app(`#[cfg(test)]\nmod tests {\n${ofSide}#[test]\nfn one() {\n    count(Kind::A);\n}\n}\n`) +
      side(sideKinds),
    ...{ ...both, plain: "green" },
  },
  {
    title: "a body that calls what only dev-dependencies bring",
    files: app(kinds + count) + side(extra),
    drafts: [{ h1: "side::number()", h2: "2" }],
    ...{ verdicts: ["rejected h1 E0425"], plain: "red" },
  },
  {
    title: "a body that has nothing to do with the feature",
    files: app(kinds + count) + side(extra),
    ...{ ...both, plain: "red" },
  },
  {
    title: "the first draft of it, in one check of each kind",
    files: app(kinds + count) + side(extra),
    ...{ drafts: [right], verdicts: ["accepted"], plain: "green", checks: 2 },
  },
  {
    title: "where a plain build is red elsewhere, as it was",
    files: app(`pub fn other() -> u8 {\n    side::number()\n}\n${kinds}${count}`) + side(extra),
    ...{ ...both, plain: "red" },
  },
  {
    title: "code of a feature that the package turns on for its own tests",
    files:
      file(
        "Cargo.toml",
        manifest(
          "trap",
          '[features]\nextra = []\n[dev-dependencies]\ntrap = { path = ".", features = ["extra"] }\n',
        ),
      ) + file("src/lib.rs", `#[cfg(feature = "extra")]\npub mod own {\n${kinds}${count}}\n`),
    ...{ ...both, plain: "green" },
  },
  {
    title: "a macro's argument, where no copies can stand",
    files:
      app(
        `use side::Kind;\nmacro_rules! own { ($($t:tt)*) => { $($t)* } }\nown! {\npub fn count(kind: Kind) -> u8 {\n    ${arms}\n}\n}\n`,
      ) + side(sideKinds),
    ...{ drafts: [right], verdicts: ["unknown not-live"], plain: "red" },
  },
];

describe("a plain build beside one with tests", () => springTraps(traps));
