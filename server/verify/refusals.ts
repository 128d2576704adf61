import type { RustSyntax } from "../syntax/parse.ts";
import type { Draft, Skeleton, Verdict } from "../stages.ts";

export function refusalOf(
  _syntax: RustSyntax,
  _skeleton: Skeleton,
  _draft: Draft,
  _packageDirectory: string,
): Verdict | undefined {
  return undefined;
}
