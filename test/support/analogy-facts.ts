import { buildSkeleton } from "../../server/facts/skeleton.ts";
import { similarImpls, similarMatches } from "../../server/facts/similar-code.ts";
import type { Facts, Site } from "../../server/stages.ts";
import { enclosingFunction } from "../../server/syntax/enclosing-function.ts";
import { readExamples } from "../../server/syntax/examples.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import { allSites } from "../../server/syntax/site-syntax.ts";
import { insertedEdit } from "./inserted-edit.ts";

const path = "/crate/src/lib.rs";

/**
 * Facts for the first site of `text` with something open, from the syntax alone; everything else in `text` is
 * the code to learn from.
 * @param inserted What rust-analyzer would insert there.
 */
export function factsFrom(syntax: RustSyntax, text: string, inserted?: string): Facts {
  for (const here of syntax.read(text, (root) => allSites(root, { start: 0, end: text.length }))) {
    const site: Site = {
      kind: here.kind,
      document: { uri: "file:///crate/src/lib.rs", path, version: 1, text },
      healed: { start: 0, end: 0 },
      unhealed: "",
      healedText: "",
      span: here.span,
      keyword: here.keyword,
      insertAt: undefined,
      label: here.label,
    };
    const isHere =
      inserted === undefined || text.slice(here.span.start, here.span.end).includes("/* here */");
    const edit = inserted === undefined ? undefined : insertedEdit(syntax, site, inserted);
    const skeleton = isHere ? buildSkeleton(syntax, site, edit) : undefined;
    if (skeleton !== undefined && "holes" in skeleton) {
      const files = [readExamples(syntax, text, path)];
      const line = text.slice(0, here.keyword).split("\n").length;
      const match = files[0]!.matches.find((found) => found.line === line);
      const thisImpl = files[0]!.impls.find((found) => found.line === line && here.kind === "impl");
      const around = syntax.read(text, (root) => enclosingFunction(root, here.keyword));
      const names = skeleton.holes.map((hole) => hole.name);
      const variants = [...names, ...(match?.arms ?? []).map((arm) => arm.variant)];
      const subject = files[0]!.types.find((type) =>
        here.kind === "impl"
          ? type.name === thisImpl?.type
          : type.variants.some((variant) => variants.includes(variant.name)),
      );
      const impls = similarImpls(files, { trait: thisImpl?.trait, type: thisImpl?.type ?? "", site });
      return {
        skeleton,
        root: "/crate",
        function: around,
        scrutinee: undefined,
        subject,
        traitText: undefined,
        siblingArms: here.kind === "match" ? (match?.arms ?? []) : [],
        otherMatches:
          here.kind === "match"
            ? similarMatches(files, { enumName: subject?.name, variants, site, functionName: around?.name })
            : [],
        thisImpl,
        ...(here.kind === "impl" ? impls : { otherImpls: [], typeImpls: [] }),
        locals: [],
        missing: [],
      };
    }
  }
  throw new Error("no open site in the text");
}
