import type { RustSyntax } from "../../syntax/parse.ts";
import { isConfiguredIn } from "../cargo/cfg-predicate.ts";
import { configuredOut, featuresOff, knownCfg } from "./configured-out.ts";
import { type CargoPackage, type CargoTarget, targetLabel } from "../cargo/metadata.ts";
import { type ModDeclaration, moduleFiles, type ModuleFiles } from "../cargo/module-files.ts";
import { isInside } from "../../base/real-path.ts";
import { type AskedTargets, isAsked, missingFeatures } from "../check/target-choice.ts";

export interface MissedFile {
  readonly syntax: RustSyntax;
  /** The document's place in the shadow, and its path. */
  readonly place: string;
  readonly path: string;
  /** Those that contain it, or may: its own first. */
  readonly containing: readonly CargoPackage[];
  readonly asked: (of: CargoPackage) => AskedTargets;
  readonly targetDirectories: readonly string[];
  /** The place that a file of the shadow has by its real path. */
  readonly ownPlaceOf: (place: string) => string;
  /** The user's path of a file in the shadow. */
  readonly userPathOf: (place: string) => string;
}

/** Why no target that is checked contains the document. */
export function whyNoTarget(file: MissedFile): string {
  const { path, targetDirectories } = file;
  if (targetDirectories.some((directory) => isInside(path, directory))) {
    return "the file lies in a target directory: the check makes such files anew, elsewhere";
  }
  const own = file.containing.flatMap((candidate) => holders(file, candidate));
  const checked = own.find(({ target, asked }) => isAsked(target, asked));
  if (checked !== undefined) {
    return `${targetLabel(checked.target)} leaves this file out: ${leftOut(file, checked)}`;
  }
  const [unchecked] = own;
  if (unchecked !== undefined) return notAsked(unchecked.target, unchecked.asked);
  return "no target of the package contains this file: no `mod` leads to it";
}

interface Holder {
  readonly target: CargoTarget;
  readonly modules: ModuleFiles;
  readonly asked: AskedTargets;
}

/** Targets whose modules lead to the file, whatever is configured. */
function holders({ syntax, place, asked, ownPlaceOf }: MissedFile, holder: CargoPackage): readonly Holder[] {
  return holder.targets
    .filter(({ kind }) => !kind.includes("custom-build"))
    .map((target) => ({
      target,
      modules: moduleFiles(syntax, target.src_path, new Map()),
      asked: asked(holder),
    }))
    .filter(({ modules }) => [...modules.files].some((file) => ownPlaceOf(file) === place));
}

function leftOut({ place, userPathOf }: MissedFile, { modules: { declarations }, asked }: Holder): string {
  const known = knownCfg(asked, { target: "" });
  const chain: ModDeclaration[] = [];
  for (let at = declarations.get(place); at !== undefined; at = declarations.get(at.file)) chain.push(at);
  const found = [false, undefined].flatMap((wanted) =>
    chain.flatMap((declared) =>
      declared.attributes
        .filter((text) => isConfiguredIn(text, known) === wanted)
        .map((text) => ({ declared, text })),
    ),
  );
  const [first] = found;
  if (first === undefined) return "nothing that is compiled declares it";
  const { file, line, what } = first.declared;
  return configuredOut(first.text, `${what} (${userPathOf(file)}:${line})`, asked);
}

function notAsked(target: CargoTarget, asked: AskedTargets): string {
  const label = targetLabel(target);
  const missing = missingFeatures(target, asked.features);
  if (missing.length > 0) return `${label} contains this file, and is not checked: ${featuresOff(missing)}`;
  const how =
    asked.flags.length === 0 ? "cargo.allTargets is off" : `of ${asked.flags.join(" ")} none asks for it`;
  return `${label} contains this file, and rust-analyzer's settings leave it out: ${how}`;
}
