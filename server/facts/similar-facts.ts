import type { Facts, ImplExample, MatchExample, Skeleton, TypeDefinition } from "../stages.ts";
import type { FileExamples } from "../syntax/examples.ts";
import type { SiteSyntax } from "../syntax/site-syntax.ts";
import { similarImpls, similarMatches } from "./similar-code.ts";

type Files = readonly FileExamples[];

export interface SimilarSources {
  readonly files: Files;
  readonly subject: TypeDefinition | undefined;
  readonly ownMatch: MatchExample | undefined;
  readonly functionName: string | undefined;
}

/** The part of the facts that comes from code which stands in the workspace. */
export function similarTo(
  skeleton: Skeleton,
  here: SiteSyntax,
  { files, subject, ownMatch, functionName }: SimilarSources,
): Pick<Facts, "subject" | "otherMatches" | "otherImpls" | "typeImpls"> {
  const { site } = skeleton;
  const { text } = site.document;
  if (site.kind === "impl") {
    const trait =
      here.trait === undefined ? undefined : lastSegment(text.slice(here.trait.start, here.trait.end));
    const type = text.slice(here.subject.start, here.subject.end);
    const {
      otherImpls,
      typeImpls,
    }: { otherImpls: readonly ImplExample[]; typeImpls: readonly ImplExample[] } = similarImpls(files, {
      trait,
      type,
      site,
    });
    return { subject: subject ?? definitionNamed(files, type), otherMatches: [], otherImpls, typeImpls };
  }
  const enumName = enumNameOf(skeleton, ownMatch);
  const variants = [
    ...skeleton.holes.map((hole) => hole.name),
    ...(ownMatch?.arms ?? []).map((arm) => arm.variant),
  ];
  const isSubject =
    subject !== undefined &&
    variants.some((name) => subject.variants.some((variant) => variant.name === name));
  const definition = isSubject ? subject : definitionNamed(files, enumName ?? "");
  const otherMatches = similarMatches(files, {
    enumName: definition?.name ?? enumName,
    variants,
    site,
    functionName,
  });
  return { subject: definition, otherMatches, otherImpls: [], typeImpls: [] };
}

/** rust-analyzer's own patterns name the enum; `Self` and bare variants do not. */
function enumNameOf(skeleton: Skeleton, ownMatch: MatchExample | undefined): string | undefined {
  const qualifiers = [
    ...skeleton.holes.map((hole) => /^([\w:]+)::\w+/.exec(hole.owner)?.[1] ?? ""),
    ...(ownMatch?.arms ?? []).map((arm) => arm.qualifier),
  ];
  return qualifiers.map(lastSegment).find((name) => name !== "" && name !== "Self");
}

function definitionNamed(files: Files, type: string): TypeDefinition | undefined {
  const name = lastSegment(type).replace(/<.*$/s, "").trim();
  return files.flatMap((file) => file.types).find((definition) => definition.name === name);
}

/** Without its path; generic arguments stay. */
export function lastSegment(path: string): string {
  // Only `::` outside generic arguments separates: `From<io::Error>` is one segment.
  const head = path.split("<")[0] ?? path;
  const cut = head.lastIndexOf("::");
  return cut === -1 ? path : path.slice(cut + 2);
}
