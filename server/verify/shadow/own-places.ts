import { isInside, realPathOf } from "../../base/real-path.ts";

export interface ShadowTree {
  readonly tree: string;
  placeOf(path: string): string;
  userPathOf(place: string): string | undefined;
}

/** One file may stand in a shadow by several names, as links of the user's lead to it; the place of its real path is its own. */
export class OwnPlaces {
  readonly #shadow: ShadowTree;
  #copies: ReadonlyMap<string, string> = new Map();
  readonly #known = new Map<string, string>();

  constructor(shadow: ShadowTree) {
    this.#shadow = shadow;
  }

  /** Real paths by the user's paths, for what a link brings in from outside: copies stand in the shadow. */
  setCopies(copies: ReadonlyMap<string, string>): void {
    this.#copies = copies;
    this.#known.clear();
  }

  /** Other paths of the user's under which a file stands in the shadow. */
  copiesOf(path: string): readonly string[] {
    return [...this.#copies].flatMap(([copy, real]) => (real === path && copy !== path ? [copy] : []));
  }

  of(place: string): string {
    const own = this.#known.get(place) ?? this.#find(place);
    this.#known.set(place, own);
    return own;
  }

  #find(place: string): string {
    const path = this.#shadow.userPathOf(place);
    if (path === undefined) return place;
    const copied = this.#copies.get(path);
    if (copied !== undefined) return this.#shadow.placeOf(copied);
    const real = realPathOf(place);
    return real === place || !isInside(real, this.#shadow.tree) ? place : this.of(real);
  }
}
