import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { runCommand } from "../base/child.ts";
import { cargoFetch, type DemoRun, freshCopy } from "./demo-run.ts";

/** Text that the authors of a published crate wrote, to be taken out of a copy. */
interface BlankedSite {
  readonly what: string;
  readonly file: string;
  /** The line with the keyword, white space trimmed: the first one behind {@link behind}. */
  readonly at: string;
  readonly behind: string;
  /** What is taken out, exactly as published. */
  readonly authors: string;
}

const crate = { name: "regex-syntax", version: "0.8.5" };

const blankedSites: readonly BlankedSite[] = [
  {
    what: "five of twelve arms of a match",
    file: "src/ast/mod.rs",
    behind: "/// Return the span of this abstract syntax tree.",
    at: "match *self {",
    authors: `            Ast::ClassPerl(ref x) => &x.span,
            Ast::ClassBracketed(ref x) => &x.span,
            Ast::Repetition(ref x) => &x.span,
            Ast::Group(ref x) => &x.span,
            Ast::Alternation(ref x) => &x.span,
`,
  },
  {
    what: "the body of an iterator",
    file: "src/hir/mod.rs",
    behind: "",
    at: "impl<'a> Iterator for ClassUnicodeIter<'a> {",
    authors: `
    fn next(&mut self) -> Option<&'a ClassUnicodeRange> {
        self.0.next()
    }
`,
  },
];

export interface Blanked {
  readonly what: string;
  readonly file: string;
  readonly path: string;
  /** 1-based, of the keyword. */
  readonly line: number;
  readonly column: number;
  readonly authors: string;
}

export interface PublishedCrate {
  readonly name: string;
  readonly version: string;
  /** Root of a copy with the text of all sites taken out. */
  readonly root: string;
  readonly sites: readonly Blanked[];
}

const metadata = z.looseObject({
  packages: z.array(z.looseObject({ name: z.string(), manifest_path: z.string() })),
});

/** Gets the crate from the crates registry, through cargo, as a dependency of an empty crate. */
export async function publishedCrate(demo: DemoRun): Promise<PublishedCrate> {
  const holder = join(demo.work, "registry");
  await mkdir(join(holder, "src"), { recursive: true });
  await writeFile(join(holder, "src", "lib.rs"), "");
  await writeFile(
    join(holder, "Cargo.toml"),
    `[package]\nname = "holder"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n\n[dependencies]\n${crate.name} = "=${crate.version}"\n`,
  );
  await cargoFetch(demo, holder);
  const args = ["metadata", "--format-version", "1", "--offline"];
  const result = await runCommand({ file: "cargo", arguments: args, cwd: holder, signal: demo.signal });
  const { packages } = metadata.parse(JSON.parse(result.stdout));
  const manifest = packages.find((candidate) => candidate.name === crate.name)?.manifest_path;
  if (manifest === undefined) throw new Error(`cargo metadata does not name ${crate.name}`);
  const root = join(demo.work, crate.name);
  await freshCopy(dirname(manifest), root);
  const sites: Blanked[] = [];
  for (const site of blankedSites) sites.push(await blankIn(root, site));
  return { ...crate, root, sites };
}

async function blankIn(root: string, site: BlankedSite): Promise<Blanked> {
  const path = join(root, site.file);
  const text = await readFile(path, "utf8");
  const from = text.indexOf(site.authors, Math.max(0, text.indexOf(site.behind)));
  if (from === -1) throw new Error(`${site.file} of ${crate.name} ${crate.version} is not as published`);
  const blanked = text.slice(0, from) + text.slice(from + site.authors.length);
  await writeFile(path, blanked);
  const keyword = blanked.indexOf(site.at, Math.max(0, blanked.indexOf(site.behind)));
  const before = blanked.slice(0, keyword).split("\n");
  const { what, file, authors } = site;
  return { what, file, path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, authors };
}
