import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { RustSyntax } from "../../syntax/parse.ts";
import type { CargoPackage, CargoTarget } from "../cargo/metadata.ts";
import { isGenerated, type KnownDeclarations, mayLeadTo, moduleFiles } from "../cargo/module-files.ts";
import type { PlacedSource } from "../shadow/entry.ts";
import { isInside } from "../../base/real-path.ts";

/** Files read before the relay has a turn: about 5 ms. */
const readsPerStep = 50;

export interface SharersQuestion {
  readonly syntax: RustSyntax;
  /** Whether a path in the shadow is the document, by whatever name. */
  readonly isDocument: (file: string) => boolean;
  readonly own: CargoPackage;
  /** All whose sources stand in the shadow. */
  readonly packages: readonly CargoPackage[];
  readonly sources: Iterable<PlacedSource>;
}

/** Another package that is made of the document too, or may be. */
export interface Sharer {
  readonly package: CargoPackage;
  /** Those that may contain it. */
  readonly targets: readonly CargoTarget[];
}

/**
 * Who else pulls a file into a package: by `#[path]`, `include!`, or a link. Nearly no package has a file of another
 * one's, so texts are searched for what leads out of their package at all, once for each state of a file, and only
 * the modules of such packages are followed.
 */
export class Sharers {
  readonly #outward = new Map<string, { readonly stamp: string; readonly isOutward: boolean }>();
  readonly #declarations: KnownDeclarations = new Map();

  async of(question: SharersQuestion): Promise<readonly Sharer[]> {
    const { own, packages } = question;
    if (packages.every(({ id }) => id === own.id)) return [];
    const outward = await this.#outwardPackages(question);
    return packages
      .filter(({ id }) => id !== own.id && outward.has(id))
      .map((other) => ({
        package: other,
        targets: other.targets.filter((target) => this.#mayContain(target, question)),
      }))
      .filter(({ targets }) => targets.length > 0);
  }

  /** Ids of packages that have something which may lead out of their directory. */
  async #outwardPackages({ packages, sources }: SharersQuestion): Promise<ReadonlySet<string>> {
    const owners = packages
      .map(({ id, manifest_path, targets }) => ({ id, directory: dirname(manifest_path), targets }))
      .sort((a, b) => b.directory.length - a.directory.length);
    const ownerOf = (place: string) => owners.find(({ directory }) => isInside(place, directory));
    const found = new Set<string>();
    for (const { id, targets } of owners)
      if (targets.some(({ src_path }) => ownerOf(src_path)?.id !== id)) found.add(id);
    let reads = 0;
    for (const source of sources) {
      const owner = ownerOf(source.place);
      if (owner === undefined || found.has(owner.id)) continue;
      if (this.#isOutward(source, owner.directory)) found.add(owner.id);
      if (++reads % readsPerStep === 0) await new Promise((next) => setImmediate(next));
    }
    return found;
  }

  #isOutward({ place, stamp, link }: PlacedSource, home: string): boolean {
    if (link !== undefined) return !isInside(resolve(dirname(place), link), home);
    const known = this.#outward.get(place);
    if (known !== undefined && stamp !== "" && known.stamp === stamp) return known.isOutward;
    const isFile = statSync(place, { throwIfNoEntry: false })?.isFile() === true;
    const isOutward = isFile && mayLeadOut(readFileSync(place, "utf8"), dirname(place), home);
    this.#outward.set(place, { stamp, isOutward });
    return isOutward;
  }

  #mayContain({ src_path }: CargoTarget, { syntax, isDocument }: SharersQuestion): boolean {
    const modules = moduleFiles(syntax, src_path, new Map(), this.#declarations);
    return mayLeadTo({ ...modules, hasGenerated: false }, isDocument);
  }
}

/** Whether a text in that directory has a module or an include by a path that leaves `home` or cannot be read. */
export function mayLeadOut(text: string, directory: string, home: string): boolean {
  const isOutward = (path: string) => {
    const literal = /^\s*(?:r#*)?"([^"\\]*)"/.exec(path)?.[1];
    // Below an inline module a path counts from a deeper directory.
    return literal === undefined || !isInside(resolve(directory, literal), home);
  };
  const paths = [...text.matchAll(/#\s*!?\s*\[\s*(?:cfg_attr\b[^\]]*?\b)?path\s*=\s*([^\]]*)/g)];
  if (paths.some(([, path = ""]) => isOutward(path))) return true;
  return [...text.matchAll(/\binclude\s*!\s*([([{][^;]*)/g)].some(
    ([, path = ""]) => isOutward(path.slice(1)) && !isGenerated(path),
  );
}
