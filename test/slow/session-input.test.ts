import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PositionEncoding } from "../../server/base/positions.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import { applied, bestOf, type Session, shortly, startSession } from "./session-world.ts";

/** One crate for all that rust-analyzer may see at once: a file for each story. */
const crate = `
//- /src/lib.rs
pub mod broken;
pub mod carriage;
pub mod empty;
pub mod fresh;
pub mod glyphs;
pub mod large;
pub mod light;
pub mod own;
pub mod tabs;
//- /src/light.rs
#[derive(Clone, Copy)]
pub enum Light { Red, Amber, Blue, Green, White }

pub fn other(light: Light) -> &'static str {
    match light {
        Light::Red => "Red",
        Light::Amber => "Amber",
        Light::Blue => "Blue",
        Light::Green => "Green",
        Light::White => "White",
    }
}
//- /src/own.rs
pub enum Own { Red, Amber, Blue, Green, White }

impl Own {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Red => "Red",
            Self::Amber => "Amber",
            Self::Blue => "Blue", // as the sky
        }
    }
}
//- /src/empty.rs
//- /src/broken.rs
pub fn unfinished(
`;

/** The same match in other clothes: green and white are missing. */
function matchText(before = ""): string {
  return `use crate::light::Light;

pub fn name(light: Light) -> &'static str {
    match light {
        Light::Red => ${before}"Red",
        Light::Amber => "Amber",
        Light::Blue => "Blue",
    }
}
`;
}

const filledArms = `
        Light::Green => "Green",
        Light::White => "White",
`;

let workspace: Workspace;
const sessions = new Map<PositionEncoding, Session>();

async function sessionWith(encoding: PositionEncoding): Promise<Session> {
  const known = sessions.get(encoding);
  if (known !== undefined) return known;
  const session = await startSession({ workspace, encodings: [encoding], armature: {} });
  sessions.set(encoding, session);
  return session;
}

/** The text with the best offer in it, asked for at the first place of `needle`. */
async function filled(uri: string, needle: string, encoding: PositionEncoding = "utf-16"): Promise<string> {
  const session = await sessionWith(encoding);
  const { editor } = session;
  expect(editor.encoding).toBe(encoding);
  const text = editor.text(uri);
  return applied(text, bestOf(await session.fill(uri, text.indexOf(needle))).edit, encoding);
}

beforeAll(() => {
  workspace = createWorkspace(crate);
  workspace.write("src/broken.rs", "");
  workspace.write("src/carriage.rs", matchText().replaceAll("\n", "\r\n"));
  workspace.write("src/tabs.rs", matchText().replaceAll("    ", "\t"));
  workspace.write("src/glyphs.rs", matchText(`/* é漢🦀 */ `));
  workspace.write("src/large.rs", `${matchText()}${"// filling up to a megabyte\n".repeat(38_000)}`);
});
afterAll(async () => {
  for (const session of sessions.values()) await session.close();
  workspace.remove();
});

describe("a file", () => {
  it.each<[string, string, (text: string) => string]>([
    ["with CRLF", "src/carriage.rs", (text) => text.replaceAll("\n", "\r\n")],
    ["with tabs", "src/tabs.rs", (text) => text.replaceAll("    ", "\t")],
    ["of a megabyte", "src/large.rs", (text) => text],
  ])("%s gets an offer in its own layout", async (_what, file, dressed) => {
    const { editor } = await sessionWith("utf-16");
    const uri = workspace.uriOf(file);
    await editor.open(uri);
    const before = editor.text(uri);
    const last = dressed(`        Light::Blue => "Blue",\n`);
    const added = dressed(filledArms.slice(1));
    expect(await filled(uri, "match")).toBe(before.replace(last, last + added));
    await editor.close(uri);
  });

  it.each<PositionEncoding>(["utf-8", "utf-16", "utf-32"])(
    "with é漢🦀 before the cursor gets its offer in the right place in %s",
    async (encoding) => {
      const { editor } = await sessionWith(encoding);
      const uri = workspace.uriOf("src/glyphs.rs");
      // One more on the cursor's own line, and the list in one line: columns count.
      const text = matchText().replace(
        /match light \{[^}]*\}/,
        `/* é漢🦀 */ match light { Light::Red => "Red", Light::Amber => "Amber", Light::Blue => "Blue" /* é漢🦀 */ }`,
      );
      await editor.open(uri, text);
      const result = await filled(uri, "match", encoding);
      const arms = result.replace(/\s+/g, " ");
      expect(arms).toContain(
        `/* é漢🦀 */ match light { Light::Red => "Red", Light::Amber => "Amber", Light::Blue => "Blue", /* é漢🦀 */ Light::Green`,
      );
      expect(arms).toContain(`Light::Green => "Green", Light::White => "White", } }`);
      expect(result.replace(/\s+|Light::Green => "Green",|Light::White => "White",|,/g, "")).toBe(
        text.replace(/\s+|,/g, ""),
      );
      await editor.close(uri);
    },
  );

  it("whose arms say Self gets only those that are missing, and keeps its comments", async () => {
    const { editor } = await sessionWith("utf-16");
    const uri = workspace.uriOf("src/own.rs");
    await editor.open(uri);
    const indented = filledArms.trimEnd().replaceAll("\n", "\n    ").replaceAll("Light::", "Self::");
    expect(await filled(uri, "match")).toBe(
      editor.text(uri).replace("// as the sky", `// as the sky${indented}`),
    );
    await editor.close(uri);
  });

  it("that is empty has no site, and says so", async () => {
    const session = await sessionWith("utf-16");
    const uri = workspace.uriOf("src/empty.rs");
    await session.editor.open(uri);
    expect(shortly(await session.fill(uri, 0))).toBe("trigger/not-a-site");
    await session.editor.close(uri);
  });

  it("that was never saved gets an offer where a mod declares it, and a reason where none does", async () => {
    const session = await sessionWith("utf-16");
    const declared = workspace.uriOf("src/fresh.rs");
    await session.editor.open(declared, matchText());
    expect(await filled(declared, "match")).toBe(matchText().replace(`"Blue",\n`, `"Blue",${filledArms}`));
    await session.editor.close(declared);
    const orphan = workspace.uriOf("src/orphan.rs");
    await session.editor.open(orphan, matchText());
    const result = await session.fill(orphan, matchText().indexOf("match"));
    expect(result.kind).toBe("none");
    expect(shortly(result)).toBe("facts/outside-workspace");
    await session.editor.close(orphan);
  });

  it("with a syntax error elsewhere in the crate ends in an offer that is right or in a reason that names it", async () => {
    const session = await sessionWith("utf-16");
    const broken = workspace.uriOf("src/broken.rs");
    await session.editor.open(broken, "pub fn unfinished(\n");
    const uri = workspace.uriOf("src/tabs.rs");
    await session.editor.open(uri);
    const fill = () => session.fill(uri, session.editor.text(uri).indexOf("match"));
    // rust-analyzer reads a file that was closed from disk first, and says that it is not ready until it has.
    await expect.poll(fill, { timeout: 60_000 }).toMatchObject({ kind: "none", stage: "verify" });
    const result = await fill();
    expect(result.kind === "none" && result.message).toMatch(/broken\.rs|unclosed/);
    await session.editor.close(broken);
    // The control: with the error gone the same place is filled.
    await expect.poll(async () => shortly(await fill()), { timeout: 60_000 }).toBe("offers");
    await session.editor.close(uri);
  });
});

describe("settings", () => {
  it("of the wrong type or unknown cost a warning in the log and their default, nothing else", async () => {
    const session = await sessionWith("utf-16");
    await session.configure({ enable: "yes", verify: { drafts: "many" }, colour: "red" });
    const uri = workspace.uriOf("src/tabs.rs");
    await session.editor.open(uri);
    expect(shortly(await session.fill(uri, session.editor.text(uri).indexOf("match")))).toBe("offers");
    expect(session.editor.stderr).toMatch(/warn armature: settings: armature\.enable: a string was given/);
    expect(session.editor.stderr).toMatch(/armature\.verify\.drafts: a string was given.*16 is used/);
    expect(session.editor.stderr).toMatch(/armature\.colour: unknown/);
    await session.configure({});
    await session.editor.close(uri);
  });
});

describe("a workspace", () => {
  const source = `
//- /src/lib.rs
pub enum Light { Red, Amber, Blue, Green, White }
pub fn name(light: &Light) -> &'static str {
    match $0light {
        Light::Red => "Red",
        Light::Amber => "Amber",
        Light::Blue => "Blue",
    }
}
`;

  async function answerIn(
    text: string,
    change: (place: Workspace) => void,
    environment = {},
  ): Promise<{ result: string; message: string }> {
    const place = createWorkspace(text);
    change(place);
    const session = await startSession({ workspace: place, environment });
    try {
      const { uri, offset } = place.cursors[0]!;
      await session.editor.open(uri);
      const result = await session.fill(uri, offset);
      expect(session.editor.stderr).not.toMatch(/error armature/);
      return { result: shortly(result), message: result.kind === "none" ? result.message : "" };
    } finally {
      await session.close();
    }
  }

  it("that does not resolve offline gives the reason and the remedy", async () => {
    const manifest = `//- /Cargo.toml\n[package]\nname = "far"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\narmature-no-such-crate = "7"\n[workspace]\n`;
    const { result, message } = await answerIn(`\n${manifest}${source.trimStart()}`, () => {});
    expect(result).toMatch(/^verify\/(dependencies-missing|cargo-failed)$/);
    expect(message).toMatch(/armature-no-such-crate|cargo fetch/);
  });

  it("with a broken manifest gives a reason that names it", async () => {
    const broken = (place: Workspace) => place.write("Cargo.toml", "[package\nname = 1\n");
    const { result, message } = await answerIn(source, broken);
    expect(result).toBe("facts/outside-workspace");
    expect(message).toContain("Cargo.toml");
  });

  it("without any manifest gives a reason", async () => {
    const bare = (place: Workspace) => rmSync(place.path("Cargo.toml"));
    const { result, message } = await answerIn(source, bare);
    expect(result).toBe("facts/outside-workspace");
    expect(message).toContain("Cargo.toml");
  });

  it("with a cache directory that cannot be written gives a reason", async () => {
    const blocked = createWorkspace(source);
    // A file where the directory should be: not even root can write there.
    writeFileSync(blocked.path("cache"), "");
    const { result, message } = await answerIn(source, () => {}, {
      ARMATURE_CACHE_DIR: join(blocked.path("cache"), "below"),
    });
    expect(result).toBe("verify/shadow-failed");
    expect(message).toContain("cache");
  });
});
