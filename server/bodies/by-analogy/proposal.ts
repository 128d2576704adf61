import type { Filling, HoleKind } from "../../stages.ts";

/** A filling with what tells whether it fits beside the fillings of other holes. */
export interface Proposal extends Filling {
  readonly kind: HoleKind;
  /** The member's name, or the arm's variant. */
  readonly member: string;
  readonly chance: number;
  /** `path:line` of every source that has this text. */
  readonly places: readonly string[];
  /** Associated types that its source had, by name: the body was written for them. */
  readonly needs: ReadonlyMap<string, string>;
}

/** Keyed by hole id; the likeliest first. A hole for which no rule said anything has no entry. */
export type Proposals = ReadonlyMap<string, readonly Proposal[]>;
