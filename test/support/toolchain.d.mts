export interface UsableToolchain {
  /** PATH with this toolchain in front. */
  readonly path: string;
  /** Folder of the standard library's sources. */
  readonly library: string;
  /** rust-analyzer, absolute. */
  readonly analyzer: string;
  readonly version: string;
  readonly problem?: never;
}

export function usableToolchain(
  environment: NodeJS.ProcessEnv,
): UsableToolchain | { readonly problem: string };

/** This PATH and no other. */
export function examine(
  path: string,
  environment: NodeJS.ProcessEnv,
): UsableToolchain | { readonly problem: string };
