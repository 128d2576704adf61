import type { Facts, FrameError, Hole, Skeleton } from "../../stages.ts";
import type { DefinitionPart } from "../../syntax/definition-parts.ts";
import type { EntrySyntax } from "../../syntax/site-syntax.ts";
import type { Splice } from "../../syntax/splice.ts";
import type { FrameEdit } from "./edit-skeleton.ts";

/** What a way of mending may look at. */
export interface MendContext {
  readonly facts: Facts;
  readonly skeleton: Skeleton;
  /** Arms or members as offsets into the skeleton's text. */
  readonly entries: readonly EntrySyntax[];
  /** Variants of the enum or members of the trait, as far as the definition was found. */
  readonly definition: readonly DefinitionPart[];
}

/** A change for one error. */
export interface Mend {
  readonly splices?: readonly Splice[];
  readonly modes?: readonly (readonly [hole: string, mode: NonNullable<Hole["mode"]>])[];
  readonly entries?: FrameEdit["entries"];
  readonly opened?: FrameEdit["opened"];
}

/** One way of mending; undefined where the error is none of its kind. */
export type Mender = (error: FrameError, context: MendContext) => Mend | undefined;
