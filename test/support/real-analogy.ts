import { bodiesByAnalogy } from "../../server/bodies/by-analogy/bodies-by-analogy.ts";
import { similarImpls, similarMatches } from "../../server/facts/similar-code.ts";
import { settingsSchema } from "../../protocol/settings.ts";
import type { Draft, Facts } from "../../server/stages.ts";
import { enclosingFunction } from "../../server/syntax/enclosing-function.ts";
import { type FileExamples, readExamples } from "../../server/syntax/examples.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import type { RealSite, SourceFile } from "./real-sites.ts";

/** Drafts by analogy from the syntax alone: cheaper than with rust-analyzer's facts, and no worse for wrong ones. */
export class AnalogyDrafts {
  readonly #syntax: RustSyntax;
  readonly #files: readonly SourceFile[];
  readonly #examples = new Map<string, FileExamples>();

  constructor(syntax: RustSyntax, files: readonly SourceFile[]) {
    this.#syntax = syntax;
    this.#files = files;
  }

  /** @param threshold As the setting `analogy.threshold`; its default without one. */
  async of(site: RealSite, threshold?: number): Promise<readonly Draft[]> {
    const settings = settingsSchema.parse(threshold === undefined ? {} : { analogy: { threshold } });
    const bodies = bodiesByAnalogy(this.#syntax, settings);
    const options = { signal: new AbortController().signal, report: () => {} };
    const written = await bodies.write(this.#factsOf(site), options);
    return "stage" in written ? [] : written;
  }

  #factsOf({ skeleton, path }: RealSite): Facts {
    const { site } = skeleton;
    const { text } = site.document;
    const own = readExamples(this.#syntax, text, path);
    const files = [
      own,
      ...this.#files.filter((file) => file.path !== path).map((file) => this.#examplesIn(file)),
    ];
    const line = text.slice(0, site.keyword).split("\n").length;
    const match = own.matches.find((found) => found.line === line);
    const thisImpl = own.impls.find((found) => found.line === line && site.kind === "impl");
    const around = this.#syntax.read(text, (root) => enclosingFunction(root, site.keyword));
    const variants = [
      ...skeleton.holes.map(({ name }) => name),
      ...(match?.arms ?? []).map(({ variant }) => variant),
    ];
    const types = files.flatMap((file) => file.types);
    const subject = types.find((type) =>
      site.kind === "impl"
        ? type.name === thisImpl?.type
        : type.variants.some(({ name }) => variants.includes(name)),
    );
    const query = { trait: thisImpl?.trait, type: thisImpl?.type ?? "", site };
    const isImpl = site.kind === "impl";
    return {
      ...{ skeleton, root: "/", function: around, scrutinee: undefined, subject, traitText: undefined },
      ...{ siblingArms: isImpl ? [] : (match?.arms ?? []), thisImpl, locals: [], missing: [] },
      otherMatches: isImpl
        ? []
        : similarMatches(files, { enumName: subject?.name, variants, site, functionName: around?.name }),
      ...(isImpl ? similarImpls(files, query) : { otherImpls: [], typeImpls: [] }),
    };
  }

  #examplesIn(file: SourceFile): FileExamples {
    const known = this.#examples.get(file.path) ?? readExamples(this.#syntax, file.text, file.path);
    this.#examples.set(file.path, known);
    return known;
  }
}
