import { dirname } from "node:path";
import type { CargoPackage } from "./metadata.ts";

/**
 * What `cargo tree` resolves: packages with their features, by what they depend on. It is the one stable command
 * that asks the resolver that cargo builds with; `cargo metadata` adds up the features of all platforms, hosts and
 * dev-dependencies, whether or not a check takes them in.
 */
export interface FeatureTree {
  /** "name v0.1.0 (/path)|feature,feature" -> the same of its dependencies. */
  readonly nodes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** For `cargo tree`: each line is a depth, then a node as above. */
export const treeFormat = ["--prefix", "depth", "--format", "{p}|{f}"];

export function parseFeatureTree(stdout: string): FeatureTree {
  const nodes = new Map<string, Set<string>>();
  const above: Set<string>[] = [];
  for (const line of stdout.split("\n")) {
    const [, depthText, text] = /^(\d+)(.*)$/.exec(line) ?? [];
    if (depthText === undefined || text === undefined) continue;
    // A star stands behind what was written out before.
    const node = text.replace(/ \(\*\)$/, "");
    const depth = Number(depthText);
    const below = nodes.get(node) ?? new Set();
    nodes.set(node, below);
    if (depth > 0) above[depth - 1]?.add(node);
    above[depth] = below;
  }
  return { nodes };
}

/** Every node that these packages are compiled with, themselves included. */
export function compiledWith({ nodes }: FeatureTree, packages: readonly CargoPackage[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: string) => {
    if (found.has(node)) return;
    found.add(node);
    for (const below of nodes.get(node) ?? []) visit(below);
  };
  for (const node of nodes.keys()) if (packages.some((candidate) => isNodeOf(candidate, node))) visit(node);
  return found;
}

/** Features of a package, those of its host and target builds together. */
export function featuresOf(nodes: Iterable<string>, candidate: CargoPackage): ReadonlySet<string> {
  const found = [...nodes].filter((node) => isNodeOf(candidate, node));
  return new Set(found.flatMap((node) => splitNode(node).features));
}

function isNodeOf({ name, version, source, manifest_path }: CargoPackage, node: string): boolean {
  const { head } = splitNode(node);
  if (head !== `${name} v${version}` && !head.startsWith(`${name} v${version} `)) return false;
  return source !== null || head.endsWith(`(${dirname(manifest_path)})`);
}

/** The package of a node ("name v0.1.0 (/path)"), and its features. */
export function splitNode(node: string): { readonly head: string; readonly features: readonly string[] } {
  const bar = node.lastIndexOf("|");
  const features = node.slice(bar + 1).split(",");
  return { head: node.slice(0, bar), features: features.filter((feature) => feature !== "") };
}
