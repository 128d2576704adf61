/** Offers as the workspace's rustfmt would write them, and nothing else of the document. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import type { Skeleton } from "../../server/stages.ts";
import { type Bodies, explain, TrapWorld, verdictsOf } from "../traps/trap.ts";
import { file } from "../traps/site.ts";

let world: TrapWorld;
afterEach(() => world.close());

const kinds = "#[derive(Clone, Copy)]\npub enum Kind {\n    A,\n    B,\n}\n\n";
const long =
  'format!("{:?}{:?}", [1, 2, 3, 4].iter().map(|n| n * 2).filter(|n| n > &3).collect::<Vec<_>>(), 1)';
const matchSite = `${kinds}pub fn name(kind: Kind) -> String {
    match kind {«
        Kind::A => ‹body:todo!()›,
        Kind::B => ‹body:todo!()›,
    »}
}
`;

/** The whole document with the accepted draft in it. */
async function accepted(
  skeleton: Skeleton,
  drafts: readonly Bodies[],
  settings: unknown = {},
): Promise<string> {
  const result = await world.verify(skeleton, drafts, { settings: checkSettingsFrom(settings) });
  const verdict =
    result.kind === "report" ? result.verdicts.find(({ kind }) => kind === "accepted") : undefined;
  if (verdict?.kind !== "accepted") throw new Error(`${String(verdictsOf(result))} ${explain(result)}`);
  const { replaced, site } = skeleton;
  return site.document.text.slice(0, replaced.start) + verdict.text + site.document.text.slice(replaced.end);
}

function rustfmt(text: string, directory = world.root): string {
  const { stdout, status } = spawnSync("rustfmt", ["--edition", "2021"], {
    cwd: directory,
    input: text,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  return stdout;
}

describe("with rustfmt", () => {
  it("writes arms as rustfmt does: blocks around what is too long, commas, spaces", async () => {
    world = new TrapWorld();
    const skeleton = world.lay(file("src/lib.rs", matchSite))!;
    const text = await accepted(skeleton, [{ h1: long, h2: '{ let a=1;let b = 2 ; format!("{}" ,a+b) }' }]);
    expect(text).toBe(rustfmt(text));
    expect(text).toContain("let a = 1;\n            let b = 2;");
  });

  it("writes members as rustfmt does", async () => {
    world = new TrapWorld();
    const source = `${kinds}pub trait Both {
    type Item;
    const N: usize;
    fn one(&self, with: &str) -> Self::Item;
}

impl Both for Kind {«
    type Item = ‹type:()›;
    const N: usize = ‹constant:todo!()›;

    fn one(&self, with: &str) -> Self::Item {
        ‹body:todo!()›
    }
»}
`;
    const skeleton = world.lay(file("src/lib.rs", source))!;
    const drafts = [{ h1: "Vec< String >", h2: "1+2", h3: `let all=vec![${long},with.to_owned()];all` }];
    const text = await accepted(skeleton, drafts);
    expect(text).toBe(rustfmt(text));
    expect(text).toContain("const N: usize = 1 + 2;");
  });

  it("follows rustfmt.toml, tabs included", async () => {
    world = new TrapWorld();
    const source = matchSite.replaceAll("    ", "\t");
    const skeleton = world.lay(
      file("rustfmt.toml", "hard_tabs = true\nmax_width = 60\n") + file("src/lib.rs", source),
    )!;
    const text = await accepted(skeleton, [{ h1: long, h2: '"b".to_owned()' }]);
    expect(text).toBe(rustfmt(text));
    expect(Math.max(...text.split("\n").map((line) => line.replaceAll("\t", "    ").length))).toBeLessThan(
      61,
    );
  });

  it("leaves everything else as it is, other arms of the match included", async () => {
    world = new TrapWorld();
    const source = `pub enum Kind{A,B,C}
pub fn other( ){}
pub fn name(kind: Kind) -> String {
    match kind {
        Kind::A  =>  {"a".to_owned()},«
        Kind::B => ‹body:todo!()›,»
        Kind::C=>"c" .to_owned() , // as it was
    }
}
`;
    const skeleton = world.lay(file("src/lib.rs", source))!;
    const text = await accepted(skeleton, [{ h1: 'String :: from( "b" )' }]);
    expect(text).toBe(
      skeleton.site.document.text.replace(
        '{"a".to_owned()},',
        '{"a".to_owned()},\n        Kind::B => String::from("b"),',
      ),
    );
    expect(rustfmt(text)).not.toBe(text);
  });

  it("formats nothing that rustfmt is told to skip", async () => {
    world = new TrapWorld();
    const skeleton = world.lay(file("src/lib.rs", matchSite.replace("pub fn", "#[rustfmt::skip]\npub fn")))!;
    expect(await accepted(skeleton, [{ h1: "String :: new( )", h2: '"b".to_owned()' }])).toContain(
      "Kind::A => String :: new( ),",
    );
  });

  it("finds the holes of wrong drafts in what it has formatted", async () => {
    world = new TrapWorld();
    const skeleton = world.lay(file("src/lib.rs", matchSite))!;
    const wrong = { h1: long, h2: "{ let all=vec![1 ,2]; let text:String=all;text }" };
    const borrow = { h1: `{ let a = ${long}; drop(a); a }`, h2: '"b".to_owned()' };
    const result = await world.verify(skeleton, [wrong, borrow, { h1: long, h2: long }]);
    expect(verdictsOf(result)).toEqual(["rejected h2 E0308", "rejected h1 E0382", "accepted"]);
  });

  it("formats a draft beside one that only rustfmt and rustc cannot read", async () => {
    world = new TrapWorld();
    const skeleton = world.lay(file("src/lib.rs", matchSite))!;
    const unreadable = { h1: '(1 == 2 & 3 == 4, "a".to_owned()).1', h2: '"b".to_owned()' };
    const text = await accepted(skeleton, [unreadable, { h1: long, h2: long }]);
    expect(text).toBe(rustfmt(text));
  });

  it("keeps Windows line breaks and the value of literals over lines", async () => {
    world = new TrapWorld();
    const skeleton = world.lay(file("src/lib.rs", matchSite.replaceAll("\n", "\r\n")))!;
    const text = await accepted(skeleton, [{ h1: long, h2: '{let a="b"; a.to_owned()}' }]);
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    const literal = '{ let a="one\n  two"; a.to_owned() }';
    expect(await accepted(skeleton, [{ h1: '"a".to_owned()', h2: literal }])).toContain('"one\n  two"');
  });

  it("uses the command that rust-analyzer formats with", async () => {
    world = new TrapWorld();
    const command = join(world.base, "own-format");
    writeFileSync(command, '#!/bin/sh\nsed -e "s/=> own/=> \\/* by command *\\/ own/"\n');
    chmodSync(command, 0o755);
    const source = `fn own() -> String {\n    String::new()\n}\n${matchSite}`;
    const skeleton = world.lay(file("src/lib.rs", source))!;
    const settings = { rustfmt: { overrideCommand: [command] } };
    // It changes more than layout, so its text is not used; the draft is offered as it was written.
    const text = await accepted(skeleton, [{ h1: "own( )", h2: "own()" }], settings);
    expect(text).toContain("Kind::A => own( ),");
    writeFileSync(command, '#!/bin/sh\nsed -e "s/own( )/own()/"\n');
    expect(await accepted(skeleton, [{ h1: "own( )", h2: "own()" }], settings)).toContain(
      "Kind::A => own(),",
    );
  });
});

it("offers what was written where there is no rustfmt", async () => {
  const bin = mkdtempSync(join(tmpdir(), "armature-bin-"));
  writeFileSync(
    join(bin, "rustfmt"),
    "#!/bin/sh\necho \"error: 'rustfmt' is not installed for the toolchain\" >&2\nexit 1\n",
  );
  chmodSync(join(bin, "rustfmt"), 0o755);
  world = new TrapWorld({ PATH: [bin, process.env.PATH].join(delimiter) });
  const skeleton = world.lay(file("src/lib.rs", matchSite))!;
  expect(await accepted(skeleton, [{ h1: "String :: new( )", h2: '"b".to_owned()' }])).toContain(
    "Kind::A => String :: new( ),",
  );
  rmSync(bin, { recursive: true });
});
