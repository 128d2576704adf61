/**
 * One way in which a target is compiled. A library and the same library under test are two, with different code, and
 * cargo's messages name one target for both.
 */
export interface Compilation {
  readonly packageId: string;
  /** "lib shapes" */
  readonly target: string;
  /** Under `cfg(test)`. */
  readonly isTest: boolean;
}

/** A number for each of the two. */
export interface PerBuild {
  readonly plain: number;
  readonly test: number;
}

/** How many of these are built plainly, and how many for tests. */
export function countBuilds(built: readonly { readonly isTest: boolean }[]): PerBuild {
  const test = built.filter(({ isTest }) => isTest).length;
  return { plain: built.length - test, test };
}
