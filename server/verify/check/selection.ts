import type { CheckSettings } from "../settings/check-settings.ts";
import { compiledWith, featuresOf, type FeatureTree } from "../cargo/feature-tree.ts";
import type { CargoMetadata, CargoPackage } from "../cargo/metadata.ts";
import { NoVerdict } from "../no-verdict.ts";

/** Packages that are checked, and the features they are checked under. */
export interface Selection {
  /** undefined is the whole workspace. */
  readonly packages: readonly CargoPackage[] | undefined;
  readonly features: CheckSettings["features"];
  readonly noDefaultFeatures: boolean;
  /** Features add up over all members of the workspace, although only these packages are checked. */
  readonly isUnified: boolean;
}

export interface SelectionQuestion {
  /** The file's package first; then those whose code can be wrong because of a body in it. */
  readonly packages: readonly [CargoPackage, ...CargoPackage[]];
  readonly metadata: CargoMetadata;
  readonly settings: CheckSettings;
  /** Cargo may be asked to unify features, which is not stable yet. */
  readonly mayUnify: boolean;
  /** What cargo resolves for a selection, or why it refuses it. */
  readonly treeOf: (selection: Selection) => Promise<FeatureTree | { readonly refused: string }>;
}

export interface Selected {
  readonly selection: Selection;
  readonly tree: FeatureTree;
}

/**
 * The cheapest selection under which the packages, and all they are compiled with, have the features that the
 * user's own check gives them.
 *
 * rust-analyzer checks the whole workspace, where features add up over all members. With `-p` alone, code behind a
 * feature that another member turns on would be judged as if it were off; and a dependency with more features has
 * more variants, impls and items: a right arm for one of them would be refused, and what is ambiguous because of
 * them accepted. So what `-p` lacks is turned on by name where cargo has a name for it (own features, those of
 * direct dependencies); else cargo is asked to unify features; else the workspace is checked, which costs what the
 * user's own check costs. (For a file of a binary or a test rust-analyzer's check on save takes `-p` alone. Its
 * analysis and its first check see the workspace's features, and so does whoever builds it.)
 */
export async function select(question: SelectionQuestion): Promise<Selected> {
  const { settings, metadata, treeOf } = question;
  const whole: Selection = { ...featuresIn(settings), packages: undefined, isUnified: false };
  if (!settings.wholeWorkspace) return selectAlone(question);
  if (metadata.workspace_members.length === 1) {
    return resolved({ ...whole, packages: question.packages }, treeOf);
  }
  const wanted = await resolved(whole, treeOf);
  for (const selection of await cheaper(question, wanted.tree)) {
    const tree = await treeOf(selection);
    if ("nodes" in tree && isSame(wanted.tree, tree, question.packages)) return { selection, tree };
  }
  return wanted;
}

/** `check.workspace` is off: the package has its own features only, whoever else is checked beside it. */
async function selectAlone({ packages, settings, treeOf }: SelectionQuestion): Promise<Selected> {
  const [own] = packages;
  // rust-analyzer leaves out features of other packages where it checks one.
  const features =
    settings.features === "all" ? "all" : settings.features.filter((feature) => !feature.includes("/"));
  const alone = await resolved(
    { ...featuresIn(settings), features, packages: [own], isUnified: false },
    treeOf,
  );
  if (packages.length === 1) return alone;
  const selection: Selection = { ...alone.selection, packages };
  const tree = await treeOf(selection);
  if ("nodes" in tree && isSame(alone.tree, tree, [own])) return { selection, tree };
  const message = `check.workspace is off, and packages that see this body turn on other features of ${own.name} than it has alone`;
  throw new NoVerdict("not-handled", message);
}

async function resolved(selection: Selection, treeOf: SelectionQuestion["treeOf"]): Promise<Selected> {
  const tree = await treeOf(selection);
  if ("refused" in tree) throw new NoVerdict("cargo-failed", tree.refused);
  return { selection, tree };
}

async function cheaper(
  { packages, metadata, settings, mayUnify, treeOf }: SelectionQuestion,
  wanted: FeatureTree,
): Promise<readonly Selection[]> {
  const own = { ...featuresIn(settings), packages, isUnified: false };
  const unified = mayUnify ? [{ ...own, isUnified: true }] : [];
  const bare: Selection = { ...own, features: settings.features === "all" ? "all" : [] };
  const tree = await treeOf(bare);
  if ("refused" in tree || bare.features === "all") return [bare, ...unified];
  return [{ ...bare, features: missingIn(tree, wanted, packages, metadata) }, ...unified];
}

/** By name as `--features` takes them: `package/feature` of the packages and of their direct dependencies. */
function missingIn(
  tree: FeatureTree,
  wanted: FeatureTree,
  packages: readonly CargoPackage[],
  metadata: CargoMetadata,
): readonly string[] {
  const has = compiledWith(tree, packages);
  const should = compiledWith(wanted, packages);
  const lacking = (candidate: CargoPackage, name: string) => {
    const known = featuresOf(has, candidate);
    const added = [...featuresOf(should, candidate)].filter((feature) => !known.has(feature));
    return added.map((feature) => `${name}/${feature}`);
  };
  const byId = new Map(metadata.packages.map((candidate) => [candidate.id, candidate]));
  const missing = packages.flatMap((candidate) => [
    ...lacking(candidate, candidate.name),
    ...directDependencies(candidate, metadata).flatMap(({ id, names }) => {
      const dependency = byId.get(id);
      return dependency === undefined ? [] : names.flatMap((name) => lacking(dependency, name));
    }),
  ]);
  return [...new Set(missing)].sort();
}

/** With the names that the manifest gives them. */
function directDependencies(
  { id, dependencies }: CargoPackage,
  { packages, resolve }: CargoMetadata,
): readonly { readonly id: string; readonly names: readonly string[] }[] {
  const node = resolve?.nodes.find((candidate) => candidate.id === id);
  return (node?.deps ?? []).map(({ pkg }) => {
    const name = packages.find((candidate) => candidate.id === pkg)?.name;
    const declared = dependencies.filter((dependency) => dependency.name === name);
    return { id: pkg, names: declared.map((dependency) => dependency.rename ?? dependency.name) };
  });
}

function isSame(one: FeatureTree, other: FeatureTree, packages: readonly CargoPackage[]): boolean {
  const [first, second] = [compiledWith(one, packages), compiledWith(other, packages)];
  return first.size === second.size && [...first].every((node) => second.has(node));
}

function featuresIn({ features, noDefaultFeatures }: CheckSettings) {
  return { features, noDefaultFeatures };
}
